"""What the colours of a chart mean, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_text


def number_text(value: float) -> str:
    """A whole number as it is, else one digit after a comma."""
    return str(int(value)) if float(value).is_integer() else f"{value:.1f}".replace(".", ",")


class Legend(QWidget):
    """Small squares of the two series with their words; for a card's head."""

    def __init__(self, words: Sequence[str], *, first: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._first = tuple(words), first
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(words))

    def sizeHint(self) -> QSize:
        measures = metrics(Type.LABEL)
        width = sum(px(16) + measures.horizontalAdvance(word) + px(16) for word in self._words)
        return QSize(max(1, width), measures.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens, left = QPainter(self), current(), 0
        side = px(10)
        for place, word in enumerate(self._words):
            colour = tokens.series_1 if place + self._first == 1 else tokens.series_2
            painter.fillRect(QRectF(left, (self.height() - side) / 2, side, side), colour)
            width = metrics(Type.LABEL).horizontalAdvance(word) + 1
            box = QRectF(left + px(16), 0, width, self.height())
            draw_text(painter, box, word, font(Type.LABEL), tokens.secondary, LEFT, elide=False)
            left += px(16) + width + px(15)
