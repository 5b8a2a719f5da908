"""The light as a large disc at the head of the screen: the same shapes and colours as the pill."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets import Light, Shape, Tone, current, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.shapes import draw_shape

LOOKS = {
    Light.OK: (Shape.CHECK, Tone.GREEN),
    Light.WAITING: (Shape.ARROW_UP, Tone.AMBER),
    Light.OFFLINE: (Shape.DISC, Tone.SECONDARY),
    Light.ATTENTION: (Shape.SQUARE, Tone.RED),
}
_SIDE = 42


class LightDisc(QWidget):
    """Not named for readers: the words stand beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = Light.OFFLINE
        self.restyle()

    def set_light(self, kind: Light) -> None:
        """Another light."""
        self._kind = kind
        self.update()

    def tone(self) -> Tone:
        """The colour of its words."""
        return LOOKS[self._kind][1]

    def restyle(self) -> None:
        """Takes the size of the look now worn."""
        self.setFixedSize(px(_SIDE), px(_SIDE))

    def sizeHint(self) -> QSize:
        return QSize(px(_SIDE), px(_SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        shape, tone = LOOKS[self._kind]
        box = QRectF(self.rect())
        draw_box(
            painter, box, box.height() / 2, tokens.tint_of(tone), tokens.outline_of(tone), tokens.line_width
        )
        side = px(18)
        mark = QRectF(0, 0, side, side)
        mark.moveCenter(box.center())
        draw_shape(painter, mark, shape, tokens.of(tone))
