"""Putting an accepted event into effect: the dossier's new state, its number, and who is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from app.clock import to_wire
from app.province import dossiers, feed, numbering
from app.province.case import Incoming, Outcome, Told
from app.province.dossiers import Dossier, raised
from app.province.problems import JsonObject
from app.province.tables import streams
from app.province.times import to_ms
from app.province.upward.links import relays


def apply(db: Connection, now: datetime, incoming: Incoming, outcome: Outcome) -> int | None:
    """Store what the event does; the dossier's version after it, ``None`` where it is about no dossier."""
    if incoming.type == "stream.opened":
        _close_parent(db, incoming)
    if incoming.type == "number_block.released":
        payload = incoming.payload
        numbering.release(db, incoming.sender.desk_id, payload["block_id"], payload["last_used"])
    dossier = outcome.dossier
    if dossier is None:
        return None
    numbered = _numbered(db, now, dossier)
    if dossier.version == 1:
        dossiers.create(db, numbered or dossier)
    else:
        dossiers.save(db, dossier)
    if outcome.number_taken is not None:
        numbering.take(db, outcome.number_taken, dossier.dossier_id)
    for told in outcome.told:
        _tell(db, now, incoming, dossier, told)
    if numbered is not None:
        _tell_number(db, now, numbered)
    if relays(db):
        _tell_sender(db, now, incoming, dossier)
    return dossier.version


def subject_of(dossier: Dossier) -> JsonObject:
    """The subject of changes about a dossier."""
    return {"kind": "dossier", "id": dossier.dossier_id, "code": dossier.code}


def _tell(db: Connection, now: datetime, incoming: Incoming, dossier: Dossier, told: Told) -> None:
    change = feed.Change(told.change_type, subject_of(dossier), told.data, dossier.version, incoming.event_id)
    units = dossier.units() if told.units is None else told.units
    feed.tell_units(db, now, change, units, but=None if told.sender_too else incoming.sender.desk_id)


def _numbered(db: Connection, now: datetime, dossier: Dossier) -> Dossier | None:
    """A new provisional dossier with its official number, one version on; ``None`` for any other.

    Official numbers come from the top: an office gateway waits for its upper one's.
    """
    if dossier.version != 1 or dossier.provisional_code is None or relays(db):
        return None
    code = numbering.next_official(db, dossier.unit_code, dossier.received["received_at"])
    numbering.give(db, code, dossier.dossier_id)
    return raised(dossier, to_ms(now), code=code)


def _tell_number(db: Connection, now: datetime, numbered: Dossier) -> None:
    """Every desk of the unit hears of an official number, the sender too."""
    data = {
        "code": numbered.code,
        "provisional_code": numbered.provisional_code,
        "numbered_at": to_wire(now),
    }
    change = feed.Change("dossier.numbered", subject_of(numbered), data, numbered.version)
    feed.tell_units(db, now, change, numbered.units())


def _tell_sender(db: Connection, now: datetime, incoming: Incoming, dossier: Dossier) -> None:
    """Its verdict is still to come from above; the version its end check compares is told now."""
    subject, state = subject_of(dossier), dossier.state()
    change = feed.Change("dossier.assigned", subject, state, dossier.version, incoming.event_id)
    feed.tell_desk(db, now, change, incoming.sender.desk_id)


def _close_parent(db: Connection, incoming: Incoming) -> None:
    parent = incoming.payload.get("parent_epoch")
    if parent is None or parent == incoming.epoch:
        return
    own = (streams.c.desk_id == incoming.sender.desk_id, streams.c.epoch == parent)
    db.execute(update(streams).where(*own).values(closed=True))
