"""A ruled table whose head is repeated on every page and whose rows may be split when very tall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Paragraph

_PAD_X = 3.0
_PAD_Y = 1.6
_RULE = 0.6
_LIFT = 0.06
"""Letters stand low in their line: raised by this share of the line to look centred."""

Row = Sequence[Paragraph]


class RuledTable(Flowable):
    """Columns of given widths in points; ``head`` is one row, every cell a paragraph."""

    def __init__(self, head: Row, rows: Sequence[Row], widths: Sequence[float], gap: float = 0) -> None:
        super().__init__()
        self.head = head
        self.rows = list(rows)
        self.widths = list(widths)
        self.spaceBefore = gap

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._heights = [self._row_height(row) for row in (self.head, *self.rows)]
        self.width, self.height = sum(self.widths), sum(self._heights)
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803
        """The rows that fit, then the rest under a head of its own; nothing if no row fits."""
        self.wrap(aW, aH)
        room, count = aH - self._heights[0], 0
        while count < len(self.rows) and self._heights[count + 1] <= room:
            room -= self._heights[count + 1]
            count += 1
        if count == len(self.rows):
            return [self]
        if count:
            return [self._part(self.rows[:count], self.spaceBefore), self._part(self.rows[count:], 0)]
        return self._split_first_row(room)

    def _split_first_row(self, room: float) -> list[Flowable]:
        """A row of many lines is divided between the pages; a short one goes over whole."""
        first = self.rows[0]
        line = first[0].style.leading
        if self._heights[1] < 12 * line or room < 5 * line:
            return []
        top: list[Paragraph] = []
        rest: list[Paragraph] = []
        for cell, width in zip(first, self.widths, strict=True):
            inner = width - 2 * _PAD_X
            cell.wrap(inner, room)
            parts: list[Any] = list(cell.split(inner, room - 2 * _PAD_Y)) or [cell]
            top.append(parts[0])
            rest.append(parts[1] if len(parts) > 1 else Paragraph("", cell.style))
        return [self._part([top], self.spaceBefore), self._part([rest, *self.rows[1:]], 0)]

    def _part(self, rows: Sequence[Row], gap: float) -> RuledTable:
        return RuledTable(self.head, rows, self.widths, gap)

    def _row_height(self, row: Row) -> float:
        inner = [cell.wrap(width - 2 * _PAD_X, 1e6)[1] for cell, width in zip(row, self.widths, strict=True)]
        return max(inner) + 2 * _PAD_Y

    def draw(self) -> None:
        """Rules, then the cells, each centred in the height of its row."""
        canvas = self.canv
        canvas.setLineWidth(_RULE)
        edges = [sum(self.widths[:index]) for index in range(len(self.widths) + 1)]
        for edge in edges:
            canvas.line(edge, 0, edge, self.height)
        top = self.height
        canvas.line(0, top, self.width, top)
        for row, height in zip((self.head, *self.rows), self._heights, strict=True):
            for cell, edge in zip(row, edges, strict=False):
                lift = cell.style.leading * _LIFT
                cell.drawOn(canvas, edge + _PAD_X, top - (height + cell.height) / 2 + lift)
            top -= height
            canvas.line(0, top, self.width, top)
