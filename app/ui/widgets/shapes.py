"""Marks of state, drawn: user-interface fonts lack them and a fallback shifts size and baseline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.ui.widgets.tokens import Tone


class Shape(StrEnum):
    """● ▲ ■ ❚❚ ✓ ✕ ↑ –, a hollow ring for what is to come, ▶ for handed on."""

    DISC = "disc"
    TRIANGLE = "triangle"
    SQUARE = "square"
    PAUSE = "pause"
    CHECK = "check"
    CROSS = "cross"
    ARROW_UP = "arrow_up"
    DASH = "dash"
    RING = "ring"
    PLAY = "play"


@dataclass(frozen=True)
class State:
    """A state as shown: shape, word and colour together; ``strong`` is bold and coloured in tables."""

    shape: Shape
    word: str
    tone: Tone
    strong: bool = False


def under_way(word: str) -> State:
    """● going on."""
    return State(Shape.DISC, word, Tone.BLUE)


def ready(word: str) -> State:
    """● in order, green."""
    return State(Shape.DISC, word, Tone.GREEN)


def near(word: str) -> State:
    """▲ near its day."""
    return State(Shape.TRIANGLE, word, Tone.AMBER, strong=True)


def late(word: str) -> State:
    """■ past its day, or missing."""
    return State(Shape.SQUARE, word, Tone.RED, strong=True)


def waiting_citizen(word: str) -> State:
    """❚❚ waits for the citizen."""
    return State(Shape.PAUSE, word, Tone.SECONDARY)


def done(word: str) -> State:
    """✓ done."""
    return State(Shape.CHECK, word, Tone.GREEN)


def sent_back(word: str) -> State:
    """✕ sent back by the province."""
    return State(Shape.CROSS, word, Tone.RED, strong=True)


def to_send(word: str) -> State:
    """↑ waits to be sent."""
    return State(Shape.ARROW_UP, word, Tone.AMBER)


def stopped(word: str) -> State:
    """– stopped or withdrawn."""
    return State(Shape.DASH, word, Tone.SECONDARY)


def draw_shape(painter: QPainter, box: QRectF, shape: Shape, colour: QColor) -> None:
    """Draws ``shape`` centred in ``box``; the box's shorter side is the mark's size."""
    side = min(box.width(), box.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(box.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shape in _STROKED:
        _draw_stroked(painter, square, shape, colour)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        _draw_filled(painter, square, shape)
    painter.restore()


_STROKED = {
    Shape.CHECK: (((0.10, 0.54), (0.38, 0.82), (0.92, 0.20)),),
    Shape.CROSS: (((0.16, 0.16), (0.84, 0.84)), ((0.84, 0.16), (0.16, 0.84))),
    Shape.DASH: (((0.08, 0.5), (0.92, 0.5)),),
    Shape.RING: (),
}


def _draw_stroked(painter: QPainter, box: QRectF, shape: Shape, colour: QColor) -> None:
    side = box.width()
    pen = QPen(colour, side * (0.17 if shape is not Shape.RING else 0.15))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if shape is Shape.DASH else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape is Shape.RING:
        inset = pen.widthF() / 2 + side * 0.04
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    for line in _STROKED[shape]:
        painter.drawPolyline(_polygon(box, line))


def _draw_filled(painter: QPainter, box: QRectF, shape: Shape) -> None:
    side = box.width()
    if shape is Shape.DISC:
        inset = side * 0.04
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    elif shape is Shape.SQUARE:
        inset = side * 0.08
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), side * 0.06, side * 0.06)
    elif shape is Shape.PAUSE:
        for left in (0.14, 0.60):
            painter.drawRect(QRectF(box.x() + left * side, box.y() + 0.10 * side, 0.26 * side, 0.80 * side))
    else:
        painter.drawPolygon(_polygon(box, _FILLED[shape]))


_FILLED = {
    Shape.TRIANGLE: ((0.5, 0.06), (1.0, 0.94), (0.0, 0.94)),
    Shape.PLAY: ((0.08, 0.02), (0.98, 0.5), (0.08, 0.98)),
    Shape.ARROW_UP: (
        (0.5, 0.04),
        (0.94, 0.50),
        (0.62, 0.50),
        (0.62, 0.98),
        (0.38, 0.98),
        (0.38, 0.50),
        (0.06, 0.50),
    ),
}


def _polygon(box: QRectF, points: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in points])
