"""A declaration from the dossier's screen to the printer by keys alone; drafts, refusals, layout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import FixedClock
from app.models import counter_tables
from app.services.desk import Desk
from app.services.eforms.declarations import open_eform
from app.services.intake.reception import receive_dossier
from app.settings import Settings
from app.ui import start
from app.ui.eform.opening import OpenEform
from app.ui.eform.screen import EformScreen
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.screen import Destination
from app.ui.theme import set_up_look
from app.ui.widgets import Mode, NoticeKind, theme
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, a_screen, compose, settle
from tests.ui.shell_rig import StalledLine

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
CODES = {
    "khai_sinh": "1.001193",
    "khai_tu": "1.000656",
    "ket_hon": "1.000894",
    "xac_nhan_tthn": "1.004873",
    "ban_sao_trich_luc": "2.000635",
}


class Rig:
    """The real window on a desk with one dossier."""

    def __init__(self, window: MainWindow, desk: Desk, tray: PaperTray) -> None:
        self.window, self.desk, self.tray = window, desk, tray
        self.id = receive_dossier(desk, officer(desk), birth()).id

    def settle(self) -> None:
        """Until the worker is idle."""
        settle(self.window.background)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """A key as the keyboard sends it."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        self.settle()

    def say(self, text: str, *, enter: bool = True) -> None:
        """Words as the input method commits them, then Enter."""
        target = QApplication.focusWidget()
        assert target is not None
        compose(target, text)
        if enter:
            self.key(Qt.Key.Key_Return)

    def letters(self, *keys: Qt.Key) -> None:
        """Keys one after the other."""
        for key in keys:
            self.key(key)

    @property
    def screen(self) -> EformScreen:
        """The declaration's screen."""
        shown = self.window.screen_shown
        assert isinstance(shown, EformScreen)
        return shown

    def open(self) -> EformScreen:
        """From the dossier's own screen, by its button."""
        self.window.go_to(Destination("dossier", self.id))
        self.settle()
        button = self.window.screen_shown.view.prints.eform  # type: ignore[union-attr,attr-defined]
        button.setFocus()
        self.key(Qt.Key.Key_Space)
        self.screen.context = replace(self.screen.context, printer=self.tray)  # type: ignore[arg-type]
        return self.screen

    def stored(self) -> dict[str, object] | None:
        """The declaration as it is stored."""
        with self.desk.store.read() as connection:
            return connection.execute(select(counter_tables.eform.c["values"])).scalar_one_or_none()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    set_up_look(start.application(), mode=Mode.LIGHT)
    desk, line = make_desk(tmp_path, FixedClock(MONDAY)), StalledLine(holds_s=0.01)
    defects: list[BaseException] = []
    window = MainWindow(Runtime(desk, Settings(), line, lambda _s: None, defects.append, tmp_path, lambda: 0))
    try:
        window.resize(1366, 696)
        window.show()
        window.windowHandle().requestActivate()
        assert QTest.qWaitForWindowActive(window)
        window.work_as(officer(desk))
        yield Rig(window, desk, PaperTray())
        assert defects == []
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        desk.close()


def fill_birth(rig: Rig) -> None:
    """The rest of a birth by keys; the requester stands there already."""
    assert rig.screen.view.column.focused() == "nyc_quan_he"
    rig.letters(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)  # Cha, Mẹ
    rig.say("hoàng ma ngọc ánh")
    rig.say("02112026")
    assert rig.screen.view.column.focused() == "con_ngay_sinh_chu"
    rig.key(Qt.Key.Key_Return)
    rig.letters(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)  # Nam, Nữ
    rig.say("Tày")
    if rig.screen.view.column.focused() == "con_dan_toc":
        rig.key(Qt.Key.Key_Return)  # the list took the first Enter
    rig.key(Qt.Key.Key_Return)  # Việt Nam
    rig.say("Trung tâm Y tế Na Hang")
    rig.say("xã Nà Hang, tỉnh Tuyên Quang")
    assert rig.screen.view.column.focused() == "con_que_quan"  # its former address
    rig.key(Qt.Key.Key_Return)
    assert rig.screen.view.column.focused() == "so_giay_chung_sinh"


def test_from_the_dossier_to_the_printer_by_keys(rig: Rig) -> None:
    screen = rig.open()
    fill_birth(rig)
    screen.view.column.focus("cam_doan")
    rig.key(Qt.Key.Key_Space)
    rig.key(Qt.Key.Key_F9)
    stored = rig.stored()
    assert stored is not None and stored["con_ho_ten"] == "Hoàng Ma Ngọc Ánh"
    assert stored["me_ho_ten"] == "Ma Thị Hường" and stored["con_gioi_tinh"] == "Nữ"
    assert [name for _, name in rig.tray.jobs] == ["Tờ khai"]
    assert "HOÀNG MA NGỌC ÁNH" in reading.words(rig.tray.jobs[0][0])
    assert screen.view.news.kind() is NoticeKind.OK
    rig.key(Qt.Key.Key_F9)
    assert len(rig.tray.jobs) == 2 and "In lại lần 1" in reading.words(rig.tray.jobs[1][0])
    rig.key(Qt.Key.Key_Escape)
    assert rig.window.screen_shown.name == "dossier"  # type: ignore[union-attr]


