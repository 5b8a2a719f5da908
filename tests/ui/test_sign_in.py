"""Signing in: by keys alone, the refusal beside the field, nothing told about who exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import FixedClock
from app.domain.roles import Role
from app.services.people.access import add_officer, must_change_password
from app.ui.sign_in.page import SignInPage
from tests.support.desk import MONDAY, demo_password, officer
from tests.support.layout_check import find_overlaps
from tests.ui.shell_rig import Shell, a_window

ENTER = Qt.Key.Key_Return


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> Iterator[Shell]:
    with a_window(tmp_path, monkeypatch, clock=clock, signed_in=False) as shown:
        shown.window.lock()
        shown.window.sign_in.ask()
        yield shown


def sign_in(shell: Shell, login: str, password: str) -> SignInPage:
    page = shell.window.sign_in
    page.login.clear()
    page.login.line.setFocus()
    QTest.keyClicks(page.login.line, login)
    shell.press(ENTER)
    assert page.password.line.hasFocus(), "Enter goes on to the password"
    QTest.keyClicks(page.password.line, password)
    shell.press(ENTER)
    shell.settle()
    return page


def test_by_keys_alone(shell: Shell) -> None:
    sign_in(shell, "lanhdao", demo_password())
    assert shell.window.officer is not None
    assert shell.window.officer.login == "lanhdao"
    assert shell.screen.isVisible()
    assert shell.window.sign_in.password.text() == ""


@pytest.mark.parametrize("login", ["canbo", "khong-co-ai"])
def test_a_refusal_stands_beside_the_password(shell: Shell, login: str) -> None:
    page = sign_in(shell, login, "sai mat khau")
    assert shell.window.officer is None
    assert page.isVisible()
    assert page.password.error().endswith(".")
    assert page.password.line.hasFocus()
    assert page.password.line.selectedText() != ""
    assert page.login.text() == login
    assert page.enter.isEnabled()


def test_who_exists_is_not_told(shell: Shell) -> None:
    known = sign_in(shell, "canbo", "sai mat khau").password.error()
    unknown = sign_in(shell, "khong-co-ai", "sai mat khau").password.error()
    assert known == unknown


def test_after_wrong_tries_the_right_password_waits_its_time(shell: Shell, clock: FixedClock) -> None:
    for _ in range(8):
        page = sign_in(shell, "canbo", "sai mat khau")
    page = sign_in(shell, "canbo", demo_password())
    assert shell.window.officer is None
    assert page.password.error()
    clock.advance(timedelta(hours=2))
    sign_in(shell, "canbo", demo_password())
    assert shell.window.officer is not None


def test_the_button_fills_the_card(shell: Shell) -> None:
    QApplication.processEvents()
    page = shell.window.sign_in
    assert page.enter.width() == page.password.width() == page.login.width()


def newcomer(shell: Shell) -> str:
    desk = shell.window.runtime.desk
    added = add_officer(desk, officer(desk, "quantri"), "lan.tt", "Triệu Thị Lan", Role.PROCESSING)
    return added.one_time_password


def type_new(shell: Shell, new: str, again: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), new)
    shell.press(ENTER)
    QTest.keyClicks(QApplication.focusWidget(), again)
    shell.press(ENTER)
    shell.settle()


def test_the_one_time_password_gives_way_to_ones_own(shell: Shell) -> None:
    once = newcomer(shell)
    page = sign_in(shell, "lan.tt", once)
    assert shell.window.officer is None, "nobody works with a one-time password"
    assert page.own.isVisible()
    assert page.own.new.line.hasFocus()
    type_new(shell, "hoa ban tren nui", "hoa ban tren doi")
    assert page.own.again.error()
    assert shell.window.officer is None
    QTest.keyClicks(QApplication.focusWidget(), "hoa ban tren nui")
    shell.press(ENTER)
    shell.settle()
    assert shell.window.officer is not None
    assert shell.window.officer.login == "lan.tt"
    assert not must_change_password(shell.window.runtime.desk, shell.window.officer)
    assert page.own.new.text() == page.own.again.text() == ""


def test_a_short_or_unchanged_password_is_refused_beside_the_field(shell: Shell) -> None:
    once = newcomer(shell)
    page = sign_in(shell, "lan.tt", once)
    for unfit in ("ngan", once):
        type_new(shell, unfit, unfit)
        assert page.own.new.error().endswith(".")
        assert page.own.new.line.hasFocus()
        page.own.again.clear()
    assert shell.window.officer is None


def test_turning_back_keeps_the_one_time_password(shell: Shell) -> None:
    once = newcomer(shell)
    page = sign_in(shell, "lan.tt", once)
    shell.press(Qt.Key.Key_Escape)
    assert not page.own.isVisible()
    assert page.login.isVisible()
    page = sign_in(shell, "lan.tt", once)
    assert page.own.isVisible()


@pytest.mark.parametrize("size", [(1366, 696), (911, 440)])
def test_the_card_of_the_new_password_fits(shell: Shell, size: tuple[int, int]) -> None:
    shell.window.resize(*size)
    sign_in(shell, "lan.tt", newcomer(shell))
    assert find_overlaps(shell.window.sign_in) == []
