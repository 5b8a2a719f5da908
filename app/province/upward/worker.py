"""The office gateway's own line-keeper: rounds upward in the background while it serves its desks.

A round runs when something new came in, and at least each minute; after trouble with full jitter, up to five
minutes, never before what the upper gateway asked for (I15).
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from typing import Final

from app.clock import Clock, to_wire
from app.province.store import Store
from app.province.upward import relay
from app.province.upward.links import all_links
from app.province.upward.rounds import Report, run_round

log = logging.getLogger("app.province")

IDLE_S: Final = 60.0
_LOOK_S: Final = 0.5
_BASE_S: Final = 2.0
_CAP_S: Final = 300.0
_FINE: Final = (None, "files-waiting")


class Worker:
    """One thread; ``stop`` ends it between two steps of a round."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upward", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, wait_s: float = 8.0) -> None:
        """Ask it to stop and wait for it."""
        self._stopping.set()
        self._thread.join(timeout=wait_s)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            wait = self._once(failures)
            failures = 0 if wait is None else failures + 1
            self._rest(wait)

    def _once(self, failures: int) -> float | None:
        """A round of every line; seconds to wait after trouble, ``None`` where all went well."""
        wait: float | None = None
        try:
            with self._store.read() as db:
                links = all_links(db)
            for link in links:
                report = run_round(self._store, self._clock, link, stop=self._stopping.is_set)
                self._note(report)
                if report.trouble not in _FINE:
                    wait = max(wait or 0.0, _wait(failures, report.retry_after_s))
        except Exception as failure:
            self._write({"what": "upward-failure", "kind": type(failure).__name__})
            wait = _wait(failures + 3, None)
        return wait

    def _rest(self, wait: float | None) -> None:
        """Until a desk's event waits to go up, or until the time after trouble is over."""
        end = time.monotonic() + (IDLE_S if wait is None else wait)
        seen = self._store.commits
        while time.monotonic() < end and not self._stopping.wait(_LOOK_S):
            if wait is None and self._store.commits != seen:
                seen = self._store.commits
                if self._something_waits():
                    return

    def _something_waits(self) -> bool:
        with self._store.read() as db:
            return any(relay.waiting(db, link.unit_code) for link in all_links(db))

    def _note(self, report: Report) -> None:
        counts = report.counts
        self._write(
            {
                "what": "upward",
                "unit": report.unit,
                "trouble": report.trouble,
                "waiting": report.waiting,
                "answered": counts.answered,
                "changes": counts.changes,
                "files_sent": counts.files_sent,
                "files_taken": counts.files_taken,
            }
        )

    def _write(self, facts: dict[str, object]) -> None:
        """One line of ids and counts, no citizen."""
        line = {"at": to_wire(self._clock.now()), **facts}
        log.info(json.dumps(line, ensure_ascii=True, sort_keys=True))


def _wait(failures: int, asked: float | None) -> float:
    return max(asked or 0.0, random.uniform(0.5, min(_CAP_S, _BASE_S * 2.0 ** min(failures, 8))))
