"""QR code and Code 128 of a dossier number, drawn as vector shapes with their quiet zones.

Both hold the number and nothing else (no personal data).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import segno
from reportlab.graphics.barcode.code128 import Code128Auto
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from app.printing.paper import MM

QR_QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
BAR_QUIET = 10
"""Modules of white on both sides of a Code 128 (ISO/IEC 15417)."""
MIN_MODULE = 0.19 * MM
"""Narrowest bar an ordinary scanner reads."""
MAX_MODULE = 0.33 * MM


def draw_qr(canvas: Canvas, number: str, x: float, y: float, side: float) -> None:
    """A QR code filling a square of ``side`` points, quiet zone included, on white."""
    matrix = segno.make_qr(number, error="m").matrix
    module = side / (len(matrix) + 2 * QR_QUIET)
    path = canvas.beginPath()
    top = y + side - QR_QUIET * module
    for row, line in enumerate(matrix):
        for start, length in _runs(line):
            left = x + (QR_QUIET + start) * module
            path.rect(left, top - (row + 1) * module, length * module, module)
    _fill(canvas, path, (x, y, side, side))


def _runs(line: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Start and length of each stretch of dark modules."""
    start = None
    for column, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None


def bar_modules(number: str) -> list[int]:
    """Widths in modules, bar and space in turn, without the quiet zones."""
    code: Any = Code128Auto(number)
    for stage in (code.validate, code.encode, code.decompose):
        stage()
    return [ord(step.lower()) - ord("a") + 1 for step in code.decomposed]


def bar_width(number: str, room: float) -> float | None:
    """Width of the barcode with quiet zones in ``room`` points; nothing if it cannot be read there."""
    if not number or not all("\x20" <= sign <= "\x7e" for sign in number):
        return None
    count = sum(bar_modules(number)) + 2 * BAR_QUIET
    module = min(room / count, MAX_MODULE)
    return module * count if module >= MIN_MODULE else None


def draw_bars(canvas: Canvas, number: str, x: float, y: float, width: float, height: float) -> None:
    """A Code 128 filling ``width`` points, quiet zones included, on white."""
    steps = bar_modules(number)
    module = width / (sum(steps) + 2 * BAR_QUIET)
    path = canvas.beginPath()
    left = x + BAR_QUIET * module
    for index, step in enumerate(steps):
        if index % 2 == 0:
            path.rect(left, y, step * module, height)
        left += step * module
    _fill(canvas, path, (x, y, width, height))


def _fill(canvas: Canvas, path: PDFPathObject, ground: tuple[float, float, float, float]) -> None:
    canvas.saveState()
    canvas.setFillGray(1)
    canvas.rect(*ground, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
