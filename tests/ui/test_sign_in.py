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
from app.ui.sign_in.page import SignInPage
from tests.support.desk import MONDAY, demo_password
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
