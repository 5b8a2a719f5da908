"""Thu tiền – quỹ by real keys: receipts, cancelling with a reason, counting, the sheet; nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import FixedClock
from app.domain.cash import NOTES
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.life.doing import Paying
from app.services.money import payments
from app.services.money.cash_day import cash_day
from app.services.money.payments import Receipt
from app.ui.cash.screen import CashScreen
from app.ui.widgets import Mode, NoticeKind
from tests.printing import reading
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, Window, a_screen, compose, settle

TODAY = MONDAY.date()
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    yield made
    made.close()


def take(desk: Desk, name: str = "Ma Thị Hường", login: str = "canbo", method: str = "cash") -> Receipt:
    by = officer(desk, login)
    intake = birth(procedure_code="2.000635", owner=replace(HUONG, name=name))
    number = receive_dossier(desk, by, intake).number
    return payments.take_payment(desk, by, number, None, Paying(method=method)).receipt


@contextmanager
def cash(desk: Desk, tmp_path: Path, **more: object) -> Iterator[tuple[CashScreen, Window]]:
    with a_screen(desk, CashScreen, tmp_path, **more) as window:  # type: ignore[arg-type]
        assert isinstance(window.screen, CashScreen)
        window.activateWindow()
        focus = window.screen.first_focus()
        assert focus is not None
        focus.setFocus()
        yield window.screen, window


def press(screen: CashScreen, key: str) -> None:
    """A key of the window, as the main window hands it on."""
    acts = {act.key: act.call for act in CashScreen.keys(screen)}
    acts[key]()
    settle(screen.context.background)


def type_keys(window: Window, text: str) -> None:
    for sign in text:
        QTest.keyClick(window.windowHandle(), sign)


def key(window: Window, which: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(window.windowHandle(), which, modifier or Qt.KeyboardModifier.NoModifier)


def test_the_day_is_shown_with_its_sums(desk: Desk, tmp_path: Path) -> None:
    take(desk)
    take(desk, "Vàng A Pó", method="bank_transfer")
    with cash(desk, tmp_path) as (screen, window):
        table = screen.view.table
        assert table.model().rowCount() == 2
        assert screen.picked is not None and screen.picked.payer == "Vàng A Pó", "the newest row"
        assert "8.000 đ" in window.said[0] and not screen.view.after.isEnabled()


def test_a_receipt_is_cancelled_once_with_a_reason(desk: Desk, tmp_path: Path) -> None:
    receipt = take(desk)
    with cash(desk, tmp_path) as (screen, window):
        press(screen, "F6")
        asking = screen.view.asking
        assert asking.isVisible() and not screen.view.count.isVisible()
        assert asking.reason.area.hasFocus()
        key(window, Qt.Key.Key_Return, CTRL)
        settle(screen.context.background)
        assert "Chưa ghi lý do" in asking.reason.error() and asking.reason.area.hasFocus()
        compose(asking.reason.area, "Ghi nhầm hồ sơ")
        for _ in range(3):
            key(window, Qt.Key.Key_Return, CTRL)
        settle(screen.context.background)
        assert screen.view.news.kind() is NoticeKind.OK and not asking.isVisible()
        assert screen.picked is not None and not screen.picked.stands
        press(screen, "F6")
        assert not asking.isVisible(), "what is cancelled is not cancelled again"
    gone = payments.receipt_of(desk, officer(desk), receipt.id)
    assert gone.cancel_reason == "Ghi nhầm hồ sơ"


def test_somebody_elses_receipt_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    take(desk, login="lanhdao")
    with cash(desk, tmp_path) as (screen, window):
        press(screen, "F6")
        compose(screen.view.asking.reason.area, "Thử")
        key(window, Qt.Key.Key_Return, CTRL)
        settle(screen.context.background)
        assert screen.view.asking.notice.isVisible() and screen.view.asking.isVisible()
        press(screen, "Esc")
        assert not screen.view.asking.isVisible() and screen.view.count.isVisible()
        press(screen, "F6")
        assert screen.view.asking.reason.text() == "Thử", "what was typed stays for the same receipt"


def test_the_box_is_counted_by_keys(desk: Desk, tmp_path: Path) -> None:
    take(desk)
    with cash(desk, tmp_path) as (screen, window):
        count = screen.view.count
        count.first().setFocus()
        for value in NOTES:
            type_keys(window, {5000: "1", 2000: "1"}.get(value, ""))
            key(window, Qt.Key.Key_Return)
        assert count.save.hasFocus() and count.reason.isVisible(), "7.000 where 8.000 must be"
        press(screen, "F9")
        assert "thiếu 1.000" in count.reason.error() and count.reason.area.hasFocus()
        count.pieces[1000].line.setFocus()
        type_keys(window, "1")
        assert not count.reason.isVisible() and not count.reason.error()
        press(screen, "F9")
        assert screen.view.news.kind() is NoticeKind.OK and screen.view.sheet.hasFocus()
        assert "Đã kiểm lúc 09:00" in count.said.text()
        assert not any(field.text() for field in count.pieces.values())
    kept = cash_day(desk, officer(desk), TODAY).count
    assert kept is not None and kept.difference_vnd == 0


def test_a_difference_with_a_reason_and_what_cannot_be_read(desk: Desk, tmp_path: Path) -> None:
    take(desk)
    with cash(desk, tmp_path) as (screen, window):
        count = screen.view.count
        count.pieces[5000].line.setFocus()
        type_keys(window, "x")
        press(screen, "F9")
        assert count.pieces[5000].error() and count.pieces[5000].line.hasFocus()
        key(window, Qt.Key.Key_Backspace)
        type_keys(window, "1")
        assert not count.pieces[5000].error()
        compose(count.reason.area, "Trả thừa cho khách")
        press(screen, "F9")
        assert "thiếu 3.000 đ" in screen.view.news.accessibleName() + screen.view.news.accessibleDescription()
    kept = cash_day(desk, officer(desk), TODAY).count
    assert kept is not None and kept.reason == "Trả thừa cho khách"


def test_sheet_and_note_go_to_the_printer(desk: Desk, tmp_path: Path) -> None:
    receipt, tray = take(desk), PaperTray()
    with cash(desk, tmp_path, printer=tray) as (screen, _window):
        press(screen, "Ctrl+P")
        press(screen, "F4")
        (sheet, name), (note, _) = tray.jobs
        assert "BẢNG KÊ THU TIỀN" in reading.words(sheet) and receipt.label in reading.raw(sheet)
        assert "BIÊN NHẬN THU TIỀN" in reading.words(note) and name == "Bảng kê thu tiền"
        assert screen.view.news.kind() is NoticeKind.OK
    with cash(desk, tmp_path, printer=PaperTray(works=False)) as (screen, _window):
        press(screen, "Ctrl+P")
        assert screen.view.news.kind() is NoticeKind.WARN, "kept, and said so"


def test_other_days(desk: Desk, tmp_path: Path, clock: FixedClock) -> None:
    take(desk)
    clock.advance(timedelta(days=1))
    with cash(desk, tmp_path) as (screen, window):
        assert screen.picked is None and screen.view.count.first().hasFocus()
        key(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        settle(screen.context.background)
        assert screen.day == TODAY and screen.picked is not None
        for _ in range(2):
            key(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
            settle(screen.context.background)
        assert screen.day == TODAY + timedelta(days=1), "a day to come is not shown"


def test_enter_opens_the_dossier_and_new_money_appears(desk: Desk, tmp_path: Path) -> None:
    receipt = take(desk)
    with cash(desk, tmp_path) as (screen, window):
        key(window, Qt.Key.Key_Return)
        assert [(each.screen, each.argument) for each in window.went] == [("dossier", receipt.dossier_id)]
        take(desk, "Vi")
        screen.reload(frozenset({"dossiers"}))
        settle(screen.context.background)
        assert screen.view.table.model().rowCount() == 2


def test_who_may_not_look_is_told(desk: Desk, tmp_path: Path) -> None:
    with cash(desk, tmp_path, by=officer(desk, "quantri")) as (screen, _window):
        assert screen.view.news.kind() is NoticeKind.WARN


@pytest.mark.parametrize(("size", "factor"), [((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)])
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_nothing_overlaps(
    desk: Desk, tmp_path: Path, size: tuple[int, int], factor: float, mode: Mode
) -> None:
    take(desk, "Công ty trách nhiệm hữu hạn một thành viên Tân Hòa")
    with cash(desk, tmp_path, size=size, factor=factor, mode=mode) as (screen, _window):
        assert find_overlaps(screen) == []
        screen.view.count.pieces[1000].line.setText("7")
        screen.view.count.pieces[1000].edited.emit("7")
        QApplication.processEvents()
        assert find_overlaps(screen) == []
        press(screen, "F6")
        assert find_overlaps(screen) == []
