"""Two runs on the line at once: nothing lost, nothing twice, the same key for the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import tables
from app.sync import sender
from app.sync.context import SyncDesk
from app.sync.kept_runs import drop_run, keep_run, kept_runs
from app.sync.marks import NARROW, RUN_SIZE, SENDING, read_mark, write_mark
from app.sync.province import Province
from app.sync.round import run_round
from app.sync.transport import Timing
from tests.support.desk_store import act, receive, reopen, verdicts
from tests.support.fault_proxy import (
    Fault,
    FaultProxy,
    cut_answer,
    cut_request,
    drop_answer,
    duplicate,
    refuse,
    stall,
    truncated,
    unavailable,
)
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import dossiers_of, held
from tests.sync.test_round import PUSH, complete, mark, same_as_province, sync


def loaded(desk: SyncDesk, dossiers: int = 6, size: int = 3, first: int = 1) -> None:
    """More than one run waits: ``dossiers`` and a step of each, in runs of ``size``."""
    for n in range(first, first + dossiers):
        act(desk, receive(desk, n), "dossier.progress", {"note": "Thẩm tra"})
    with desk.store.write() as connection:
        write_mark(connection, RUN_SIZE, size)


class Watch:
    """Every push as it began and ended; ``slow_s`` before each answer is handed on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, slow_s: float = 0.0) -> None:
        self.bodies: dict[str, set[bytes]] = {}
        self.doubled = 0
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        real = Province.push

        def push(province: Province, body: bytes, key: str) -> Any:
            with self._lock:
                self.bodies.setdefault(key, set()).add(body)
                self._now += 1
                self.most = max(self.most, self._now)
            try:
                answer = real(province, body, key)
                time.sleep(slow_s)
            finally:
                with self._lock:
                    self._now -= 1
            self.doubled += sum(each.verdict == "duplicate" for each in answer.verdicts)
            return answer

        monkeypatch.setattr(Province, "push", push)

    def one_key_one_body(self) -> bool:
        return all(len(bodies) == 1 for bodies in self.bodies.values())


