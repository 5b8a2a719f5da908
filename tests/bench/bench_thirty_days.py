"""Thirty days without a line, then 64 kbit/s with cuts: 3,000 events and 2 GB of scans, the window open.

Usage: python -m tests.bench.bench_thirty_days [--events N] [--megabytes N] [--factor N] [--limits N]
    [--cut-every SECONDS] [--room DIR]

Bytes are true: made-up scans, kept encrypted by the desk as it keeps every file, through the real window's
own network worker to a real gateway process, every hash read back at the gateway. Time is scaled: the line
runs ``--factor`` times as fast in every respect (rate, delay, how often and how long it is cut, the pauses
between tries). A PC's processor and disk do not become faster with it, so the desk's own limits (10 to 20 s
a chunk, 30 min of files a round) run only ``--limits`` times as fast, and silence ends after five seconds. So
chunks are up to ``factor / limits`` times as large as on the true line and a cut loses as much more: the
share sent again errs to the worse. The events go first and unscaled, at the line's true pace, so that "in the
first session" means what it says; the scans then go at the scaled one (``--scaled-events``: both). Unscaled:
64 kbit/s each way, 300 ms there and back, a cut every ``--cut-every`` seconds on average (one in ten without
a word, the connection just hangs), the line gone for 30 s on average after each.

The window's event loop is watched the whole time while it shows one screen after the other; the same window
beside a resting line is the reference. Prints JSON; exit 0 only if the goals hold: events through before the
first byte of a scan, bytes sent again at most 15 % over the payload, every hash equal, p99 of the gaps at
most 50 ms and none over 200 ms unless the reference has them too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter, process_time, sleep, thread_time
from typing import Any
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, insert, select

from app import window_line
from app.bootstrap import open_runtime
from app.clock import SystemClock
from app.line import DeskLine, sync_desk
from app.models import tables
from app.models.carry_tables import upload
from app.protocol.ids import new_id
from app.protocol.parts import Component, FileRef
from app.province.tables import events as province_events
from app.province.tables import files as province_files
from app.services.intake.reception import receive_dossier
from app.sync.marks import CHUNK_SIZE, read_mark
from app.sync.round import run_round
from app.sync.transport import Timing
from app.ui.collecting import spare_imports
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.screen import Destination
from app.ui.start import application
from app.ui.theme import set_up_look
from app.ui.widgets import Mode
from app.window_line import WindowLine
from tests.support.cut_line import CutLine, cut_line
from tests.support.desk import ENVIRON, birth, desk_folder, officer
from tests.support.desk_store import Received, act
from tests.support.gateway import Gateway, running_gateway

BITS, ROUND_TRIP_MS, DOWN_S, SILENT = 64_000, 300, 30.0, 0.1
LEAST_STALL_S = 5.0
BEAT_MS = 5
SCREENS = ("sync", "dossiers", "today", "reception")
MEGA = 1_000_000


class Pace:
    """The line's time: so many times as fast as ours from now on, and never back."""

    def __init__(self, factor: float) -> None:
        self.factor, self._ours, self._lines = factor, monotonic(), monotonic()

    def now(self) -> float:
        """Seconds of the line."""
        return self._lines + (monotonic() - self._ours) * self.factor

    def set(self, factor: float) -> None:
        """Another pace."""
        self._lines, self._ours, self.factor = self.now(), monotonic(), factor


@dataclass(frozen=True)
class QuickClock:
    """The desk's clock as the line's time runs."""

    pace: Pace
    boot_id: str = "scaled00"

    def now(self) -> datetime:
        """Wall time as it is."""
        return SystemClock().now()

    def monotonic_ms(self) -> int:
        """The line's time."""
        return int(self.pace.now() * 1000)


class QuickLine(WindowLine):
    """The window's own line; what it asks the worker to wait is the line's time."""

    pace: Pace

    def step(self) -> float:
        """See the port."""
        return super().step() / self.pace.factor

    def become(self, desk: Any) -> None:
        """The next round begins with this desk's limits."""
        self._desk = desk


