"""A dossier as the province knows it: its state, and who may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, or_, select, update

from app.protocol.canonical import canonical_bytes
from app.province.problems import JsonObject
from app.province.run_memory import insert_behind, memory
from app.province.tables import dossiers

_BY_ID = select(dossiers).where(dossiers.c.dossier_id == bindparam("wanted"))
_BY_ID_HELD = _BY_ID.with_for_update()
_INSERT = insert(dossiers)
_SAVE = update(dossiers).where(dossiers.c.dossier_id == bindparam("wanted"))


@dataclass(frozen=True)
class Dossier:
    """One dossier. ``unit_code`` is the unit that received it and deals with the citizen."""

    dossier_id: str
    unit_code: str
    code: str
    version: int
    status: int
    custodian_code: str
    custodian_name: str
    received: JsonObject
    desk_id: str | None = None
    provisional_code: str | None = None
    national_code: str | None = None
    pending_code: str | None = None
    pending_name: str | None = None
    results: tuple[JsonObject, ...] = ()
    due_at: str | None = None
    completed_at: str | None = None
    returned_at: str | None = None
    changed_at: int = 0

    def units(self) -> frozenset[str]:
        """The units that see this dossier: receiver, custodian, and who is to take it over."""
        named = (self.unit_code, self.custodian_code, self.pending_code)
        return frozenset(code for code in named if code is not None)

    def state(self, *, with_filing: bool = True) -> JsonObject:
        """Schema DossierState; without the filing it holds no citizen data."""
        body: JsonObject = {
            "dossier_id": self.dossier_id,
            "code": self.code,
            "provisional_code": self.provisional_code,
            "national_code": self.national_code,
            "version": self.version,
            "status": self.status,
            "custodian": {"code": self.custodian_code, "name": self.custodian_name},
            "procedure": self.received["procedure"],
            "received_at": self.received["received_at"],
            "due_at": self.due_at,
            "completed_at": self.completed_at,
            "returned_at": self.returned_at,
            "results": list(self.results),
        }
        if with_filing:
            body["owner_name"] = self.received["owner"]["full_name"]
            body["received"] = self.received
        return body


def visible_to(unit_code: str) -> ColumnElement[bool]:
    """The condition that a unit may see a dossier."""
    return or_(
        dossiers.c.unit_code == unit_code,
        dossiers.c.custodian_code == unit_code,
        dossiers.c.pending_code == unit_code,
    )


def load(db: Connection, dossier_id: str) -> Dossier | None:
    """The dossier of that id, whoever may see it. A writer holds it until its transaction ends."""
    if dossier_id in memory(db).absent:
        return None
    query = _BY_ID_HELD if db.get_execution_options().get("writes") else _BY_ID
    row = db.execute(query, {"wanted": dossier_id}).one_or_none()
    return None if row is None else from_row(row)


def load_visible(db: Connection, dossier_id: str, unit_code: str) -> Dossier | None:
    """The dossier of that id if the unit may see it."""
    dossier = load(db, dossier_id)
    return dossier if dossier is not None and unit_code in dossier.units() else None


def create(db: Connection, dossier: Dossier) -> None:
    """Store a new dossier."""
    insert_behind(db, _INSERT, _row(dossier))
    memory(db).absent.discard(dossier.dossier_id)


def save(db: Connection, dossier: Dossier) -> None:
    """Store the new state of a known dossier."""
    db.execute(_SAVE, {**_row(dossier), "wanted": dossier.dossier_id})


def raised(dossier: Dossier, now_ms: int, **changed: Any) -> Dossier:
    """The dossier after one more accepted change."""
    return replace(dossier, version=dossier.version + 1, changed_at=now_ms, **changed)


def from_row(row: Any) -> Dossier:
    """The dossier of a row of the table."""
    members = {name: getattr(row, name) for name in _names()}
    members["received"] = json.loads(row.received)
    members["results"] = tuple(json.loads(row.results))
    return Dossier(**members)


def _names() -> Iterator[str]:
    return (field.name for field in fields(Dossier))


def _row(dossier: Dossier) -> dict[str, Any]:
    row = {name: getattr(dossier, name) for name in _names()}
    row["received"] = canonical_bytes(dossier.received).decode()
    row["results"] = canonical_bytes(list(dossier.results)).decode()
    return row
