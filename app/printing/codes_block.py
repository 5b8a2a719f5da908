"""Foot of an official paper: QR code and barcode of the number, and the notes beside them."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, Paragraph

from app.printing.codes import bar_width, can_be_coded, draw_bars, draw_qr, qr_quiet
from app.printing.fonts import FontFamily
from app.printing.paper import MM, PageStyle

_GUTTER = 4.5 * MM
"""Between QR code and bars: the quiet zone of both (4 and 10 modules)."""
_BAR_HEIGHT = 8 * MM
_TALLEST = 1.7
"""How far the notes may run on below the QR code, in heights of the code."""


def codes_block(
    number: str, notes: Sequence[Paragraph], family: FontFamily, page: PageStyle
) -> list[Flowable]:
    """QR and barcode with as many notes beside them as fit, then the other notes over the full width."""
    if not can_be_coded(number):
        return list(notes)
    block = _Codes(number, family, page)
    rest = notes[block.take(notes) :]
    if rest:
        rest[0].spaceBefore = block.spaceBefore
    return [block, *rest]


class _Codes(Flowable):
    """The QR code on the left margin; right of it the barcode, its number in letters, and notes."""

    def __init__(self, number: str, family: FontFamily, page: PageStyle) -> None:
        super().__init__()
        quiet = qr_quiet(number, page.code)
        self.spaceBefore = max(page.body * 0.6, quiet)
        self._number, self._family, self._page = number, family, page
        gutter = max(_GUTTER, quiet + 0.3 * MM)
        self._left = page.code + gutter
        self._room = page.inner_width - self._left
        self._bars = bar_width(number, self._room + gutter + page.right / 2)
        self._caption = page.note * 1.3
        self._notes: list[tuple[Paragraph, float]] = []
        self._used = _BAR_HEIGHT + self._caption if self._bars else self._caption

    def take(self, notes: Sequence[Paragraph]) -> int:
        """How many notes fit beside the QR code; they are drawn here."""
        for count, note in enumerate(notes):
            height = note.wrap(self._room, 1e6)[1]
            if self._used + height > _TALLEST * self._page.code:
                return count
            self._used += height
            self._notes.append((note, self._used))
        return len(notes)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self.width, self.height = aW, max(self._page.code, self._used)
        return self.width, self.height

    def draw(self) -> None:
        """Everything hangs from the top edge."""
        side, top, canvas = self._page.code, self.height, self.canv
        draw_qr(canvas, self._number, 0, top - side, side)
        middle = self._left + (self._bars or self._room) / 2
        if self._bars:
            draw_bars(canvas, self._number, self._left, top - _BAR_HEIGHT, self._bars, _BAR_HEIGHT)
            top -= _BAR_HEIGHT
        canvas.setFont(self._family.regular, self._page.note)
        canvas.drawCentredString(middle, top - self._page.note, self._number)
        for note, bottom in self._notes:
            note.drawOn(canvas, self._left, self.height - bottom)
