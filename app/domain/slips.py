"""What the papers say, apart from how they look (forms 01–07, account-help card)."""

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
class TransferCode:
    """A bank transfer as VietQR text and in words. ``purpose``: the dossier's number."""

    payload: str
    amount_vnd: int
    purpose: str
    account: str
    holder: str
    bank: str = ""


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
    transfer: TransferCode | None = None
    """Only where the office's account is known and something is owed."""
    replaces_words: str = ""
    """Of a corrected slip: which printing it takes the place of; stands instead of "In lại lần n"."""


@dataclass(frozen=True)
class PaperSubject:
    """What forms 02–06 say of the dossier they belong to (DOMAIN §2, common head and first fields)."""

    form_set: str
    head: SlipHead
    number: str
    provisional: bool
    provisional_number: str
    """Printed beside the official number once both are known."""
    receiving_office: str
    owner_name: str
    owner_address: str
    owner_phone: str
    owner_email: str
    request: str
    copy_no: int = 1
    """1 for the first printing; from 2 on the paper is marked "In lại lần n-1"."""
    demo: bool = False


@dataclass(frozen=True)
class SupplementItem:
    """One row of form 02. A count is ``None`` where the officer did not state it: dots on paper."""

    name: str
    originals: int | None = None
    certified: int | None = None
    photocopies: int | None = None
    counted: bool = True
    """``False`` for a row of words that has no counts at all."""


@dataclass(frozen=True)
class SupplementRequest:
    """Form 02, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"."""

    subject: PaperSubject
    asked_at: datetime
    items: tuple[SupplementItem, ...]
    reason: str
    contact_name: str
    contact_phone: str
    officer_name: str


@dataclass(frozen=True)
class RefusalSlip:
    """Form 03, "Phiếu từ chối tiếp nhận giải quyết hồ sơ"."""

    subject: PaperSubject
    refused_at: datetime
    reason: str
    contact_name: str
    contact_phone: str
    submitter_name: str
    officer_name: str


@dataclass(frozen=True)
class ExtensionLetter:
    """Form 04: apology and a new date (title by form set). ``leader_name`` empty: signed by hand."""

    subject: PaperSubject
    written_at: datetime
    received_at: datetime
    previous_due_at: datetime | None
    reason: str
    new_due_at: datetime | None
    leader_name: str
    leader_title: str = ""
    """As the office has set it for who signs; empty: the form's own words. "/" begins a line."""


@dataclass(frozen=True)
class StopNotice:
    """Form 05, "Thông báo dừng giải quyết hồ sơ" (fields inferred, DOMAIN §2 [?])."""

    subject: PaperSubject
    stopped_at: datetime
    proposer: str
    """Who asked for the stop; empty where nobody noted it."""
    reason: str
    stage: str
    """National name of the status the dossier was in."""
    papers: tuple[SlipComponent, ...]
    """Papers handed in and kept; how many go back is filled in by hand."""
    paid_words: str
    leader_name: str
    leader_title: str = ""
    """As the office has set it for who signs; empty: the form's own words. "/" begins a line."""


@dataclass(frozen=True)
class HandOver:
    """One row of form 06: from whom to whom, when, and how the term stood. Empty words are dots."""

    giver_unit: str
    receiver_unit: str
    at: datetime | None
    giver_name: str = ""
    receiver_name: str = ""
    result: str = ""
    """ "Trước hạn", "Đúng hạn" or "Quá hạn" at the end of processing, else empty."""
    note: str = ""


@dataclass(frozen=True)
class ControlSlip:
    """Form 06, "Phiếu kiểm soát quá trình giải quyết hồ sơ": a row per hand-over, none ever rewritten."""

    subject: PaperSubject
    received_at: datetime
    agencies: tuple[str, ...]
    rows: tuple[HandOver, ...]
    spare_rows: int = 0
    """Empty rows for hand-overs still to come, signed by hand on the way."""


@dataclass(frozen=True)
class RegisterLine:
    """One line of form 07, columns in order. Moments that have not come yet are ``None``."""

    line_no: str
    number: str
    procedure: str
    sets: int
    name: str
    address: str
    phone: str
    agency: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    return_words: str
    signed: str
    """Who took the result; empty leaves room for a hand."""
    note: str


@dataclass(frozen=True)
class RegisterBook:
    """Form 07, "Sổ theo dõi hồ sơ": lines of one book, as many pages as they need."""

    form_set: str
    head: SlipHead
    book: str
    lines: tuple[RegisterLine, ...]
    copy_no: int = 1
    demo: bool = False


@dataclass(frozen=True)
class RegisterPeriod:
    """Form 07 from one day to another (both counted): a book after the other, at least one. ``anchor``: how
    far the audit log had come, at the foot of each page (I24)."""

    first_day: date
    last_day: date
    books: tuple[RegisterBook, ...]
    made_at: datetime
    anchor: str = ""


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
