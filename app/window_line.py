"""The line to the province as the window uses it: sync behind the port of ui."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.errors import LineError
from app.sync import status
from app.sync.bundle_in import take_receipt
from app.sync.bundle_out import export_bundles
from app.sync.context import SyncDesk
from app.sync.files_open import files_open
from app.sync.report import Progress
from app.sync.round import run_round
from app.sync.standing import standing
from app.sync.status import Colour, OutboxItem
from app.sync.watcher import Do, LineWatcher, probe
from app.ui.ports import BundlesMade, LightState, OutboxLine, ReceiptRead, SyncStatus

LOOK_EVERY_S: Final = 5.0
"""How long the window's line sleeps at most, so that what a command wrote beside it is seen."""

_BETWEEN: Final = Progress("")

_KINDS: Final = {
    Colour.GREEN: "ok",
    Colour.AMBER: "waiting",
    Colour.GREY: "offline",
    Colour.RED: "attention",
}


class WindowLine:
    """The port of the window (``app.ui.ports.SyncPort``): watches the line, runs rounds, tells the light.

    ``step`` belongs to the network worker's thread; the other methods may be called from any thread.
    """

    def __init__(self, desk: SyncDesk) -> None:
        self._desk = desk
        self._watcher = LineWatcher()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._breaking = threading.Event()
        self._paused = False
        self._running = False
        self._word = ""
        self._left = 0
        self._step = _BETWEEN

    def step(self) -> float:
        """Probe the line or run a round if it is due; seconds until the next call."""
        now = standing(self._desk.store)
        if now.url is None or self._stopping.is_set() or self._paused:
            return LOOK_EVERY_S
        if now.waiting > self._left:
            with self._lock:
                self._watcher.wake(time.monotonic())
        with self._lock:
            action = self._watcher.next_action(time.monotonic())
        if action.do is Do.PROBE:
            reached = probe(now.url)
            with self._lock:
                self._watcher.probed(time.monotonic(), reached)
            return 0.0
        if action.do is Do.ROUND:
            self._round()
            return 0.0
        return min(action.wait_s, LOOK_EVERY_S)

    def hurry(self) -> None:
        """The next ``step`` runs a round, whatever it was waiting for."""
        self._paused = False
        with self._lock:
            self._watcher.wake(time.monotonic(), by_officer=True)

    def stop(self) -> None:
        """Leave the running round within a moment (I19)."""
        self._stopping.set()
        self._desk.line.hang_up()

    def break_off(self) -> None:
        """Leave the running round at its next safe point."""
        if self._running:
            self._breaking.set()

    def pause(self, paused: bool) -> None:
        """Rest, or go on at once."""
        self._paused = paused
        if paused:
            self.break_off()
        else:
            self.hurry()

    def light(self) -> LightState:
        """The one light."""
        shown = status.light(self._desk.store, self._watcher.line, self._desk.clock.now())
        return LightState(_KINDS[shown.kind], shown.words)

    def status(self) -> SyncStatus:
        """Where the desk stands with the province."""
        now, files, step = standing(self._desk.store), files_open(self._desk.store), self._step
        return SyncStatus(
            enrolled=now.url is not None,
            gateway=urlsplit(now.url or "").netloc,
            last_complete_at=now.complete_at,
            waiting=now.waiting,
            rejected=now.rejected,
            deferred=now.deferred,
            oldest_waiting_at=now.oldest_at,
            running=self._running,
            word=self._word,
            paused=self._paused,
            files_left=files.count,
            bytes_left=files.bytes_left,
            files_refused=files.refused,
            step=step.step,
            done=step.done,
            total=step.total,
        )

    def outbox(self) -> tuple[OutboxLine, ...]:
        """What needs an officer first, then what waits, then what was taken last."""
        return tuple(_line(item) for item in status.for_screen(self._desk.store))

    def export_bundle(self, target: Path, officer_id: str) -> BundlesMade:
        """What waits, on a stick; it goes on waiting until the receipt or the line says otherwise."""
        made = export_bundles(self._desk, target, officer_id)
        return BundlesMade(made.files, made.events)

    def take_receipt(self, source: Path) -> ReceiptRead:
        """The province's word, from the stick."""
        taken = take_receipt(self._desk, source)
        return ReceiptRead(taken.events, taken.files, taken.changes)

    def _round(self) -> None:
        self._breaking.clear()
        self._running = True
        try:
            report = run_round(self._desk, stop=self._is_to_stop, progress=self._note_step)
        except LineError as failure:
            self._word = failure.title
            with self._lock:
                self._watcher.probed(time.monotonic(), reached=False)
            return
        finally:
            self._running = False
            self._step = _BETWEEN
            self._left = standing(self._desk.store).waiting
        self._word = report.outcome.words
        with self._lock:
            self._watcher.round_done(time.monotonic(), report)

    def _note_step(self, step: Progress) -> None:
        self._step = step

    def _is_to_stop(self) -> bool:
        return self._stopping.is_set() or self._breaking.is_set()


def _line(item: OutboxItem) -> OutboxLine:
    return OutboxLine(
        event_id=item.event_id,
        dossier_id=item.dossier_id,
        number=item.number or "",
        who=item.owner_name,
        act=item.act_words,
        at=item.at,
        state=item.state.value,
        tries=item.tries,
        words=item.last,
        pointers=item.pointers,
    )
