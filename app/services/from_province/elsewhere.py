"""Dossiers of the commune that another desk holds, as the province tells of them: a laptop back from a
hamlet, a second counter. They are seen here, never worked on here; each is told once, in its newest state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select

from app.clock import from_wire
from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk

_TOLD = "dossier.assigned"


@dataclass(frozen=True)
class ElsewhereDossier:
    """One dossier held by another desk. ``owner_name`` is empty where the province did not say it."""

    id: str
    number: str
    provisional_number: str
    owner_name: str
    procedure_code: str
    procedure_name: str
    status: Status
    received_at: datetime | None
    due_at: datetime | None


def dossiers_elsewhere(desk: Desk, by: Officer, limit: int = 200) -> tuple[ElsewhereDossier, ...]:
    """What other desks of the commune received, the newest first."""
    by.require(Permission.VIEW)
    c, d = tables.change.c, tables.dossier.c
    held = select(d.id).where(d.id == c.subject_id).exists()
    query = (
        select(c.subject_id, c.body, c.at)
        .where(c.type == _TOLD, ~held)
        .order_by(c.at.desc(), c.change_id.desc())
    )
    newest: dict[str, ElsewhereDossier] = {}
    with desk.store.read() as connection:
        for row in connection.execute(query).mappings():
            if row["subject_id"] not in newest:
                newest[row["subject_id"]] = _read(row)
            if len(newest) == limit:
                break
    return tuple(newest.values())


def _read(row: RowMapping) -> ElsewhereDossier:
    state = row["body"]["data"]
    return ElsewhereDossier(
        id=row["subject_id"],
        number=state["code"],
        provisional_number=state.get("provisional_code") or "",
        owner_name=state.get("owner_name") or "",
        procedure_code=state["procedure"]["code"],
        procedure_name=state["procedure"].get("name") or "",
        status=Status(state["status"]),
        received_at=_moment(state.get("received_at")),
        due_at=_moment(state.get("due_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_wire(text)
