"""The officer's strip and the citizens' window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.clock import FixedClock
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.queue import numbers as queue
from app.ui.queue.display import CitizenDisplay
from app.ui.today.screen import TodayScreen
from app.ui.widgets import Button
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, settle


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    receive_dossier(opened, officer(opened), birth())
    queue.switch_queue(opened, officer(opened, "quantri"), True)
    yield opened
    opened.close()


def today_of(window: Window) -> TodayScreen:
    assert isinstance(window.screen, TodayScreen)
    return window.screen


def press(window: Window, button: Button) -> None:
    """The button by the keyboard."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(window.screen.context.background)


def test_out_of_sight_where_numbers_are_off(desk: Desk) -> None:
    queue.switch_queue(desk, officer(desk, "quantri"), False)
    with a_screen(desk, TodayScreen, desk.folder) as window:
        assert not today_of(window).queue.isVisible()


def test_a_number_is_drawn_printed_called_and_done(desk: Desk) -> None:
    tray = PaperTray()
    with a_screen(desk, TodayScreen, desk.folder, printer=tray) as window:
        strip = today_of(window).queue
        assert strip.isVisible() and not strip.next.isEnabled() and not strip.again.isEnabled()
        press(window, strip.draw)
        press(window, strip.first)
        assert [name for _, name in tray.jobs] == ["Số thứ tự 001", "Số thứ tự A002"]
        assert all(pdf.startswith(b"%PDF") for pdf, _ in tray.jobs)
        press(window, strip.next)
        assert strip._number.text() == "A002"
        press(window, strip.again)
        assert "2 lần" in strip._what.text()
        press(window, strip.absent)
        assert strip._number.text() == "–"
        assert "1 vắng" in strip._waiting.text()
        press(window, strip.next)
        press(window, strip.served)
        assert queue.queue_state(desk, officer(desk)).waiting == 0
        assert not strip.next.isEnabled()


def test_the_citizens_window_follows_and_names_nobody(desk: Desk, clock: FixedClock) -> None:
    with a_screen(desk, TodayScreen, desk.folder) as window:
        strip = today_of(window).queue
        press(window, strip.draw)
        press(window, strip.draw)
        press(window, strip.show_window)
        display = strip.display
        assert isinstance(display, CitizenDisplay) and display.isVisible()
        assert display.shown() == ()
        press(window, strip.next)
        clock.advance(timedelta(seconds=20))
        press(window, strip.next)
        assert display.shown() == (("002", desk.profile.name),), "who was served is called no more"
        assert officer(desk).name not in display.accessibleName()
        QTest.keyClick(display, Qt.Key.Key_Escape)
        assert not display.isVisible()


def test_numbers_drawn_elsewhere_appear(desk: Desk) -> None:
    with a_screen(desk, TodayScreen, desk.folder) as window:
        strip = today_of(window).queue
        queue.draw(desk, officer(desk))
        strip.look()
        settle(window.screen.context.background)
        assert strip.next.isEnabled()
        assert strip._timer.isActive()
        strip.rest()
        assert not strip._timer.isActive()


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)])
def test_nothing_overlaps(desk: Desk, size: tuple[int, int], factor: float) -> None:
    for _ in range(3):
        queue.draw(desk, officer(desk))
    queue.call_next(desk, officer(desk))
    with a_screen(desk, TodayScreen, desk.folder, size=size, factor=factor) as window:
        assert today_of(window).queue.isVisible()
        assert find_overlaps(window.screen) == []
