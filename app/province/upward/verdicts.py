"""The upper gateway's verdicts put in force here.

The office judges by the same rules at once, so that its desks see each other's work while the line up is
cut; the word from above replaces that ruling. Where the two differ, the dossier is asked for again
(``adopt``) as soon as nothing of it waits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from app.protocol.canonical import canonical_bytes
from app.province import intake
from app.province.dossier_acts import CREATING
from app.province.problems import JsonObject
from app.province.tables import events, waits
from app.province.upward.tables import upward_adopts, upward_events
from app.province.upward.told import tell_final


def take_verdict(db: Connection, now: datetime, unit: str, row_id: int, raw: JsonObject) -> None:
    """Store one verdict from above; a last word is never taken back by a ``deferred`` one."""
    known = db.execute(select(upward_events).where(upward_events.c.row_id == row_id)).one_or_none()
    if known is not None and known.final:
        return
    outcome = raw.get("original") or raw["verdict"]
    _keep(db, row_id, raw, final=outcome != "deferred", known=known is not None)
    if outcome == "deferred":
        return
    row = db.execute(select(events).where(events.c.row_id == row_id).with_for_update()).one()
    if row.verdict == "duplicate":
        return
    if outcome == "accepted":
        _accept(db, now, unit, row, late=known is not None)
    else:
        _reject(db, now, unit, row, raw["problem"])
    fresh = db.execute(select(events).where(events.c.row_id == row_id)).one()
    tell_final(db, now, fresh, raw)


def take_by_event(db: Connection, now: datetime, unit: str, raw: JsonObject) -> bool:
    """A late verdict, by the event's id; false where this gateway has no such event."""
    row_id = db.execute(
        select(events.c.row_id).where(events.c.holds_id == raw["event_id"], events.c.unit_code == unit)
    ).scalar()
    if row_id is None:
        return False
    take_verdict(db, now, unit, row_id, raw)
    return True


def want_state(db: Connection, dossier_id: str, unit: str) -> None:
    """Ask for the dossier above once nothing of it waits."""
    known = db.execute(
        select(upward_adopts.c.dossier_id).where(upward_adopts.c.dossier_id == dossier_id)
    ).first()
    if known is None:
        db.execute(insert(upward_adopts).values(dossier_id=dossier_id, unit_code=unit))


def _accept(db: Connection, now: datetime, unit: str, row: Any, *, late: bool) -> None:
    if row.verdict == "accepted":
        if late and row.subject_kind == "dossier":
            want_state(db, row.subject_id, unit)
        return
    _settle_row(db, row, {"verdict": "accepted", "problem": None, "waiting_for": None})
    if row.subject_kind == "dossier":
        want_state(db, row.subject_id, unit)
    intake.settle(db, now, [("event", row.place)])


def _reject(db: Connection, now: datetime, unit: str, row: Any, problem: JsonObject) -> None:
    told = {"verdict": "rejected", "problem": _text(problem), "waiting_for": None}
    _settle_row(db, row, told)
    if row.subject_kind == "dossier" and row.verdict == "accepted":
        want_state(db, row.subject_id, unit)
    if row.type not in CREATING and row.verdict == "deferred":
        intake.settle(db, now, [("event", row.place)])


def _settle_row(db: Connection, row: Any, values: dict[str, Any]) -> None:
    db.execute(update(events).where(events.c.row_id == row.row_id).values(**values))
    db.execute(delete(waits).where(waits.c.row_id == row.row_id))


def _keep(db: Connection, row_id: int, raw: JsonObject, *, final: bool, known: bool) -> None:
    values = {"final": final, "body": _text(raw)}
    if known:
        db.execute(update(upward_events).where(upward_events.c.row_id == row_id).values(**values))
    else:
        db.execute(insert(upward_events).values(row_id=row_id, **values))


def _text(value: Any) -> str:
    return canonical_bytes(value).decode()
