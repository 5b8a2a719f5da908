"""The change feed: what the province tells its desks.

A change gets its place at the end of its transaction, in the order of commits (``outgoing``), so a reader
never sees a change before one with a lower place. A desk's own accepted events do not come back to it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from app.clock import to_wire
from app.protocol.canonical import canonical_bytes
from app.protocol.ids import new_id
from app.province import outgoing
from app.province.context import Desk
from app.province.problems import ApiProblem, JsonObject, bad_request
from app.province.tables import changes, desks, server
from app.province.times import to_ms, wire_ms
from app.text import t

NOT_IN_STATES = ("event.verdict", "account.outcome", "desk.notice", "desk.policy_changed")
"""Changes no dossier state shows; a snapshot repeats them."""

_SNAPSHOT_CHANGES = 2000


@dataclass(frozen=True)
class Change:
    """A change to be told."""

    change_type: str
    subject: JsonObject
    data: JsonObject
    dossier_version: int | None = None
    caused_by: str | None = None


def tell_units(
    db: Connection, now: datetime, change: Change, units: Iterable[str], *, but: str | None = None
) -> None:
    """To every desk of the units, except the one that did it."""
    for unit_code in sorted(units):
        _add(db, now, change, unit_code=unit_code, except_desk=but)


def tell_desk(db: Connection, now: datetime, change: Change, desk_id: str) -> None:
    """To one desk alone."""
    _add(db, now, change, desk_id=desk_id)


def tell_everyone(db: Connection, now: datetime, change: Change) -> None:
    """To every desk of the province."""
    _add(db, now, change)


def pass_on(
    db: Connection, now: datetime, body: JsonObject, *, unit_code: str | None, desk_id: str | None
) -> None:
    """A change of the gateway above as it came, under its own id: to a unit's desks or to one of them."""
    row = {
        "change_id": body["change_id"],
        "change_type": body["change_type"],
        "at": to_ms(now),
        "body": canonical_bytes(body).decode(),
    }
    outgoing.add(db, {**row, "unit_code": unit_code, "desk_id": desk_id, "except_desk": None})


def page(db: Connection, desk: Desk, feed_id: str, cursor: str | None, limit: int) -> JsonObject:
    """Schema ChangePage, after the cursor. Raises 400, 410 ``cursor-expired``."""
    start = position(db, feed_id, cursor)
    end = horizon(db)
    rows = db.execute(
        select(changes.c.seq, changes.c.body)
        .where(changes.c.seq > start, changes.c.seq <= end, _for_desk(desk))
        .order_by(changes.c.seq)
        .limit(limit + 1)
    ).all()
    more = len(rows) > limit
    shown = rows[:limit]
    reached = shown[-1].seq if more else end
    return {
        "changes": [json.loads(row.body) for row in shown],
        "next_cursor": cursor_at(feed_id, reached),
        "more": more,
    }


def snapshot_changes(db: Connection, desk: Desk, end: int) -> list[JsonObject]:
    """The latest changes up to ``end`` that no dossier state shows, oldest first."""
    rows = db.execute(
        select(changes.c.body)
        .where(changes.c.seq <= end, changes.c.change_type.in_(NOT_IN_STATES), _for_desk(desk))
        .order_by(changes.c.seq.desc())
        .limit(_SNAPSHOT_CHANGES)
    ).scalars()
    return [json.loads(body) for body in reversed(list(rows))]


def acknowledge(db: Connection, now: datetime, desk: Desk, feed_id: str, cursor: str) -> JsonObject:
    """Keep how far the desk has committed; an older cursor changes nothing. Answers what is kept.

    Raises 400 for a cursor this feed does not know (the contract has no 410 here; the next pull says so).
    """
    try:
        reached = position(db, feed_id, cursor)
    except ApiProblem as failure:
        raise bad_request(t("Mốc đồng bộ này không còn dùng.")) from failure
    db.execute(
        update(desks)
        .where(desks.c.desk_id == desk.desk_id, desks.c.acked_seq <= reached)
        .values(acked_cursor=cursor, acked_seq=reached, acked_at=to_ms(now))
    )
    kept = db.execute(
        select(desks.c.acked_cursor, desks.c.acked_at).where(desks.c.desk_id == desk.desk_id)
    ).one()
    if kept.acked_cursor is None:
        return {"cursor": cursor, "committed_at": to_wire(now)}
    return {"cursor": kept.acked_cursor, "committed_at": wire_ms(kept.acked_at)}


def horizon(db: Connection) -> int:
    """The last place that is visible in this transaction."""
    return max(db.execute(select(func.max(changes.c.seq))).scalar() or 0, _floor(db))


def cursor_at(feed_id: str, place: int) -> str:
    """An opaque cursor behind ``place``."""
    return base64.urlsafe_b64encode(f"{feed_id}:{place}".encode()).rstrip(b"=").decode()


def position(db: Connection, feed_id: str, cursor: str | None) -> int:
    """The place a cursor names; no cursor is the beginning of what is kept.

    Raises 400 for something else than a cursor, 410 for one of another feed, behind the floor, or
    beyond the end (this gateway was restored from a backup).
    """
    floor = _floor(db)
    if cursor is None:
        return floor
    feed, place = _read_cursor(cursor)
    if feed != feed_id or not floor <= place <= horizon(db):
        raise ApiProblem(410, "cursor-expired", t("Mốc đồng bộ đã cũ; quầy sẽ tải lại hiện trạng."))
    return place


def _floor(db: Connection) -> int:
    return int(db.execute(select(server.c.value).where(server.c.name == "feed_floor")).scalar() or 0)


def _read_cursor(cursor: str) -> tuple[str, int]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        feed, _, place = text.decode("ascii").partition(":")
        if not feed or not place.isdigit() or len(place) > 18:
            raise ValueError
    except (binascii.Error, ValueError):
        raise bad_request(t("Không đọc được mốc đồng bộ.")) from None
    return feed, int(place)


def _for_desk(desk: Desk) -> ColumnElement[bool]:
    everyone = and_(changes.c.unit_code.is_(None), changes.c.desk_id.is_(None))
    unit = and_(
        changes.c.unit_code == desk.unit_code,
        or_(changes.c.except_desk.is_(None), changes.c.except_desk != desk.desk_id),
    )
    return or_(changes.c.desk_id == desk.desk_id, unit, everyone)


def _add(db: Connection, now: datetime, change: Change, **audience: Any) -> None:
    body: JsonObject = {
        "change_id": new_id(),
        "change_type": change.change_type,
        "at": to_wire(now),
        "subject": change.subject,
        "dossier_version": change.dossier_version,
        "caused_by_event_id": change.caused_by,
        "data": change.data,
    }
    row = {
        "change_id": body["change_id"],
        "change_type": change.change_type,
        "at": to_ms(now),
        "body": canonical_bytes(body).decode(),
    }
    everyone = {"unit_code": None, "desk_id": None, "except_desk": None}
    outgoing.add(db, {**row, **everyone, **audience})
