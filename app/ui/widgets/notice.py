"""A message that stands in the page: icon, what, why, then acts. Never a dialog."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.widgets.button import Button, Kind
from app.ui.widgets.icons import IconView
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.tokens import Tone


class NoticeKind(StrEnum):
    """INFO grey, WARN amber, ERROR red, OK green."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    OK = "ok"


_LOOKS = {
    NoticeKind.INFO: (Tone.SECONDARY, "info"),
    NoticeKind.WARN: (Tone.AMBER, "warning-triangle"),
    NoticeKind.ERROR: (Tone.RED, "warning-triangle"),
    NoticeKind.OK: (Tone.GREEN, "check"),
}


class Notice(QWidget):
    """Title = what happened, body = why and what is safe, then acts in a row.

    ``body`` is a layout for further parts; ``set_points`` lists what is concerned.
    """

    def __init__(
        self,
        kind: NoticeKind,
        title: str,
        body: str = "",
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._own_icon = kind, icon
        self._picture = IconView(icon or _LOOKS[kind][1], tone=_LOOKS[kind][0])
        self._title = Label(title, Type.BODY, semibold=True, wrap=True)
        self._body = Label(body, Type.TABLE, wrap=True)
        self._points = QVBoxLayout()
        self.body = QVBoxLayout()
        self._acts = QHBoxLayout()
        self._acts.addStretch(1)
        self._texts = QVBoxLayout()
        self._texts.addWidget(self._title)
        self._texts.addLayout(self._points)
        self._texts.addWidget(self._body)
        self._texts.addLayout(self.body)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(self._texts, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.set_notice(kind, title, body, icon=icon)
        self.restyle()

    def kind(self) -> NoticeKind:
        """The kind shown."""
        return self._kind

    def set_notice(self, kind: NoticeKind, title: str, body: str = "", *, icon: str = "") -> None:
        """Says something else; points and acts stay."""
        self._kind = kind
        tone, picture = _LOOKS[kind]
        self._picture.set_icon(icon or self._own_icon or picture, tone)
        self._title.setText(title)
        self._title.set_tone(Tone.TEXT if kind is NoticeKind.INFO else tone)
        self._body.setText(body)
        self._body.setVisible(bool(body))
        self.setAccessibleName(title)
        self.setAccessibleDescription(body)
        self.update()

    def set_points(self, points: Sequence[tuple[str, str]]) -> None:
        """Lists what is concerned: each a semibold line and a plain one below it ("" for none)."""
        while self._points.count():
            gone = self._points.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.hide()  # a part shown later than it is taken out would flash as a window
                widget.setParent(None)
                widget.deleteLater()
        for strong, plain in points:
            self._points.addWidget(Label(strong, Type.TABLE, semibold=True, wrap=True))
            if plain:
                self._points.addWidget(Label(plain, Type.TABLE, wrap=True))

    def add_act(self, text: str, *, kind: Kind = Kind.NORMAL, icon: str = "", cap: str = "") -> Button:
        """Adds a button below the words and gives it back."""
        if self._acts.parent() is None:
            self._texts.addLayout(self._acts)
        button = Button(text, kind, icon=icon, cap=cap)
        self._acts.insertWidget(self._acts.count() - 1, button)
        return button

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setContentsMargins(px(14), px(10), px(14), px(10))
        self._row.setSpacing(px(10))
        self._texts.setSpacing(px(3))
        self._points.setSpacing(px(1))
        self.body.setSpacing(px(4))
        self._acts.setContentsMargins(0, px(6), 0, 0)
        self._acts.setSpacing(px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_ground(self, self._kind)


class NoticeLine(QWidget):
    """A notice of one line: icon, strong words, words, and a link at right. ``link`` is its button."""

    def __init__(
        self,
        strong: str,
        words: str = "",
        link: str = "",
        *,
        kind: NoticeKind = NoticeKind.INFO,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        tone, picture = _LOOKS[kind]
        self._strong = Label(
            "", Type.TABLE, semibold=True, tone=Tone.TEXT if kind is NoticeKind.INFO else tone
        )
        self._words = Label("", Type.TABLE, elide=True)
        self.link = Button(link, Kind.LINK)
        self._row = QHBoxLayout(self)
        self._row.addWidget(IconView(icon or picture, tone=tone, size=18))
        self._row.addWidget(self._strong)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.link)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_words(strong, words, link)
        self.restyle()

    def set_words(self, strong: str, words: str = "", link: str = "") -> None:
        """Says something else."""
        self._strong.setText(strong)
        self._words.setText(words)
        self.link.set_text(link)
        self.link.setVisible(bool(link))
        self.setAccessibleName(f"{strong} {words}".strip())

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setContentsMargins(px(12), px(6), px(10), px(6))
        self._row.setSpacing(px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_ground(self, self._kind, radius=6)


def _paint_ground(widget: QWidget, kind: NoticeKind, radius: int = 8) -> None:
    tokens, tone = current(), _LOOKS[kind][0]
    box = QRectF(widget.rect())
    draw_box(
        QPainter(widget), box, px(radius), tokens.tint_of(tone), tokens.outline_of(tone), tokens.line_width
    )
