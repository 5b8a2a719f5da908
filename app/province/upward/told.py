"""What an office gateway tells its desks of their events: the upper gateway's word, never its own.

Until that word has come an event is ``deferred``, waiting for approval from above (``approval``, the upper
gateway's unit), however the office itself has judged it: nothing shows as sent that is not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from app.province import feed
from app.province.problems import JsonObject
from app.province.tables import events, files
from app.province.upward.links import relays
from app.province.upward.tables import upward_events

ABOVE: Final = {"kind": "approval", "ref": "upper-gateway"}


def veiled(db: Connection, verdicts: Sequence[JsonObject]) -> list[JsonObject]:
    """The verdicts as a desk may hear them now. At the top of the mechanism they stay as they are."""
    if not relays(db) or not verdicts:
        return list(verdicts)
    ids = [each["event_id"] for each in verdicts]
    known = {row.event_id: row for row in _rows(db, ids)}
    return [_told(db, each, known.get(each["event_id"])) for each in verdicts]


def tell_final(db: Connection, now: Any, row: Any, raw: JsonObject) -> None:
    """The upper gateway's last word, to the desk that sent the event."""
    verdict = _final(row, raw, row.desk_seq)
    subject = {"kind": "event", "id": row.event_id}
    change = feed.Change("event.verdict", subject, verdict, row.dossier_version)
    feed.tell_desk(db, now, change, row.desk_id)


def _told(db: Connection, own: JsonObject, row: Any) -> JsonObject:
    """One verdict: final as it came from above, else deferred; a repeat stays a ``duplicate``."""
    again = own["verdict"] == "duplicate"
    if row is not None and row.final:
        said = _final(row, json.loads(row.body), own["desk_seq"])
    else:
        said = {
            "event_id": own["event_id"],
            "desk_seq": own["desk_seq"],
            "verdict": "deferred",
            "received_at": own["received_at"],
            "waiting_for": _waits(db, own, row),
        }
    if again:
        return {**said, "verdict": "duplicate", "original": said["verdict"]}
    return said


def _final(row: Any, raw: JsonObject, desk_seq: int) -> JsonObject:
    """The upper verdict under this gateway's own numbers: its dossier versions are what its desks compare."""
    verdict = {name: value for name, value in raw.items() if name not in ("original", "dossier_version")}
    verdict["verdict"] = raw.get("original") or raw["verdict"]
    verdict["desk_seq"] = desk_seq
    if row.dossier_version is not None and verdict["verdict"] == "accepted":
        verdict["dossier_version"] = row.dossier_version
    return verdict


def _waits(db: Connection, own: JsonObject, row: Any) -> list[JsonObject]:
    """Files the desk has still to bring, here or above; and the word from above."""
    wanted = [each for each in own.get("waiting_for", ()) if each["kind"] == "file"]
    if row is not None and row.body is not None:
        named = json.loads(row.body).get("waiting_for", ())
        above = [each["ref"] for each in named if each["kind"] == "file"]
        held = set(
            db.execute(
                select(files.c.sha256).where(files.c.unit_code == row.unit_code, files.c.sha256.in_(above))
            ).scalars()
        )
        here = {each["ref"] for each in wanted}
        wanted += [{"kind": "file", "ref": ref} for ref in above if ref not in held | here]
    return [*wanted, dict(ABOVE)]


def _rows(db: Connection, ids: Sequence[str]) -> Sequence[Any]:
    columns = (events.c.event_id, events.c.desk_seq, events.c.dossier_version, events.c.unit_code)
    return db.execute(
        select(*columns, upward_events.c.final, upward_events.c.body)
        .outerjoin(upward_events, upward_events.c.row_id == events.c.row_id)
        .where(events.c.holds_id.in_(ids))
    ).all()
