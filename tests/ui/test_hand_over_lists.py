"""Giao nhận với đơn vị khác by real keys: scan after scan, one key for the list and its paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import update

from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.models import tables
from app.services import drafts
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.hand_over.lists import lists
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.ui.returning.lists_screen import ListsScreen
from app.ui.widgets import Choice
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

OTHER = Choice("02350", "Xã Kim Bình")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def received(desk: Desk, clock: FixedClock, count: int) -> list[str]:
    numbers = []
    for _ in range(count):
        numbers.append(receive_dossier(desk, officer(desk), birth()).number)
        clock.advance(timedelta(minutes=1))
    return numbers


def screen_of(window: Window) -> ListsScreen:
    assert isinstance(window.screen, ListsScreen)
    return window.screen


def scan(window: Window, text: str) -> None:
    line = screen_of(window).page.add.line
    line.setFocus()
    compose(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle(window.screen.context.background)


def press(window: Window, key: str) -> None:
    acts = {act.key: act.call for act in tuple(window.screen.keys())}
    acts[key]()
    settle(window.screen.context.background)


def test_scanned_one_after_the_other_and_one_key_makes_and_prints_the_list(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    numbers, tray = received(desk, clock, 3), PaperTray()
    with a_screen(desk, ListsScreen, tmp_path, printer=tray) as window:
        window.activateWindow()
        screen = screen_of(window)
        screen.page.unit.line.setFocus()
        compose(screen.page.unit.line, "kim binh")
        settle(screen.context.background, 100)
        QTest.keyClick(screen.page.unit.line, Qt.Key.Key_Return)
        settle(screen.context.background)
        assert screen.page.unit_code() == "02350"
        for number in (*numbers, numbers[0]):
            scan(window, number)
        assert [item.key for item in screen.page.rows.items()] == numbers
        press(window, "F9")
        [row] = lists(desk, officer(desk))
        assert (row.count, row.other_name) == (3, "UBND xã Kim Bình")
        assert "BẢNG KÊ GIAO NHẬN HỒ SƠ" in reading.words(tray.jobs[0][0])
        assert screen.page.rows.items() == [] and "1/BK02/2026" in screen.page.news.accessibleName()
        assert drafts.open_drafts(desk, officer(desk), "handover") == ()
        screen.page.table.select_row(0)
        screen.page.table.setFocus()
        QTest.keyClick(screen.page.table, Qt.Key.Key_Return)
        settle(screen.context.background)
        assert "In lại lần 1" in reading.words(tray.jobs[1][0])


def test_what_a_rule_keeps_back_stays_on_the_list_with_its_reason(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    good, done = received(desk, clock, 2)
    do_act(desk, officer(desk), done, ActOrder(Act.COMPLETE))
    with a_screen(desk, ListsScreen, tmp_path) as window:
        screen = screen_of(window)
        screen.page.unit.set_choice(OTHER)
        scan(window, good)
        scan(window, done)
        press(window, "F9")
        assert [item.key for item in screen.page.rows.items()] == [done]
        history = show_dossier(desk, officer(desk), good, audited=False).history
        assert Act.TRANSFER in [line.act for line in history]
        screen.page.rows.set_current(done)
        screen.page.rows.setFocus()
        QTest.keyClick(screen.page.rows, Qt.Key.Key_Delete)
        settle(screen.context.background)
        assert screen.page.rows.items() == []


def test_refusals_stand_beside_their_field_and_nothing_is_lost(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    numbers = received(desk, clock, 2)
    with a_screen(desk, ListsScreen, tmp_path) as window:
        page = screen_of(window).page
        press(window, "F9")
        assert page.unit.error()
        page.unit.set_choice(OTHER)
        press(window, "F9")
        assert page.add.error()
        scan(window, "khong-co")
        assert "Không tìm thấy" in page.add.error() and page.add.text() == "khong-co"
        page.add.clear()
        scan(window, "hường")
        assert "2 hồ sơ" in page.add.error()
        page.add.clear()
        scan(window, numbers[0])
        assert [item.key for item in page.rows.items()] == [numbers[0]]


def test_the_list_is_there_again_after_the_program_was_closed(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    numbers = received(desk, clock, 2)
    with a_screen(desk, ListsScreen, tmp_path) as window:
        screen_of(window).page.unit.set_choice(OTHER)
        for number in numbers:
            scan(window, number)
    with a_screen(desk, ListsScreen, tmp_path) as window:
        page = screen_of(window).page
        assert [item.key for item in page.rows.items()] == numbers
        assert page.unit_code() == "02350"
        press(window, "F9")
        assert lists(desk, officer(desk))[0].count == 2


def test_a_list_that_comes_in_takes_over_what_is_known_and_names_the_rest(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    numbers = received(desk, clock, 2)
    with desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(custodian_unit="02350"))
    with a_screen(desk, ListsScreen, tmp_path) as window:
        page = screen_of(window).page
        page.way.setFocus()
        QTest.keyClick(page.way, Qt.Key.Key_Right)
        page.unit.set_choice(OTHER)
        for number in (*numbers, "H60.99-261123-0001"):
            scan(window, number)
        press(window, "F9")
        [row] = lists(desk, officer(desk))
        assert (row.direction, row.count) == ("in", 2)
        assert "H60.99-261123-0001" in row.note
        assert [item.key for item in page.rows.items()] == ["H60.99-261123-0001"]


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)])
def test_nothing_overlaps(
    desk: Desk, clock: FixedClock, tmp_path: Path, size: tuple[int, int], factor: float
) -> None:
    numbers = received(desk, clock, 3)
    with a_screen(desk, ListsScreen, tmp_path, size=size, factor=factor) as window:
        assert find_overlaps(window.screen) == []
        screen_of(window).page.unit.set_choice(OTHER)
        for number in numbers:
            scan(window, number)
        do_act(desk, officer(desk), numbers[2], ActOrder(Act.COMPLETE))
        assert find_overlaps(window.screen) == []
        press(window, "F9")
        assert find_overlaps(window.screen) == []
        QApplication.processEvents()
