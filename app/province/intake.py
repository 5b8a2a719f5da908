"""Taking events in: each is stored as it came with its verdict, and what it sets free is settled.

Everything here runs inside one writing transaction (the caller's), so a run, its verdicts and its
effects are there together or not at all.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.clock import from_wire
from app.protocol.canonical import CanonicalObject, canonical_bytes
from app.province import apply, dossiers, feed, refusals
from app.province.case import Case, Incoming, Refusal, Ruling
from app.province.clock_evidence import clock_warnings
from app.province.context import Desk
from app.province.dossier_acts import CREATING
from app.province.nul import NUL
from app.province.problems import JsonObject
from app.province.run_memory import insert_behind, memory
from app.province.tables import desks, event_files, events, streams, waits
from app.province.times import from_ms, to_ms, wire_ms
from app.province.upward import told
from app.province.verdicts import check_shape, find_event, judge

Ref = tuple[str, str]

_UNSET = dict.fromkeys(("holds_id", "dossier_version", "waiting_for", "problem", "warnings"))
_INSERT_PLAIN = insert(events).inline()
_INSERT_EVENT = insert(events).returning(events.c.row_id)
_OTHER_CREATORS = select(events.c.place).where(
    events.c.subject_id == bindparam("subject"),
    events.c.type.in_(CREATING),
    events.c.verdict == "rejected",
    events.c.place != bindparam("own_place"),
)
_WAITING = (
    select(events)
    .join(waits, waits.c.row_id == events.c.row_id)
    .where(waits.c.kind == bindparam("wait_kind"), waits.c.ref == bindparam("wait_ref"))
    .order_by(events.c.row_id)
    .with_for_update()
)


@dataclass(frozen=True)
class Stream:
    """The stream an event belongs to, and when its last event was recorded."""

    stream_id: int
    epoch: str
    last_recorded_at: int | None


def known_ids(db: Connection, ids: Sequence[str]) -> set[str]:
    """Those event ids that have come before, from whichever desk."""
    return set(db.execute(select(events.c.holds_id).where(events.c.holds_id.in_(ids))).scalars())


def take(
    db: Connection,
    now: datetime,
    desk: Desk,
    stream: Stream,
    event: JsonObject,
    written: CanonicalObject,
    *,
    known: bool = True,
) -> JsonObject:
    """Store one new event and answer its verdict. ``written``: the event in canonical form; ``known``:
    whether its id may have come before."""
    content = written.digest("desk_seq", "digest", "chain")
    row = _new_row(now, desk, stream, event, written.bytes().decode(), content)
    first: Any = find_event(db, str(event["event_id"])) if known else None
    if first is not None:
        return _take_again(db, row, first, content)
    row["holds_id"] = event["event_id"]
    try:
        check_shape(event, stream.epoch)
        row["place"] = _place(db, desk, event)
    except Refusal as refusal:
        return _store(db, {**row, "verdict": "rejected", "problem": _text(refusal.problem)}, event)
    incoming = Incoming(event, stream.epoch, stream.stream_id, desk, row["place"])
    previous = None if stream.last_recorded_at is None else from_ms(stream.last_recorded_at)
    warnings = clock_warnings(event, previous, now)
    ruling = _judged(db, now, incoming)
    row.update(_ruling_columns(ruling, warnings))
    version, refs = _effects(db, now, incoming, ruling)
    verdict = _store(db, {**row, "dossier_version": version}, event)
    _answer_corrected(db, event)
    _remember_waits(db, row["holds_id"], ruling)
    settle(db, now, refs)
    return verdict


def settle(db: Connection, now: datetime, refs: Iterable[Ref], *, unit_code: str | None = None) -> None:
    """Judge again, in order, the events that waited for the refs; then those that waited for them.

    ``unit_code`` limits the first round to one unit's events (files are held per unit).
    """
    queue = deque((ref, unit_code) for ref in refs)
    while queue:
        ref, unit = queue.popleft()
        for row in _freed(db, ref, unit):
            queue.extend((freed, None) for freed in _judge_again(db, now, row))


def recorded_ms(event: JsonObject) -> int | None:
    """When an event was recorded, where it says so readably."""
    try:
        return to_ms(from_wire(event["recorded_at"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def verdict_of(row: Any) -> JsonObject:
    """Schema Verdict of a stored event."""
    verdict: JsonObject = {
        "event_id": row.event_id,
        "desk_seq": row.desk_seq,
        "verdict": row.verdict,
        "received_at": wire_ms(row.received_at),
    }
    if row.dossier_version is not None:
        verdict["dossier_version"] = row.dossier_version
    for name in ("waiting_for", "problem", "warnings"):
        text = getattr(row, name)
        if text is not None:
            verdict[name] = json.loads(text)
    return verdict


def verdict_now(db: Connection, row: Any) -> JsonObject:
    """The verdict of a stored event; of one stored a second time, that of the first."""
    if row.verdict != "duplicate":
        return verdict_of(row)
    return as_duplicate({**verdict_of(find_event(db, row.event_id)), "desk_seq": row.desk_seq})


def as_duplicate(verdict: JsonObject) -> JsonObject:
    """The verdict of an event that was already there."""
    if verdict["verdict"] == "duplicate":
        return verdict
    return {**verdict, "verdict": "duplicate", "original": verdict["verdict"]}


def _take_again(db: Connection, row: JsonObject, first: Any, content: str) -> JsonObject:
    """The same act under a new number is a duplicate; anything else under the same id is refused."""
    event = json.loads(row["body"])
    if first.desk_id == row["desk_id"] and first.content_digest == content:
        _store(db, {**row, "verdict": "duplicate"}, event)
        return as_duplicate({**verdict_of(first), "desk_seq": row["desk_seq"]})
    problem = _text(refusals.event_id_reuse().problem)
    return _store(db, {**row, "verdict": "rejected", "problem": problem}, event)


def _place(db: Connection, desk: Desk, event: JsonObject) -> str:
    """The event whose place this one takes. Raises ``Refusal`` where that one still stands."""
    corrected = event.get("corrects")
    if corrected is None:
        return str(event["event_id"])
    target: Any = find_event(db, corrected)
    if target is None or target.unit_code != desk.unit_code:
        raise refusals.unknown_subject("/corrects")
    if target.verdict != "rejected" and not target.voided:
        raise refusals.not_replaceable()
    return str(target.place)


def _judged(db: Connection, now: datetime, incoming: Incoming) -> Ruling:
    subject = incoming.subject
    dossier = None
    if subject["kind"] == "dossier":
        dossier = dossiers.load_visible(db, subject["id"], incoming.sender.unit_code)
    return judge(Case(db, now, incoming, dossier))


def _effects(
    db: Connection, now: datetime, incoming: Incoming, ruling: Ruling
) -> tuple[int | None, list[Ref]]:
    """What an accepted event does, the dossier's version after it, and the waits it ends."""
    if ruling.verdict != "accepted" or ruling.outcome is None:
        return None, []
    version = apply.apply(db, now, incoming, ruling.outcome)
    refs = [("event", incoming.place)]
    if incoming.type in CREATING:
        refs += [("event", place) for place in _other_creators(db, incoming)]
    if incoming.type == "event.voided":
        refs += _void(db, now, incoming.payload["voids"])
    return version, refs


