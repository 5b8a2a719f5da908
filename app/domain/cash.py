"""The cash box at day's end: what the receipts say, what was counted, and the papers of both.

Money taken counts on the day of the receipt, money given back on the day of cancelling, so that a day that
was counted never changes afterwards. Whole VND.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.slips import SlipHead
from app.errors import RuleError
from app.text import t

NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
"""Bank notes counted at the counter, largest first."""
MOST_NOTES = 99_999
CASH = "cash"


@dataclass(frozen=True)
class CashEntry:
    """One receipt as a day sees it. ``taken``: made on this day; ``given_back``: cancelled on this day."""

    book: str
    number: int
    amount_vnd: int
    method: str
    officer: str
    taken: bool
    given_back: bool


@dataclass(frozen=True)
class CashTotal:
    """Receipts of one officer, way of paying or book."""

    key: str
    count: int
    taken_vnd: int
    given_back_vnd: int

    @property
    def net_vnd(self) -> int:
        """What is left of it."""
        return self.taken_vnd - self.given_back_vnd


@dataclass(frozen=True)
class BookRange:
    """First and last receipt of a book made on the day; ``cancelled``: those cancelled on the day."""

    book: str
    first: int
    last: int
    count: int
    cancelled: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether no number between first and last is missing."""
        return self.count == self.last - self.first + 1


@dataclass(frozen=True)
class CashTotals:
    """One day. ``expected_vnd``: what the box must hold of this day's money."""

    by_officer: tuple[CashTotal, ...]
    by_method: tuple[CashTotal, ...]
    books: tuple[BookRange, ...]
    taken_vnd: int
    given_back_vnd: int
    expected_vnd: int


def totals(entries: Iterable[CashEntry]) -> CashTotals:
    """Add the day up."""
    day = list(entries)
    cash = [each for each in day if each.method == CASH]
    return CashTotals(
        by_officer=_grouped(day, lambda each: each.officer),
        by_method=_grouped(day, lambda each: each.method),
        books=_books(day),
        taken_vnd=_taken(day),
        given_back_vnd=_given_back(day),
        expected_vnd=_taken(cash) - _given_back(cash),
    )


def counted(notes: Mapping[int, int]) -> int:
    """The sum of so many notes of each value.

    Raises ``RuleError`` "note-unknown", "note-count" (field ``note-<value>``).
    """
    for value, count in notes.items():
        if value not in NOTES:
            raise RuleError(
                "note-unknown",
                t("Không có tờ bạc mệnh giá này."),
                t("Các mệnh giá: {values}.").format(values=", ".join(str(each) for each in NOTES)),
                field="note",
            )
        if not 0 <= count <= MOST_NOTES:
            raise RuleError(
                "note-count", t("Số tờ từ 0 đến 99.999."), t("Đếm và gõ lại."), field=f"note-{value}"
            )
    return sum(value * count for value, count in notes.items())


@dataclass(frozen=True)
class SheetLine:
    """One receipt on the day sheet. ``note``: cancelled, when and why, else empty."""

    label: str
    at: datetime
    payer: str
    dossier: str
    purpose: str
    method: str
    amount_vnd: int
    note: str = ""


@dataclass(frozen=True)
class CashSheet:
    """The counter's own day sheet ("Bảng kê thu tiền trong ngày"); methods and officers in words.

    ``counted_vnd`` ``None``: the box was not counted; ``notes``: value to pieces.
    """

    head: SlipHead
    office: str
    day: date
    made_at: datetime
    lines: tuple[SheetLine, ...]
    totals: CashTotals
    notes: Mapping[int, int]
    counted_vnd: int | None
    reason: str
    counted_by: str
    officer_name: str
    copy_no: int = 1
    demo: bool = False
    anchor: str = ""
    """How far the audit log had come when the sheet was made (I24)."""


@dataclass(frozen=True)
class FeeNote:
    """The counter's own note of money taken; not a finance document (biên lai) of the State."""

    head: SlipHead
    office: str
    label: str
    at: datetime
    payer: str
    dossier: str
    procedure: str
    purpose: str
    amount_vnd: int
    method: str
    reference: str
    officer_name: str
    cancelled_words: str = ""
    copy_no: int = 1
    demo: bool = False


def _taken(entries: Iterable[CashEntry]) -> int:
    return sum(each.amount_vnd for each in entries if each.taken)


def _given_back(entries: Iterable[CashEntry]) -> int:
    return sum(each.amount_vnd for each in entries if each.given_back)


def _grouped(entries: list[CashEntry], key: Callable[[CashEntry], str]) -> tuple[CashTotal, ...]:
    groups: dict[str, list[CashEntry]] = {}
    for each in entries:
        groups.setdefault(key(each), []).append(each)
    return tuple(
        CashTotal(name, sum(each.taken for each in group), _taken(group), _given_back(group))
        for name, group in sorted(groups.items())
    )


def _books(entries: list[CashEntry]) -> tuple[BookRange, ...]:
    books: dict[str, list[CashEntry]] = {}
    for each in entries:
        if each.taken:
            books.setdefault(each.book, []).append(each)
    return tuple(
        BookRange(
            book=book,
            first=min(each.number for each in group),
            last=max(each.number for each in group),
            count=len(group),
            cancelled=tuple(sorted(each.number for each in group if each.given_back)),
        )
        for book, group in sorted(books.items())
    )
