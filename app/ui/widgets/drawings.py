"""Quiet pictures for empty places, drawn from tokens."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.widgets.icons import draw_icon
from app.ui.widgets.look import current, px
from app.ui.widgets.paint import draw_box


class Drawing(StrEnum):
    """CARD: an identity card under the scanner's line. Others: one large quiet icon."""

    CARD = "card"
    PAPER = "document"
    INBOX = "inbox-down"
    FOLDER = "folder"
    SEARCH = "search"
    DONE = "check"
    OFFLINE = "cloud-off"
    PEOPLE = "people"


class DrawingView(QWidget):
    """One drawing; the card is 184 × 96, the others 56 × 56."""

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.restyle()

    def set_drawing(self, drawing: Drawing) -> None:
        """Shows another drawing."""
        self._drawing = drawing
        self.restyle()
        self.update()

    def restyle(self) -> None:
        """Takes the size of the look now worn."""
        size = QSize(px(184), px(98)) if self._drawing is Drawing.CARD else QSize(px(56), px(56))
        self.setFixedSize(size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        if self._drawing is Drawing.CARD:
            _draw_card(painter, QRectF(self.rect()))
        else:
            draw_icon(painter, QRectF(self.rect()), self._drawing.value, tokens.button_border)


def _draw_card(painter: QPainter, box: QRectF) -> None:
    tokens, unit = current(), box.width() / 184
    sheet = QRectF(9 * unit, 1 * unit, 166 * unit, 94 * unit)
    draw_box(painter, sheet, 9 * unit, tokens.surface, tokens.button_border, max(1.0, 2 * unit))
    quiet = tokens.band if tokens.line_width == 1 else tokens.button_border
    draw_box(painter, QRectF(25 * unit, 22 * unit, 40 * unit, 48 * unit), 3 * unit, quiet)
    for top, width in ((26, 66), (42, 54), (58, 62)):
        draw_box(painter, QRectF(77 * unit, top * unit, width * unit, 6 * unit), 2 * unit, quiet)
    code = QRectF(144 * unit, 17 * unit, 18 * unit, 18 * unit)
    draw_box(painter, code, 3 * unit, tokens.surface, tokens.blue, max(1.0, 2 * unit))
    draw_box(painter, code.adjusted(4 * unit, 4 * unit, -4 * unit, -4 * unit), 0, tokens.blue)
    painter.setPen(QPen(tokens.blue, max(1.0, 2 * unit), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(0, round(71 * unit), round(184 * unit), round(71 * unit))
