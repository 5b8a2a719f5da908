"""A real PostgreSQL of one's own for tests: a private cluster on a loopback port, a fresh database each.

    with running_postgres() as postgres:
        url = postgres.new_database()

Durability is on as in service (``fsync``, ``synchronous_commit``). ``initdb`` refuses to run as root, so
root starts it as the account that Debian's package made.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support.gateway import free_port

_ACCOUNT = "postgres"
_OPTIONS = "-c listen_addresses=127.0.0.1 -c max_connections=200 -c log_min_messages=fatal"


@dataclass
class Postgres:
    """One running server."""

    port: int
    pid: int
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_database(self) -> str:
        """The address of an empty database, as ``gateway serve --db`` takes it."""
        name = f"province{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """One statement of the server's owner, outside any of those databases."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def address(self, url: str) -> str:
        """The same database as libpq writes it."""
        return self._address(url.rpartition("/")[2])

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Make a cluster in a temporary folder, serve, stop, remove.

    Raises ``RuntimeError`` where PostgreSQL is not installed.
    """
    programs = _programs()
    port = free_port()
    data = Path(tempfile.mkdtemp(prefix="motcua-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(data, _ACCOUNT)
    try:
        _run(
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-U",
            "postgres",
            "-N",
        )
        options = f"{_OPTIONS} -p {port} -c unix_socket_directories={data}"
        _run(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start")
        try:
            yield Postgres(port, int((data / "postmaster.pid").read_text().split()[0]))
        finally:
            _run(programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(data)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("PostgreSQL is not installed: bash tools/setup.sh --test")
    return Path(on_path).parent


def _run(program: Path, *arguments: object) -> None:
    """Run a program of PostgreSQL, as its own account where we are root."""
    account = _ACCOUNT if os.geteuid() == 0 else None
    with (Path(os.devnull)).open("wb") as nowhere:
        subprocess.run(
            [str(program), *map(str, arguments)],
            check=True,
            stdout=nowhere,
            stderr=nowhere,
            timeout=120,
            cwd="/",
            user=account,
            group=None if account is None else pwd.getpwnam(account).pw_gid,
        )
