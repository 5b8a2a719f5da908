"""The PDF file itself: same input, same bytes; fonts embedded; nobody's name in its properties."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from app.clock import VIETNAM
from app.printing.flow import Page

_CREATOR = "Một Cửa Xã"


def new_canvas(size: tuple[float, float], title: str, font: str, made_at: datetime | None) -> Canvas:
    """A canvas whose file depends on nothing but what is drawn.

    ``title`` is the form's title, never a person's name; ``font`` an embedded face, so that reportlab's
    default fonts never enter the file; ``made_at`` becomes the creation date (a fixed day if unknown).
    """
    settings: dict[str, Any] = {"initialFontName": font, "lang": "vi-VN"}
    canvas = Canvas(io.BytesIO(), pagesize=size, invariant=1, pageCompression=1, **settings)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator(_CREATOR)
    canvas.setProducer(_CREATOR)
    if made_at is not None:
        _date(canvas, made_at)
    return canvas


def _date(canvas: Canvas, made_at: datetime) -> None:
    document: Any = canvas
    stamp = document._doc._timeStamp
    stamp.YMDhms = made_at.astimezone(VIETNAM).timetuple()[:6]
    stamp.dhh, stamp.dmm = 7, 0


def draw_page(canvas: Canvas, page: Page, x: float = 0, y: float = 0) -> None:
    """Draw a page's blocks with the page's lower left corner at (``x``, ``y``) points."""
    for placed in page:
        placed.block.drawOn(canvas, x + placed.x, y + placed.y)


def finish(canvas: Canvas) -> bytes:
    """The bytes of the file."""
    drawn: Any = canvas
    return bytes(drawn.getpdfdata())


def page_count(pdf: bytes) -> int:
    """Pages of a PDF this room has made (its page objects are never compressed)."""
    return len(re.findall(rb"/Type /Page\b", pdf))
