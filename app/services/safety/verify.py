"""Reading a store and its files through: what is broken, by name (I7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.errors import StorageError
from app.models import tables
from app.models.files import FileStore
from app.models.head_mark import Head
from app.protocol.chain import chain_next, chain_start, event_digest
from app.services.audit.chain import walk_chain
from app.text import t


@dataclass(frozen=True)
class Problem:
    """One broken thing. ``kind``: database, link, file, audit, event, head, key; ``name``: a table, an
    id or a row number, never a citizen; ``detail``: a sentence with the next step."""

    kind: str
    name: str
    detail: str


def page_problems(connection: Any) -> Iterator[Problem]:
    """Pages whose seal or structure does not hold; ``connection`` is a raw one.

    The seals are read from the store's file alone. A power cut while the log is folded in leaves torn
    pages there that the log still holds whole, so the log is folded in before a seal is called broken.
    """
    if not _sealed(connection):
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    answers = [word for (word,) in connection.execute("PRAGMA integrity_check").fetchall()]
    if not _sealed(connection) or any(word != "ok" for word in answers):
        words = t("Kho dữ liệu có trang hỏng. Giữ nguyên kho, khôi phục từ bản sao lưu gần nhất.")
        yield Problem("database", "desk.db", words)
        return
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield Problem("link", f"{table}:{row}", t("Một dòng trỏ tới dữ liệu không còn. Báo người hỗ trợ."))


def _sealed(connection: Any) -> bool:
    return all(word == "ok" for (word,) in connection.execute("PRAGMA cipher_integrity_check").fetchall())


def audit_problems(connection: Connection, key: bytes) -> Iterator[Problem]:
    """The first link of the audit chain that was changed, moved or is missing."""
    broken = walk_chain(connection, key).first_broken
    if broken is not None:
        yield Problem("audit", str(broken), t("Nhật ký bị sửa từ dòng này. Giữ nguyên máy."))


def head_problems(connection: Connection, mark: Head | None) -> Iterator[Problem]:
    """Whether the store is as far as was last noted beside it."""
    c = tables.audit.c
    if mark is None:
        yield Problem(
            "head", "head.mark", t("Thiếu dấu mốc cuối của kho; kho có thể đã bị thay bằng bản cũ.")
        )
        return
    there = connection.execute(select(c.mac).where(c.seq == mark.seq)).scalar_one_or_none()
    if there is None:
        words = t("Kho thiếu những việc cuối cùng đã lưu. Đồng bộ để lấy lại, hoặc khôi phục bản sao lưu.")
        yield Problem("head", str(mark.seq), words)
    elif there != mark.mac:
        yield Problem("head", str(mark.seq), t("Kho này không phải kho đã làm việc ở đây lần cuối."))


def event_problems(connection: Connection) -> Iterator[Problem]:
    """Events whose bytes, digest or chain do not fit, the first of each epoch; heads of the streams."""
    streams = connection.execute(select(tables.stream).order_by(tables.stream.c.position)).mappings().all()
    for stream in streams:
        broken, reached = _first_misfit(connection, stream["epoch"])
        if broken:
            words = t("Một việc chờ gửi bị sửa hoặc mất. Đồng bộ rồi xem lại.")
            yield Problem("event", str(broken), words)
        elif stream is streams[-1] and stream["last_seq"] != reached:
            yield Problem("event", str(reached + 1), t("Một việc chờ gửi bị mất. Đồng bộ rồi xem lại."))


def _first_misfit(connection: Connection, epoch: str) -> tuple[int, int]:
    """The first number of the epoch that does not fit (0: none), and the last that does."""
    e = tables.event.c
    chain, reached = chain_start(epoch), 0
    rows = connection.execute(
        select(e.event_id, e.desk_seq, e.body, e.digest, e.chain).where(e.epoch == epoch).order_by(e.desk_seq)
    )
    for row in rows:
        body = _body(row.body)
        fits = (
            body is not None
            and row.desk_seq == body.get("desk_seq") == reached + 1
            and body.get("event_id") == row.event_id
            and event_digest(body) == row.digest
            and chain_next(chain, row.digest) == row.chain
        )
        if not fits:
            return reached + 1, reached
        chain, reached = row.chain, reached + 1
    return 0, reached


def file_problems(connection: Connection, files: FileStore) -> Iterator[Problem]:
    """Kept files that are gone or no longer what they were; what was let go at its term is not missed."""
    c = tables.stored_file.c
    for sha256 in connection.execute(select(c.sha256).where(c.purpose != "erased")).scalars():
        try:
            files.check(sha256)
        except StorageError as broken:
            yield Problem("file", sha256[:16], f"{broken.title} {broken.next_step}")


def _body(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
