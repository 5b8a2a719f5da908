"""Another key, a second step, a forgotten password: at the real window, by keys and buttons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import keys
from app.domain.one_time_code import code_of_step, step_of
from app.services.people.access import officer_by_login, sign_in
from app.services.people.second_step import own_second_step
from app.services.safety.key_change import new_sheet
from app.ui.screen import Destination
from app.ui.settings.key import KeySection
from app.ui.settings.password import PasswordSection
from app.ui.widgets import theme
from tests.support.desk import ENVIRON, demo_password
from tests.support.layout_check import find_overlaps
from tests.ui.lock_rig import Secret, Whole, a_frame, texts_on_screen
from tests.ui.shell_rig import wait_for

ENTER = Qt.Key.Key_Return
PHRASE = ENVIRON[keys.PASSPHRASE]


@pytest.fixture
def boss(tmp_path: Path) -> Iterator[Whole]:
    with a_frame(tmp_path, login="quantri") as whole:
        yield whole


@pytest.fixture
def counted_boss(tmp_path: Path) -> Iterator[Whole]:
    """Where holders of the key are counted afterwards."""
    with a_frame(tmp_path, login="quantri", counted=True) as whole:
        yield whole


def settings(whole: Whole, part: str) -> KeySection | PasswordSection:
    whole.work.go_to(Destination("settings", part))
    whole.settle()
    section = getattr(whole.work.screen_shown, "section", None)
    assert isinstance(section, (KeySection, PasswordSection))
    return section


def test_another_key_from_the_settings(counted_boss: Whole, tmp_path: Path) -> None:
    boss = counted_boss
    folder = tmp_path / "desk"
    old = keys.open_key(folder, ENVIRON)
    masked = Secret(old)
    section = settings(boss, "key")
    assert isinstance(section, KeySection)
    QTest.keyClicks(section.password.line, "sai mat khau")
    QTest.keyClicks(section.phrase.line, PHRASE)
    section.change.click()
    boss.settle()
    assert section.password.error() and keys.open_key(folder, ENVIRON) == old
    section.password.line.selectAll()
    QTest.keyClicks(section.password.line, demo_password())
    section.change.click()
    assert wait_for(lambda: boss.frame.work is None, 60_000)
    assert wait_for(lambda: boss.frame.work is not None, 60_000)
    boss.settle()
    new = keys.open_key(folder, ENVIRON)
    assert new != old
    del old
    assert masked.holders() == 0
    again = getattr(boss.work.screen_shown, "section", None)
    assert isinstance(again, KeySection) and not again.sheet.isHidden()
    words = " ".join(again.words.text().split())
    assert keys.open_with_recovery(folder, words) == new
    assert len(list((folder / "backups").glob("*.mcbackup"))) == 1
    again.noted.click()
    assert words.split()[0] not in texts_on_screen()


def test_a_second_step_from_the_settings_then_asked_at_the_lock(boss: Whole) -> None:
    section = settings(boss, "password")
    assert isinstance(section, PasswordSection)
    card, desk = section.second, boss.work.runtime.desk
    card.put_on.click()
    boss.settle()
    secret = card.secret
    QTest.keyClicks(card.password.line, demo_password())
    boss.press(ENTER)
    QTest.keyClicks(card.code.line, code_of_step(secret, step_of(desk.clock.now())))
    boss.press(ENTER)
    boss.settle()
    spare = card.spare.text().split()
    assert len(spare) == 8 and card.secret == b""
    boss.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not any(code in texts_on_screen() for code in spare), "told once"
    page = boss.work.sign_in
    QTest.keyClicks(page.password.line, demo_password())
    boss.press(ENTER)
    boss.settle()
    assert page.isVisible() and page.card.code.line.hasFocus()
    QTest.keyClicks(page.card.code.line, spare[0])
    boss.press(ENTER)
    boss.settle()
    assert not page.isVisible()
    assert own_second_step(desk, officer_by_login(desk, "quantri")).spare_left == 7


@pytest.mark.parametrize("shut", [False, True])
def test_a_forgotten_password_by_the_recovery_words(boss: Whole, shut: bool) -> None:
    desk = boss.work.runtime.desk
    words = new_sheet(desk, officer_by_login(desk, "quantri"))
    del desk
    if shut:
        boss.lock()
        QTest.keyClicks(boss.page.card.phrase.line, PHRASE)
        boss.page.forgot.click()
        card = boss.page.recover
    else:
        boss.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        boss.work.sign_in.forgot.click()
        card = boss.work.sign_in.recover
    for text in (words, "quantri", "cau moi de nho", "cau moi de nho"):
        QTest.keyClicks(QApplication.focusWidget(), text)
        boss.press(ENTER)
    assert wait_for(lambda: not card.isVisible(), 20_000)
    if shut:
        boss.unlock("cau moi de nho")
    assert sign_in(boss.work.runtime.desk, "quantri", "cau moi de nho").login == "quantri"


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)])
def test_nothing_overlaps(boss: Whole, size: tuple[int, int], factor: float) -> None:
    theme().set_factor(factor)
    boss.frame.resize(*size)
    try:
        for part in ("key", "password"):
            settings(boss, part)
            assert find_overlaps(boss.work.screen_shown) == []
        boss.work.lock()
        boss.work.sign_in.ask_words()
        assert wait_for(lambda: find_overlaps(boss.work.sign_in) == [], 1000)
        boss.lock()
        assert wait_for(lambda: find_overlaps(boss.page) == [], 1000)
        boss.page.forgot.click()
        assert wait_for(lambda: find_overlaps(boss.page) == [], 1000)
    finally:
        theme().set_factor(1.0)
