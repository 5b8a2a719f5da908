"""A state as a small tinted box: shape, word and colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_box, draw_text
from app.ui.widgets.shapes import State, draw_shape


class StateBadge(QWidget):
    """Shows a ``State`` on its tint."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state)

    def state(self) -> State:
        """The state shown."""
        return self._state

    def set_state(self, state: State) -> None:
        """Shows another state."""
        self._state = state
        self.setAccessibleName(state.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        measures = metrics(Type.LABEL, True)
        width = px(8) + px(12) + px(6) + measures.horizontalAdvance(self._state.word) + 1 + px(9)
        return QSize(width, measures.height() + px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens, tone = QPainter(self), current(), self._state.tone
        box = QRectF(self.rect())
        draw_box(painter, box, px(5), tokens.tint_of(tone), tokens.outline_of(tone), tokens.line_width)
        side = px(12)
        draw_shape(
            painter, QRectF(px(8), (box.height() - side) / 2, side, side), self._state.shape, tokens.of(tone)
        )
        words = QRectF(px(8) + side + px(6), 0, box.width(), box.height())
        draw_text(
            painter, words, self._state.word, font(Type.LABEL, True), tokens.of(tone), LEFT, elide=False
        )
