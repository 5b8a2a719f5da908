"""The gateway's store: transactions, migrations, and the bell that wakes waiting readers."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from app.province import dialect, outgoing, run_memory, sealed
from app.province.tables import changes

Answer = TypeVar("Answer")

_SCRIPTS = Path(__file__).resolve().parent / "migrations"
_TRIES: Final = 6
_LOOK_EVERY_S: Final = 0.5


class Store:
    """One database of one gateway. Threads may share it; on PostgreSQL, other processes too.

    ``files`` is the folder of uploaded files; processes that share a database share it too.
    """

    def __init__(self, url: str, *, key: bytes | None = None, files: Path | None = None) -> None:
        self._engine = dialect.open_engine(url, key)
        run_memory.listen(self._engine)
        self._file_key = sealed.file_key(key)
        self._lock = dialect.writer_lock(self._engine)
        self.shared = dialect.is_postgresql(self._engine)
        self.files = files or dialect.default_files_folder(url, _data_folder())
        self.commits = 0
        self.retries = 0
        self.relays = False
        """Whether this gateway stands below another (``app.province.upward``)."""
        self._count = threading.Lock()
        self._looked = (0.0, 0)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with self._engine.connect() as plain:
            told = self.relays or self._file_key is not None
            connection = plain.execution_options(**self._options()) if told else plain
            with connection.begin():
                yield connection

    def _options(self) -> dict[str, Any]:
        """What a transaction knows of its store: whether it relays, and the key of the files beside it."""
        return {"relays": self.relays, "file_key": self._file_key}

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Everything inside is committed together or not at all.

        Writers take turns on SQLite; on PostgreSQL those that touch the same things do.
        """
        with self._lock or nullcontext(), self._engine.connect() as plain:
            connection = outgoing.ready(
                plain.execution_options(writes=True, unit_names={}, **self._options())
            )
            with connection.begin():
                yield connection
                outgoing.release(connection)
        with self._count:
            self.commits += 1

    def do(self, work: Callable[[Connection], Answer]) -> Answer:
        """``work`` inside a writing transaction; done again where another writer was in the way.

        Raises what ``work`` raises, and the database's own error where it stays in the way.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                with self.write() as connection:
                    return work(connection)
            except DBAPIError as failure:
                if attempt == _TRIES or not dialect.is_transient(failure):
                    raise
            with self._count:
                self.retries += 1
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
        raise AssertionError("unreachable")

    def migrate(self) -> None:
        """Bring the schema up to date in one transaction. A newer schema is refused by Alembic."""
        with self.write() as connection:
            dialect.lock_all(connection)
            config = Config()
            config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> None:
        """Raise what keeps this store from serving: the database, or the folder of files."""
        with self.read() as connection:
            connection.execute(select(func.max(changes.c.seq))).scalar()
        self.files.mkdir(parents=True, exist_ok=True)
        if not os.access(self.files, os.W_OK):
            raise PermissionError

    def look(self) -> None:
        """Notice what other processes have told the feed, at most twice a second."""
        with self._count:
            looked, known = self._looked
            if time.monotonic() - looked < _LOOK_EVERY_S:
                return
            self._looked = (time.monotonic(), known)
        with self.read() as connection:
            last = connection.execute(select(func.max(changes.c.seq))).scalar() or 0
        if last != known:
            with self._count:
                self._looked = (self._looked[0], last)
                self.commits += 1

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _data_folder() -> Path:
    """Where programs of this account keep data: the files of a PostgreSQL gateway, unless told otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "share") / "motcua-gateway"
