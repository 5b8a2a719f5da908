"""A drawn state mark as a still picture, and the same with its word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import draw_text
from app.ui.widgets.shapes import Shape, State, draw_shape
from app.ui.widgets.tokens import Tone


class Mark(QWidget):
    """One shape, ``size`` px; with ``line`` as tall as a line of that role, to stand before its text."""

    def __init__(
        self,
        shape: Shape,
        tone: Tone,
        *,
        size: int = 12,
        line: Type | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._shape, self._tone, self._size = shape, tone, size
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle()

    def set_mark(self, shape: Shape, tone: Tone) -> None:
        """Shows another shape."""
        self._shape, self._tone = shape, tone
        self.update()

    def restyle(self) -> None:
        """Takes the size of the look now worn."""
        height = px(self._size) if self._line is None else metrics(self._line).height()
        self.setFixedSize(px(self._size), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_shape(QPainter(self), QRectF(self.rect()), self._shape, current().of(self._tone))


class StateText(QWidget):
    """Shape and word on the plain surface (no tint), for a line of text."""

    def __init__(
        self,
        state: State,
        *,
        role: Type = Type.TABLE,
        semibold: bool = False,
        coloured: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._role = state, role
        self._semibold, self._coloured = semibold, coloured
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
        measures = metrics(self._role, self._semibold or self._state.strong)
        return QSize(self._gap() + measures.horizontalAdvance(self._state.word) + 1, measures.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _gap(self) -> int:
        return px(12) + px(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, state = current(), self._state
        colour = tokens.of(state.tone)
        side = px(12)
        draw_shape(painter, QRectF(0, (self.height() - side) / 2, side, side), state.shape, colour)
        loud = self._coloured or state.strong
        box = QRectF(self._gap(), 0, self.width() - self._gap(), self.height())
        face = font(self._role, self._semibold or state.strong)
        draw_text(painter, box, state.word, face, colour if loud else tokens.text)
