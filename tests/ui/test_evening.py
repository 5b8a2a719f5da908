"""The full lock by the clock: left alone after the hour a desk closes its store; at work it is let be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.clock import FixedClock
from app.services.office_settings import set_closing_time
from app.ui import main_window
from app.ui.reception.screen import ReceptionScreen
from app.ui.screen import Destination
from tests.support.desk import MONDAY, officer
from tests.ui.lock_rig import Whole, a_frame, open_files
from tests.ui.shell_rig import CARD, wait_for

LOOKED_MS = 80


@contextmanager
def evening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at: time = time(18, 45), demo: bool = False
) -> Iterator[tuple[Whole, FixedClock]]:
    """The window of a desk at work at this hour."""
    monkeypatch.setattr(main_window, "_IDLE_LOOK_MS", 10)
    clock = FixedClock(MONDAY.replace(hour=at.hour, minute=at.minute))
    with a_frame(tmp_path, clock=clock, demo=demo) as whole:
        yield whole, clock


def looked(whole: Whole) -> None:
    """The timer has looked and been answered."""
    QTest.qWait(LOOKED_MS)
    if whole.frame.work is not None:
        whole.settle()


def copies(tmp_path: Path) -> int:
    return len(list((tmp_path / "desk" / "backups").glob("*.mcbackup")))


def test_who_works_on_is_left_alone_and_then_the_store_closes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut: list[str] = []
    with evening(tmp_path, monkeypatch) as (whole, clock):
        whole.work.shutting.connect(shut.append)
        whole.work.go_to(Destination("reception", {"card": CARD}))
        whole.settle()
        for _ in range(3):
            clock.advance(timedelta(minutes=9))
            whole.press(Qt.Key.Key_Shift)
            looked(whole)
        assert whole.work.officer is not None and not whole.work.sign_in.isVisible(), "19:12, and at work"
        clock.advance(timedelta(minutes=11))
        assert wait_for(whole.frame.is_shut, 20_000)
        looked(whole)
        assert len(shut) == 1 and open_files(tmp_path / "desk") == []
        assert copies(tmp_path) == 1, "the day's work is copied before"
        assert "quá giờ cuối ngày" in whole.page.card.why.text()
        whole.unlock()
        screen = whole.work.screen_shown
        assert isinstance(screen, ReceptionScreen), "19:23: back at work, with the draft"
        assert screen.visit.form is not None and screen.visit.form.person.name == "Ma Thị Hường"
        clock.advance(timedelta(minutes=11))
        assert wait_for(whole.frame.is_shut, 20_000), "and left again"
        assert copies(tmp_path) == 1, "nothing was done since"


def test_by_day_and_where_the_office_wants_none_only_the_idle_lock_falls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with evening(tmp_path, monkeypatch, at=time(14)) as (whole, clock):
        clock.advance(timedelta(minutes=11))
        looked(whole)
        assert whole.work.sign_in.isVisible() and open_files(tmp_path / "desk")
        desk = whole.work.runtime.desk
        set_closing_time(desk, officer(desk, "quantri"), None)
        clock.advance(timedelta(hours=8))
        looked(whole)
        assert open_files(tmp_path / "desk"), "the office does without"
        set_closing_time(desk, officer(desk, "quantri"), time(17, 30))
        del desk
        assert wait_for(whole.frame.is_shut, 20_000), "another hour counts at once, behind the lock too"


def test_a_clock_that_jumps_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with evening(tmp_path, monkeypatch, at=time(9)) as (whole, clock):
        whole.work.go_to(Destination("reception", {"card": CARD}))
        whole.settle()
        clock.advance(timedelta(hours=-3))
        looked(whole)
        assert whole.work.sign_in.isVisible() and open_files(tmp_path / "desk"), "set back: the idle lock"
        clock.advance(timedelta(days=400))
        assert wait_for(whole.frame.is_shut, 20_000)
        clock.advance(timedelta(days=-400))
        whole.unlock()
        screen = whole.work.screen_shown
        assert isinstance(screen, ReceptionScreen) and screen.visit.form is not None
        looked(whole)
        assert not whole.work.sign_in.isVisible()


def test_a_touch_while_the_hour_is_asked_for_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with evening(tmp_path, monkeypatch) as (whole, clock):
        go_on = threading.Event()
        whole.work.background.run(lambda: go_on.wait(10), owner=whole.work)
        clock.advance(timedelta(minutes=40))
        QTest.qWait(LOOKED_MS)
        assert whole.work.sign_in.isVisible(), "the idle lock does not wait for the worker"
        whole.press(Qt.Key.Key_Shift)
        go_on.set()
        looked(whole)
        assert whole.frame.work is not None and open_files(tmp_path / "desk")


def test_the_demo_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with evening(tmp_path, monkeypatch, demo=True) as (whole, clock):
        clock.advance(timedelta(hours=3))
        looked(whole)
        assert whole.work.officer is not None and not whole.work.sign_in.isVisible()
