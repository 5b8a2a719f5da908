"""What is done at once with copies that are ready: fee, completion, return; each with its own event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from app.domain.dossier_status import Act, permission_for
from app.domain.roles import Officer
from app.models import tables
from app.services.acts import read_standing, write_step
from app.services.desk import Desk, with_fresh_profile
from app.services.life import end_acts, money_acts
from app.services.life.doing import ActOrder, Doing
from app.services.recording import Recorder

_PLANS = {Act.PAY: money_acts.pay, Act.COMPLETE: end_acts.complete, Act.RETURN: end_acts.hand_over}


@dataclass(frozen=True)
class Ending:
    """``paid``: the fee was taken in cash; ``hand_over``: the copies are signed and given (2 → 9 → 10)."""

    paid: bool = False
    hand_over: bool = False


NOTHING_YET = Ending()
"""Taken in only."""


def end_line(
    connection: Connection,
    desk: Desk,
    by: Officer,
    at: datetime,
    ending: Ending,
    dossier_id: str,
    register_no: str,
    fee_vnd: int | None,
) -> None:
    """The acts that follow reception at once, in the same transaction.

    An unknown fee is never taken as paid.
    """
    orders = []
    if ending.paid and fee_vnd:
        orders.append(ActOrder(Act.PAY, amount_vnd=fee_vnd, at=at))
    if ending.hand_over:
        orders.append(ActOrder(Act.COMPLETE, result_no=register_no, at=at))
        orders.append(ActOrder(Act.RETURN, at=at))
    for order in orders:
        _do(connection, desk, by, dossier_id, order, at)


def _do(
    connection: Connection, desk: Desk, by: Officer, dossier_id: str, order: ActOrder, at: datetime
) -> None:
    by.require(permission_for(order.act))
    desk = with_fresh_profile(connection, desk)
    standing = read_standing(connection, dossier_id)
    step = _PLANS[order.act](Doing(connection, desk, by, order, standing, at))
    for table, row in step.inserts:
        connection.execute(insert(table).values(**row))
    _, changes = write_step(Recorder(connection, desk, by, at), standing, step)
    connection.execute(update(tables.dossier).where(tables.dossier.c.id == dossier_id).values(**changes))
