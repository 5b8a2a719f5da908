"""The only place with threads: a database worker, a network worker, and one for devices that may not answer.

The window waits for none of them.

Work is a plain callable over services. Its result comes back on the window's thread, then the kinds of
thing it changed are announced, so that only the screens concerned reload.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.errors import AppError
from app.text import t
from app.ui.collecting import Collecting
from app.ui.ports import LightState, SyncPort

Result = TypeVar("Result")

DOSSIERS = "dossiers"
OUTBOX = "outbox"
HELP = "help"
DRAFTS = "drafts"
CATALOGUE = "catalogue"

_CLOSING_S = 2.8
"""Closing takes at most 3 s in any state of the line (I19), for both workers together."""


@dataclass
class _Work(Generic[Result]):
    call: Callable[[], Result]
    done: Callable[[Result], None] | None
    failed: Callable[[AppError], None] | None
    owner: QObject
    changes: frozenset[str]
    latest: str | None


class Background(QObject):
    """Both workers. Create it on the window's thread; call ``close`` before the program ends."""

    announced = Signal(object)
    """``frozenset`` of the kinds of thing that changed (``DOSSIERS``, ``OUTBOX`` …)."""
    light_changed = Signal(object)
    """``LightState`` after each step of the network worker and each change of the outbox."""
    _returned = Signal(object, object, object)

    def __init__(self, report_defect: Callable[[BaseException], None], sync: SyncPort | None = None) -> None:
        super().__init__()
        self._report_defect = report_defect
        self._collecting = Collecting(self)
        self._sync = sync
        self._queue: deque[_Work[Any]] = deque()
        self._ready = threading.Condition()
        self._busy = 0
        self._closing = False
        self._nudged = False
        self._returned.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._database = threading.Thread(target=self._serve, name="database", daemon=True)
        self._database.start()
        self._network: threading.Thread | None = None
        self._wake = threading.Condition()
        self._aside: SimpleQueue[_Work[Any] | None] = SimpleQueue()
        self._devices: threading.Thread | None = None

    def run(
        self,
        call: Callable[[], Result],
        done: Callable[[Result], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        *,
        owner: QObject,
        changes: frozenset[str] = frozenset(),
        latest: str | None = None,
    ) -> None:
        """Do ``call`` on the database worker.

        ``done`` or ``failed`` is called on the window's thread unless ``owner`` is gone by then.
        ``latest`` names a stream of questions of which only the newest matters (search while typing):
        older ones still queued are dropped and an answer overtaken by a newer question is not delivered.
        """
        work = _Work(call, done, failed, owner, changes, latest)
        with self._ready:
            if latest is not None:
                dropped = [w for w in self._queue if w.latest == latest and w.owner is owner]
                for old in dropped:
                    self._queue.remove(old)
                self._busy -= len(dropped)
            self._queue.append(work)
            self._busy += 1
            self._ready.notify()

    def aside(
        self,
        call: Callable[[], Result],
        done: Callable[[Result], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        *,
        owner: QObject,
    ) -> None:
        """Do ``call`` on a worker of its own: for a device that may not answer, or a backup, which
        reads the store through a connection of its own; never for what an officer waits for."""
        if self._devices is None:
            self._devices = threading.Thread(target=self._serve_devices, name="devices", daemon=True)
            self._devices.start()
        with self._ready:
            self._busy += 1
        self._aside.put(_Work(call, done, failed, owner, frozenset(), None))

    def start_network(self) -> None:
        """Begin to watch the line; without a sync port nothing happens."""
        if self._sync is not None and self._network is None:
            self._network = threading.Thread(target=self._watch, name="network", daemon=True)
            self._network.start()

    def hurry(self) -> None:
        """F5, or a dossier just stored: let the network worker look now."""
        if self._sync is not None:
            self._sync.hurry()
            with self._wake:
                self._nudged = True
                self._wake.notify()

    def is_idle(self) -> bool:
        """Whether the database worker has nothing left and every result was delivered."""
        with self._ready:
            return self._busy == 0

    def close(self) -> None:
        """Stop the workers; what is being written is finished, what waits on the line is left."""
        self.stop()
        end = monotonic() + _CLOSING_S
        for worker in self._workers():
            worker.join(timeout=max(0.0, end - monotonic()))
        if self.ended():
            self._collecting.end()

    def stop(self) -> None:
        """The same without waiting; ``ended`` says when it is done."""
        if self._sync is not None:
            self._sync.stop()
        with self._ready:
            self._closing = True
            self._ready.notify_all()
        with self._wake:
            self._wake.notify_all()
        self._aside.put(None)

    def ended(self) -> bool:
        """Whether no worker runs any more, so that nobody uses the store."""
        return not any(worker.is_alive() for worker in self._workers())

    def _workers(self) -> list[threading.Thread]:
        return [each for each in (self._database, self._network, self._devices) if each is not None]

    def _serve(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closing:
                    self._ready.wait()
                if not self._queue:
                    return
                work = self._queue.popleft()
            self._do(work)

    def _serve_devices(self) -> None:
        while (work := self._aside.get()) is not None:
            self._do(work)

    def _do(self, work: _Work[Any]) -> None:
        try:
            result, failure = work.call(), None
        except AppError as error:
            result, failure = None, error
        except BaseException as defect:
            self._report_defect(defect)
            result, failure = None, _defect()
        if not self._closing or threading.current_thread() is self._database:
            self._returned.emit(work, result, failure)

    def _deliver(self, work: _Work[Any], result: Any, failure: AppError | None) -> None:
        try:
            if not self._overtaken(work) and isValid(work.owner):
                if failure is None and work.done is not None:
                    work.done(result)
                elif failure is not None and work.failed is not None:
                    work.failed(failure)
            if failure is None and work.changes:
                self.announced.emit(work.changes)
        finally:
            with self._ready:
                self._busy -= 1

    def _overtaken(self, work: _Work[Any]) -> bool:
        if work.latest is None:
            return False
        with self._ready:
            return any(w.latest == work.latest and w.owner is work.owner for w in self._queue)

    def _watch(self) -> None:
        assert self._sync is not None
        while not self._closing:
            before = self._sync.status()
            try:
                wait = self._sync.step()
            except BaseException as defect:
                self._report_defect(defect)
                wait = 30.0
            if self._closing:
                return
            if self._sync.status() != before:
                self.announced.emit(frozenset({OUTBOX, DOSSIERS}))
            self.light_changed.emit(self._light())
            with self._wake:
                if not self._nudged:
                    self._wake.wait(timeout=max(0.05, wait))
                self._nudged = False

    def _light(self) -> LightState:
        assert self._sync is not None
        return self._sync.light()


def _defect() -> AppError:
    return AppError(
        "defect",
        t("Chương trình gặp lỗi ngoài dự kiến ở việc này. Dữ liệu đã lưu vẫn nguyên."),
        t("Thử lại; nếu vẫn thế, báo người hỗ trợ (nhật ký đã ghi lại, không có tên công dân)."),
    )
