"""Thủ tục by real keys on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest

from app.services.desk import Desk
from app.ui.procedures.screen import ProceduresScreen
from app.ui.screen import Destination
from app.ui.widgets import Mode
from tests.support.desk import make_desk
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, compose, settle


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = make_desk(tmp_path_factory.mktemp("procedures"))
    yield made
    made.close()


def screen_of(window: Window) -> ProceduresScreen:
    assert isinstance(window.screen, ProceduresScreen)
    return window.screen


def type_keys(window: Window, keys: str) -> None:
    line = screen_of(window).view.search.line
    line.setFocus()
    for key in keys:
        QTest.keyClick(line, key)
    settle(window.screen.context.background)


def test_everyday_procedures_come_first_and_two_letters_find_one(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path) as window:
        view = screen_of(window).view
        assert view.list.current_key() == "1.001193"
        type_keys(window, "kh")
        assert view.list.current_key() is not None
        type_keys(window, "\b\bks")
        assert view.list.current_key() == "1.001193"
        assert "Thủ tục đăng ký khai sinh" in view.head.accessibleName()


def test_enter_and_f2_take_the_procedure_along(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path) as window:
        type_keys(window, "ket hon")
        code = screen_of(window).view.list.current_key()
        QTest.keyClick(screen_of(window).view.search.line, Qt.Key.Key_Return)
        QTest.keyClick(screen_of(window).view.search.line, Qt.Key.Key_F2)
        assert window.went == [Destination("reception", {"procedure": code})] * 2


def test_f2_of_the_window_gives_way_to_the_procedure_shown(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path) as window:
        empty: list[str] = []
        shortcut = QShortcut(QKeySequence("F2"), window)
        shortcut.activated.connect(lambda: empty.append("an empty reception"))
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 1000)
        line = screen_of(window).view.search.line
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_F2)
        assert empty == [] and window.went[-1].argument == {"procedure": "1.001193"}


def test_arrows_in_the_field_walk_through_the_list(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path) as window:
        view = screen_of(window).view
        view.search.line.setFocus()
        QTest.keyClick(view.search.line, Qt.Key.Key_Down)
        second = view.list.current_key()
        assert second != "1.001193"
        QTest.qWait(60)
        assert view.head.accessibleName() != "Thủ tục đăng ký khai sinh"
        QTest.keyClick(view.search.line, Qt.Key.Key_Up)
        QTest.keyClick(view.search.line, Qt.Key.Key_Up)
        assert view.list.current_key() == "1.001193"


def test_an_old_code_leads_to_the_one_that_took_it_over(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path, argument="2.001023") as window:
        assert screen_of(window).view.list.current_key() == "3.000722"


def test_vietnamese_committed_by_an_input_method_is_searched(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path) as window:
        view = screen_of(window).view
        compose(view.search.line, "tạm trú")
        settle(window.screen.context.background)
        assert not view.referral.isHidden()
        assert "Công an" in view.referral.accessibleDescription()
        assert view.referral_act.isHidden()


def test_what_another_screen_helps_with_has_a_way_there(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path, argument="vneid") as window:
        screen_of(window).view.referral_act.click()
        assert window.went == [Destination("account_help")]


def test_a_name_only_row_says_so_and_can_still_be_received(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path, argument="1.000280") as window:
        view = screen_of(window).view
        assert view.list.current_key() == "1.000280"
        assert "Chưa có chi tiết" in view.list.items()[0].detail
        view.receive.click()
        assert window.went[-1].argument == {"procedure": "1.000280"}


def test_nothing_found_offers_nothing(desk: Desk, tmp_path: Path) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path, argument="zzzz qqqq") as window:
        view = screen_of(window).view
        assert not view.receive.isEnabled()
        screen_of(window).receive()
        assert window.went == []
        screen_of(window).clear()
        settle(window.screen.context.background)
        assert view.receive.isEnabled()


@pytest.mark.parametrize(
    ("size", "mode", "factor"),
    [
        ((1366, 696), Mode.LIGHT, 1.0),
        ((911, 440), Mode.DARK, 1.0),
        ((1366, 696), Mode.LIGHT, 1.5),
    ],
)
def test_no_part_crosses_another(
    desk: Desk, tmp_path: Path, size: tuple[int, int], mode: Mode, factor: float
) -> None:
    with a_screen(desk, ProceduresScreen, tmp_path, size=size, mode=mode, factor=factor) as window:
        assert window.size().toTuple() == size
        for text in ("", "1.000280", "vneid", "2.000815", "zzzz"):
            screen_of(window).shown(text)
            settle(window.screen.context.background)
            assert find_overlaps(window) == [], text