class Gaps(QObject):
    """How long the window's thread did not come back to its event loop, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self._last, self._last_cpu = perf_counter(), thread_time()
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now, cpu = perf_counter(), thread_time()
        self.wall.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self.cpu.append((cpu - self._last_cpu) * 1000)
        self._last, self._last_cpu = now, cpu

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Counts during the block, anew."""
        self.wall, self.cpu = [], []
        self._last, self._last_cpu = perf_counter(), thread_time()
        self._timer.start()
        yield
        self._timer.stop()

    def figures(self) -> dict[str, float]:
        """p50, p99, longest gap; the longest that the window's own work filled (``own_max``)."""
        wall = sorted(self.wall)
        return {
            "beats": len(wall),
            "p50_ms": round(wall[len(wall) // 2], 2),
            "p99_ms": round(wall[len(wall) * 99 // 100], 2),
            "max_ms": round(wall[-1], 1),
            "over_200_ms": sum(gap > 200 for gap in wall),
            "own_p99_ms": round(sorted(self.cpu)[len(self.cpu) * 99 // 100], 2),
            "own_max_ms": round(max(self.cpu), 1),
        }


@dataclass(frozen=True)
class Plan:
    """What is asked for; times of the line in its own seconds, ``rest_s`` and ``at_most_s`` in ours."""

    events: int = 3000
    megabytes: int = 2000
    factor: float = 400.0
    limits: float = 60.0
    cut_every_s: float = 1200.0
    rest_s: float = 60.0
    at_most_s: float = 4 * 3600.0
    scaled_events: bool = False


@dataclass
class Seen:
    """What the run has shown so far."""

    events_through_s: float | None = None
    rounds_to_events: int = 0
    line_at_events: dict[str, int] = field(default_factory=dict)
    scan_bytes_before_events: int = 0
    chunks: list[int] = field(default_factory=list)


def run(room: Path, plan: Plan) -> dict[str, Any]:
    """The whole measurement in ``room``; its figures."""
    os.environ.update(ENVIRON)
    set_up_look(application(), mode=Mode.LIGHT)
    spare_imports()
    with running_gateway(room / "province") as gateway, _line(gateway, plan) as line:
        began = perf_counter()
        runtime, files = _desk_of_thirty_days(room, gateway, line, plan)
        made_s = perf_counter() - began
        line_pace, own_pace = Pace(1.0), Pace(1.0)
        with _scaled(line_pace):
            sync = QuickLine(_scaled_desk(runtime, own_pace))
            sync.pace = line_pace

            def hasten() -> None:
                line.hasten(plan.factor)
                line_pace.set(plan.factor)
                own_pace.set(plan.limits)
                sync.become(_scaled_desk(runtime, own_pace))

            if plan.scaled_events:
                hasten()
            result = _measure(replace(runtime, sync=sync), sync, line, plan, hasten)
        result |= _at_the_gateway(gateway, runtime, files)
        payload = result["scan_bytes"]
        result["made_s"] = round(made_s, 1)
        result["resent_share"] = round(result["chunk_bytes_sent"] / payload - 1, 4)
        result["line_up_over_payload"] = round(result["line"]["up"] / payload - 1, 4)
        result["rss_max_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        runtime.desk.close()
    return result


def _line(gateway: Gateway, plan: Plan) -> Any:
    return cut_line(
        gateway.url,
        bits_per_second=BITS,
        round_trip_ms=ROUND_TRIP_MS,
        cuts_every_s=plan.cut_every_s,
        down_s=DOWN_S,
        silent=SILENT,
        seed=20261123,
    )


def _desk_of_thirty_days(
    room: Path, gateway: Gateway, line: CutLine, plan: Plan
) -> tuple[Runtime, dict[str, int]]:
    """An enrolled desk, then thirty days of receptions, each with a scan, none of it sent."""
    runtime = open_runtime(desk_folder(room), SystemClock())
    desk, by = runtime.desk, officer(runtime.desk)
    DeskLine(desk).enrol(line.url, gateway.enrolment_code("quay-2", desk.profile.unit_code), None)
    count = max(1, plan.events // 2)
    chosen, size = random.Random(1), plan.megabytes * MEGA // count
    files: dict[str, int] = {}
    first = desk.clock.now() - timedelta(days=30)
    for n in range(count):
        at = first + timedelta(days=30) * (n / count)
        made = receive_dossier(desk, by, birth(received_at=at))
        content = b"%PDF-1.7\n" + chosen.randbytes(round(size * chosen.uniform(0.5, 1.5)))
        _digitised(desk, made, content, files)
    return runtime, files


def _digitised(desk: Any, made: Any, content: bytes, files: dict[str, int]) -> None:
    sha256 = desk.files.put(content)
    files[sha256] = len(content)
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.stored_file).values(
                sha256=sha256,
                size=len(content),
                media_type="application/pdf",
                purpose="component",
                created_at=desk.clock.now(),
            )
        )
    ref = FileRef(sha256, len(content), "application/pdf", "giay.pdf")
    paper = Component(new_id(), "KQ0001", "Giấy chứng sinh", "original", 1, digitised=True, file=ref)
    dossier = Received(made.id, made.number, "")
    act(desk, dossier, "document.digitised", {"components": [paper.as_wire()]})


def _scaled_desk(runtime: Runtime, pace: Pace) -> Any:
    usual, factor = Timing(), pace.factor
    timing = Timing(
        connect_s=max(LEAST_STALL_S, usual.connect_s / factor),
        stall_s=max(LEAST_STALL_S, usual.stall_s / factor),
        grace_s=max(LEAST_STALL_S, usual.grace_s / factor),
        lowest_rate=usual.lowest_rate,
    )
    return replace(sync_desk(runtime.desk), clock=QuickClock(pace), timing=timing)


@contextmanager
def _scaled(pace: Pace) -> Iterator[None]:
    """The watcher's time and the pauses of a round run as the line does."""

    class Time:
        @staticmethod
        def monotonic() -> float:
            return pace.now()

    pause = partial(run_round, sleep=lambda seconds: sleep(seconds / pace.factor))
    with patch.object(window_line, "time", Time), patch.object(window_line, "run_round", pause):
        yield


def _measure(
    runtime: Runtime, sync: QuickLine, line: CutLine, plan: Plan, hasten: Callable[[], None]
) -> dict[str, Any]:
    sync.pause(True)
    window, gaps, seen = MainWindow(runtime), Gaps(), Seen()
    window.show()
    window.work_as(officer(runtime.desk))
    _live(window, 2.0)
    for name in SCREENS:
        window.go_to(Destination(name))
        _live(window, 0.5)
    load = os.getloadavg()[0]
    with gaps.counted():
        _live(window, plan.rest_s)
    resting = gaps.figures()
    line.begin_cuts()
    sync.pause(False)
    window.background.hurry()
    began, cpu = perf_counter(), process_time()
    with gaps.counted():
        while not _through(sync, runtime, seen, began) and perf_counter() - began < plan.at_most_s:
            early = seen.events_through_s is None
            _live(window, 0.2 if early else 2.0)
            if early and not plan.scaled_events and not sync.status().waiting:
                _through(sync, runtime, seen, began)
                seen.line_at_events = line.figures()
                hasten()
                began = perf_counter()
    took, cpu = perf_counter() - began, process_time() - cpu
    busy = gaps.figures()
    status = sync.status()
    closing = perf_counter()
    window.close()
    closing = perf_counter() - closing
    window.deleteLater()
    with runtime.desk.store.read() as connection:
        rounds = connection.execute(select(func.count()).select_from(tables.sync_round)).scalar_one()
        sent = connection.execute(select(func.coalesce(func.sum(upload.c.sent_bytes), 0))).scalar_one()
        tries = connection.execute(select(func.coalesce(func.sum(upload.c.tries), 0))).scalar_one()
    sizes = sorted(seen.chunks) or [0]
    return {
        "factor": plan.factor,
        "limits": plan.limits,
        "cut_every_line_s": plan.cut_every_s,
        "load_before_and_after": [round(load, 1), round(os.getloadavg()[0], 1)],
        "seconds": round(took, 1),
        "line_days": round(took * plan.factor / 86_400, 2),
        "left": {"events": status.waiting, "files": status.files_left, "bytes": status.bytes_left},
        "events_through_line_s": None
        if seen.events_through_s is None
        else round(seen.events_through_s * (plan.factor if plan.scaled_events else 1)),
        "line_at_events": seen.line_at_events,
        "rounds_until_events_through": seen.rounds_to_events,
        "scan_bytes_before_events": seen.scan_bytes_before_events,
        "rounds": rounds,
        "chunks": tries,
        "chunk_kib_p10_p50_p90": [sizes[len(sizes) * p // 100] // 1024 for p in (10, 50, 90)],
        "chunk_bytes_sent": sent,
        "line": line.figures(),
        "window_resting": resting,
        "window_syncing": busy,
        "p99_ratio": round(busy["p99_ms"] / max(0.1, resting["p99_ms"]), 2),
        "max_ratio": round(busy["max_ms"] / max(0.1, resting["max_ms"]), 2),
        "desk_cpu_s": round(cpu, 1),
        "closing_s": round(closing, 2),
    }


def _through(sync: QuickLine, runtime: Runtime, seen: Seen, began: float) -> bool:
    status = sync.status()
    with runtime.desk.store.read() as connection:
        size = read_mark(connection, CHUNK_SIZE)
        if size is not None:
            seen.chunks.append(size)
        if seen.events_through_s is None:
            sent = connection.execute(select(func.coalesce(func.sum(upload.c.sent_bytes), 0))).scalar_one()
            rounds = connection.execute(select(func.count()).select_from(tables.sync_round)).scalar_one()
            if status.waiting:
                seen.scan_bytes_before_events = sent
            else:
                seen.events_through_s = perf_counter() - began
                seen.rounds_to_events = rounds + 1
    done = status.files_left == 0 and status.waiting == 0 and status.last_complete_at is not None
    return done and seen.events_through_s is not None and status.bytes_left == 0


def _live(window: MainWindow, seconds: float) -> None:
    """The window lives; another screen comes to the front about every three seconds."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        turn = int(monotonic() / 3) % len(SCREENS)
        shown = window.screen_shown
        if shown is not None and shown.name != SCREENS[turn]:
            window.go_to(Destination(SCREENS[turn]))
        QTest.qWait(int(min(left, 0.1) * 1000) + 1)
    QApplication.processEvents()


def _at_the_gateway(gateway: Gateway, runtime: Runtime, files: dict[str, int]) -> dict[str, Any]:
    """What is really there: events, and each file's bytes hashed anew."""
    with gateway.store() as store, store.read() as db:
        events = db.execute(select(func.count()).select_from(province_events)).scalar_one()
        named = {row.sha256: row.size for row in db.execute(select(province_files)).all()}
        folder = store.files
    equal = sum(_same(folder, sha256) for sha256 in files if sha256 in named)
    with runtime.desk.store.read() as connection:
        own = connection.execute(select(func.count()).select_from(tables.event)).scalar_one()
        taken = connection.execute(
            select(func.count()).select_from(tables.event).where(tables.event.c.verdict == "accepted")
        ).scalar_one()
    return {
        "events": own,
        "events_accepted": taken,
        "events_at_gateway": events,
        "scans": len(files),
        "scan_bytes": sum(files.values()),
        "scans_equal_at_gateway": equal,
    }


def _same(folder: Path, sha256: str) -> bool:
    with (folder / sha256[:2] / sha256).open("rb") as there:
        return hashlib.file_digest(there, "sha256").hexdigest() == sha256


def holds(figures: dict[str, Any]) -> list[str]:
    """The goals that were missed."""
    busy, rest = figures["window_syncing"], figures["window_resting"]
    goals = {
        "everything sent": not any(figures["left"].values()),
        "every event there": figures["events"] == figures["events_at_gateway"],
        "every event accepted": figures["events"] == figures["events_accepted"],
        "every hash equal": figures["scans"] == figures["scans_equal_at_gateway"],
        "events before scans": figures["scan_bytes_before_events"] == 0,
        "events in the first session": figures["rounds_until_events_through"] == 1,
        "at most 15 % again": figures["resent_share"] <= 0.15,
        "p99 at most 50 ms": busy["p99_ms"] <= max(50.0, 1.5 * rest["p99_ms"]),
        "no gap over 200 ms": busy["max_ms"] <= max(200.0, 1.5 * rest["max_ms"]),
    }
    return [name for name, held in goals.items() if not held]


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    usual = Plan()
    parser.add_argument("--events", type=int, default=usual.events)
    parser.add_argument("--megabytes", type=int, default=usual.megabytes)
    parser.add_argument("--factor", type=float, default=usual.factor)
    parser.add_argument("--limits", type=float, default=usual.limits)
    parser.add_argument("--cut-every", type=float, default=usual.cut_every_s)
    parser.add_argument("--rest", type=float, default=usual.rest_s)
    parser.add_argument("--at-most", type=float, default=usual.at_most_s)
    parser.add_argument("--scaled-events", action="store_true")
    parser.add_argument("--room", type=Path)
    args = parser.parse_args()
    plan = Plan(
        args.events,
        args.megabytes,
        args.factor,
        args.limits,
        args.cut_every,
        args.rest,
        args.at_most,
        args.scaled_events,
    )
    with tempfile.TemporaryDirectory(prefix="motcua-thirty-", dir=args.room) as room:
        figures = run(Path(room), plan)
    figures["missed"] = holds(figures)
    print(json.dumps(figures, indent=1))
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
