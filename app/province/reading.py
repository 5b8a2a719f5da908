"""The calls that change nothing: stream state, verdicts, own events back, dossiers, snapshot, end check."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select

from app.protocol.chain import chain_start, dossiers_digest, files_digest
from app.protocol.ids import is_uuid
from app.province import dossiers as dossier_store
from app.province import feed
from app.province.context import Act, Desk
from app.province.dossiers import from_row, visible_to
from app.province.intake import verdict_now
from app.province.problems import ApiProblem, JsonObject, at, bad_request, not_found
from app.province.schemas import faults
from app.province.tables import desks, dossiers, event_files, events, files, streams
from app.province.times import to_ms, wire_ms
from app.province.transitions import CLOSED
from app.province.upward import told
from app.text import t

_MAX_MISSING = 1000
_SNAPSHOT_PAGE = 200
_SNAPSHOT_LIFE = timedelta(days=1)


def stream_state(act: Act, epoch: str) -> JsonObject:
    """Schema StreamState; zeros for an epoch never seen."""
    rows = act.db.execute(
        select(streams).where(streams.c.desk_id == act.desk.desk_id).order_by(streams.c.stream_id)
    ).all()
    mine = next((row for row in rows if row.epoch == epoch), None)
    others = [
        {"epoch": row.epoch, "received_through_seq": row.received_through, "closed": row.closed}
        for row in rows
        if row.epoch != epoch
    ]
    acked = act.db.execute(select(desks.c.acked_cursor).where(desks.c.desk_id == act.desk.desk_id)).scalar()
    last = None if mine is None or mine.last_received_at is None else wire_ms(mine.last_received_at)
    return {
        "desk_id": act.desk.desk_id,
        "epoch": epoch,
        "received_through_seq": 0 if mine is None else mine.received_through,
        "chain": chain_start(epoch) if mine is None else mine.chain,
        **_open_counts(act.db, mine, "rejected"),
        "last_received_at": last,
        "acked_cursor": acked,
        "other_epochs": others,
    }


def event_verdict(act: Act, event_id: str) -> JsonObject:
    """Schema Verdict of one of this desk's events. Raises 404."""
    row = act.db.execute(
        select(events).where(events.c.holds_id == event_id, events.c.desk_id == act.desk.desk_id)
    ).one_or_none()
    if row is None:
        raise not_found()
    return told.veiled(act.db, [verdict_now(act.db, row)])[0]


