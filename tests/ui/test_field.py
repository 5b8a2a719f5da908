"""Lưu động by keys: begin, receive, print the list, come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.desk import Desk
from app.services.field.session import current_session, open_session
from app.services.intake.reception import receive_dossier
from app.ui.field.screen import FieldScreen
from tests.support.desk import birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

MOBILE_BIRTH = "1.003583"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


def screen_of(window: Window) -> FieldScreen:
    assert isinstance(window.screen, FieldScreen)
    return window.screen


def press(window: Window, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)
    settle(window.screen.context.background)


def test_begun_by_keys_and_closed(desk: Desk) -> None:
    by, tray = officer(desk), PaperTray()
    with a_screen(desk, FieldScreen, desk.folder, printer=tray) as window:
        screen, view = screen_of(window), screen_of(window).view
        first = screen.first_focus()
        assert first is view.place.line
        first.setFocus()
        press(window, Qt.Key.Key_Return)
        press(window, Qt.Key.Key_Return)
        assert view.place.error(), "a journey needs a place"
        compose(view.place.line, "Nhà văn hóa thôn Nà Mẫu")
        press(window, Qt.Key.Key_Return)
        press(window, Qt.Key.Key_Return)
        opened = current_session(desk, by)
        assert opened is not None and opened.place == "Nhà văn hóa thôn Nà Mẫu"
        assert view.going.isVisible() and not view.begin.isVisible()
        assert view.nothing.isVisible() and not view.print.isEnabled()
        received = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
        screen.reload(frozenset({"dossiers"}))
        settle(screen.context.background)
        assert [view.table.rows.key_of(0)] == [received.id]
        screen.print_list()
        settle(screen.context.background)
        assert [name for _, name in tray.jobs] == ["Danh sách lưu động"]
        view.close.setFocus()
        press(window, Qt.Key.Key_Space)
        assert current_session(desk, by) is None
        assert view.begin.isVisible() and not view.going.isVisible()
        assert view.table.rows.rowCount() == 1, "what it brought back stays in sight"


def test_a_dossier_of_the_list_opens(desk: Desk) -> None:
    by = officer(desk)
    open_session(desk, by, "Nà Mẫu")
    received = receive_dossier(desk, by, birth(procedure_code=MOBILE_BIRTH))
    with a_screen(desk, FieldScreen, desk.folder) as window:
        table = screen_of(window).view.table
        table.setFocus()
        table.select_row(0)
        press(window, Qt.Key.Key_Return)
        assert [(went.screen, went.argument.dossier_id) for went in window.went] == [("dossier", received.id)]


@pytest.mark.parametrize("going", [False, True])
@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((911, 440), 1.0), ((1366, 696), 1.5)])
def test_nothing_overlaps(desk: Desk, size: tuple[int, int], factor: float, going: bool) -> None:
    if going:
        open_session(desk, officer(desk), "Nhà văn hóa thôn Nà Mẫu")
        for _ in range(3):
            receive_dossier(desk, officer(desk), birth(procedure_code=MOBILE_BIRTH))
    with a_screen(desk, FieldScreen, desk.folder, size=size, factor=factor) as window:
        assert find_overlaps(window.screen) == []
