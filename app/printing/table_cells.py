"""Cells of the forms' tables: heads in bold, words, lines under each other, numbers that stay whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph

from app.printing.fonts import FontFamily
from app.printing.paper import PageStyle
from app.printing.typeset import Align, dots, literal, markup, style

_PADDING = 6.5
"""Left and right of a cell together, with a little to spare."""
_SMALLEST = 0.7


class Cells:
    """Makes cells in the letters of a page's tables."""

    def __init__(self, family: FontFamily, page: PageStyle) -> None:
        self._family, self._page = family, page

    def head(self, *lines: str) -> Paragraph:
        """Words of the table's head: bold, centred; further lines in italics."""
        first, *more = (markup(each, self._family) for each in lines)
        tail = "".join(f'<br/><font face="{self._family.italic}">{each}</font>' for each in more)
        return Paragraph(first + tail, self._style(self._family.bold, "center"))

    def words(self, text: str, align: Align = "left") -> Paragraph:
        """Plain words."""
        return Paragraph(markup(text, self._family), self._style(self._family.regular, align))

    def strong(self, text: str, align: Align = "center") -> Paragraph:
        """Words in bold: the sums of a table."""
        return Paragraph(markup(text, self._family), self._style(self._family.bold, align))

    def lines(self, texts: Sequence[str], align: Align = "left") -> Paragraph:
        """Lines under each other; an empty one keeps its height."""
        body = "<br/>".join(markup(each, self._family) or "\u00a0" for each in texts)
        return Paragraph(body, self._style(self._family.regular, align))

    def blank(self, width: float, align: Align = "center") -> Paragraph:
        """Dots for a hand, over a cell of this width."""
        return self.words(self.dots(width), align)

    def dots(self, width: float, label: str = "") -> str:
        """Dots that fill what a label leaves of a cell of this width."""
        font, size = self._family.regular, self._page.table
        return dots(width - _PADDING - stringWidth(label, font, size), font, size)

    def whole(self, text: str, width: float) -> Paragraph:
        """A number on one line: in smaller letters where the cell is narrow."""
        font, size = self._family.regular, self._page.table
        needed = stringWidth(literal(text, self._family), font, size)
        share = min(1.0, max(_SMALLEST, (width - _PADDING) / needed)) if needed else 1.0
        narrow = Cells(self._family, replace(self._page, table=int(size * share * 10) / 10))
        return narrow.words(text, "center")

    def _style(self, font: str, align: Align) -> ParagraphStyle:
        return style(font, self._page.table, self._page.leading, align)
