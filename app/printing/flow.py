"""Blocks set on pages one under the other; what does not fit goes on to the next page, whole or split."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable

from app.printing.paper import PageStyle

_EPSILON = 0.01


@dataclass(frozen=True)
class Placed:
    """A block and the place of its lower left corner, in points from the page's lower left corner."""

    block: Flowable
    x: float
    y: float


Page = tuple[Placed, ...]


class Together(Flowable):
    """Blocks kept on one page; only the last one may be split, so that a heading leads its table."""

    def __init__(self, blocks: Sequence[Flowable]) -> None:
        super().__init__()
        self.blocks = list(blocks)
        self.spaceBefore = blocks[0].getSpaceBefore()

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        self._placed: list[tuple[Flowable, float]] = []
        height = 0.0
        for index, block in enumerate(self.blocks):
            height += block.getSpaceBefore() if index else 0
            height += block.wrap(aW, aH)[1]
            self._placed.append((block, height))
        self.width, self.height = aW, height
        return aW, height

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803
        """The blocks with the first part of the last one, then its rest."""
        *lead, last = self.blocks
        used = sum(block.wrap(aW, aH)[1] + block.getSpaceBefore() for block in lead)
        used += last.getSpaceBefore() - (lead[0].getSpaceBefore() if lead else 0)
        parts = last.split(aW, aH - used) if aH > used else []
        if len(parts) < 2:
            return []
        return [Together([*lead, parts[0]]), *parts[1:]]

    def draw(self) -> None:
        """Each block at its height."""
        for block, bottom in self._placed:
            block.drawOn(self.canv, 0, self.height - bottom)


def paginate(
    blocks: Sequence[Flowable],
    page: PageStyle,
    heading: Callable[[int], Flowable | None] = lambda _: None,
) -> list[Page]:
    """Set the blocks on pages; ``heading`` gives the first block of page 2, 3, … if it has one."""
    waiting = deque(blocks)
    pages: list[Page] = []
    while waiting or not pages:
        pages.append(_fill(waiting, page, heading(len(pages) + 1) if pages else None))
    return pages


def _fill(waiting: deque[Flowable], page: PageStyle, heading: Flowable | None) -> Page:
    """One page; takes at least one block or part, so that the work always ends."""
    placed: list[Placed] = []
    floor = page.height - page.top
    if heading is not None:
        floor -= heading.wrap(page.inner_width, page.inner_height)[1]
        placed.append(Placed(heading, page.left, floor))
        floor -= page.body
    fresh = True
    while waiting:
        block = waiting.popleft()
        gap = 0 if fresh else block.getSpaceBefore()
        room = floor - gap - page.bottom
        height = block.wrap(page.inner_width, room)[1]
        if height > room + _EPSILON:
            taken = _part(block, waiting, page, room, fresh)
            if taken is None:
                return tuple(placed)
            block, height = taken
        floor -= gap + height
        placed.append(Placed(block, page.left, floor))
        fresh = False
    return tuple(placed)


def _part(
    block: Flowable, waiting: deque[Flowable], page: PageStyle, room: float, fresh: bool
) -> tuple[Flowable, float] | None:
    """What of a too tall block goes on this page; its rest is put back in front of the queue."""
    parts: list[Any] = block.split(page.inner_width, room) if room > 0 else []
    if len(parts) < 2 and fresh and isinstance(block, Together) and len(block.blocks) > 1:
        parts = block.blocks
    if len(parts) < 2 and not fresh:
        waiting.appendleft(block)
        return None
    first, rest = (parts[0], parts[1:]) if len(parts) > 1 else (block, [])
    waiting.extendleft(reversed(rest))
    return first, first.wrap(page.inner_width, room)[1]
