"""What the province would have differently, over all dossiers, for the screen where it is looked at (I17).

Reading changes nothing: what the citizen's paper states holds until an officer decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk


@dataclass(frozen=True)
class OpenProposal:
    """A value of the province beside that of the citizen's paper; ``field`` is a JSON Pointer of the wire."""

    id: str
    dossier_id: str
    number: str
    owner_name: str
    procedure_name: str
    field: str
    ours: Any
    theirs: Any
    made_at: datetime


def open_proposals(desk: Desk, by: Officer, limit: int = 50) -> tuple[OpenProposal, ...]:
    """Those no officer has decided on, the oldest first."""
    by.require(Permission.SYNC)
    p, d = tables.proposal.c, tables.dossier.c
    number = func.coalesce(d.number, d.provisional_number)
    query = (
        select(
            p.id, p.dossier_id, number, d.owner_name, d.procedure_name, p.field, p.ours, p.theirs, p.made_at
        )
        .join_from(tables.proposal, tables.dossier, d.id == p.dossier_id)
        .where(p.state == "open")
        .order_by(p.made_at, p.id)
        .limit(limit)
    )
    with desk.store.read() as connection:
        return tuple(OpenProposal(*row) for row in connection.execute(query))
