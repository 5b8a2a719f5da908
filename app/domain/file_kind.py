"""What a file is by its own bytes, whatever its name says: only papers a counter keeps are recognised.

A beginning and an end are looked for, so that a file cut short by a bad copy is not taken for a paper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"

ENDINGS: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif"}
"""How the name of such a file ends."""

_TAIL: Final = 65536
_TIFF_ORDERS: Final = {b"II*\x00": "little", b"MM\x00*": "big"}
_PNG_START: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def media_type_of(content: bytes) -> str | None:
    """The media type of a whole PDF, JPEG, PNG or TIFF; ``None`` for anything else or a cut one."""
    for media_type, fits in _KINDS.items():
        if fits(content):
            return media_type
    return None


def _is_pdf(content: bytes) -> bool:
    tail = content[-_TAIL:]
    return content.startswith(b"%PDF-") and b"startxref" in tail and b"%%EOF" in tail


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-_TAIL:]


def _is_png(content: bytes) -> bool:
    return content.startswith(_PNG_START) and b"IEND\xaeB`\x82" in content[-_TAIL:]


def _is_tiff(content: bytes) -> bool:
    order = _TIFF_ORDERS.get(content[:4])
    if order == "little":
        first = int.from_bytes(content[4:8], "little")
        return _holds_directory(content, first, int.from_bytes(content[first : first + 2], "little"))
    if order == "big":
        first = int.from_bytes(content[4:8], "big")
        return _holds_directory(content, first, int.from_bytes(content[first : first + 2], "big"))
    return False


def _holds_directory(content: bytes, first: int, entries: int) -> bool:
    return first >= 8 and entries > 0 and first + 2 + 12 * entries + 4 <= len(content)


_KINDS: Final[dict[str, Callable[[bytes], bool]]] = {
    PDF: _is_pdf,
    JPEG: _is_jpeg,
    PNG: _is_png,
    TIFF: _is_tiff,
}
