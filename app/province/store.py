"""The gateway's store: transactions, migrations, and the bell that wakes waiting readers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.province import dialect

_SCRIPTS = Path(__file__).resolve().parent / "migrations"


class Store:
    """One database of one gateway. Threads may share it."""

    def __init__(self, url: str, *, key: bytes | None = None, files: Path | None = None) -> None:
        self._engine = dialect.open_engine(url, key)
        self._lock = dialect.writer_lock(self._engine)
        self.files = files or dialect.storage_folder(url)
        self.commits = 0
        self._count = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Everything inside is committed together or not at all; writers take turns."""
        with self._lock or nullcontext(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                dialect.begin_write(connection)
                yield connection
        with self._count:
            self.commits += 1

    def migrate(self) -> None:
        """Bring the schema up to date in one transaction. A newer schema is refused by Alembic."""
        with self.write() as connection:
            config = Config()
            config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()
