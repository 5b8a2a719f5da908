"""The one place that knows which database is underneath.

SQLite: opened through ``sqlcipher3`` (a current SQLite on every system), WAL with ``synchronous=FULL``,
one writer at a time by ``BEGIN IMMEDIATE``. PostgreSQL: writers take turns by an advisory lock. Either
way transactions that write are serial, so the order of the change feed is the order of commits and no
change can appear behind a cursor already given out.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import QueuePool

_WRITER_LOCK = 7_140_214
_BUSY_SECONDS = 30
OLDEST_SQLITE = (3, 51, 3)


class UnsuitableDatabase(RuntimeError):  # noqa: N818
    """The database cannot keep what this gateway promises."""


def open_engine(url: str, key: bytes | None = None) -> Engine:
    """The engine for ``sqlite:///…`` or ``postgresql+psycopg://…``.

    ``key`` (32 bytes, SQLite only) encrypts the file. Raises ``UnsuitableDatabase``.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, key)
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=16)


def writer_lock(engine: Engine) -> threading.Lock | None:
    """A lock that makes the threads of this process queue fairly before SQLite's own lock."""
    return threading.Lock() if engine.dialect.name == "sqlite" else None


def begin_write(connection: Connection) -> None:
    """Called once at the start of a writing transaction, before anything is read."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def storage_folder(url: str) -> Path:
    """Where uploaded files of a SQLite gateway lie: beside its database."""
    database = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not database:
        raise UnsuitableDatabase("a folder for files must be named")
    path = Path(database).resolve()
    return path.with_name(path.name + ".files")


def _sqlite(url: str, key: bytes | None) -> Engine:
    import sqlcipher3.dbapi2 as sqlcipher

    database = make_url(url).database
    if not database or database == ":memory:":
        raise UnsuitableDatabase("a file is needed")
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise UnsuitableDatabase("SQLite is too old")
    path = Path(database).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)

    def connect() -> Any:
        raw = sqlcipher.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
        )
        _prepare(raw, key)
        return raw

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=16,
        max_overflow=32,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(raw: Any, key: bytes | None) -> None:
    if key is not None:
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    mode = raw.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")
    if mode != "wal" or raw.execute("PRAGMA synchronous").fetchone()[0] != 2:
        raise UnsuitableDatabase("WAL with synchronous=FULL is not available here")
