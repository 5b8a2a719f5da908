"""Which acts stand open for a dossier now, and what decides it: the one truth for window and lists.

Narrower than ``lawful_acts``: it looks also at who holds the dossier, at the date, at extensions used, at
open hand-overs and at what is owed. What is offered, ``do_act`` does once the words it asks for are there;
what is not, it refuses, save a payment where nothing is known to be owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from app.clock import VIETNAM
from app.domain.catalogue import Detail
from app.domain.dossier_status import STEPS, Act, Status, permission_for
from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk, with_fresh_profile
from app.services.extensions import extensions_allowed, extensions_used
from app.services.finding.dossier_view import find_dossier_id
from app.services.life.custody_acts import Pending, for_the_holder, pending_hand_over, unit_name
from app.services.money.fee_debts import fees_owed
from app.services.people.delegation import DELEGATED, signs_for


@dataclass(frozen=True)
class Offered:
    """``acts`` in the order of ``Act``; the rest says why the others are not among them.

    ``held``: this unit holds the dossier, ``holder`` names who does; ``pending``: the unit a hand-over
    waits for, ``arriving`` when that is this unit; ``overdue``: the due date has passed; ``unpaid_vnd``
    as far as amounts are known, ``unpaid_unknown`` where one is not; ``leader``: the officer leads or
    signs for a leader today.
    """

    status: Status
    acts: tuple[Act, ...]
    held: bool
    holder: str
    pending: Pending | None
    arriving: bool
    due_at: datetime | None
    overdue: bool
    supplement_rounds: int
    extensions_used: int
    extensions_allowed: int
    unpaid_vnd: int
    unpaid_unknown: bool
    leader: bool


def offered_acts(desk: Desk, by: Officer, number: str) -> Offered:
    """What this officer may do with the dossier now. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        return offered_within(connection, with_fresh_profile(connection, desk), by, dossier_id)


def offered_within(connection: Connection, desk: Desk, by: Officer, dossier_id: str) -> Offered:
    """The same for an id, inside a transaction that reads more."""
    d = tables.dossier.c
    row = connection.execute(select(tables.dossier).where(d.id == dossier_id)).mappings().one()
    profile, now = desk.profile, desk.clock.now()
    ours = (profile.unit_code, profile.agency_code)
    pending = pending_hand_over(connection, dossier_id)
    debts = fees_owed(connection, dossier_id)
    deputy = signs_for(connection, by.id, now.astimezone(VIETNAM).date()) is not None
    held = row["custodian_unit"] in ours
    offered = Offered(
        status=Status(row["status"]),
        acts=(),
        held=held,
        holder=unit_name(connection, desk, dossier_id, row["custodian_unit"]),
        pending=pending,
        arriving=not held and pending is not None and pending.to in ours,
        due_at=row["due_at"],
        overdue=row["due_at"] is not None and now > row["due_at"],
        supplement_rounds=row["supplement_rounds"],
        extensions_used=extensions_used(connection, dossier_id),
        extensions_allowed=extensions_allowed(connection),
        unpaid_vnd=debts.left_vnd,
        unpaid_unknown=bool(debts.unknown) or (not debts.fees and not _known_free(row)),
        leader=by.may(Permission.OVERRIDE) or deputy,
    )
    acts = tuple(act for act in Act if _open(act, offered, by, deputy=deputy))
    return Offered(**{**vars(offered), "acts": acts})


def _open(act: Act, now: Offered, by: Officer, *, deputy: bool) -> bool:
    permission = permission_for(act)
    allowed = by.may(permission) or (deputy and permission in DELEGATED)
    if not allowed or now.status not in STEPS[act]:
        return False
    if for_the_holder(act, now.status) and not now.held:
        return False
    if act is Act.ACCEPT_CUSTODY:
        return now.arriving
    if act is Act.TRANSFER:
        return now.pending is None
    if act is Act.EXTEND:
        return not now.overdue and now.extensions_used < now.extensions_allowed
    if act is Act.PAY:
        return now.status is Status.FEE_REQUESTED or now.unpaid_vnd > 0 or now.unpaid_unknown
    return True


def _known_free(row: RowMapping) -> bool:
    """A procedure the catalogue knows whole, and that names no fee for the channel."""
    return bool(row["procedure_detail"] == Detail.FULL.value)