def test_what_lacks_is_said_beside_each_field(rig: Rig) -> None:
    screen = rig.open()
    rig.key(Qt.Key.Key_F9)
    column = screen.view.column
    assert rig.stored() is None and rig.tray.jobs == []
    assert screen.view.news.kind() is NoticeKind.WARN and column.focused() == "nyc_quan_he"
    wrong = {
        name for name, each in column.inputs.items() if getattr(each, "note_frame", None) and _error(each)
    }
    assert {"nyc_quan_he", "con_ho_ten", "con_ngay_sinh", "con_noi_sinh"} <= wrong
    assert "nyc_ho_ten" not in wrong


def _error(each: object) -> str:
    try:
        return str(each.note_frame().error())  # type: ignore[attr-defined]
    except NotImplementedError:
        return ""


def test_a_wrong_date_says_why_and_stays(rig: Rig) -> None:
    screen = rig.open()
    column = screen.view.column
    column.focus("con_ngay_sinh")
    rig.say("30022026")
    line = column.inputs["con_ngay_sinh"].note_frame()
    assert "30/02" in line.error() and column.inputs["con_ngay_sinh"].raw() == "30022026"
    column.focus("con_ngay_sinh")
    rig.key(Qt.Key.Key_A, CTRL)
    rig.say("28022026")
    assert line.error() == "" and column.inputs["con_ngay_sinh"].raw() == "28/02/2026"
    assert column.inputs["con_ngay_sinh_chu"].raw() == (
        "Ngày hai mươi tám tháng hai năm hai nghìn không trăm hai mươi sáu"
    )


def test_conditions_show_and_hide_at_once(rig: Rig) -> None:
    column = rig.open().view.column
    copies = column.inputs["ban_sao_so_luong"]
    assert not copies.isVisibleTo(column)
    column.focus("ban_sao")
    rig.key(Qt.Key.Key_Up)
    assert copies.isVisibleTo(column)
    rig.key(Qt.Key.Key_Return)
    assert column.focused() == "ban_sao_so_luong"
    column.focus("ban_sao")
    rig.key(Qt.Key.Key_Down)
    assert not copies.isVisibleTo(column)


def test_typed_words_survive_a_power_cut(rig: Rig) -> None:
    screen = rig.open()
    screen.view.column.focus("con_ho_ten")
    rig.say("Hoàng Ma Ngọc", enter=False)
    QTest.qWait(260)
    rig.settle()
    assert "Bản nháp đã lưu" in screen.view.bar._what.text()
    again = open_eform(rig.desk, officer(rig.desk), rig.id, "khai_sinh")
    assert again.raw["con_ho_ten"] == "Hoàng Ma Ngọc" and again.focus == "con_ho_ten"
    rig.key(Qt.Key.Key_Escape)
    screen = rig.open()
    assert screen.view.column.focused() == "con_ho_ten"
    assert screen.view.column.inputs["con_ho_ten"].raw() == "Hoàng Ma Ngọc"
    kept = open_eform(rig.desk, officer(rig.desk), rig.id, "khai_sinh")
    assert kept.raw["con_ho_ten"] == "Hoàng Ma Ngọc", "opening it again keeps nothing less"


def test_a_dead_printer_loses_nothing(rig: Rig) -> None:
    rig.tray.works = False
    screen = rig.open()
    fill_birth(rig)
    screen.view.column.focus("cam_doan")
    rig.key(Qt.Key.Key_Space)
    rig.key(Qt.Key.Key_F9)
    assert rig.stored() is not None and screen.view.news.kind() is NoticeKind.WARN


@pytest.mark.parametrize("form_id", sorted(CODES))
def test_layout_at_three_sizes(tmp_path: Path, form_id: str) -> None:
    desk = make_desk(tmp_path)
    dossier = receive_dossier(desk, officer(desk), birth(procedure_code=CODES[form_id]))
    opening = OpenEform(dossier.id, form_id)
    try:
        for size, factor in (((1366, 696), 1.0), ((1366, 696), 1.5), ((911, 440), 1.0)):
            with a_screen(desk, EformScreen, tmp_path, argument=opening, size=size, factor=factor) as window:
                screen = window.screen
                assert isinstance(screen, EformScreen)
                screen.view.column.tell_all()
                screen._check()
                settle(screen.context.background)
                assert find_overlaps(window) == []
                screen.look_or_print() if screen.view._narrow else None
                settle(screen.context.background)
                assert find_overlaps(window) == []
                assert screen.view.side.whole.pages()
    finally:
        theme().set_factor(1.0)
        desk.close()
