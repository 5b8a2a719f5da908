"""The quiet bar at the bottom: where, what is ready, which keys help."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_text


class StatusBar(QWidget):
    """28 px high; strong words first, then parts; at right the keys. What does not fit is left out whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strong = ""
        self._parts: tuple[str, ...] = ()
        self._right: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_left(self, strong: str, *parts: str) -> None:
        """Strong words ("Quầy 2") and the parts after them."""
        self._strong, self._parts = strong, parts
        self._say()

    def set_right(self, *parts: str) -> None:
        """What stands at right, joined by a middle dot."""
        self._right = parts
        self._say()

    def _say(self) -> None:
        self.setAccessibleName(". ".join(p for p in (self._strong, *self._parts, *self._right) if p))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), max(px(28), metrics(Type.LABEL, True).height() + px(6)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        painter.fillRect(self.rect(), tokens.rail)
        painter.fillRect(0, 0, self.width(), tokens.line_width, tokens.card_line)
        left, right = float(px(16)), float(self.width() - px(16))
        height = self.height()
        measures = metrics(Type.LABEL, True)
        width = measures.horizontalAdvance(self._strong) + 1
        draw_text(
            painter, QRectF(left, 0, width, height), self._strong, font(Type.LABEL, True), tokens.text, LEFT
        )
        left += width + px(20) if self._strong else 0
        words = "   ·   ".join(self._right)
        wide = metrics(Type.LABEL).horizontalAdvance(words) + 1
        draw_text(
            painter, QRectF(right - wide, 0, wide, height), words, font(Type.LABEL), tokens.secondary, RIGHT
        )
        right -= wide + px(20)
        for part in self._parts:
            width = metrics(Type.LABEL).horizontalAdvance(part) + 1
            if left + width > right:
                break
            draw_text(painter, QRectF(left, 0, width, height), part, font(Type.LABEL), tokens.secondary, LEFT)
            left += width + px(20)