def _other_creators(db: Connection, incoming: Incoming) -> Sequence[str]:
    """Rejected events that would have made the same dossier: nobody needs to wait for them now."""
    if incoming.subject["id"] in memory(db).quiet:
        return []
    asked = {"subject": incoming.subject["id"], "own_place": incoming.place}
    return db.execute(_OTHER_CREATORS, asked).scalars().all()


def _void(db: Connection, now: datetime, event_id: str) -> list[Ref]:
    """Mark an event as given up; a waiting one ends here. Answers the waits this ends."""
    row: Any = db.execute(select(events).where(events.c.holds_id == event_id).with_for_update()).one()
    if row.verdict == "accepted":
        return []
    changed: dict[str, Any] = {"voided": True, "answered": True}
    if row.verdict == "deferred":
        problem = _text(refusals.voided_before_use().problem)
        changed |= {"verdict": "rejected", "problem": problem, "waiting_for": None}
    db.execute(update(events).where(events.c.row_id == row.row_id).values(**changed))
    db.execute(delete(waits).where(waits.c.row_id == row.row_id))
    if row.verdict == "deferred":
        _tell_verdict(db, now, row.row_id)
    return [("event", row.place)]


def _freed(db: Connection, ref: Ref, unit_code: str | None) -> Sequence[Any]:
    """Rows that waited for ``ref`` and now wait for nothing more, oldest first."""
    if ref[0] == "event" and ref[1] in memory(db).unawaited:
        return []
    waiting = _WAITING if unit_code is None else _WAITING.where(events.c.unit_code == unit_code)
    rows = db.execute(waiting, {"wait_kind": ref[0], "wait_ref": ref[1]}).all()
    ready = []
    for row in rows:
        one = (waits.c.row_id == row.row_id, waits.c.kind == ref[0], waits.c.ref == ref[1])
        db.execute(delete(waits).where(*one))
        left = db.execute(select(waits.c.kind, waits.c.ref).where(waits.c.row_id == row.row_id)).all()
        if left:
            waiting_for = _text([{"kind": each.kind, "ref": each.ref} for each in left])
            _update(db, row.row_id, {"waiting_for": waiting_for})
        else:
            ready.append(row)
    return ready


