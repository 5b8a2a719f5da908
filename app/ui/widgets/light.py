"""The one light with words, at the right of the header."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_box, draw_ring, draw_text
from app.ui.widgets.shapes import Shape, draw_shape
from app.ui.widgets.tokens import Tone


class Light(StrEnum):
    """OK green, WAITING amber, OFFLINE grey (never red), ATTENTION red."""

    OK = "ok"
    WAITING = "waiting"
    OFFLINE = "offline"
    ATTENTION = "attention"


_LOOKS = {
    Light.OK: (Shape.DISC, Tone.GREEN),
    Light.WAITING: (Shape.ARROW_UP, Tone.AMBER),
    Light.OFFLINE: (Shape.DISC, Tone.SECONDARY),
    Light.ATTENTION: (Shape.SQUARE, Tone.RED),
}


class StatusLight(QAbstractButton):
    """The pill. Pressing it (``clicked()``) leads to the sync screen; the words come from the screen."""

    def __init__(self, kind: Light = Light.OK, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_light(kind, words)

    def light(self) -> Light:
        """The kind now shown."""
        return self._kind

    def set_light(self, kind: Light, words: str) -> None:
        """Changes colour, shape and words together."""
        self._kind = kind
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        measures = metrics(Type.TABLE, True)
        width = px(13) + px(12) + px(7) + measures.horizontalAdvance(self.text()) + 1 + px(16)
        return QSize(width, max(px(36), measures.height() + px(10)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        shape, tone = _LOOKS[self._kind]
        box = QRectF(self.rect())
        radius = box.height() / 2
        draw_box(painter, box, radius, tokens.tint_of(tone), tokens.outline_of(tone), tokens.line_width)
        if self.hasFocus():
            draw_ring(painter, box, radius)
        side = px(12)
        draw_shape(painter, QRectF(px(13), (box.height() - side) / 2, side, side), shape, tokens.of(tone))
        words = QRectF(px(13) + side + px(7), 0, box.width(), box.height())
        draw_text(painter, words, self.text(), font(Type.TABLE, True), tokens.of(tone), LEFT, elide=False)
