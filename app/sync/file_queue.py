"""Which files still go to the province: those that judged events name, scans the province waits for first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.models.carry_tables import upload
from app.models.tables import stored_file

OPEN: Final = ("waiting", "sending")
PURPOSES: Final = ("component", "result", "letter", "proof")


def queue_files(connection: Connection, sha256s: Iterable[str], now: datetime, *, wanted: bool) -> None:
    """Put files in the queue, once each; ``wanted`` puts them before the others. What this desk does not
    hold is not queued: the end check names it."""
    for sha256 in sha256s:
        if connection.execute(select(stored_file.c.sha256).where(stored_file.c.sha256 == sha256)).first():
            statement = insert(upload).values(sha256=sha256, state="waiting", queued_at=now, wanted=wanted)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["sha256"]))
            if wanted:
                connection.execute(update(upload).where(upload.c.sha256 == sha256).values(wanted=True))


def queue_again(connection: Connection, sha256s: Iterable[str], now: datetime) -> None:
    """The province lacks these, whatever this desk thought: they go again."""
    named = list(sha256s)
    queue_files(connection, named, now, wanted=True)
    for sha256 in named:
        c = upload.c
        connection.execute(
            update(upload)
            .where(c.sha256 == sha256, c.state == "complete")
            .values(state="waiting", upload_url=None, offset=0)
        )


def next_file(connection: Connection, passed: Iterable[str]) -> RowMapping | None:
    """The next file to send: wanted first, then the oldest; those in ``passed`` had their turn."""
    c = upload.c
    return (
        connection.execute(
            select(upload, stored_file.c.size, stored_file.c.media_type, stored_file.c.purpose)
            .join(stored_file, stored_file.c.sha256 == c.sha256)
            .where(c.state.in_(OPEN), c.sha256.not_in(list(passed)))
            .order_by(c.wanted.desc(), c.queued_at, c.sha256)
            .limit(1)
        )
        .mappings()
        .first()
    )


def count_open(connection: Connection) -> int:
    """Files that still go."""
    query = select(func.count()).select_from(upload).where(upload.c.state.in_(OPEN))
    return int(connection.execute(query).scalar_one())


def note_upload(connection: Connection, sha256: str, **values: Any) -> None:
    """Change a file's row."""
    connection.execute(update(upload).where(upload.c.sha256 == sha256).values(**values))
