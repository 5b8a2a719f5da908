"""A failure of the program itself: kept without a value, told kindly, and it joins the diagnosis pack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app import logs
from app.clock import FixedClock
from app.models.failures import disk_full
from app.models.privacy_tables import retention_run
from app.services.support.pack import make_pack
from app.ui.privacy.support import SupportSection
from app.ui.settings.screen import SettingsScreen
from app.ui.start import tell_defect
from app.ui.widgets import Label
from tests.support.desk import MONDAY, officer
from tests.ui.desk_screens import settle
from tests.ui.shell_rig import a_window

SECRET = "Quàng Thị Ngọc Xuyến 008198765434"


@pytest.fixture
def hook() -> Iterator[None]:
    before = sys.excepthook
    yield
    sys.excepthook = before


def fail() -> BaseException:
    """A defect with a citizen in a local and in its words."""
    name = SECRET
    try:
        raise KeyError(name)
    except KeyError as failure:
        return failure


def test_a_defect_is_told_kindly_and_its_note_joins_the_pack(tmp_path, monkeypatch, hook):
    with a_window(tmp_path, monkeypatch, real_screens=True) as shell:
        window, desk = shell.window, shell.window.runtime.desk
        logs.catch_defects(desk.folder, desk.clock, tell=tell_defect)
        failure = fail()
        assert not window.defects.isVisible()
        sys.excepthook(type(failure), failure, failure.__traceback__)
        words = " ".join(label.text() for label in window.defects.findChildren(Label) if label.isVisible())
        assert "vẫn nguyên" in words
        assert window.defects.note in words
        assert "KeyError" not in words and "Ngọc" not in words
        kept = desk.folder / "logs" / f"crash-{window.defects.note}.json"
        assert "Ngọc" not in kept.read_text("utf-8")
        assert json.loads(kept.read_text("utf-8"))["failures"][0]["kind"] == "KeyError"
        parts = {part.name: part.text for part in make_pack(desk, officer(desk)).parts}
        assert "test_defects.py" in parts[kept.name]
        window.defects.help.setFocus()
        QTest.keyClick(window.defects.help, Qt.Key.Key_Space)
        settle(window.background)
        screen = window.screen_shown
        assert isinstance(screen, SettingsScreen)
        assert isinstance(screen.section, SupportSection)
        assert not window.defects.isVisible()


def test_going_on_takes_the_notice_away(tmp_path, monkeypatch):
    with a_window(tmp_path, monkeypatch) as shell:
        tell_defect("20261123-0900-ab12")
        assert shell.window.defects.isVisible()
        QTest.keyClick(shell.window.defects.close_act, Qt.Key.Key_Space)
        assert not shell.window.defects.isVisible()


def test_leaving_by_ctrl_c_is_no_defect(tmp_path, hook):
    told: list[str] = []
    logs.catch_defects(tmp_path, FixedClock(MONDAY), tell=told.append)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert not (tmp_path / "logs").exists()


def test_a_circumstance_is_told_where_it_happens_and_leaves_no_note(tmp_path, monkeypatch):
    with a_window(tmp_path, monkeypatch) as shell:
        told: list[str] = []

        def full() -> None:
            raise disk_full()

        shell.window.background.run(full, failed=lambda error: told.append(error.title), owner=shell.window)
        settle(shell.window.background)
        assert told == [disk_full().title]
        assert shell.defects == []
        assert not shell.window.defects.isVisible()
        assert not list((shell.window.runtime.desk.folder / "logs").glob("crash-*"))


def test_a_window_open_over_night_lets_go_of_what_is_past(tmp_path, monkeypatch):
    clock = FixedClock(MONDAY)
    with a_window(tmp_path, monkeypatch, clock=clock) as shell:
        window = shell.window

        def runs() -> int:
            settle(window.background)
            with window.runtime.desk.store.read() as connection:
                return len(connection.execute(select(retention_run)).all())

        window._lock_when_idle()
        before = runs()
        clock.advance(timedelta(days=1))
        window._lock_when_idle()
        window._lock_when_idle()
        assert runs() == before + 1
