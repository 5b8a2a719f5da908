"""Fees asked for and paid, with a receipt from the desk's own book; the receipts are the truth of it."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select

from app.clock import VIETNAM
from app.domain.dossier_status import Act, Status
from app.domain.fees import ASKED_LATER, AT_THE_COUNTER, bad_amount, plan_payment
from app.domain.fees import words_after as _words_after
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import payment
from app.protocol.events import Payload
from app.protocol.ids import new_id
from app.protocol.parts import Fee, FeeReceipt
from app.protocol.payloads import DueDateChanged, FeeList, FeeMoved
from app.services.demo.acts import Step
from app.services.life.custody_acts import holds
from app.services.life.doing import Doing, Paying, due_after_pause, pause_words
from app.services.money.fee_debts import fees_owed
from app.services.numbering import NumberGiver
from app.text import t

METHODS = ("cash", "bank_transfer", "national_platform", "province_gateway")
"""The wire's ways of paying."""
_LONGEST = {"payer": 200, "reference": 100}


class AlreadyTaken(Exception):  # noqa: N818
    """Ends planning: this very request has its receipt. ``payment_id`` names it."""

    def __init__(self, payment_id: str) -> None:
        super().__init__("already taken")
        self.payment_id = payment_id


def request_fee(doing: Doing) -> Step:
    """Ask for a financial duty (→ 6); the clock stops.

    Without an amount the duties asked for before and unpaid are asked for again (a receipt was cancelled).
    """
    if doing.order.amount_vnd is None and (again := _asked_and_unpaid(doing)):
        total = sum(each.amount_vnd for each in again)
        ids = [each.fee_id for each in again]
        return Step(
            Act.REQUEST_FEE,
            "dossier.fee_requested",
            FeeList(again),
            detail={"amount_vnd": total, "fee_id": ids[0]},
        )
    amount = _amount(doing)
    fee_id = new_id()
    name = require_text(doing.order.reason, "reason")[:500] or t("Nghĩa vụ tài chính")
    row = {
        "id": fee_id,
        "dossier_id": doing.standing.id,
        "code": "NVTC",
        "name": name,
        "amount_vnd": amount,
        "rule": "",
        "kind": "ordinary",
        "stage": ASKED_LATER,
    }
    fee = Fee(fee_id=fee_id, code="NVTC", name=name, amount_vnd=amount, stage=ASKED_LATER)
    return Step(
        Act.REQUEST_FEE,
        "dossier.fee_requested",
        FeeList([fee]),
        detail={"amount_vnd": amount, "fee_id": fee_id},
        inserts=[(tables.fee, row)],
    )


def pay(doing: Doing) -> Step:
    """Money taken, with a receipt; a dossier that waited for it goes on.

    Raises ``RuleError`` "amount-range", "amount-below-asked" (``domain.fees``), "pay-method", "text-long",
    and ``AlreadyTaken`` for a request that has its receipt.
    """
    how = doing.order.paying
    _require_new(doing.connection, how)
    waiting = doing.standing.status is Status.FEE_REQUESTED
    debts = fees_owed(doing.connection, doing.standing.id)
    plan = plan_payment(debts, doing.order.amount_vnd, waiting=waiting)
    inserts: list[tuple[Table, dict[str, object]]] = []
    fee_ids = list(plan.fee_ids)
    if not fee_ids:
        fee_ids = [new_id()]
        inserts.append((tables.fee, _plain_fee(doing, fee_ids[0], plan.amount_vnd)))
    row = _receipt(doing, how, plan.amount_vnd, fee_ids)
    book, number = str(row["book"]), str(row["number"])
    changes, moved = _due_moved(doing) if waiting and holds(doing) else ({}, [])
    return Step(
        Act.PAY,
        "fee.collected",
        FeeMoved(
            fee_ids,
            plan.amount_vnd,
            how.method,
            FeeReceipt(book, number, doing.at),
            payment_reference=str(row["reference"]) or None,
        ),
        changes,
        {
            "amount_vnd": plan.amount_vnd,
            "receipt": f"{book}-{number}",
            "fee_ids": fee_ids,
            "method": how.method,
        },
        inserts=inserts,
        told=[(payment, row)],
        further=moved,
    )