def test_the_next_run_goes_while_the_one_before_is_judged(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk()
    loaded(desk)
    watch = Watch(monkeypatch, slow_s=0.05)
    report = complete(desk)
    assert (report.pushed, report.accepted, report.duplicate) == (13, 13, 0)
    assert watch.most == 2 and len(watch.bodies) > 2 and watch.one_key_one_body()
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 6


def test_few_events_keep_to_one_connection(new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = new_desk()
    receive(desk)
    watch = Watch(monkeypatch)
    threads: set[str] = set()
    complete_threads = threading.enumerate
    report = run_round(desk, progress=lambda _: threads.update(t.name for t in complete_threads()))
    assert report.reconciled and watch.most == 1
    assert not any(name.startswith("sync-lane") for name in threads)


@pytest.mark.parametrize(
    "faults",
    [
        [cut_request(40)], [cut_request(700)], [drop_answer()], [refuse()], [cut_answer(150)], [duplicate()],
        [drop_answer()] * 3, [cut_request(0)] * 3, [drop_answer()] * 7, [unavailable(0)],
        [truncated(b'{"epoch":')], [drop_answer(), cut_request(40), drop_answer(), refuse()],
    ],
    ids=lambda faults: f"{faults[0].kind}-{len(faults)}",
)  # fmt: skip
@pytest.mark.parametrize("passed", [0, 1])
def test_a_line_that_breaks_under_two_runs(
    gateway: Gateway,
    proxy: FaultProxy,
    new_desk: EnrolledDesk,
    unit: str,
    monkeypatch: pytest.MonkeyPatch,
    faults: list[Fault],
    passed: int,
) -> None:
    """The first run, or the second, meets what a line can do; whatever is repeated bears its old key."""
    desk = new_desk(proxy.url)
    loaded(desk)
    watch = Watch(monkeypatch, slow_s=0.03)
    left, pushes = list(faults), iter(range(1000))
    proxy.decide = lambda method, path: (
        left.pop(0) if path == PUSH and next(pushes) >= passed and left else None
    )
    for _ in range(4):
        if sync(desk).reconciled:
            break
    proxy.decide = None
    complete(desk)
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 6
    assert watch.one_key_one_body()
    assert not watch.doubled, "a stored answer, never a duplicate"


def test_a_run_before_its_turn_goes_again_under_its_key(
    gateway: Gateway, new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the order in which a province takes them up: ``seq-gap`` costs bytes, nothing else."""
    desk = new_desk()
    loaded(desk)
    real, first = Province.push, threading.Event()
    sent: list[tuple[str, bytes]] = []

    def push(province: Province, body: bytes, key: str) -> Any:
        sent.append((key, body))
        if len(sent) == 1:
            turn_over()
            first.wait(5)
        try:
            return real(province, body, key)
        finally:
            if len(sent) > 1:
                first.set()

    def turn_over() -> None:
        for line in lines:
            line.sent()

    lines: list[Any] = []
    from app.sync import lanes

    made = lanes.LaneLine.__init__

    def noted(self: Any, whole: Any, **more: Any) -> None:
        made(self, whole, **more)
        lines.append(self)

    monkeypatch.setattr(lanes.LaneLine, "__init__", noted)
    monkeypatch.setattr(Province, "push", push)
    report = complete(desk)
    assert report.duplicate == 0 and report.accepted == 13
    assert sent.count(sent[1]) >= 2, "the second run met a gap and went again as it was"
    same_as_province(gateway, desk)


@pytest.mark.parametrize("seed", range(4))
def test_any_faults_at_any_request(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, unit: str,
    monkeypatch: pytest.MonkeyPatch, seed: int,
) -> None:  # fmt: skip
    chance = random.Random(seed)
    desk = new_desk(proxy.url)
    loaded(desk, dossiers=10, size=4)
    watch = Watch(monkeypatch)
    kinds = (drop_answer(), cut_request(60), cut_request(900), cut_answer(90), refuse(), unavailable(0))
    proxy.decide = lambda method, path: chance.choice(kinds) if chance.random() < 0.35 else None
    for _ in range(12):
        sync(desk)
    proxy.decide = None
    complete(desk)
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 10 and watch.one_key_one_body() and not watch.doubled


@pytest.mark.parametrize(
    "point", ["between_commit_and_send:kill@2", "before_send:kill@2", "before_send:kill@3",
              "after_send:kill@1", "after_send:kill@2", "before_commit:kill@4", "before_commit:kill@5"],
)  # fmt: skip
def test_killed_with_two_runs_under_way(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    desk = new_desk()
    loaded(desk)
    desk.store.dispose()
    script = (
        "import sys; from pathlib import Path; from tests.support.desk_store import reopen;"
        "from app.sync.round import run_round; run_round(reopen(Path(sys.argv[1])))"
    )
    environ = {**os.environ, "MOTCUA_FAILPOINT": point}
    done = subprocess.run([sys.executable, "-c", script, str(desk.folder)], env=environ, check=False)
    assert done.returncode == -signal.SIGKILL
    again = reopen(desk.folder)
    with again.store.read() as connection:
        kept = [run["key"] for run in kept_runs(connection)]
    watch = Watch(monkeypatch)
    report = complete(again)
    assert report.duplicate == 0 and not watch.doubled
    assert point.startswith("before_commit") or set(kept) & set(watch.bodies)
    same_as_province(gateway, again)
    assert dossiers_of(gateway, unit) == 6
    again.store.dispose()


def test_stopped_in_between_keeps_what_was_answered(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    loaded(desk)
    asked = iter(range(100))
    report = run_round(desk, stop=lambda: next(asked) >= 3, sleep=lambda _: None)
    assert report.outcome.code == "stopped" and 0 < report.accepted < 13
    assert len(held(gateway, desk)) == report.accepted == 13 - verdicts(desk).count(None)
    assert mark(desk, SENDING) is None
    complete(desk)
    same_as_province(gateway, desk)


def test_hanging_up_ends_both_at_once(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    desk = new_desk(proxy.url, timing=Timing(stall_s=30))
    loaded(desk)
    for _ in range(2):
        proxy.once(stall(20), PUSH)
    timer = threading.Timer(0.7, desk.line.hang_up)
    timer.start()
    started = time.monotonic()
    assert sync(desk).outcome.code == "stopped"
    assert time.monotonic() - started < 4
    timer.join()
    desk.line.pick_up()
    complete(desk)


def test_a_line_too_slow_for_two_carries_one(
    proxy: FaultProxy, new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = new_desk(proxy.url, timing=Timing(connect_s=1, stall_s=0.4, grace_s=1, lowest_rate=1))
    loaded(desk)
    proxy.once(stall(3), PUSH)
    sync(desk)
    assert mark(desk, NARROW) is True
    watch = Watch(monkeypatch, slow_s=0.02)
    complete(desk)
    assert watch.most == 1
    loaded(desk, dossiers=2, size=500, first=50)
    monkeypatch.setattr(sender, "_MEASURED", 2)
    complete(desk)
    assert mark(desk, NARROW) is None, "one run was quick: two are tried again"


def test_a_foreign_answer_to_the_second_run_is_not_believed(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    loaded(desk)
    pushes = iter(range(100))
    proxy.decide = lambda method, path: (
        truncated(b'{"epoch":"x"}') if path == PUSH and next(pushes) == 1 else None
    )
    report = sync(desk)
    proxy.decide = None
    assert report.outcome.code == "not-believed"
    with desk.store.read() as connection:
        judged = set(
            connection.execute(
                select(tables.event.c.desk_seq).where(tables.event.c.verdict.is_not(None))
            ).scalars()
        )
    assert judged == {1, 2, 3}, "the first run's answer counts, the foreign one says nothing"
    complete(desk)
    same_as_province(gateway, desk)


def test_shares_of_a_long_outbox() -> None:
    left, runs = 1000, []
    while left:
        runs.append(min(sender.MAX_EVENTS, sender._share(left)))
        left -= runs[-1]
    assert runs == [500, 333, 167] and sender._share(192) == 192


def test_kept_runs_are_one_mark_in_their_order(new_desk: EnrolledDesk, tmp_path: Path) -> None:
    desk = new_desk()
    with desk.store.write() as connection:
        keep_run(connection, "e", 1, 3, "one")
        assert read_mark(connection, SENDING) == {
            "epoch": "e", "first": 1, "last": 3, "key": "one", "tries": 1,
        }  # fmt: skip
        keep_run(connection, "e", 4, 6, "two")
        keep_run(connection, "e", 1, 3, "one")
        assert [(run["key"], run["tries"]) for run in kept_runs(connection)] == [("one", 2), ("two", 1)]
        drop_run(connection, "one")
        assert read_mark(connection, SENDING)["key"] == "two"
        drop_run(connection, "two")
        assert read_mark(connection, SENDING) is None
