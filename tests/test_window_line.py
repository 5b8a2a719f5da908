"""The window's line: the light, the rounds it runs by itself, and leaving quickly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.line import DeskLine, sync_desk
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.window_line import WindowLine
from tests.support.desk import birth, make_desk, officer
from tests.support.gateway import Gateway, running_gateway


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with running_gateway(tmp_path / "province") as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, SystemClock())
    yield made
    made.close()


def enrol(desk: Desk, gateway: Gateway) -> WindowLine:
    DeskLine(desk).enrol(gateway.url, gateway.enrolment_code("quay-2", "02221"), None)
    return WindowLine(sync_desk(desk))


def run_until(line: WindowLine, kind: str, seconds: float = 15) -> float:
    """Step as the network worker does; seconds until the light is of that kind."""
    began = time.monotonic()
    while line.light().kind != kind:
        assert time.monotonic() - began < seconds, (line.light(), line.status())
        time.sleep(min(line.step(), 0.2))
    return time.monotonic() - began


def test_a_desk_that_was_never_enrolled_is_left_in_peace(desk: Desk) -> None:
    line = WindowLine(sync_desk(desk))
    assert line.step() > 0
    assert (line.light().kind, line.status().enrolled) == ("offline", False)
    assert [item.state for item in line.outbox()] == ["waiting"]


def test_a_dossier_goes_by_itself_and_is_shown_as_taken(desk: Desk, gateway: Gateway) -> None:
    line = enrol(desk, gateway)
    run_until(line, "ok")
    made = receive_dossier(desk, officer(desk), birth())
    assert (line.light().kind, line.status().waiting) == ("waiting", 1)
    run_until(line, "ok")
    assert line.status().waiting == 0
    assert line.outbox()[0].state == "accepted"
    assert made.id in {item.dossier_id for item in line.outbox()}


def test_it_arrives_within_five_seconds_of_the_lines_return(desk: Desk, gateway: Gateway) -> None:
    line = enrol(desk, gateway)
    run_until(line, "ok")
    gateway.stop()
    receive_dossier(desk, officer(desk), birth())
    run_until(line, "offline")
    assert line.light().words.startswith("Mất mạng")
    gateway.start()
    assert run_until(line, "ok") < 5


def test_nothing_waits_means_no_round_after_round(desk: Desk, gateway: Gateway) -> None:
    line = enrol(desk, gateway)
    run_until(line, "ok")
    assert all(line.step() > 0 for _ in range(5))


def test_stopping_is_quick_and_final(desk: Desk, gateway: Gateway) -> None:
    line = enrol(desk, gateway)
    began = time.monotonic()
    line.stop()
    line.step()
    assert time.monotonic() - began < 3
    assert line.status().last_complete_at is None


def test_while_it_rests_nothing_leaves_and_f5_goes_on(desk: Desk, gateway: Gateway) -> None:
    line = enrol(desk, gateway)
    run_until(line, "ok")
    line.pause(True)
    receive_dossier(desk, officer(desk), birth())
    assert all(line.step() > 0 for _ in range(3))
    assert line.status().paused and line.status().waiting == 1
    line.hurry()
    run_until(line, "ok")
    assert not line.status().paused and line.status().waiting == 0


def test_a_round_broken_off_ends_and_the_line_is_watched_on(desk: Desk, gateway: Gateway) -> None:
    """Broken off in the middle by the very first thing the round looks at; the next one is whole."""
    line = enrol(desk, gateway)
    receive_dossier(desk, officer(desk), birth())
    looked = line._is_to_stop
    line._is_to_stop = lambda: line.break_off() or looked()  # type: ignore[method-assign,func-returns-value]
    line.step()
    assert line.status().word.startswith("Đã dừng giữa chừng") and line.status().waiting > 0
    line._is_to_stop = looked  # type: ignore[method-assign]
    line.hurry()
    run_until(line, "ok")
    assert line.status().waiting == 0
