"""The book of certifications, page by page: a page never changes its lines once the next has begun.

Columns after the forms of books of NĐ 23/2015 and TT 01/2020/TT-BTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.certification import Volume

LINES_A_PAGE = 15
"""Chosen so that a full page of usual names fits one sheet on its side."""


@dataclass(frozen=True)
class DayBookLine:
    """One number of the book. ``fee_vnd`` ``None``: the tariff was not known; ``identity``: kind and number
    of the citizen's paper, which the book of signatures has beside the name."""

    number: int
    at: datetime
    requester: str
    identity: str
    paper: str
    signer: str
    copies: int
    fee_vnd: int | None
    note: str


@dataclass(frozen=True)
class Totals:
    """Sums of lines. ``unpriced``: lines whose fee is not known and not in ``fee_vnd``."""

    lines: int = 0
    copies: int = 0
    fee_vnd: int = 0
    unpriced: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.lines + other.lines,
            self.copies + other.copies,
            self.fee_vnd + other.fee_vnd,
            self.unpriced + other.unpriced,
        )


@dataclass(frozen=True)
class DayBookPage:
    """One page. ``carried``: the sums of all pages before it."""

    number: int
    carried: Totals
    lines: tuple[DayBookLine, ...]

    @property
    def own(self) -> Totals:
        """Sums of this page."""
        return totals(self.lines)

    @property
    def so_far(self) -> Totals:
        """Sums up to and with this page."""
        return self.carried + self.own


@dataclass(frozen=True)
class DayBook:
    """Pages of one volume to be printed. ``agency``: on the head of each page; ``anchor``: how far the
    audit log had come, printed so that the log can be held against paper (I24)."""

    volume: Volume
    agency: str
    pages: tuple[DayBookPage, ...]
    anchor: str = ""
    copy_no: int = 1
    demo: bool = False


def page_of(line: int) -> int:
    """The page a number stands on, from 1."""
    return (line - 1) // LINES_A_PAGE + 1


def first_line(page: int) -> int:
    """The first number of a page."""
    return (page - 1) * LINES_A_PAGE + 1


def totals(lines: Sequence[DayBookLine]) -> Totals:
    """Sums of lines."""
    return Totals(
        lines=len(lines),
        copies=sum(line.copies for line in lines),
        fee_vnd=sum(line.fee_vnd or 0 for line in lines),
        unpriced=sum(line.fee_vnd is None for line in lines),
    )


def pages_of(lines: Sequence[DayBookLine], before: Totals) -> tuple[DayBookPage, ...]:
    """Lines in the order of their numbers, from the first of a page on, as pages. ``before``: the sums of
    what stands before the first line."""
    pages: list[DayBookPage] = []
    carried = before
    for number in sorted({page_of(line.number) for line in lines}):
        page = DayBookPage(number, carried, tuple(each for each in lines if page_of(each.number) == number))
        pages.append(page)
        carried = page.so_far
    return tuple(pages)
