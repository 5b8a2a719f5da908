"""QR code and Code 128 of a dossier number, drawn as vector shapes.

Both hold the number and nothing else (no personal data).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import segno
from reportlab.graphics.barcode.code128 import Code128Auto
from reportlab.pdfgen.canvas import Canvas

from app.printing.paper import MM

QR_QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
BAR_QUIET = 10
"""Modules of white on both sides of a Code 128 (ISO/IEC 15417)."""
MIN_MODULE = 0.19 * MM
"""Narrowest bar an ordinary scanner reads."""
MAX_MODULE = 0.33 * MM
_LONGEST = 80
"""More than any number has; a QR code stays coarse enough to be read."""


def can_be_coded(number: str) -> bool:
    """Whether both codes can hold the number: printable ASCII, as every dossier number is."""
    return 0 < len(number) <= _LONGEST and number.isascii() and number.isprintable()


def qr_quiet(number: str, side: float) -> float:
    """Width in points of the white a QR code of this dark side needs around it."""
    return QR_QUIET * side / len(segno.make_qr(number, error="m").matrix)


def draw_qr(canvas: Canvas, number: str, x: float, y: float, side: float) -> None:
    """A QR code whose dark square has ``side`` points; the white around it is the caller's."""
    matrix = segno.make_qr(number, error="m").matrix
    module = side / len(matrix)
    path = canvas.beginPath()
    for row, line in enumerate(matrix):
        for start, length in _runs(line):
            path.rect(x + start * module, y + side - (row + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


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
    """Width of the bars in ``room`` points of paper, both quiet zones counted in ``room``.

    Nothing where the bars would be too fine to read; the QR code then stands alone.
    """
    count = sum(bar_modules(number))
    module = min(room / (count + 2 * BAR_QUIET), MAX_MODULE)
    return module * count if module >= MIN_MODULE else None


def draw_bars(canvas: Canvas, number: str, x: float, y: float, width: float, height: float) -> None:
    """A Code 128 whose bars fill ``width`` points; the white at both ends is the caller's."""
    steps = bar_modules(number)
    module = width / sum(steps)
    path = canvas.beginPath()
    for index, step in enumerate(steps):
        if index % 2 == 0:
            path.rect(x, y, step * module, height)
        x += step * module
    canvas.drawPath(path, stroke=0, fill=1)
