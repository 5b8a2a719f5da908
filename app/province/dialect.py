"""The one place that knows which database is underneath.

SQLite: opened through ``sqlcipher3`` (a current SQLite on every system), WAL with ``synchronous=FULL``,
one writer at a time by ``BEGIN IMMEDIATE``.

PostgreSQL: writers of different units work side by side. What must take turns does so by advisory locks
that end with the transaction: the desks of one unit (``lock``), the whole store (``lock_all``: migrations,
first start), and the end of every transaction that tells the feed something (``outgoing``). Dossiers of
several units are locked row by row; where two writers wait for each other, one is undone and does its
work again (``is_transient``). Several gateway processes may share one database.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

_BUSY_SECONDS = 30
OLDEST_SQLITE = (3, 51, 3)
OLDEST_POSTGRESQL: Final = 14_00_00
_POSTGRESQL_OPTIONS: Final = (
    "-c lock_timeout=25000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000"
)
_TRANSIENT: Final = ("40001", "40P01", "23505")
_POOL: Final = 8


class UnsuitableDatabase(RuntimeError):  # noqa: N818
    """The database cannot keep what this gateway promises."""


def open_engine(url: str, key: bytes | None = None) -> Engine:
    """The engine for ``sqlite:///…`` or ``postgresql+psycopg://…``.

    ``key`` (32 bytes, SQLite only) encrypts the file. Raises ``UnsuitableDatabase``.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, key)
    return _postgresql(url)


def is_postgresql(connection: Connection | Engine) -> bool:
    """Whether PostgreSQL is underneath."""
    return connection.dialect.name == "postgresql"


def writer_lock(engine: Engine) -> threading.Lock | None:
    """A lock that makes the threads of this process queue fairly before SQLite's own lock."""
    return threading.Lock() if engine.dialect.name == "sqlite" else None


def lock(connection: Connection, *name: str) -> None:
    """Wait for, and hold until the end of the transaction, what ``name`` stands for.

    SQLite's writers are alone anyway.
    """
    if is_postgresql(connection):
        _advisory(connection, "pg_advisory_xact_lock", ":".join(name))


def lock_all(connection: Connection) -> None:
    """Wait until no other such transaction is running anywhere (migration, first start)."""
    lock(connection, "store")


def is_transient(failure: DBAPIError) -> bool:
    """Whether the same work, done again from the start, may well succeed.

    PostgreSQL: a deadlock, a serialisation failure, or a unique key somebody else took in between
    (the second look finds it).
    """
    return getattr(failure.orig, "sqlstate", None) in _TRANSIENT


def default_files_folder(url: str, state: Path) -> Path:
    """Where uploaded files lie unless a folder is named: beside a SQLite file, else under ``state``.

    The name under ``state`` holds the database's name and a short hash of where it is, no password.
    """
    address = make_url(url)
    database = address.database
    if not database:
        raise UnsuitableDatabase("a database must be named")
    if address.get_backend_name() == "sqlite":
        path = Path(database).resolve()
        return path.with_name(path.name + ".files")
    where = f"{address.host}:{address.port}:{sorted(address.query.items())}/{database}"
    mark = hashlib.sha256(where.encode()).hexdigest()[:8]
    name = "".join(letter if letter.isalnum() else "-" for letter in database)
    return state / f"{name}-{mark}.files"


def _advisory(connection: Connection, function: str, name: str) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    connection.execute(text(f"SELECT {function}(:number)"), {"number": number})


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_timeout=_BUSY_SECONDS,
        connect_args={"options": _POSTGRESQL_OPTIONS, "connect_timeout": 10},
    )
    event.listen(engine, "connect", _check_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _check_postgresql(raw: Any, _record: object) -> None:
    """Durability and text as promised (RELIABILITY I2), asserted on every connection."""
    with raw.cursor() as cursor:
        facts = {}
        for name in ("server_version_num", "server_encoding", "fsync", "synchronous_commit"):
            facts[name] = cursor.execute(f"SHOW {name}").fetchone()[0]
    raw.rollback()
    if int(facts["server_version_num"]) < OLDEST_POSTGRESQL:
        raise UnsuitableDatabase("PostgreSQL is too old")
    if facts["server_encoding"] != "UTF8":
        raise UnsuitableDatabase("the database must be UTF8")
    if facts["fsync"] != "on" or facts["synchronous_commit"] == "off":
        raise UnsuitableDatabase("fsync and synchronous_commit must be on")


def _begin_postgresql(connection: Connection) -> None:
    """Readers get one consistent view; writers see, at each statement, what others have committed."""
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


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
