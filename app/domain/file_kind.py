"""What a file is by its own bytes, whatever its name says: only papers a counter keeps are recognised.

A beginning and an end are looked for, so that a file cut short by a bad copy is not taken for a paper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"

ENDINGS: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif"}
"""How the name of such a file ends."""

_TAIL: Final = 65536
_Order = Literal["little", "big"]
_TIFF_ORDERS: Final[dict[bytes, _Order]] = {b"II*\x00": "little", b"MM\x00*": "big"}
_STRIPS: Final = 273
_STRIP_SIZES: Final = 279
_TILES: Final = 324
_TILE_SIZES: Final = 325
_NUMBER_SIZES: Final = {3: 2, 4: 4}
"""TIFF's types of whole numbers (SHORT, LONG) and their bytes."""
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
    """The first picture's strips or tiles lie inside the file, as its directory says."""
    order = _TIFF_ORDERS.get(content[:4])
    return order is not None and _first_picture_whole(content, order)


def _first_picture_whole(content: bytes, order: _Order) -> bool:
    first = int.from_bytes(content[4:8], order)
    entries = int.from_bytes(content[first : first + 2], order)
    if first < 8 or not entries or first + 2 + 12 * entries + 4 > len(content):
        return False
    fields = {
        int.from_bytes(content[at : at + 2], order): _numbers(content, at, order)
        for at in range(first + 2, first + 2 + 12 * entries, 12)
    }
    starts = fields.get(_STRIPS) or fields.get(_TILES) or []
    sizes = fields.get(_STRIP_SIZES) or fields.get(_TILE_SIZES) or []
    ends = [start + size for start, size in zip(starts, sizes, strict=False)]
    return bool(ends) and len(starts) == len(sizes) and max(ends) <= len(content)


def _numbers(content: bytes, at: int, order: _Order) -> list[int]:
    """The values of one directory entry in whole numbers of two or four bytes; none of other types."""
    size = _NUMBER_SIZES.get(int.from_bytes(content[at + 2 : at + 4], order))
    count = int.from_bytes(content[at + 4 : at + 8], order)
    if size is None or size * count > len(content):
        return []
    start = at + 8 if size * count <= 4 else int.from_bytes(content[at + 8 : at + 12], order)
    return [int.from_bytes(content[i : i + size], order) for i in range(start, start + size * count, size)]


_KINDS: Final[dict[str, Callable[[bytes], bool]]] = {
    PDF: _is_pdf,
    JPEG: _is_jpeg,
    PNG: _is_png,
    TIFF: _is_tiff,
}
