"""A gateway in a thread of another program: the province of demonstrations, on loopback only."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Final

import uvicorn

from app.clock import Clock
from app.province import operator
from app.province.server import make_app, open_store

_START_S: Final = 30.0
_USUAL_PORT: Final = 18443


class GatewayBeside:
    """Serves from ``start`` to ``stop`` on a free port; ``url`` and store stay the same in between.

    ``nth`` tells provinces of one program apart, so that none answers at another's address.
    """

    def __init__(self, folder: Path, clock: Clock, nth: int = 0) -> None:
        self._clock = clock
        self._db_url = f"sqlite:///{folder / 'province.db'}"
        self._port = _port(_USUAL_PORT + nth)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve; returns when it answers. Raises ``RuntimeError`` where it does not come up."""
        app = make_app(self._db_url, clock=self._clock)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self._port,
            access_log=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        self._thread = threading.Thread(target=server.run, name="province", daemon=True)
        self._thread.start()
        end = time.monotonic() + _START_S
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise RuntimeError("the gateway beside did not start")
            time.sleep(0.02)
        self._server = server

    def stop(self) -> None:
        """The line is cut: connections end, the store keeps all it has taken."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(timeout=_START_S)
        self._server = self._thread = None

    def enrolment_code(self, desk: str, unit: str) -> str:
        """A one-time code for a desk of this unit."""
        store = open_store(self._db_url)
        try:
            return operator.enrolment_code(store, self._clock.now(), desk, unit)
        finally:
            store.dispose()

    def move_due(self, dossier_id: str, due_at: str, reason: str) -> None:
        """The province sets another due date, which the desk is shown as a proposal."""
        store = open_store(self._db_url)
        try:
            operator.propose_fields(store, self._clock.now(), dossier_id, {"/due_at": due_at}, reason)
        finally:
            store.dispose()


def _port(usual: int) -> int:
    """The usual one, so that pictures show the same address; another where it is taken."""
    for wanted in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
    raise RuntimeError("no port on loopback")
