"""Fee receipts: taking money once, cancelling with a reason, and reading receipts back.

A receipt is never removed. Who took the money may cancel it, or a leader (or whom he lets sign); the province
is told by ``fee.refunded``, and the fees it was for are unpaid again. These notes are internal: the finance
documents of the State (biên lai) are not made here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Select, or_, select, update

from app.clock import VIETNAM
from app.domain.dossier_status import Act
from app.domain.fees import Owed
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import payment
from app.protocol.parts import FeeReceipt, Subject
from app.protocol.payloads import FeeMoved
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.life import ActOrder, do_act_within
from app.services.life.doing import Paying
from app.services.life.money_acts import AlreadyTaken
from app.services.money.fee_debts import fees_owed
from app.services.people.delegation import signs_for
from app.services.recording import Recorder
from app.text import t

REFUND = "refund"
"""Name of a cancelled receipt in history and audit."""
_NAME = re.compile(r"(?P<book>[A-Za-z]{1,4}[0-9]{2}/[0-9]{4})[-/ ](?P<number>[0-9]{1,9})")


@dataclass(frozen=True)
class Receipt:
    """One receipt as it stands. ``label``: ``BL01/2026-12``; ``cancelled_by``: an officer's name."""

    id: str
    book: str
    number: int
    dossier_id: str
    dossier_number: str
    procedure: str
    amount_vnd: int
    method: str
    reference: str
    payer: str
    fees: tuple[str, ...]
    at: datetime
    officer_id: str
    officer_name: str
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    cancelled_by: str = ""

    @property
    def label(self) -> str:
        """Book and number as officers say them."""
        return f"{self.book}-{self.number}"

    @property
    def stands(self) -> bool:
        """Whether it was not cancelled."""
        return self.cancelled_at is None


@dataclass(frozen=True)
class Taken:
    """A payment and what to tell the officer. ``already``: this request had its receipt before."""

    receipt: Receipt
    warnings: tuple[str, ...] = ()
    already: bool = False


def take_payment(
    desk: Desk,
    by: Officer,
    number: str,
    amount_vnd: int | None = None,
    paying: Paying | None = None,
    at: datetime | None = None,
) -> Taken:
    """Take money for a dossier (``None``: all that is owed); one ``request_id`` never gives two receipts.

    Raises what ``life.do_act`` raises for ``PAY``.
    """
    order = ActOrder(Act.PAY, amount_vnd=amount_vnd, paying=paying or Paying(), at=at)
    dossier_id = find_dossier_id(desk, number)
    try:
        with desk.store.write() as connection:
            warnings = do_act_within(connection, desk, by, dossier_id, order).warnings
            last = payment.c.dossier_id == dossier_id
            receipt = _read(connection, last, newest=True)[0]
            return Taken(receipt, warnings)
    except AlreadyTaken as known:
        with desk.store.read() as connection:
            return Taken(_one(connection, payment.c.id == known.payment_id), already=True)


def cancel_receipt(desk: Desk, by: Officer, name: str, reason: str, at: datetime | None = None) -> Receipt:
    """Cancel a receipt and give the money back. ``name``: its id or ``BL01/2026-12``.

    Raises ``NotFoundError`` "no-receipt"; ``RuleError`` "not-permitted", "reason-missing",
    "receipt-cancelled", "cancel-not-yours", "act-before-last".
    """
    by.require(Permission.RECEIVE)
    words = require_text(reason, "reason")
    if not words:
        raise RuleError(
            "reason-missing", t("Chưa ghi lý do hủy."), t("Ghi lý do cụ thể rồi làm lại."), field="reason"
        )
    with desk.store.write() as connection:
        receipt = _one(connection, _named(name))
        moment = at or max(desk.clock.now(), receipt.at)
        _require_cancellable(connection, by, receipt, moment)
        recorder = Recorder(connection, desk, by, moment)
        event_id = recorder.event(
            "fee.refunded",
            Subject(kind="dossier", id=receipt.dossier_id),
            FeeMoved(
                _fee_ids(connection, receipt.id),
                receipt.amount_vnd,
                receipt.method,
                FeeReceipt(receipt.book, str(receipt.number), receipt.at),
            ),
            dossier_id=receipt.dossier_id,
        )
        detail = {"amount_vnd": receipt.amount_vnd, "receipt": receipt.label, "reason": words}
        recorder.history(receipt.dossier_id, REFUND, detail, event_id)
        recorder.audit(REFUND, "payment", receipt.id, ("cancelled_at", "cancel_reason"))
        connection.execute(
            update(payment)
            .where(payment.c.id == receipt.id)
            .values(cancelled_at=moment, cancel_reason=words, cancelled_by=by.id, cancel_event_id=event_id)
        )
        return _one(connection, payment.c.id == receipt.id)


def receipt_of(desk: Desk, by: Officer, name: str) -> Receipt:
    """One receipt by its id or label. Raises ``NotFoundError`` "no-receipt"."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        return _one(connection, _named(name))


def receipts_of_day(desk: Desk, by: Officer, day: date) -> tuple[Receipt, ...]:
    """Receipts made or cancelled on that day in Viet Nam, by book and number."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        return read_receipts(connection, day)


