"""Strokes shared by the parts: boxes, rings, key caps, elided text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.ui.widgets.look import Type, current, font, metrics, px

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def draw_box(
    painter: QPainter,
    box: QRectF,
    radius: float,
    fill: QColor | None,
    border: QColor | None = None,
    width: float = 1,
) -> None:
    """A rounded box whose border lies inside ``box``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, radius, radius)
        return
    painter.setPen(QPen(border, width))
    half = width / 2
    painter.drawRoundedRect(
        box.adjusted(half, half, -half, -half), max(0.0, radius - half), max(0.0, radius - half)
    )


def draw_ring(painter: QPainter, box: QRectF, radius: float) -> None:
    """The focus ring: 2 px blue, inside ``box``."""
    draw_box(painter, box, radius, None, current().blue, px(2))


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    face: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
    *,
    elide: bool = True,
) -> bool:
    """One line of text; returns whether it had to be cut with "…"."""
    painter.setFont(face)
    painter.setPen(colour)
    measures = QFontMetrics(face)
    shown = text
    if elide and measures.horizontalAdvance(text) > box.width() + 0.5:
        shown = measures.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, int(align | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip), shown)
    return shown != text


def cap_size(text: str) -> tuple[int, int]:
    """Width and height of a drawn key cap."""
    measures = metrics(Type.CAP, True)
    height = max(px(22), measures.height() + px(4))
    return max(height, measures.horizontalAdvance(text) + px(13)), height


def draw_cap(
    painter: QPainter, box: QRectF, text: str, *, ink: QColor | None = None, faint: bool = False
) -> None:
    """A key cap: small rounded box with the key's name; ``ink`` when it lies on a filled button."""
    tokens = current()
    if ink is None:
        fill, border = tokens.surface, tokens.button_border
        if tokens.line_width == 1:
            fill = tokens.window
        colour = tokens.placeholder if faint else tokens.secondary
    else:
        fill, border, colour = QColor(ink), QColor(ink), ink
        fill.setAlphaF(0.18)
        border.setAlphaF(0.65)
    draw_box(painter, box, px(4), fill, border)
    draw_text(painter, box, text, font(Type.CAP, True), colour, CENTRE, elide=False)
