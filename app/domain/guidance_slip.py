"""What the guidance slip says: full guidance, once and in writing, where no dossier came to be (DOMAIN §3).

NĐ 118/2025 keeps the counter's duty to name everything that is missing at one time. Nothing of the slip
goes to the province; the office keeps it in its own book.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class GuidanceItem:
    """One paper to bring. ``kind``: original, copy or to be shown, in words; ``count`` ``None``: not said,
    dots on paper; ``note``: what makes it due, or what may take its place."""

    name: str
    kind: str = ""
    count: int | None = None
    note: str = ""


@dataclass(frozen=True)
class GuidanceSlip:
    """ "Phiếu hướng dẫn": who was guided, on what, and everything still to bring, in order.

    ``number``: line and book, as ``12/HD01-2026``; ``person`` and ``phone`` may be empty, for a citizen who
    only asks need not say who he is; ``withdrawn``: the slip was taken back by the office.
    """

    head: SlipHead
    number: str
    receiving_office: str
    person: str
    phone: str
    procedure: str
    items: tuple[GuidanceItem, ...]
    words: str
    officer_name: str
    office_phone: str
    at: datetime
    copy_no: int = 1
    """1 for the first printing; from 2 on the paper is marked "In lại lần n-1"."""
    withdrawn: bool = False
    demo: bool = False
