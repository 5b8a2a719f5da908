"""The encrypted store: SQLCipher through SQLAlchemy Core, one connection rule for all.

WAL with ``synchronous=FULL`` is asserted at every opening (I2); writers begin with ``BEGIN IMMEDIATE``
and wait up to 30 s for their turn (I3, CONTRACT). A store that does not open is never replaced (I6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from app import failpoints
from app.errors import StorageError
from app.models.failures import store_locked, told
from app.models.head_mark import HEAD as HEAD_KEY
from app.models.head_mark import HeadMark
from app.text import t

OLDEST_SQLITE: Final = (3, 51, 3)
TURN_SECONDS: Final = 30
STORE_FILE: Final = "desk.db"


class Store:
    """The open store of one desk. Threads may share it; each block takes a connection of its own."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.key = key
        self.head = HeadMark(path.parent, key)
        self._engine = _engine(self._connect)

    def _connect(self) -> Any:
        if not self.key:
            raise store_locked()
        return connect(self.path, self.key)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One act: everything inside is committed together or not at all."""
        with told(), self._engine.connect() as connection:
            connection.execution_options(immediate=True)
            connection.info.pop(HEAD_KEY, None)
            with connection.begin() as transaction:
                yield connection
                failpoints.hit("before_commit")
                transaction.commit()
            failpoints.hit("after_commit")
            head = connection.info.pop(HEAD_KEY, None)
            if head is not None:
                self.head.move(head)
            failpoints.hit("after_head_mark")

    def dispose(self) -> None:
        """Close every connection; the last one folds the WAL into the store."""
        self._engine.dispose()

    def lock(self) -> None:
        """Close every connection and let the key go, whoever still holds this store."""
        self.dispose()
        self.key = b""
        self.head.forget_key()


def connect(path: Path, key: bytes) -> Any:
    """A raw connection with the key set and every promise of the store asserted."""
    with told():
        connection = sqlcipher.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=TURN_SECONDS
        )
        try:
            _prepare(connection, key)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: Any, key: bytes) -> None:
    execute = connection.execute
    execute("PRAGMA cipher_log_level = NONE")
    execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not execute("PRAGMA cipher_version").fetchone():
        raise StorageError(
            "no-cipher",
            t("Bản cài thiếu phần mã hóa kho dữ liệu nên chương trình không mở kho."),
            t("Cài lại chương trình; dữ liệu vẫn nguyên."),
        )
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            "sqlite-too-old",
            t("Bản SQLite đi kèm quá cũ để giữ dữ liệu an toàn."),
            t("Cài lại chương trình bản mới; dữ liệu vẫn nguyên."),
        )
    execute("SELECT count(*) FROM sqlite_master").fetchone()
    mode = execute("PRAGMA journal_mode = WAL").fetchone()[0]
    execute("PRAGMA synchronous = FULL")
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA secure_delete = ON")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA cache_size = -16000")
    promises = (
        mode == "wal",
        execute("PRAGMA synchronous").fetchone()[0] == 2,
        execute("PRAGMA foreign_keys").fetchone()[0] == 1,
    )
    if not all(promises):
        raise StorageError(
            "durability-refused",
            t("Ổ đĩa này không giữ được dữ liệu an toàn khi mất điện."),
            t("Chuyển thư mục dữ liệu sang ổ đĩa trong máy (không để trên mạng hay USB)."),
        )


def _engine(creator: Callable[[], Any]) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=creator,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