def read_receipts(connection: Connection, day: date) -> tuple[Receipt, ...]:
    """The same inside a transaction."""
    start, end = day_bounds(day)
    p = payment.c
    made = (p.at >= start) & (p.at < end)
    undone = (p.cancelled_at >= start) & (p.cancelled_at < end)
    return _read(connection, or_(made, undone))


def receipts_of_dossier(desk: Desk, by: Officer, number: str) -> tuple[Receipt, ...]:
    """All receipts of a dossier, oldest first."""
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return _read(connection, payment.c.dossier_id == dossier_id)


def debts(desk: Desk, by: Officer, number: str) -> Owed:
    """What a dossier owes now. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return fees_owed(connection, dossier_id)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of the day in Viet Nam and of the next."""
    start = datetime.combine(day, time(0), VIETNAM)
    return start, start + timedelta(days=1)


def _require_cancellable(connection: Connection, by: Officer, receipt: Receipt, at: datetime) -> None:
    if not receipt.stands:
        raise RuleError(
            "receipt-cancelled",
            t("Biên nhận {label} đã hủy trước đó.").format(label=receipt.label),
            t("Không cần làm gì thêm; xem lý do trong danh sách."),
            field="receipt",
        )
    leads = by.may(Permission.OVERRIDE) or signs_for(connection, by.id, at.astimezone(VIETNAM).date())
    if by.id != receipt.officer_id and not leads:
        raise RuleError(
            "cancel-not-yours",
            t("Biên nhận {label} do {name} thu.").format(label=receipt.label, name=receipt.officer_name),
            t("Người đã thu hoặc lãnh đạo mới hủy được. Biên nhận giữ nguyên."),
            field="receipt",
        )
    if at < receipt.at:
        raise RuleError(
            "act-before-last",
            t("Không thể hủy trước lúc thu tiền."),
            t("Xem lại thời điểm rồi làm lại; biên nhận giữ nguyên."),
            field="at",
        )


def _named(name: str) -> ColumnElement[bool]:
    match = _NAME.fullmatch(require_text(name, "receipt"))
    if match is None:
        return payment.c.id == name
    return (payment.c.book == match["book"].upper()) & (payment.c.number == int(match["number"]))


def _one(connection: Connection, where: ColumnElement[bool]) -> Receipt:
    found = _read(connection, where)
    if not found:
        raise NotFoundError(
            "no-receipt",
            t("Không tìm thấy biên nhận này."),
            t("Kiểm tra quyển và số, ví dụ BL01/2026-12."),
            field="receipt",
        )
    return found[0]


def _fee_ids(connection: Connection, payment_id: str) -> list[str]:
    ids: list[str] = connection.execute(
        select(payment.c.fee_ids).where(payment.c.id == payment_id)
    ).scalar_one()
    return ids


def _read(connection: Connection, where: ColumnElement[bool], *, newest: bool = False) -> tuple[Receipt, ...]:
    query = _query().where(where)
    p = payment.c
    order = (p.at.desc(), p.number.desc()) if newest else (p.book, p.number)
    rows = connection.execute(query.order_by(*order).limit(1 if newest else -1)).all()
    names = _fee_names(connection, [row.dossier_id for row in rows])
    return tuple(
        Receipt(
            id=row.id,
            book=row.book,
            number=row.number,
            dossier_id=row.dossier_id,
            dossier_number=row.official or row.provisional,
            procedure=row.procedure_name,
            amount_vnd=row.amount_vnd,
            method=row.method,
            reference=row.reference,
            payer=row.payer,
            fees=tuple(names[each] for each in row.fee_ids if each in names),
            at=row.at,
            officer_id=row.officer_id,
            officer_name=row.officer_name,
            cancelled_at=row.cancelled_at,
            cancel_reason=row.cancel_reason,
            cancelled_by=row.canceller or "",
        )
        for row in rows
    )


def _query() -> Select[tuple[object, ...]]:
    p, d, o = payment.c, tables.dossier.c, tables.officer.c
    other = tables.officer.alias("canceller")
    joined = (
        payment.join(tables.dossier, d.id == p.dossier_id)
        .join(tables.officer, o.id == p.officer_id)
        .outerjoin(other, other.c.id == p.cancelled_by)
    )
    return select(
        payment,
        d.number.label("official"),
        d.provisional_number.label("provisional"),
        d.procedure_name,
        o.name.label("officer_name"),
        other.c.name.label("canceller"),
    ).select_from(joined)


def _fee_names(connection: Connection, dossier_ids: Sequence[str]) -> dict[str, str]:
    f = tables.fee.c
    names: dict[str, str] = {}
    for start in range(0, len(dossier_ids), 500):
        part = set(dossier_ids[start : start + 500])
        rows = connection.execute(select(f.id, f.name).where(f.dossier_id.in_(part)))
        names.update({row.id: row.name for row in rows})
    return names
