"""Dossiers of the commune that another desk received, as the gateway tells of them: a laptop back from a
hamlet, a second counter. A desk takes them in whole (``sync.taken_in``) and goes on with them as with its
own; one that could not be taken in is still shown here, in its newest state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.clock import from_wire
from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk

_TOLD = "dossier.assigned"
_BOOK = "QK/"
"""Register of the dossiers that other desks received."""


@dataclass(frozen=True)
class ElsewhereDossier:
    """One dossier another desk received. ``owner_name`` is empty where the gateway did not say it;
    ``here``: it was taken in, so this desk can go on with it."""

    id: str
    number: str
    provisional_number: str
    owner_name: str
    procedure_code: str
    procedure_name: str
    status: Status
    received_at: datetime | None
    due_at: datetime | None
    here: bool = False


def dossiers_elsewhere(desk: Desk, by: Officer, limit: int = 200) -> tuple[ElsewhereDossier, ...]:
    """What other desks of the commune received, the newest first."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        found = [*_taken_in(connection, limit), *_told_only(connection, limit)]
    oldest = datetime.min.replace(tzinfo=desk.clock.now().tzinfo)
    return tuple(sorted(found, key=lambda one: one.received_at or oldest, reverse=True)[:limit])


def _taken_in(connection: Connection, limit: int) -> Iterator[ElsewhereDossier]:
    d = tables.dossier.c
    query = (
        select(tables.dossier)
        .where(d.register_book.startswith(_BOOK))
        .order_by(d.received_at.desc())
        .limit(limit)
    )
    for row in connection.execute(query).mappings():
        yield ElsewhereDossier(
            id=row["id"],
            number=row["number"] or row["provisional_number"],
            provisional_number=row["provisional_number"] or "",
            owner_name=row["owner_name"],
            procedure_code=row["procedure_code"],
            procedure_name=row["procedure_name"],
            status=Status(row["status"]),
            received_at=row["received_at"],
            due_at=row["due_at"],
            here=True,
        )


def _told_only(connection: Connection, limit: int) -> Iterator[ElsewhereDossier]:
    c, d = tables.change.c, tables.dossier.c
    held = select(d.id).where(d.id == c.subject_id).exists()
    query = (
        select(c.subject_id, c.body, c.at)
        .where(c.type == _TOLD, ~held)
        .order_by(c.at.desc(), c.change_id.desc())
    )
    newest: dict[str, ElsewhereDossier] = {}
    for row in connection.execute(query).mappings():
        if row["subject_id"] not in newest:
            newest[row["subject_id"]] = _since(connection, _read(row), row["at"])
        if len(newest) == limit:
            break
    yield from newest.values()


def _since(connection: Connection, told: ElsewhereDossier, at: datetime) -> ElsewhereDossier:
    """What came after the state: its official number, its steps, another due date."""
    c = tables.change.c
    query = select(c.type, c.body).where(c.subject_id == told.id, c.at >= at).order_by(c.at, c.change_id)
    for row in connection.execute(query):
        told = _after(told, row.type, row.body["data"])
    return told


def _after(told: ElsewhereDossier, kind: str, data: Mapping[str, Any]) -> ElsewhereDossier:
    if kind == "dossier.numbered":
        return replace(told, number=data["code"], provisional_number=data["provisional_code"])
    if kind == "dossier.status_changed":
        return replace(told, status=Status(data["to"]))
    if kind == "dossier.due_date_changed":
        return replace(told, due_at=_moment(data.get("new_due_at")))
    return told


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
