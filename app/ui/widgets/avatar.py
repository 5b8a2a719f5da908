"""Initials in a round."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.look import Type, current, font, px
from app.ui.widgets.paint import CENTRE, draw_box, draw_text
from app.ui.widgets.tokens import mixed


def initials_of(name: str) -> str:
    """First letters of family and given name: "Lục Thị Yến" gives "LY"; a single name gives one letter."""
    words = name.split()
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in ends)


class Avatar(QWidget):
    """The officer's initials, ``size`` px."""

    def __init__(self, name: str = "", *, size: int = 30, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._letters = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_name(name)
        self.restyle()

    def set_name(self, name: str) -> None:
        """Shows another officer."""
        self._letters = initials_of(name)
        self.setAccessibleName(name)
        self.update()

    def restyle(self) -> None:
        """Takes the size of the look now worn."""
        self.setFixedSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        ground = mixed(tokens.input_border, tokens.surface, 0.45)
        ink = tokens.text
        if tokens.line_width > 1:
            ground = tokens.surface
        box = QRectF(self.rect())
        border = tokens.text if tokens.line_width > 1 else None
        draw_box(painter, box, box.height() / 2, ground, border, tokens.line_width)
        draw_text(painter, box, self._letters, font(Type.CAP, True), ink, CENTRE, elide=False)
