"""The worker as a thread of a running gateway, beside the desks' calls and never in their way.

It reads the province's file again when it has changed; a file that cannot be read leaves the old one in
force. What goes wrong is logged by kind, never by content.
"""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Final

from app.clock import Clock
from app.errors import AppError
from app.province.national.settings import load_settings
from app.province.national.setup import make_worker, with_settings
from app.province.national.worker import Counted, Worker
from app.province.store import Store

_LOOK_EVERY_S: Final = 2.0
_AFTER_TROUBLE_S: Final = 30.0
_LOG: Final = logging.getLogger("app.province.national")


class Runner:
    """Start it once, stop it once. Raises ``UsageError`` at making where the file cannot be used."""

    def __init__(self, store: Store, clock: Clock, path: Path, counted: Counted) -> None:
        self._store = store
        self._path = path
        self._stopping = threading.Event()
        self._worker: Worker = make_worker(store, clock, path, counted)
        self._read_at = self._changed_at()
        self._thread = threading.Thread(target=self._run, name="national", daemon=True)

    def start(self) -> None:
        """Begin telling."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the call under way; one that takes longer is left, as a power cut would leave it."""
        self._stopping.set()
        self._thread.join(seconds)
        if not self._thread.is_alive():
            self._worker.adapter.close()
            self._store.dispose()

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                self._reread()
                self._worker.drain(self._stopping.is_set)
                pause = _LOOK_EVERY_S
            except Exception as failure:  # the database may be away for a while; the thread stays
                _LOG.error(json.dumps({"national": "round", "kind": type(failure).__name__}))
                pause = _AFTER_TROUBLE_S

    def _reread(self) -> None:
        changed_at = self._changed_at()
        if changed_at == self._read_at:
            return
        self._read_at = changed_at
        try:
            self._worker = with_settings(self._worker, load_settings(self._path))
        except AppError as failure:
            _LOG.error(json.dumps({"national": "file", "kind": failure.code}))

    def _changed_at(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0
