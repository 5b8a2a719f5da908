"""What the papers say, apart from how they look (form 01, account-help card)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class SlipHead:
    """Head of every official form: configuration of the unit, never code (DOMAIN §0.2)."""

    parent_agency: str
    agency: str
    place: str
    serial: str
    """As printed after "Số:", for example ``2017/TNHS``; empty is printed as dots."""


@dataclass(frozen=True)
class SlipComponent:
    """One row of the table of papers."""

    name: str
    kind: str
    quantity: int


@dataclass(frozen=True)
class ReceiptSlip:
    """Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" (DOMAIN §2), fields in order."""

    form_set: str
    head: SlipHead
    number: str
    provisional: bool
    receiving_office: str
    owner_name: str
    owner_address: str
    owner_phone: str
    owner_email: str
    request: str
    components: tuple[SlipComponent, ...]
    sets: int
    term_words: str
    received_at: datetime
    due_at: datetime | None
    due_reason: str
    return_words: str
    fee_words: str
    register_book: str
    register_no: str
    submitter_name: str
    officer_name: str
    lookup_words: str
    copy_no: int = 1
    """1 for the first printing; from 2 on the paper is marked "In lại lần n-1"."""
    provisional_number: str = ""
    """Printed beside the official number once both are known."""
    demo: bool = False


@dataclass(frozen=True)
class AccountCard:
    """Take-home card of an account-help case; large letters, no personal ID (picture 04)."""

    title: str
    step_words: str
    todo: tuple[str, ...]
    next_visit: date | None
    next_visit_words: str
    warning: str
    contacts: tuple[str, ...]
    footnote: str
    demo: bool = False
