"""One of home's four figures."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_box, draw_ring, draw_text
from app.ui.widgets.shapes import State, draw_shape
from app.ui.widgets.tokens import mixed


class NumberTile(QAbstractButton):
    """A large figure, a state mark with its word, a grey line. ``clicked()`` opens what it counts.

    Only a state that is ``strong`` and red (late) colours figure and word.
    """

    def __init__(
        self, figure: int | str, state: State, detail: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._figure = self._detail = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(figure, detail, state)

    def set_value(self, figure: int | str, detail: str = "", state: State | None = None) -> None:
        """Shows another figure."""
        self._figure, self._detail = str(figure), detail
        self._state = state or self._state
        self.setAccessibleName(f"{self._figure} {self._state.word}. {detail}")
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def _loud(self) -> bool:
        return self._state.strong and self._state.tone.value == "red" and self._figure not in ("0", "")

    def sizeHint(self) -> QSize:
        upper = metrics(Type.FIGURE, True).horizontalAdvance(self._figure) + px(32)
        upper += metrics(Type.BODY, self._loud()).horizontalAdvance(self._state.word)
        lower = metrics(Type.LABEL).horizontalAdvance(self._detail)
        height = metrics(Type.FIGURE).height() + metrics(Type.LABEL).height() + px(19)
        return QSize(max(upper, lower) + px(34), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box = QRectF(self.rect())
        ground = tokens.surface if not self.underMouse() else mixed(tokens.blue, tokens.surface, 0.04)
        draw_box(painter, box, px(8), ground, tokens.card_line, tokens.line_width)
        loud, left, top = self._loud(), float(px(16)), float(px(9))
        tone = tokens.of(self._state.tone)
        height = metrics(Type.FIGURE).height()
        width = metrics(Type.FIGURE, True).horizontalAdvance(self._figure) + 1
        ink = tone if loud else tokens.text
        draw_text(
            painter, QRectF(left, top, width, height), self._figure, font(Type.FIGURE, True), ink, elide=False
        )
        left += width + px(11)
        side = px(12)
        draw_shape(painter, QRectF(left, top, side, height), self._state.shape, tone)
        left += side + px(8)
        words = QRectF(left, top, box.width() - left - px(8), height)
        cut = draw_text(painter, words, self._state.word, font(Type.BODY, loud), ink, LEFT)
        lower = QRectF(px(16), top + height, box.width() - px(24), metrics(Type.LABEL).height())
        cut |= draw_text(painter, lower, self._detail, font(Type.LABEL), tokens.secondary, LEFT)
        self.setToolTip(self._detail if cut else "")
        if self.hasFocus():
            draw_ring(painter, box, px(8))
