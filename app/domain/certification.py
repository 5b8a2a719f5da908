"""Kinds of certification at the counter: their procedure, their book, their fee (NĐ 23/2015, TT 226/2016).

Each kind has a book of its own; several copies of one original made at one time take one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.catalogue import FeeRule
from app.domain.copy_fee import copy_fee, job_fee
from app.domain.dossier_number import MARK_LETTERS


class Kind(StrEnum):
    """What is certified."""

    COPY = "copy"
    """Chứng thực bản sao từ bản chính."""
    SIGNATURE = "signature"
    """Chứng thực chữ ký trong giấy tờ, văn bản."""


PROCEDURES = {Kind.COPY: "2.000815", Kind.SIGNATURE: "2.000884"}

_BOOKS = {Kind.COPY: "SCT", Kind.SIGNATURE: "SCK"}
"""How the desk tells its books apart; what stands on paper is ``Volume.printed``."""

_MARKS = {Kind.COPY: "SCT/BS", Kind.SIGNATURE: "SCT/CK, ĐC"}
"""The letters that the forms of the books print after the number of the volume."""


@dataclass(frozen=True)
class Volume:
    """One book: a kind, a desk, a year. Two desks without a line cannot share one count; nor can a desk
    and a copy of it, so a restored one begins a book with the ``mark`` of its epoch."""

    kind: Kind
    desk_no: int
    year: int
    mark: str = ""

    @property
    def key(self) -> str:
        """The name that lines are stored under, as ``SCT02/2026``."""
        return f"{_BOOKS[self.kind]}{self.number}"

    @property
    def number(self) -> str:
        """The number of the volume on its cover, as ``02/2026``."""
        return f"{self.desk_no:02d}{self.mark}/{self.year}"

    @property
    def printed(self) -> str:
        """Number and letters, as on stamp and cover."""
        return f"{self.number} - {_MARKS[self.kind]}"


def volume_of(key: str) -> Volume:
    """The volume of a stored name. Raises ``ValueError`` for any other text."""
    for kind, letters in _BOOKS.items():
        desk, _, year = key.removeprefix(letters).partition("/")
        digits = desk.rstrip(MARK_LETTERS)
        if key.startswith(letters) and digits.isdigit() and year.isdigit():
            return Volume(kind, int(digits), int(year), desk.removeprefix(digits))
    raise ValueError("no such book")


def certification_fee(kind: Kind, rule: FeeRule, pages: int, copies: int) -> int | None:
    """Whole VND; ``None`` where the tariff is unknown. Copies by pages of the original, signatures by paper.

    Raises ``RuleError`` for a count out of range (field ``pages`` or ``copies``).
    """
    if kind is Kind.COPY:
        return copy_fee(rule, pages, copies)
    return job_fee(rule, copies)
