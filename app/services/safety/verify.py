"""Reading a store and its files through: what is broken, by name (I7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.errors import StorageError
from app.models import tables
from app.models.files import FileStore
from app.models.head_mark import Head
from app.protocol.chain import chain_next, chain_start, event_digest
from app.services.recording import FIRST_MAC, audit_mac
from app.text import t


@dataclass(frozen=True)
class Problem:
    """One broken thing. ``kind``: database, link, file, audit, event, head, key; ``name``: a table, an
    id or a row number, never a citizen; ``detail``: a sentence with the next step."""

    kind: str
    name: str
    detail: str


def page_problems(connection: Any) -> Iterator[Problem]:
    """Pages whose seal or structure does not hold; ``connection`` is a raw one."""
    seen = False
    for pragma in ("cipher_integrity_check", "integrity_check"):
        for (word,) in connection.execute(f"PRAGMA {pragma}").fetchall():
            if word != "ok" and not seen:
                seen = True
                yield Problem(
                    "database",
                    "desk.db",
                    t("Kho dữ liệu có trang hỏng. Giữ nguyên kho, khôi phục từ bản sao lưu gần nhất."),
                )
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield Problem("link", f"{table}:{row}", t("Một dòng trỏ tới dữ liệu không còn. Báo người hỗ trợ."))


def audit_problems(connection: Connection, key: bytes) -> Iterator[Problem]:
    """The first link of the audit chain that was changed, moved or is missing."""
    previous, expected = FIRST_MAC, 1
    for row in connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).mappings():
        body = {name: row[name] for name in row if name != "mac"}
        if row["seq"] != expected or row["mac"] != audit_mac(key, previous, body):
            yield Problem("audit", str(expected), t("Nhật ký bị sửa từ dòng này. Giữ nguyên máy."))
            return
        previous, expected = row["mac"], expected + 1


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
    s, e = tables.stream.c, tables.event.c
    for stream in connection.execute(select(tables.stream).order_by(s.position)).mappings():
        chain, expected = chain_start(stream["epoch"]), 1
        rows = connection.execute(
            select(e.event_id, e.desk_seq, e.body, e.digest, e.chain)
            .where(e.epoch == stream["epoch"])
            .order_by(e.desk_seq)
        )
        broken = False
        for row in rows:
            body = _body(row.body)
            fits = (
                body is not None
                and row.desk_seq == expected
                and body.get("desk_seq") == expected
                and body.get("event_id") == row.event_id
                and event_digest(body) == row.digest
                and chain_next(chain, row.digest) == row.chain
            )
            if not fits:
                broken = True
                yield Problem(
                    "event", f"{expected}", t("Một việc chờ gửi bị sửa hoặc mất. Đồng bộ rồi xem lại.")
                )
                break
            chain, expected = row.chain, expected + 1
        if (
            not broken
            and stream["position"] == _last_position(connection)
            and stream["last_seq"] != expected - 1
        ):
            yield Problem("event", f"{expected}", t("Một việc chờ gửi bị mất. Đồng bộ rồi xem lại."))


def file_problems(connection: Connection, files: FileStore) -> Iterator[Problem]:
    """Kept files that are gone or no longer what they were."""
    for sha256 in connection.execute(select(tables.stored_file.c.sha256)).scalars():
        try:
            files.get(sha256)
        except StorageError as broken:
            yield Problem("file", sha256[:16], f"{broken.title} {broken.next_step}")


def stray_parts(folder: Path) -> Iterator[Path]:
    """Files of an interrupted write; they are no damage and may go."""
    yield from folder.rglob("*.part")


def _last_position(connection: Connection) -> int:
    from sqlalchemy import func

    return int(connection.execute(select(func.max(tables.stream.c.position))).scalar_one())


def _body(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
