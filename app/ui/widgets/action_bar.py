"""The bar under the content: what is saved at left, the ways on at right."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.widgets.button import Button
from app.ui.widgets.icons import IconView
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, px
from app.ui.widgets.tokens import Tone


class ActionBar(QWidget):
    """64 px high; give its buttons ``Size.BIG`` and at most one of them ``Kind.PRIMARY``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView("save", tone=Tone.GREEN)
        self._what = Label("", Type.TABLE, semibold=True, tone=Tone.GREEN)
        self._meaning = Label("", Type.TABLE, tone=Tone.SECONDARY, elide=True)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._what)
        self._row.addWidget(self._meaning, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_idle("")
        self.restyle()

    def add_button(self, button: Button) -> Button:
        """Adds a button at the right end and gives it back."""
        self._row.addWidget(button)
        return button

    def set_saved(self, what: str, meaning: str = "", *, tone: Tone = Tone.GREEN, icon: str = "save") -> None:
        """ "Bản nháp đã lưu 15:12:04" and what that means for the officer."""
        self._icon.set_icon(icon, tone)
        self._what.set_tone(tone)
        self._what.setText(what)
        self._meaning.setText(meaning)
        self._icon.setVisible(True)
        self._what.setVisible(True)

    def set_idle(self, words: str) -> None:
        """Only grey words: nothing is open."""
        self._icon.setVisible(False)
        self._what.setVisible(False)
        self._meaning.setText(words)

    def restyle(self) -> None:
        """Takes height and spaces of the look now worn."""
        self._row.setContentsMargins(px(16), 1, px(16), 0)
        self._row.setSpacing(px(8))
        self.setFixedHeight(px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, painter = current(), QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        painter.fillRect(0, 0, self.width(), tokens.line_width, tokens.card_line)