def _judge_again(db: Connection, now: datetime, row: Any) -> list[Ref]:
    incoming = _incoming(db, row)
    ruling = _judged(db, now, incoming)
    kept = [] if row.warnings is None else json.loads(row.warnings)
    version, refs = _effects(db, now, incoming, ruling)
    _update(db, row.row_id, {**_ruling_columns(ruling, kept), "dossier_version": version})
    _remember_waits(db, row.event_id, ruling)
    if ruling.verdict == "deferred":
        return []
    _tell_verdict(db, now, row.row_id)
    if ruling.verdict == "rejected" and incoming.type not in CREATING:
        return [("event", incoming.place)]
    return refs


def _incoming(db: Connection, row: Any) -> Incoming:
    epoch = db.execute(select(streams.c.epoch).where(streams.c.stream_id == row.stream_id)).scalar_one()
    slot = db.execute(select(desks.c.slot).where(desks.c.desk_id == row.desk_id)).scalar_one()
    sender = Desk(row.desk_id, row.unit_code, slot)
    return Incoming(json.loads(row.body), epoch, row.stream_id, sender, row.place)


def _tell_verdict(db: Connection, now: datetime, row_id: int) -> None:
    """A late verdict goes to the desk that sent the event, as far as it is ours to tell."""
    row = db.execute(select(events).where(events.c.row_id == row_id)).one()
    [verdict] = told.veiled(db, [verdict_of(row)])
    change = feed.Change("event.verdict", {"kind": "event", "id": row.event_id}, verdict, row.dossier_version)
    feed.tell_desk(db, now, change, row.desk_id)


def _new_row(
    now: datetime, desk: Desk, stream: Stream, event: JsonObject, body: str, content: str
) -> JsonObject:
    subject = event.get("subject")
    named = subject if isinstance(subject, dict) else {}
    return {
        "stream_id": stream.stream_id,
        "desk_seq": event["desk_seq"],
        "desk_id": desk.desk_id,
        "unit_code": desk.unit_code,
        "event_id": event["event_id"],
        "content_digest": content,
        "digest": event["digest"],
        "chain": event["chain"],
        "type": _readable(event.get("type")),
        "subject_kind": _readable(named.get("kind")),
        "subject_id": _readable(named.get("id")),
        "place": event["event_id"],
        "body": body,
        "received_at": to_ms(now),
        "answered": False,
        "voided": False,
    }


def _ruling_columns(ruling: Ruling, warnings: list[JsonObject]) -> JsonObject:
    told = [*warnings, *ruling.warnings]
    return {
        "verdict": ruling.verdict,
        "waiting_for": _text(list(ruling.waiting_for)) if ruling.verdict == "deferred" else None,
        "problem": None if ruling.problem is None else _text(ruling.problem),
        "warnings": _text(told) if told else None,
    }


def _store(db: Connection, row: JsonObject, event: JsonObject) -> JsonObject:
    full = {**_UNSET, **row}
    if row["verdict"] in ("deferred", "rejected"):
        memory(db).quiet.discard(row["subject_id"])
    named = event.get("files")
    sha256s = {each for each in named if _is_sha256(each)} if isinstance(named, list) else set()
    if not sha256s:
        insert_behind(db, _INSERT_PLAIN, full)
    else:
        row_id = db.execute(_INSERT_EVENT, full).scalar_one()
        db.execute(insert(event_files), [{"row_id": row_id, "sha256": each} for each in sorted(sha256s)])
    return verdict_of(SimpleNamespace(**full))


def _answer_corrected(db: Connection, event: JsonObject) -> None:
    if event.get("corrects") is not None:
        db.execute(update(events).where(events.c.holds_id == event["corrects"]).values(answered=True))


def _remember_waits(db: Connection, event_id: str, ruling: Ruling) -> None:
    if ruling.verdict != "deferred":
        return
    row_id = db.execute(select(events.c.row_id).where(events.c.holds_id == event_id)).scalar_one()
    rows = [{"row_id": row_id, **ref} for ref in ruling.waiting_for]
    memory(db).unawaited.difference_update(row["ref"] for row in rows)
    db.execute(insert(waits), rows)


def _update(db: Connection, row_id: int, values: JsonObject) -> None:
    db.execute(update(events).where(events.c.row_id == row_id).values(values))


def _readable(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= 80 and NUL not in value else None


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")


def _text(value: Any) -> str:
    return canonical_bytes(value).decode()
