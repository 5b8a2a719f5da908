"""One act being planned, and what several acts read of the dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from app.domain.dossier_status import Act
from app.domain.resumed_term import resumed_due
from app.domain.roles import Officer
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.services.demo.acts import Standing
from app.services.desk import Desk
from app.text import t


@dataclass(frozen=True)
class ResultPaper:
    """What a dossier ended in, beside its number. ``issued_on`` ``None``: the day of the act.

    ``file``: the paper itself (PDF, JPEG, PNG or TIFF); ``system`` and ``foreign_no``: the sector software
    that holds the result and its number there ("kết quả ở hệ thống khác", DOMAIN §11).
    """

    book: str = ""
    signer: str = ""
    signer_title: str = ""
    issued_on: date | None = None
    file: Path | None = None
    system: str = ""
    foreign_no: str = ""


@dataclass(frozen=True)
class Recipient:
    """Who takes the result and how. Empty: the submitter (else the owner), by the way chosen at reception.

    ``id_value``: number of the identity paper shown; ``relation``: of one who is neither submitter nor
    owner; ``method``: counter, post or online; ``bill_code``: the post's number of the parcel.
    """

    name: str = ""
    id_value: str = ""
    relation: str = ""
    method: str = ""
    bill_code: str = ""


@dataclass(frozen=True)
class Paying:
    """How money is taken. ``method``: cash, bank_transfer, national_platform or province_gateway;
    ``reference``: the bank's own number of the transfer; ``payer`` empty: the submitter, else the owner;
    ``request_id``: made when the form is opened, the same one never gives a second receipt."""

    method: str = "cash"
    reference: str = ""
    payer: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class ActOrder:
    """What an officer asks for. ``items``: papers asked for or handed in; ``to_unit``: GSO or agency code;
    ``override``: why a leader takes the dossier in without a mandatory paper."""

    act: Act
    reason: str = ""
    due_at: datetime | None = None
    items: Sequence[str] = ()
    result_no: str = ""
    amount_vnd: int | None = None
    to_unit: str = ""
    at: datetime | None = None
    result: ResultPaper = ResultPaper()
    recipient: Recipient = Recipient()
    override: str = ""
    paying: Paying = Paying()


@dataclass(frozen=True)
class Doing:
    """One act being planned, inside the transaction that writes it. ``approver``: the leader whose word
    it rests on (the officer himself, or whom he signs for), if there is one."""

    connection: Connection
    desk: Desk
    by: Officer
    order: ActOrder
    standing: Standing
    at: datetime
    approver: str | None = None


def due_after_pause(doing: Doing, stopped_by: Act) -> datetime | None:
    """The due date now that the clock goes on, stopped by the latest act of that kind."""
    h = tables.history.c
    stopped_at = doing.connection.execute(
        select(h.at)
        .where(h.dossier_id == doing.standing.id, h.act == stopped_by.value)
        .order_by(h.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if doing.standing.due_at is None or stopped_at is None:
        return doing.standing.due_at
    return resumed_due(stopped_at, doing.at, doing.standing.due_at, doing.desk.reference.calendar)


def pause_words(doing: Doing, due_at: datetime | None) -> str:
    """Why the due date is what it is after a pause."""
    if due_at is None or due_at == doing.standing.due_at:
        return t("Ngày hẹn giữ nguyên sau thời gian chờ công dân.")
    return t("Tính lại ngày hẹn: thời gian chờ công dân không tính vào thời hạn.")


def required_words(text: str, name: str) -> str:
    """Words an act cannot do without. Raises ``RuleError`` "reason-missing"."""
    words = clean_text(text)
    if not words:
        raise RuleError(
            "reason-missing", t("Chưa ghi lý do."), t("Ghi lý do cụ thể rồi làm lại."), field=name
        )
    return words
