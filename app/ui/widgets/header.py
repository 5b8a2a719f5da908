"""The head of a screen: where we are, the search box, the light."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.text import t
from app.ui.widgets.field import Field
from app.ui.widgets.label import Label
from app.ui.widgets.light import Light, StatusLight
from app.ui.widgets.look import Type, current, px
from app.ui.widgets.tokens import Tone


class Header(QWidget):
    """56 px high. ``search_changed(str)`` at each key, ``search_entered(str)`` for Enter,
    ``light_clicked()`` for a press on the light."""

    search_changed = Signal(str)
    search_entered = Signal(str)
    light_clicked = Signal()

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow, self._full_title, self._short_title = False, title, title
        self._title = Label(title, Type.TITLE, semibold=True)
        self._subtitle = Label(subtitle, Type.TABLE, tone=Tone.SECONDARY, elide=True)
        self.search = Field("", placeholder=t("Tìm tên, số hồ sơ, số định danh"), icon="search", cap="F3")
        self.light = StatusLight(Light.OFFLINE, "")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._title)
        self._row.addWidget(self._subtitle, 1)
        self._row.addWidget(self.search)
        self._row.addWidget(self.light)
        self.light.hide()
        self.search.edited.connect(self.search_changed)
        self.search.entered.connect(lambda: self.search_entered.emit(self.search.text()))
        self.light.clicked.connect(self.light_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def set_title(self, title: str, subtitle: str = "", *, short: str = "") -> None:
        """Where we are; ``short`` is the title of a narrow window."""
        self._full_title, self._short_title = title, short or title
        self._subtitle.setText(subtitle)
        self.restyle()

    def set_light(self, kind: Light, words: str) -> None:
        """The one light with words."""
        self.light.set_light(kind, words)
        self.light.show()

    def set_search_shown(self, shown: bool) -> None:
        """Screens that have their own search field hide this one."""
        self.search.setVisible(shown)

    def focus_search(self) -> None:
        """F3."""
        self.search.line.setFocus()
        self.search.line.selectAll()

    def set_narrow(self, narrow: bool) -> None:
        """Drops the subtitle and shortens search and title."""
        self._narrow = narrow
        self.restyle()

    def restyle(self) -> None:
        """Takes heights and spaces of the look now worn."""
        self.setFixedHeight(px(56))
        self._row.setContentsMargins(px(16), 0, px(16), current().line_width)
        self._row.setSpacing(px(12))
        self._title.setText(self._short_title if self._narrow else self._full_title)
        self.search.line.setPlaceholderText(
            t("Tìm") if self._narrow else t("Tìm tên, số hồ sơ, số định danh")
        )
        self.search.setFixedWidth(px(190 if self._narrow else 320))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, painter = current(), QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        line = tokens.line_width
        painter.fillRect(0, self.height() - line, self.width(), line, tokens.card_line)
