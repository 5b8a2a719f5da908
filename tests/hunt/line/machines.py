"""The hunt's gateway: killed and started again at the same place, over plain HTTP or TLS."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path

from app.province.store import Store
from tests.hunt.line.nursery import Nursery
from tests.support.gateway import free_port

_START_SECONDS = 30.0


class HuntGateway:
    """A gateway process and, beside it, its store opened for questions."""

    def __init__(
        self, folder: Path, nursery: Nursery, tls: tuple[Path, Path] | None, plant: str | None
    ) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.log = folder / "gateway.log"
        self.kills = 0
        self._nursery, self._tls, self._plant = nursery, tls, plant
        self._port = free_port()
        self._url = f"sqlite:///{folder / 'gateway.db'}"
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._dead: list[int] = []
        self.store = Store(self._url)
        self.store.migrate()
        self.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self._port}"

    @property
    def files(self) -> Path:
        """The folder of files it was sent."""
        return self.store.files

    def start(self) -> None:
        """Start it where it is not running; back when it listens."""
        with self._lock:
            for pid in self._dead:
                self._nursery.wait(pid)
            self._dead.clear()
            if self._pid is None:
                self._pid = self._nursery.gateway(
                    self._url, self._port, self.log, tls=self._tls, plant=self._plant
                )
                self._wait_for_it()

    def kill(self) -> None:
        """Kill it as a power cut would; from any thread."""
        with self._lock:
            if self._pid is not None:
                os.kill(self._pid, signal.SIGKILL)
                self._dead.append(self._pid)
                self._pid = None
                self.kills += 1

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self.kills -= 1
        for pid in self._dead:
            self._nursery.wait(pid)
        self.store.dispose()

    def _wait_for_it(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            time.sleep(0.005)
        raise RuntimeError("the gateway did not start")


class Elsewhere:
    """Where redirects lead: a server that nobody must ever speak to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.visits = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            with visitor, contextlib.suppress(OSError):
                visitor.settimeout(2)
                self.visits += bool(visitor.recv(1))
                visitor.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
