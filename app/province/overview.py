"""What the operator watches: desks and how far behind they are, refused events, storage. Ids only."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, text

from app.province import dialect
from app.province.context import unit_name
from app.province.tables import changes, desks, dossiers, events, files, streams
from app.province.times import from_ms

PAGE = 200
_REFUSED_SHOWN = 50


@dataclass(frozen=True)
class DeskLine:
    """One desk. ``unread``: changes of the feed it has not acknowledged; ``refused``: without an answer."""

    desk_id: str
    unit_code: str
    unit_name: str
    name: str
    state: str
    enrolled_at: datetime
    last_sent_at: datetime | None
    last_read_at: datetime | None
    events: int
    unread: int
    waiting: int
    refused: int


@dataclass(frozen=True)
class RefusedLine:
    """One rejected event nobody has answered yet; no word of what it holds."""

    event_id: str
    desk_id: str
    type: str
    code: str
    title: str
    received_at: datetime


@dataclass(frozen=True)
class Storage:
    """Bytes on disk: the database, the uploaded files, what is left for them."""

    database_bytes: int
    file_count: int
    file_bytes: int
    free_bytes: int


@dataclass(frozen=True)
class Totals:
    """The whole province in a few numbers."""

    desks: int
    active: int
    events: int
    dossiers: int
    waiting: int
    refused: int


def totals(db: Connection) -> Totals:
    """Counted now."""
    return Totals(
        desks=_count(db, desks),
        active=_count(db, desks, desks.c.state == "active"),
        events=int(db.execute(select(func.sum(streams.c.received_through))).scalar() or 0),
        dossiers=_count(db, dossiers),
        waiting=_count(db, events, events.c.verdict == "deferred"),
        refused=_count(db, events, events.c.verdict == "rejected", events.c.answered.is_(False)),
    )


def desk_lines(db: Connection, *, unit: str = "", after: str = "", limit: int = PAGE) -> list[DeskLine]:
    """Desks by id, after one id; ``unit`` limits to units whose code begins so."""
    query = select(desks).where(desks.c.desk_id > after).order_by(desks.c.desk_id).limit(limit)
    if unit:
        query = query.where(desks.c.unit_code.startswith(unit, autoescape=True))
    return [_desk_line(db, row) for row in db.execute(query).all()]


def refused_lines(db: Connection, limit: int = _REFUSED_SHOWN) -> list[RefusedLine]:
    """The latest rejected events without an answer."""
    rows = db.execute(
        select(events.c.event_id, events.c.desk_id, events.c.type, events.c.problem, events.c.received_at)
        .where(events.c.verdict == "rejected", events.c.answered.is_(False))
        .order_by(events.c.received_at.desc())
        .limit(limit)
    ).all()
    return [_refused_line(row) for row in rows]


def storage(db: Connection, folder: Path) -> Storage:
    """Measured now."""
    count, total = db.execute(select(func.count(), func.sum(files.c.size)).select_from(files)).one()
    place = next(each for each in (folder, *folder.parents) if each.exists())
    return Storage(_database_bytes(db), count, int(total or 0), shutil.disk_usage(place).free)


def _refused_line(row: Any) -> RefusedLine:
    problem = json.loads(row.problem or '{"code": "", "title": ""}')
    received_at = from_ms(row.received_at)
    return RefusedLine(
        row.event_id, row.desk_id, row.type or "", problem["code"], problem["title"], received_at
    )


def _desk_line(db: Connection, desk: Any) -> DeskLine:
    own = streams.c.desk_id == desk.desk_id
    last_sent, sent = db.execute(
        select(func.max(streams.c.last_received_at), func.sum(streams.c.received_through)).where(own)
    ).one()
    of_streams = events.c.stream_id.in_(select(streams.c.stream_id).where(own))
    return DeskLine(
        desk_id=desk.desk_id,
        unit_code=desk.unit_code,
        unit_name=unit_name(db, desk.unit_code),
        name=desk.name,
        state=desk.state,
        enrolled_at=from_ms(desk.enrolled_at),
        last_sent_at=None if last_sent is None else from_ms(last_sent),
        last_read_at=None if desk.acked_at is None else from_ms(desk.acked_at),
        events=int(sent or 0),
        unread=_count(db, changes, changes.c.seq > desk.acked_seq, _for(desk)),
        waiting=_count(db, events, of_streams, events.c.verdict == "deferred"),
        refused=_count(db, events, of_streams, events.c.verdict == "rejected", events.c.answered.is_(False)),
    )


def _for(desk: Any) -> Any:
    others = or_(changes.c.except_desk.is_(None), changes.c.except_desk != desk.desk_id)
    return or_(changes.c.desk_id == desk.desk_id, and_(changes.c.unit_code == desk.unit_code, others))


def _count(db: Connection, table: Any, *conditions: Any) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)


def _database_bytes(db: Connection) -> int:
    if dialect.is_postgresql(db):
        return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages) * int(db.exec_driver_sql("PRAGMA page_size").scalar_one())
