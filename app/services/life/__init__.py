"""The life of a dossier after reception. ``do_act`` is the one door for window and command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.deadline import due_words
from app.domain.dossier_status import Act, Status, status_after
from app.domain.roles import Officer
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.services.demo import acts
from app.services.demo.acts import Standing, Step
from app.services.desk import Desk, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.life import clock_acts, custody_acts, end_acts, intake_acts, money_acts
from app.services.life.custody_acts import note_arrival
from app.services.life.doing import ActOrder, Doing, Recipient, ResultPaper
from app.services.life.offered import Offered, offered_acts
from app.text import t

__all__ = [
    "ActDone",
    "ActOrder",
    "Offered",
    "Recipient",
    "ResultPaper",
    "do_act",
    "do_act_within",
    "note_arrival",
    "offered_acts",
    "warning_before",
]


@dataclass(frozen=True)
class ActDone:
    """Where the dossier stands afterwards. ``warnings``: sentences that block nothing."""

    number: str
    status: Status
    due_at: datetime | None
    warnings: tuple[str, ...] = ()


def do_act(desk: Desk, by: Officer, number: str, order: ActOrder) -> ActDone:
    """Do one act of a dossier's life (CONTRACT ``do``).

    Raises ``NotFoundError`` "no-dossier" and ``RuleError``: "not-permitted", "illegal-transition",
    "act-before-last", "not-custodian", and what the act itself asks for.
    """
    _require_readable(order)
    with desk.store.read() as connection:
        acts.approver_of(connection, by, order.act, order.at or desk.clock.now())
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        return do_act_within(connection, desk, by, dossier_id, order)


def do_act_within(
    connection: Connection, desk: Desk, by: Officer, dossier_id: str, order: ActOrder
) -> ActDone:
    """The same inside a transaction that does more (a signature, a list of dossiers, a batch).

    A refused act leaves nothing in it, so that the caller may go on with the next dossier.
    """
    _require_readable(order)
    desk = with_fresh_profile(connection, desk)

    def plan(connection: Connection, standing: Standing, at: datetime) -> Step:
        approver = acts.approver_of(connection, by, order.act, at)
        _require_lawful(order.act, standing)
        doing = Doing(connection, desk, by, order, standing, at, approver)
        custody_acts.require_custody(doing)
        return _PLANS[order.act](doing)

    with connection.begin_nested():
        acts.perform_within(connection, desk, by, dossier_id, plan, order.at)
    c = tables.dossier.c
    row = connection.execute(
        select(c.number, c.provisional_number, c.status, c.due_at, c.supplement_rounds).where(
            c.id == dossier_id
        )
    ).one()
    return ActDone(
        number=row.number or row.provisional_number,
        status=Status(row.status),
        due_at=row.due_at,
        warnings=(
            *_warnings(order.act, row.supplement_rounds),
            *(money_acts.words_after(connection, dossier_id) if order.act is Act.PAY else ()),
        ),
    )


def _require_lawful(act: Act, standing: Standing) -> None:
    """Refuse a step out of order; what is given out twice is said in its own words."""
    if act is Act.RETURN and standing.status is Status.RETURNED:
        raise RuleError(
            "illegal-transition",
            t("Hồ sơ này đã trả lúc {moment}, không trả lần nữa.").format(moment=due_words(standing.last_at)),
            t("Hồ sơ giữ nguyên. Mở hồ sơ để xem ai đã nhận và bằng cách nào."),
            field="act",
        )
    status_after(act, standing.status)


def _require_readable(order: ActOrder) -> None:
    """Words that were never UTF-8 are refused by name, not stored without their lost letters (I27)."""
    result, recipient = order.result, order.recipient
    given = {
        "reason": order.reason,
        "result_no": order.result_no,
        "to": order.to_unit,
        "override": order.override,
        "book": result.book,
        "signer": result.signer,
        "signer_title": result.signer_title,
        "system": result.system,
        "foreign_no": result.foreign_no,
        "recipient": recipient.name,
        "recipient_id": recipient.id_value,
        "relation": recipient.relation,
        "bill": recipient.bill_code,
        "reference": order.paying.reference,
        "payer": order.paying.payer,
    }
    for field, text in (*given.items(), *(("item", item) for item in order.items)):
        require_text(text, field)


def warning_before(act: Act, supplement_rounds: int) -> str:
    """What to tell the officer before the act; empty where there is nothing to say.

    A second supplement request counts the dossier as late (QĐ 766 formulas, DOMAIN §3).
    """
    if act is Act.REQUEST_SUPPLEMENT and supplement_rounds >= 1:
        return t("Đã yêu cầu bổ sung một lần. Yêu cầu lần nữa thì hồ sơ bị tính là trễ hạn.")
    return ""


def _warnings(act: Act, rounds_after: int) -> tuple[str, ...]:
    words = warning_before(act, rounds_after - 1)
    return (words,) if words else ()


_PLANS: dict[Act, Callable[[Doing], Step]] = {
    Act.ACCEPT: intake_acts.accept,
    Act.START: end_acts.start,
    Act.REQUEST_SUPPLEMENT: clock_acts.request_supplement,
    Act.SUPPLEMENT: clock_acts.supplement,
    Act.REQUEST_FEE: money_acts.request_fee,
    Act.PAY: money_acts.pay,
    Act.EXTEND: clock_acts.extend,
    Act.COMPLETE: end_acts.complete,
    Act.RETURN: end_acts.hand_over,
    Act.REFUSE: intake_acts.refuse,
    Act.WITHDRAW: end_acts.withdraw,
    Act.STOP: end_acts.stop,
    Act.REOPEN: intake_acts.reopen,
    Act.TRANSFER: custody_acts.transfer,
    Act.ACCEPT_CUSTODY: custody_acts.accept_custody,
}
