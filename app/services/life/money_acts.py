"""Fees asked for and paid, with a receipt from the desk's own book."""

from __future__ import annotations

from sqlalchemy import Table, select

from app.domain.dossier_status import Act, Status
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.protocol.parts import Fee, FeeReceipt
from app.protocol.payloads import FeeList, FeeMoved
from app.services.acts import Step
from app.services.life.doing import Doing, due_after_pause, pause_words
from app.services.numbering import NumberGiver
from app.text import t


def request_fee(doing: Doing) -> Step:
    """Ask for a financial duty (→ 6); the clock stops."""
    amount = _amount(doing)
    fee_id = new_id()
    name = clean_text(doing.order.reason) or t("Nghĩa vụ tài chính")
    row = {
        "id": fee_id,
        "dossier_id": doing.standing.id,
        "code": "NVTC",
        "name": name,
        "amount_vnd": amount,
        "rule": "",
        "kind": "ordinary",
        "stage": "on_supplement",
    }
    fee = Fee(fee_id=fee_id, code="NVTC", name=name, amount_vnd=amount, stage="on_supplement")
    return Step(
        Act.REQUEST_FEE,
        "dossier.fee_requested",
        FeeList([fee]),
        detail={"amount_vnd": amount, "fee_id": fee_id},
        inserts=[(tables.fee, row)],
    )


def pay(doing: Doing) -> Step:
    """Money taken in cash, with a receipt; a dossier that waited for it goes on."""
    unpaid = _unpaid_fees(doing)
    amount = doing.order.amount_vnd
    if amount is None:
        amount = sum(value or 0 for _, value in unpaid)
    if amount <= 0:
        raise _bad_amount()
    inserts: list[tuple[Table, dict[str, object]]] = []
    fee_ids = [fee_id for fee_id, _ in unpaid]
    if not fee_ids:
        fee_ids = [new_id()]
        inserts.append((tables.fee, _plain_fee(doing, fee_ids[0], amount)))
    numbers = NumberGiver(doing.connection, doing.desk.profile)
    serial, number = numbers.receipt(doing.at.date())
    numbers.keep()
    changes: dict[str, object] = {}
    if doing.standing.status is Status.FEE_REQUESTED:
        due_at = due_after_pause(doing, Act.REQUEST_FEE)
        changes = {"due_at": due_at, "due_reason": pause_words(doing, due_at)}
    return Step(
        Act.PAY,
        "fee.collected",
        FeeMoved(fee_ids, amount, "cash", FeeReceipt(serial, str(number), doing.at)),
        changes,
        {"amount_vnd": amount, "receipt": f"{serial}-{number}", "fee_ids": fee_ids},
        inserts=inserts,
    )


def _unpaid_fees(doing: Doing) -> list[tuple[str, int | None]]:
    f, h = tables.fee.c, tables.history.c
    paid: set[str] = set()
    for detail in doing.connection.execute(
        select(h.detail).where(h.dossier_id == doing.standing.id, h.act == Act.PAY.value)
    ).scalars():
        paid.update(detail.get("fee_ids", ()))
    rows = doing.connection.execute(
        select(f.id, f.amount_vnd).where(f.dossier_id == doing.standing.id).order_by(f.id)
    )
    return [(row.id, row.amount_vnd) for row in rows if row.id not in paid]


def _plain_fee(doing: Doing, fee_id: str, amount: int) -> dict[str, object]:
    return {
        "id": fee_id,
        "dossier_id": doing.standing.id,
        "code": "LP",
        "name": t("Phí, lệ phí"),
        "amount_vnd": amount,
        "rule": "",
        "kind": "ordinary",
        "stage": "on_receipt",
    }


def _amount(doing: Doing) -> int:
    amount = doing.order.amount_vnd
    if amount is None or amount <= 0:
        raise _bad_amount()
    return amount


def _bad_amount() -> RuleError:
    return RuleError(
        "amount-range",
        t("Số tiền phải lớn hơn 0."),
        t("Ghi số tiền bằng đồng, ví dụ 16000."),
        field="amount",
    )
