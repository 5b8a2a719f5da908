"""The one sheet a citizen takes from the copy lane: all lines, what they cost, when they are ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class CopySheetLine:
    """One job. ``register_no``: number in the book; ``number``: of the dossier; ``fee_vnd`` ``None``: not
    known."""

    paper: str
    pages: int
    copies: int
    fee_vnd: int | None
    register_no: str
    number: str


@dataclass(frozen=True)
class CopySheet:
    """``due_at`` ``None`` with ``handed_over``: the copies went with this sheet; ``paid_vnd``: what the
    receipts of these dossiers say was taken."""

    head: SlipHead
    name: str
    received_at: datetime
    due_at: datetime | None
    due_reason: str
    handed_over: bool
    paid_vnd: int
    lines: tuple[CopySheetLine, ...]
    officer_name: str
    lookup_words: str = ""
    copy_no: int = 1
    demo: bool = False

    @property
    def fee_vnd(self) -> int | None:
        """What all lines cost; ``None`` while one is not known."""
        fees = [line.fee_vnd for line in self.lines]
        return None if any(fee is None for fee in fees) else sum(fee for fee in fees if fee is not None)
