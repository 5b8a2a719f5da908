"""What the papers of handing over say, apart from how they look: list, envelope label, return receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class ListLine:
    """One dossier of a list. ``papers``: sheets of paper handed in with it; ``bill``, ``recipient``,
    ``phone``, ``address``: for the post alone, empty where not known."""

    number: str
    owner_name: str
    procedure: str
    due_at: datetime | None
    papers: int
    bill: str = ""
    recipient: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class HandOverList:
    """Bảng kê giao nhận hồ sơ. No circular prescribes it: the fields are the counter's practice
    (DOMAIN §11). ``kind``: post or unit; a name left empty is signed by hand."""

    head: SlipHead
    no: str
    kind: str
    giver: str
    receiver: str
    made_at: datetime
    lines: tuple[ListLine, ...]
    note: str = ""
    giver_name: str = ""
    receiver_name: str = ""
    copy_no: int = 1
    demo: bool = False


@dataclass(frozen=True)
class EnvelopeLabel:
    """One label for an envelope. ``bill`` becomes a barcode; ``number`` is the dossier's, small: nothing
    says what is inside. ``pay_words``: who pays the post."""

    sender: str
    sender_address: str
    sender_phone: str
    recipient: str
    recipient_phone: str
    recipient_address: str
    number: str
    bill: str = ""
    pay_words: str = ""
    demo: bool = False


@dataclass(frozen=True)
class ReturnReceipt:
    """Biên nhận trả kết quả: who received which papers, by which identity, with a line to sign on.

    ``papers``: result first, then papers given back, as (name, count words); ``identity``: the paper shown,
    in words; ``relation``: to the owner, empty for the owner; ``authority``: the paper that entitles
    somebody else.
    """

    head: SlipHead
    number: str
    provisional: bool
    office: str
    owner_name: str
    request: str
    returned_at: datetime
    papers: tuple[tuple[str, str], ...]
    recipient: str
    identity: str
    relation: str
    authority: str
    officer_name: str
    method_words: str = ""
    fee_words: str = ""
    late_words: str = ""
    copy_no: int = 1
    demo: bool = False
