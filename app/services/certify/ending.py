"""What is done at once with copies that are ready: fee, completion, return; each with its own event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.certification import volume_of
from app.domain.dossier_status import Act
from app.domain.roles import Officer
from app.services.certify.signers import Signer
from app.services.desk import Desk
from app.services.life import ActOrder, ResultPaper, do_act_within


@dataclass(frozen=True)
class Ending:
    """``paid``: the fee was taken in cash; ``hand_over``: the copies are signed and given (2 → 9 → 10)."""

    paid: bool = False
    hand_over: bool = False


NOTHING_YET = Ending()
"""Taken in only."""


@dataclass(frozen=True)
class Booked:
    """A line just taken in. ``fee_vnd`` ``None``: the tariff is not known."""

    dossier_id: str
    register_no: str
    fee_vnd: int | None


def end_line(
    connection: Connection,
    desk: Desk,
    by: Officer,
    at: datetime | None,
    ending: Ending,
    line: Booked,
    signer: Signer,
) -> None:
    """The acts that follow reception at once, in the same transaction.

    An unknown fee is never taken as paid.
    """
    orders = []
    if ending.paid and line.fee_vnd:
        orders.append(ActOrder(Act.PAY, amount_vnd=line.fee_vnd, at=at))
    if ending.hand_over:
        volume = volume_of(line.register_no.partition("/")[2])
        paper = ResultPaper(book=volume.printed, signer=signer.name, signer_title=signer.title)
        orders.append(ActOrder(Act.COMPLETE, result_no=line.register_no, result=paper, at=at))
        orders.append(ActOrder(Act.RETURN, at=at))
    for order in orders:
        do_act_within(connection, desk, by, line.dossier_id, order)
