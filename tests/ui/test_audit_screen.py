"""Nhật ký by keys: looked through, narrowed, verified, a dossier opened from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import FixedClock
from app.domain.roles import Permission
from app.services.audit.log import AT_ONCE, LogQuery, read_log
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.people.access import officer_by_login
from app.services.recording import Recorder
from app.ui.audit.screen import AuditScreen
from app.ui.dossiers.opening import OpenDossier
from app.ui.registry import rail_items
from app.ui.screen import Destination
from app.ui.widgets import Label, Notice
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import Window, a_screen, settle

SIZES = ((1366, 696, 1.0), (911, 440, 1.0), (1366, 696, 1.5))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path, FixedClock(MONDAY))
    yield opened
    opened.close()


def screen_of(window: Window) -> AuditScreen:
    assert isinstance(window.screen, AuditScreen)
    return window.screen


def press(window: Window, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)
    settle(window.screen.context.background)


def key_of_window(window: Window, key: str) -> None:
    offered = window.screen.keys()
    next(act.call for act in offered if act.key == key)()
    settle(window.screen.context.background)


def type_into(window: Window, field: QWidget, text: str) -> None:
    field.setFocus()
    for sign in text:
        QTest.keyClick(field, sign)
    press(window, Qt.Key.Key_Return)


def told(notice: Notice) -> str:
    return " ".join(label.text() for label in notice.findChildren(Label))


def acts_shown(window: Window) -> list[str]:
    return [line.act for line in screen_of(window)._lines]


def test_found_by_number_and_opened_by_enter(desk: Desk) -> None:
    by, leader = officer(desk), officer(desk, "lanhdao")
    first, second = (receive_dossier(desk, by, birth()) for _ in range(2))
    make_slip(desk, by, first.id)
    with a_screen(desk, AuditScreen, desk.folder, by=leader) as window:
        view = screen_of(window).view
        assert acts_shown(window)[0] == "read_audit"
        type_into(window, view.record.line, first.number)
        assert acts_shown(window) == ["print", "receive"]
        view.table.setFocus()
        press(window, Qt.Key.Key_Return)
        assert window.went == [Destination("dossier", OpenDossier(first.id, back="audit"))]
        key_of_window(window, "Esc")
        assert second.number in {line.number for line in screen_of(window)._lines}
        assert view.record.text() == ""


def test_an_unknown_number_is_told_beside_the_field_and_nothing_is_lost(desk: Desk) -> None:
    receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, AuditScreen, desk.folder, by=officer(desk, "lanhdao")) as window:
        view, before = screen_of(window).view, acts_shown(window)
        type_into(window, view.record.line, "H60-0")
        assert "Không tìm thấy hồ sơ" in view.record.error()
        assert acts_shown(window) == before
        assert find_overlaps(window) == []


def test_by_day_officer_and_act(desk: Desk) -> None:
    by, leader = officer(desk), officer(desk, "lanhdao")
    received = receive_dossier(desk, by, birth())
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(timedelta(days=1))
    show_dossier(desk, leader, received.id)
    with a_screen(desk, AuditScreen, desk.folder, by=leader) as window:
        view = screen_of(window).view
        type_into(window, view.last_day.line, "23112026")
        assert "receive" in acts_shown(window)
        assert "read" not in acts_shown(window)
        key_of_window(window, "Esc")
        type_into(window, view.first_day.line, "24112026")
        assert acts_shown(window) == ["read_audit", "read"]
        view.act.setFocus()
        while view.act.value() != "read":
            press(window, Qt.Key.Key_Down)
        assert acts_shown(window) == ["read"]
        view.officer.setFocus()
        while view.officer.value() != by.id:
            press(window, Qt.Key.Key_Down)
        assert acts_shown(window) == []
        assert view.older.isEnabled() is False


def test_a_day_that_does_not_exist_is_told(desk: Desk) -> None:
    with a_screen(desk, AuditScreen, desk.folder, by=officer(desk, "lanhdao")) as window:
        view = screen_of(window).view
        type_into(window, view.first_day.line, "30022026")
        assert "30/02" in view.first_day.error() or "29/02" in view.first_day.error()


def test_older_entries_follow_by_f4_and_the_cursor_stays(desk: Desk) -> None:
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, officer(desk), MONDAY)
        for number in range(AT_ONCE + 20):
            recorder.audit("read", "dossier", str(number))
    with a_screen(desk, AuditScreen, desk.folder, by=officer(desk, "lanhdao")) as window:
        view = screen_of(window).view
        view.table.select_row(AT_ONCE - 1)
        kept = view.table.current_key()
        key_of_window(window, "F4")
        shown = screen_of(window)._lines
        assert len(shown) > AT_ONCE
        assert [line.seq for line in shown] == list(range(shown[0].seq, 0, -1))
        assert view.table.current_key() == kept
        assert not view.older.isEnabled()


def test_f9_tells_a_whole_log_and_a_changed_one(desk: Desk) -> None:
    receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, AuditScreen, desk.folder, by=officer(desk, "lanhdao")) as window:
        view = screen_of(window).view
        key_of_window(window, "F9")
        assert "nguyên vẹn" in told(view.news)
        with desk.store.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER audit_never_changes")
            connection.exec_driver_sql("UPDATE audit SET act = 'read' WHERE seq = 2")
        key_of_window(window, "F9")
        assert "từ dòng 2" in told(view.news)
        assert view.check.isEnabled()


def test_looking_is_noted_once_however_much_is_asked(desk: Desk) -> None:
    leader = officer(desk, "lanhdao")
    with a_screen(desk, AuditScreen, desk.folder, by=leader) as window:
        for _ in range(3):
            key_of_window(window, "Esc")
    assert read_log(desk, leader, LogQuery(act="read_audit")).total == 1


def test_an_administrator_reads_it_and_opens_no_dossier(desk: Desk) -> None:
    receive_dossier(desk, officer(desk), birth())
    boss = officer_by_login(desk, "quantri")
    assert not boss.may(Permission.VIEW)
    with a_screen(desk, AuditScreen, desk.folder, by=boss) as window:
        view = screen_of(window).view
        row = next(i for i, line in enumerate(screen_of(window)._lines) if line.dossier_id)
        view.table.select_row(row)
        assert not view.open.isEnabled()
        view.table.setFocus()
        press(window, Qt.Key.Key_Return)
        assert window.went == []


def test_the_place_stands_in_the_rail_of_who_may_read_it() -> None:
    assert "audit" in {item.key for item in rail_items(audits=True)}
    assert "audit" not in {item.key for item in rail_items(leads=True)}


@pytest.mark.parametrize(("width", "height", "factor"), SIZES)
def test_nothing_overlaps_and_no_citizen_is_shown(desk: Desk, width: int, height: int, factor: float) -> None:
    received = receive_dossier(desk, officer(desk), birth())
    make_slip(desk, officer(desk), received.id)
    leader = officer(desk, "lanhdao")
    with a_screen(desk, AuditScreen, desk.folder, by=leader, size=(width, height), factor=factor) as window:
        key_of_window(window, "F9")
        assert find_overlaps(window) == []
        table = screen_of(window).view.table
        assert HUONG.name not in table.as_tsv(range(table.rows.rowCount()))