def _due_moved(doing: Doing) -> tuple[dict[str, object], list[tuple[str, Payload]]]:
    """The due date now that the clock goes on, and what the province is told where it moved: the payment
    says nothing of dates (schema FeeMoved). Of a dossier held elsewhere its holder sets the date."""
    before, due_at = doing.standing.due_at, due_after_pause(doing, Act.REQUEST_FEE)
    words = pause_words(doing, due_at)
    changes: dict[str, object] = {"due_at": due_at, "due_reason": words}
    if due_at is None or due_at == before:
        return changes, []
    return changes, [("dossier.due_date_changed", DueDateChanged(before, due_at, words))]


def words_after(connection: Connection, dossier_id: str) -> tuple[str, ...]:
    """What to tell the officer after a payment: too much taken, or something still owed."""
    return _words_after(fees_owed(connection, dossier_id))


def _receipt(doing: Doing, how: Paying, amount: int, fee_ids: list[str]) -> dict[str, object]:
    numbers = NumberGiver(doing.connection, doing.desk.profile)
    book, number = numbers.receipt(doing.at.astimezone(VIETNAM).date())
    numbers.keep()
    return {
        "id": how.request_id or new_id(),
        "dossier_id": doing.standing.id,
        "book": book,
        "number": number,
        "amount_vnd": amount,
        "method": how.method,
        "reference": _short(how.reference, "reference"),
        "payer": _short(how.payer, "payer") or _payer(doing),
        "fee_ids": fee_ids,
        "at": doing.at,
        "officer_id": doing.by.id,
    }


def _require_new(connection: Connection, how: Paying) -> None:
    if how.method not in METHODS:
        raise RuleError(
            "pay-method",
            t("Chưa rõ cách nộp tiền."),
            t("Chọn tiền mặt, chuyển khoản hoặc cổng thanh toán."),
            field="method",
        )
    if not how.request_id:
        return
    known = connection.execute(select(payment.c.id).where(payment.c.id == how.request_id)).first()
    if known is not None:
        raise AlreadyTaken(how.request_id)


def _short(text: str, field: str) -> str:
    words = require_text(text, field)
    if len(words) > _LONGEST[field]:
        raise RuleError(
            "text-long",
            t("Chữ ghi ở đây dài quá {count} ký tự.").format(count=_LONGEST[field]),
            t("Ghi ngắn lại."),
            field=field,
        )
    return words


def _payer(doing: Doing) -> str:
    p = tables.party.c
    names = {
        row.role: row.full_name
        for row in doing.connection.execute(
            select(p.role, p.full_name).where(
                p.dossier_id == doing.standing.id, p.role.in_(("owner", "submitter"))
            )
        )
    }
    return str(names.get("submitter") or names.get("owner") or "")


def _asked_and_unpaid(doing: Doing) -> list[Fee]:
    return [
        Fee(
            fee_id=each.fee.id,
            code="NVTC",
            name=each.fee.name,
            amount_vnd=each.left_vnd,
            stage=ASKED_LATER,
        )
        for each in fees_owed(doing.connection, doing.standing.id).fees
        if each.fee.stage == ASKED_LATER and each.left_vnd
    ]


def _plain_fee(doing: Doing, fee_id: str, amount: int) -> dict[str, object]:
    return {
        "id": fee_id,
        "dossier_id": doing.standing.id,
        "code": AT_THE_COUNTER,
        "name": t("Phí, lệ phí"),
        "amount_vnd": amount,
        "rule": "",
        "kind": "ordinary",
        "stage": "on_receipt",
    }


def _amount(doing: Doing) -> int:
    amount = doing.order.amount_vnd
    if amount is None or amount <= 0:
        raise bad_amount()
    return amount
