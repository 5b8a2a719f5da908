"""A ruled table whose head is repeated on every page and whose rows may be split when very tall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Paragraph

_PAD_X = 3.0
_PAD_Y = 1.6
_RULE = 0.6
_LIFT = 0.06
"""Letters stand low in their line: raised by this share of the line to look centred."""

Row = Sequence[Paragraph]


@dataclass(frozen=True)
class Group:
    """A title over the columns from ``first`` to ``last`` of the head."""

    first: int
    last: int
    title: Paragraph


class RuledTable(Flowable):
    """Columns of given widths in points; ``head`` is one row, every cell a paragraph.

    ``group``: some columns of the head under a common title; ``from_top``: the cells of a row begin at the
    same height instead of being centred; ``heights``: of rows that were measured before, so that a book of
    a thousand lines is measured once and not once a page.
    """

    def __init__(
        self,
        head: Row,
        rows: Sequence[Row],
        widths: Sequence[float],
        gap: float = 0,
        group: Group | None = None,
        *,
        from_top: bool = False,
        heights: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        self.head = head
        self.rows = list(rows)
        self.widths = list(widths)
        self.spaceBefore = gap
        self.group = group
        self.from_top = from_top
        self._measured = None if heights is None else list(heights)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._band = self._group_height()
        if self._measured is None:
            self._measured = [self._row_height(row) for row in self.rows]
        self._heights = [self._head_height(), *self._measured]
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
            done, rest = self._heights[1 : count + 1], self._heights[count + 1 :]
            return [
                self._part(self.rows[:count], self.spaceBefore, done),
                self._part(self.rows[count:], 0, rest),
            ]
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

    def _part(self, rows: Sequence[Row], gap: float, heights: Sequence[float] | None = None) -> RuledTable:
        return RuledTable(
            self.head, rows, self.widths, gap, self.group, from_top=self.from_top, heights=heights
        )

    def _in_group(self, index: int) -> bool:
        return self.group is not None and self.group.first <= index <= self.group.last

    def _group_height(self) -> float:
        if self.group is None:
            return 0.0
        room = sum(self.widths[self.group.first : self.group.last + 1]) - 2 * _PAD_X
        return self.group.title.wrap(room, 1e6)[1] + 2 * _PAD_Y

    def _head_height(self) -> float:
        """Columns under a common title stand below its band; the others have the whole height."""
        tall = self._row_height(self.head)
        if self.group is None:
            return tall
        below = [cell.height for index, cell in enumerate(self.head) if self._in_group(index)]
        return max(tall, self._band + max(below) + 2 * _PAD_Y)

    def _row_height(self, row: Row) -> float:
        inner = [cell.wrap(width - 2 * _PAD_X, 1e6)[1] for cell, width in zip(row, self.widths, strict=True)]
        return max(inner) + 2 * _PAD_Y

    def draw(self) -> None:
        """Rules, head, then the cells."""
        self.canv.setLineWidth(_RULE)
        edges = [sum(self.widths[:index]) for index in range(len(self.widths) + 1)]
        self._draw_rules(edges)
        self._draw_head(edges)
        top = self.height - self._heights[0]
        for row, height in zip(self.rows, self._heights[1:], strict=True):
            for cell, edge in zip(row, edges, strict=False):
                self._draw_cell(cell, edge, top, cell.height + 2 * _PAD_Y if self.from_top else height)
            top -= height

    def _draw_rules(self, edges: Sequence[float]) -> None:
        canvas, top = self.canv, self.height
        for index, edge in enumerate(edges):
            inside = self._in_group(index) and self._in_group(index - 1)
            canvas.line(edge, 0, edge, top - self._band if inside else top)
        canvas.line(0, top, self.width, top)
        for height in self._heights:
            top -= height
            canvas.line(0, top, self.width, top)

    def _draw_head(self, edges: Sequence[float]) -> None:
        top, height = self.height, self._heights[0]
        for index, (cell, edge) in enumerate(zip(self.head, edges, strict=False)):
            lowered = self._band if self._in_group(index) else 0.0
            self._draw_cell(cell, edge, top - lowered, height - lowered)
        if self.group is not None:
            left, right = edges[self.group.first], edges[self.group.last + 1]
            self._draw_cell(self.group.title, left, top, self._band)
            self.canv.line(left, top - self._band, right, top - self._band)

    def _draw_cell(self, cell: Paragraph, edge: float, top: float, height: float) -> None:
        lift = cell.style.leading * _LIFT
        cell.drawOn(self.canv, edge + _PAD_X, top - (height + cell.height) / 2 + lift)
