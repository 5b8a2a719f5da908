"""Files on their way up and down, resumable: what desks uploaded here goes up, what changes name comes down.

One chunk is held in memory at a time. A part that came is durable before it counts; what is whole is
checked against its SHA-256 before it takes its place (``uploads.keep_file``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from app.province import sealed, uploads
from app.province.context import Act, Desk
from app.province.store import Store
from app.province.tables import event_files, events, files
from app.province.upward.tables import upward_files
from app.province.upward.upper import UpperRefused
from app.province.upward.work import Work

CHUNK: Final = 256 * 1024
_ABOVE: Final = "upper-gateway"
_AT_A_TIME: Final = 200


def want(db: Connection, unit: str, data: Any) -> None:
    """Remember every file a change or state names that this gateway has not got for the unit."""
    for ref in _named(data):
        sha256 = ref["sha256"]
        mine = (files.c.unit_code == unit, files.c.sha256 == sha256)
        if db.execute(select(files.c.sha256).where(*mine)).first() is None:
            _mark(db, unit, sha256, "wanted", ref["size"], ref["media_type"])


def send_all(work: Work) -> None:
    """Send up what events name and the upper gateway has not got; waiting events first."""
    if "resumable-upload" not in work.meta.features:
        return
    with work.store.read() as db:
        rows = db.execute(_to_send(work.unit)).all()
    for row in rows:
        work.check()
        try:
            _send(work, row)
        except UpperRefused as refused:
            if refused.status not in (413, 415, 422, 507):
                raise
            continue
        with work.store.write() as db:
            _mark(db, work.unit, row.sha256, "sent", row.size, row.media_type)
        work.counts.files_sent += 1


def fetch_all(work: Work) -> None:
    """Take down what is wanted; what the upper gateway has not got either is asked for next time."""
    with work.store.read() as db:
        wanted = (upward_files.c.unit_code == work.unit, upward_files.c.state == "wanted")
        rows = db.execute(select(upward_files).where(*wanted).limit(_AT_A_TIME)).all()
    for row in rows:
        work.check()
        try:
            part = _fetch(work, row)
        except UpperRefused:
            continue
        _take(work.store, work, row, part)
        work.counts.files_taken += 1


def _send(work: Work, row: Any) -> None:
    asked = {"sha256": row.sha256, "size": row.size, "media_type": row.media_type, "purpose": "component"}
    state = work.upper.create_upload(asked)
    with work.store.read() as db:
        path, _ = uploads.open_file(_act(work, db), work.store.files, row.sha256)
        key = sealed.key_of(db)
    largest = work.meta.limits["max_chunk_bytes"]
    size = max(work.meta.limits["min_chunk_bytes"], min(CHUNK, largest))
    while not state.complete and state.upload_url is not None:
        work.check()
        chunk = sealed.read_at(path, key, state.offset, min(size, row.size - state.offset))
        last = state.offset + len(chunk) == row.size
        try:
            state = work.upper.append(state.upload_url, state.offset, chunk, last=last)
        except UpperRefused as refused:
            if refused.status not in (404, 409):
                raise
            state = work.upper.create_upload(asked)


def _fetch(work: Work, row: Any) -> Path:
    part = work.store.files / "parts" / f"down-{row.sha256}"
    with work.store.read() as db:
        key = sealed.key_of(db)
    held = sealed.size_of(part, key) if part.exists() else 0
    if held > row.size:
        held = 0
    while held < row.size:
        work.check()
        piece = work.upper.file_part(row.sha256, held, min(CHUNK, row.size - held))
        if not piece:
            break
        sealed.write_at(part, key, held, piece)
        held += len(piece)
    return part


def _take(store: Store, work: Work, row: Any, part: Path) -> None:
    def keep(db: Connection) -> None:
        act = _act(work, db)
        if not uploads.has_file(act, row.sha256):
            uploads.keep_file(act, store.files, part, row.sha256, row.media_type)
        _mark(db, work.unit, row.sha256, "sent", row.size, row.media_type)

    try:
        store.do(keep)
    except uploads.DamagedFile:
        part.unlink(missing_ok=True)


def _act(work: Work, db: Connection) -> Act:
    return Act(db, work.now(), Desk(_ABOVE, work.unit, 0))


def _to_send(unit: str) -> Any:
    sent = (
        select(upward_files.c.sha256)
        .where(
            upward_files.c.unit_code == unit,
            upward_files.c.sha256 == files.c.sha256,
            upward_files.c.state == "sent",
        )
        .exists()
    )
    named = (
        select(events.c.row_id)
        .join(event_files, event_files.c.row_id == events.c.row_id)
        .where(events.c.unit_code == unit, event_files.c.sha256 == files.c.sha256)
        .where(events.c.verdict != "rejected")
        .exists()
    )
    return (
        select(files)
        .where(files.c.unit_code == unit, named, ~sent)
        .order_by(files.c.completed_at)
        .limit(_AT_A_TIME)
    )


def _mark(db: Connection, unit: str, sha256: str, state: str, size: int, media_type: str) -> None:
    mine = (upward_files.c.unit_code == unit, upward_files.c.sha256 == sha256)
    values = {"state": state, "size": size, "media_type": media_type}
    if db.execute(update(upward_files).where(*mine).values(**values)).rowcount == 0:
        db.execute(insert(upward_files).values(unit_code=unit, sha256=sha256, **values))


def _named(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every file reference within JSON."""
    if isinstance(data, dict):
        if {"sha256", "size", "media_type"} <= data.keys():
            yield data
        for value in data.values():
            yield from _named(value)
    elif isinstance(data, list):
        for value in data:
            yield from _named(value)
