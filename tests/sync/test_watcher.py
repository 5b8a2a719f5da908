"""When the line is tried, and when it is left alone."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.report import RoundReport
from app.sync.watcher import CAP_S, Do, LineState, LineWatcher, probe
from app.sync.words import Outcome


def report(code: str, **more: object) -> RoundReport:
    counts = dict.fromkeys(("pushed", "accepted", "duplicate", "deferred", "rejected", "pulled"), 0)
    members = {**counts, "files_left": 0, "waiting": 0, "needs_officer": 0, **more}
    return RoundReport(reconciled=code == "complete", outcome=Outcome(code, ""), **members)  # type: ignore[arg-type]


def watcher(jitter: float = 1.0) -> LineWatcher:
    return LineWatcher(jitter=lambda: jitter)


def test_the_first_thing_is_a_round() -> None:
    assert watcher().next_action(0).do is Do.ROUND


def test_a_dead_line_is_probed_every_few_seconds_and_a_round_follows_at_once() -> None:
    w = watcher()
    w.round_done(100, report("no-line"))
    assert w.line is LineState.DOWN
    now = 100.0
    for _ in range(50):
        wait = w.next_action(now)
        assert wait.do is Do.WAIT and 2 <= wait.wait_s <= 3
        now += wait.wait_s
        assert w.next_action(now).do is Do.PROBE
        w.probed(now, reached=False)
    now += w.next_action(now).wait_s
    w.probed(now, reached=True)
    assert w.next_action(now).do is Do.ROUND


def test_after_a_good_round_it_is_calm_and_wakes_when_something_waits() -> None:
    w = watcher()
    w.round_done(0, report("complete"))
    assert w.line is LineState.UP
    assert w.next_action(0).wait_s == 300
    w.wake(10)
    assert w.next_action(10).do is Do.ROUND


def test_the_wish_of_the_province_is_kept_within_bounds() -> None:
    for wish, wait in ((60, 60), (0, 1), (10**9, 3600)):
        w = watcher()
        w.round_done(0, report("complete", next_after_s=wish))
        assert w.next_action(0).wait_s == wait


def test_a_round_that_left_work_is_followed_soon() -> None:
    w = watcher()
    w.round_done(0, report("complete", waiting=3))
    assert w.next_action(0).wait_s == 1


def test_retry_after_is_kept_and_new_work_does_not_break_it() -> None:
    w = watcher(0.5)
    w.round_done(0, report("province-busy", retry_after_s=120.0))
    w.wake(1)
    assert w.next_action(1).do is Do.WAIT
    assert w.next_action(119).do is Do.WAIT
    assert w.next_action(120).do is Do.ROUND


def test_the_officer_may_always_try() -> None:
    w = watcher()
    w.round_done(0, report("province-busy", retry_after_s=120.0))
    w.wake(1, by_officer=True)
    assert w.next_action(1).do is Do.ROUND
    w.round_done(2, report("no-line"))
    w.wake(3)
    assert w.next_action(3).do is Do.WAIT
    w.wake(3, by_officer=True)
    assert w.next_action(3).do is Do.ROUND


@given(st.lists(st.sampled_from(["province-busy", "not-believed", "province-refused"]), max_size=30))
def test_bad_answers_are_met_with_growing_capped_pauses(codes: list[str]) -> None:
    w, now = watcher(1.0), 0.0
    for n, code in enumerate(codes):
        w.round_done(now, report(code))
        wait = w.next_action(now).wait_s
        assert wait == pytest.approx(min(CAP_S, 2.0 * 2 ** (n + 1)))
        now += wait
        w.probed(now, reached=True)


@given(st.floats(0, 1))
def test_the_pause_has_full_jitter(share: float) -> None:
    w = watcher(share)
    w.round_done(0, report("province-busy"))
    assert w.next_action(0).wait_s == pytest.approx(max(1.0, 4.0 * share))


def test_a_proxy_that_answers_for_a_dead_line_is_not_hammered() -> None:
    w, now, waits = watcher(), 0.0, []
    for _ in range(8):
        w.round_done(now, report("no-line"))
        waits.append(w.next_action(now).wait_s)
        now += waits[-1]
        w.probed(now, reached=True)
        assert w.next_action(now).do is Do.ROUND
    assert waits == sorted(waits) and waits[-1] > 100


def test_probe_tells_an_open_port_from_a_closed_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert probe(f"http://127.0.0.1:{port}/x", 1)
    assert not probe(f"http://127.0.0.1:{port}", 1)
    assert not probe("https://", 1)


def test_probe_goes_to_the_proxy_that_stands_before_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.getsockname()[1]}")
        assert probe("https://gateway.province.invalid", 1)
    assert not probe("https://gateway.province.invalid", 1)
