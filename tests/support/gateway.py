"""A real gateway process for tests: ``python -m app.province`` on a free loopback port.

    with running_gateway(tmp_path) as gateway:
        code = gateway.enrolment_code("quay-1", unit="H60.14.3")
        ... gateway.url ...
        gateway.kill(); gateway.start()

``stop`` is SIGTERM (graceful), ``kill`` SIGKILL; ``start`` comes back at the same port and store.
``store()`` opens the gateway's own store beside it, for ``app.province.operator``.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from app.province import server
from app.province.store import Store

_START_SECONDS = 30.0


@dataclass
class Gateway:
    """One gateway: its address, its store, its process while it runs."""

    folder: Path
    port: int
    extra: Sequence[str] = ()
    db: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def db_url(self) -> str:
        """Its store: ``db`` where one was named, else a SQLite file in the folder."""
        return self.db or f"sqlite:///{self.folder / 'gateway.db'}"

    @property
    def pid(self) -> int:
        """The id of its process, which must be running."""
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        """Everything it has written to stderr and stdout so far."""
        path = self.folder / "gateway.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self) -> None:
        """Start it and wait until ``/v1/meta`` answers."""
        command = [sys.executable, "-m", "app.province", "--db", self.db_url]
        command += ["--listen", f"127.0.0.1:{self.port}", *self.extra]
        if "--desk-rate" not in self.extra:
            command += ["--desk-rate", "0"]
        if self.db is not None and "--files" not in self.extra:
            command += ["--files", str(self.folder / "files")]
        with (self.folder / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the gateway did not start:\n{self.log[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to stop and wait."""
        self._end(force=False)

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        self._end(force=True)

    def enrolment_code(self, desk: str, unit: str | None = None) -> str:
        """A one-time code, as the operator would print it."""
        return server.enrolment_code(self.db_url, desk, unit)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The gateway's store, opened beside the running process."""
        store = server.open_store(self.db_url)
        try:
            yield store
        finally:
            store.dispose()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/v1/meta", timeout=1).status_code == 200
        except requests.RequestException:
            return False

    def _end(self, *, force: bool) -> None:
        if self.process is None:
            return
        if force:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def free_port() -> int:
    """A loopback port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_gateway(folder: Path, *extra: str, db: str | None = None) -> Iterator[Gateway]:
    """A started gateway with its store in ``folder``, or at ``db``; stopped at the end.

    ``extra``: more arguments.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gateway = Gateway(folder, free_port(), extra, db)
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.stop()