def recovered(act: Act, epoch: str, from_seq: int, limit: int) -> JsonObject:
    """Schema RecoveredEvents: this desk's own events as they came. Raises 404 for an unknown epoch."""
    stream = _stream(act, epoch)
    if stream is None:
        raise not_found()
    rows = act.db.execute(
        select(events)
        .where(events.c.stream_id == stream.stream_id, events.c.desk_seq >= from_seq)
        .order_by(events.c.desk_seq)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return {
        "epoch": epoch,
        "events": [json.loads(row.body) for row in shown],
        "verdicts": told.veiled(act.db, [verdict_now(act.db, row) for row in shown]),
        "more": len(rows) > limit,
    }


def dossier_state(act: Act, dossier_id: str) -> JsonObject:
    """Schema DossierState. Raises 404 outside the unit's sight."""
    dossier = dossier_store.load_visible(act.db, dossier_id, act.desk.unit_code)
    if dossier is None:
        raise not_found()
    return dossier.state()


def snapshot(act: Act, feed_id: str, page: str | None, since_days: int) -> JsonObject:
    """Schema SnapshotPage. Raises 400, 410 ``page-expired``."""
    if page is None:
        end, after, oldest = feed.horizon(act.db), "", to_ms(act.now - timedelta(days=since_days))
    else:
        end, after, oldest = _read_page(page, feed_id, act.now)
    still_open = or_(not_(dossiers.c.status.in_(CLOSED)), dossiers.c.changed_at >= oldest)
    rows = act.db.execute(
        select(dossiers)
        .where(visible_to(act.desk.unit_code), dossiers.c.dossier_id > after, still_open)
        .order_by(dossiers.c.dossier_id)
        .limit(_SNAPSHOT_PAGE + 1)
    ).all()
    shown = rows[:_SNAPSHOT_PAGE]
    more = len(rows) > _SNAPSHOT_PAGE
    body: JsonObject = {
        "dossiers": [from_row(row).state() for row in shown],
        "next_page": _page(feed_id, end, shown[-1].dossier_id, oldest, act.now) if more else None,
        "cursor": feed.cursor_at(feed_id, end),
    }
    if page is None:
        body["changes"] = feed.snapshot_changes(act.db, act.desk, end)
    return body


def reconcile(act: Act, body: object) -> JsonObject:
    """Schema ReconcileResponse: what this gateway holds beside what the desk says. Raises 400."""
    asked = _checked(body, "ReconcileRequest")
    stream = _stream(act, asked["epoch"])
    answer: JsonObject = {"stream": _stream_match(act.db, stream, asked)}
    if "files" in asked:
        answer["files"] = _files_match(act, stream, asked)
    if "dossiers" in asked:
        answer["dossiers"] = _dossiers_match(act.db, act.desk, asked["dossiers"])
    match = all(part["match"] for part in answer.values())
    return {"match": match, **answer, **_open_counts(act.db, stream, "rejected_open")}


def compare_dossiers(act: Act, body: object) -> JsonObject:
    """Schema DossierDiff for the id range of the run. Raises 400."""
    asked = _checked(body, "DossierVersions")
    ids = [pair["dossier_id"] for pair in asked["dossiers"]]
    after = asked["after_id"] or ""
    if ids != sorted(set(ids)) or (ids and ids[0] <= after):
        raise bad_request(t("Danh sách hồ sơ phải xếp theo mã."), [at("/dossiers", t("chưa xếp"))])
    theirs = {pair["dossier_id"]: pair["version"] for pair in asked["dossiers"]}
    in_range = [visible_to(act.desk.unit_code), dossiers.c.dossier_id > after]
    if not asked["last"]:
        in_range.append(dossiers.c.dossier_id <= (ids[-1] if ids else after))
    rows = act.db.execute(
        select(dossiers.c.dossier_id, dossiers.c.version, dossiers.c.status)
        .where(*in_range)
        .order_by(dossiers.c.dossier_id)
    ).all()
    ours = {row.dossier_id: row for row in rows}
    missing = [row for row in rows if row.status not in CLOSED and row.dossier_id not in theirs]
    stale = [row for row in rows if row.dossier_id in theirs and theirs[row.dossier_id] != row.version]
    return {
        "stale": [_pair(row) for row in stale],
        "unknown_to_server": [each for each in ids if each not in ours],
        "missing_at_desk": [_pair(row) for row in missing],
    }


def _pair(row: Any) -> JsonObject:
    return {"dossier_id": row.dossier_id, "version": row.version}


def _checked(body: object, schema: str) -> JsonObject:
    places = faults(schema, body)
    if places:
        raise bad_request(t("Yêu cầu còn thiếu hoặc sai mục."), places, code="schema-invalid")
    assert isinstance(body, dict)
    return body


def _stream(act: Act, epoch: str) -> Any:
    mine = (streams.c.desk_id == act.desk.desk_id, streams.c.epoch == epoch)
    return act.db.execute(select(streams).where(*mine)).one_or_none()


def _open_counts(db: Connection, stream: Any, rejected_name: str) -> JsonObject:
    if stream is None:
        return {"deferred": 0, rejected_name: 0}
    of_stream = events.c.stream_id == stream.stream_id
    rejected = and_(events.c.verdict == "rejected", events.c.answered.is_(False))
    return {
        "deferred": _count(db, of_stream, events.c.verdict == "deferred"),
        rejected_name: _count(db, of_stream, rejected),
    }


def _count(db: Connection, *conditions: Any) -> int:
    return db.execute(select(func.count()).select_from(events).where(*conditions)).scalar() or 0


def _stream_match(db: Connection, stream: Any, asked: JsonObject) -> JsonObject:
    held = 0 if stream is None else stream.received_through
    chain = chain_start(asked["epoch"]) if stream is None else stream.chain
    through = asked["through_seq"]
    match = through == held and asked["count"] == held and asked["chain"] == chain
    return {
        "match": match,
        "count": held,
        "chain": chain,
        "first_difference_seq": None if match else _first_difference(db, stream, asked, held),
    }


def _first_difference(db: Connection, stream: Any, asked: JsonObject, held: int) -> int:
    """From where the desk pushes again: behind what is held, unless the chains differ within it."""
    through: int = asked["through_seq"]
    if through > held:
        return held + 1
    if through == 0:
        here = chain_start(asked["epoch"])
    else:
        at_seq = (events.c.stream_id == stream.stream_id, events.c.desk_seq == through)
        here = db.execute(select(events.c.chain).where(*at_seq)).scalar_one()
    return through + 1 if here == asked["chain"] else 1


def _files_match(act: Act, stream: Any, asked: JsonObject) -> JsonObject:
    named = _named_files(act.db, stream, asked["through_seq"])
    needed = _named_files(act.db, stream, asked["through_seq"], ("accepted", "deferred"))
    held = set(
        act.db.execute(select(files.c.sha256).where(files.c.unit_code == act.desk.unit_code)).scalars()
    )
    missing = sorted(needed - held)
    same = asked["files"] == {"count": len(named), "digest": files_digest(named)}
    return {
        "match": same and not missing,
        "count": len(named) - len(missing),
        "missing": missing[:_MAX_MISSING],
    }


def _named_files(
    db: Connection, stream: Any, through: int, verdicts: tuple[str, ...] | None = None
) -> set[str]:
    if stream is None:
        return set()
    query = (
        select(event_files.c.sha256)
        .join(events, events.c.row_id == event_files.c.row_id)
        .where(events.c.stream_id == stream.stream_id, events.c.desk_seq <= through)
    )
    if verdicts is not None:
        query = query.where(events.c.verdict.in_(verdicts))
    return set(db.execute(query).scalars())


def _dossiers_match(db: Connection, desk: Desk, asked: JsonObject) -> JsonObject:
    rows = db.execute(
        select(dossiers.c.dossier_id, dossiers.c.version).where(
            visible_to(desk.unit_code), not_(dossiers.c.status.in_(CLOSED))
        )
    ).all()
    digest = dossiers_digest((row.dossier_id, row.version) for row in rows)
    return {"match": asked == {"count": len(rows), "digest": digest}, "count": len(rows)}


def _page(feed_id: str, end: int, after: str, oldest: int, now: datetime) -> str:
    text = f"{feed_id}:{end}:{after}:{oldest}:{to_ms(now + _SNAPSHOT_LIFE)}"
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read_page(page: str, feed_id: str, now: datetime) -> tuple[int, str, int]:
    try:
        text = base64.b64decode(page + "=" * (-len(page) % 4), altchars=b"-_", validate=True).decode("ascii")
        feed_part, end, after, oldest, until = text.split(":")
        numbers = [int(part[:18]) for part in (end, oldest, until)]
        if not is_uuid(after):
            raise ValueError
    except (binascii.Error, ValueError):
        raise bad_request(t("Không đọc được trang tiếp theo.")) from None
    if feed_part != feed_id or numbers[2] < to_ms(now):
        raise ApiProblem(410, "page-expired", t("Trang đã cũ; quầy sẽ tải lại từ đầu."))
    return numbers[0], after, numbers[1]
