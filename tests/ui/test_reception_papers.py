"""Papers that are there although nobody brings them: held already, or another in their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.errors import RuleError
from app.models import tables
from app.services.drafts import open_drafts
from app.ui.reception.form import Form, body_of, form_of
from app.ui.reception.other_way import HELD, INSTEAD, NATIONAL, OtherWay, spec_of
from app.ui.reception.screen import ReceptionScreen
from app.ui.widgets import Mode
from tests.support.desk import make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import a_screen, compose
from tests.ui.reception_rig import CARD, use

AFTERNOON = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
TODAY = AFTERNOON.date()
ENTER, F9, ESC, DOWN, RIGHT = (
    Qt.Key.Key_Return,
    Qt.Key.Key_F9,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Down,
    Qt.Key.Key_Right,
)
BIRTH_PAPER = "giay_chung_sinh"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(AFTERNOON))
    yield desk
    desk.close()


def components(desk):
    with desk.store.read() as connection:
        found = connection.execute(select(tables.component)).mappings().all()
    return {row["code"]: row for row in found}


def birth(window):
    keys = use(window)
    window.screen.take_card(CARD)
    keys.rest()
    keys.type("ks")
    keys.press(ENTER)
    return keys


def item(window, paper):
    return next(each for each in window.screen.page.papers.checks.items() if each.id == paper)


def test_a_held_paper_is_not_asked_for_again(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        page = window.screen.page
        keys.type("2")  # the citizen brings none
        keys.ctrl(Qt.Key.Key_K)
        assert QApplication.focusWidget() is page.panel.way
        keys.press(RIGHT, ENTER)
        compose(page.panel.source.line, "H19.02221.260912.0007")
        keys.press(ENTER)
        keys.type("12092026")
        keys.press(ENTER, ENTER)
        assert QApplication.focusWidget() is page.papers.checks
        row = item(window, BIRTH_PAPER)
        assert row.checked
        assert row.why == "H19.02221.260912.0007, ngày 12/09/2026"
        assert row.kind == "Đã có"
        QTest.qWait(400)
        keys.rest()
        assert window.screen.visit.slip, "the slip shows it too"
        keys.press(F9)
        keys.rest()
    row = components(desk)[BIRTH_PAPER]
    assert (row["reuse"], row["reuse_source"], row["reuse_day"], row["quantity"]) == (
        "component",
        "H19.02221.260912.0007",
        date(2026, 9, 12),
        0,
    )


def test_a_substitute_is_named(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        panel = window.screen.page.panel
        keys.press(DOWN)
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, RIGHT, ENTER)
        keys.press(ENTER)
        assert "thay thế" in panel.substitute.error(), "it stays open until it is named"
        compose(panel.substitute.line, "Giấy xác nhận của trạm y tế")
        keys.press(ENTER)
        assert item(window, BIRTH_PAPER).why == "Thay bằng: Giấy xác nhận của trạm y tế"
        keys.press(F9)
        keys.rest()
    assert components(desk)[BIRTH_PAPER]["substitute"] == "Giấy xác nhận của trạm y tế"


def test_f9_stops_at_what_is_not_typed_yet(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        panel = window.screen.page.panel
        keys.press(DOWN)
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, F9)
        keys.rest()
        assert "ở đâu" in panel.source.error()
        assert components(desk) == {}
        compose(panel.source.line, "Kho hộ tịch")
        keys.press(ENTER)
        keys.type("24112026")
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
        assert "sau hôm nay" in panel.day.error()
        assert panel.day.text() == "24112026" or panel.day.text() == "24/11/2026"
        assert components(desk) == {}


def test_esc_leaves_the_paper_as_it_was(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        keys.type("2")
        before = window.screen.visit.form
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, ENTER)
        compose(window.screen.page.panel.source.line, "nhầm")
        keys.press(ESC)
        assert QApplication.focusWidget() is window.screen.page.papers.checks
        assert window.screen.visit.form.otherwise == {}
        assert window.screen.visit.form.ticked == before.ticked
        assert not window.screen.visit.asking.is_open


def test_clearing_the_tick_clears_what_was_said_of_it(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        keys.press(DOWN)
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, RIGHT, ENTER)
        compose(window.screen.page.panel.substitute.line, "Giấy khác")
        keys.press(ENTER)
        keys.type("2")
        assert window.screen.visit.form.otherwise == {}
        assert item(window, BIRTH_PAPER).why.startswith("Bắt buộc một trong")


def test_a_draft_goes_on_at_the_paper_it_was_left_in(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = birth(window)
        panel = window.screen.page.panel
        keys.press(DOWN)
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, ENTER)
        compose(panel.source.line, "Kho hộ tịch")
        window.screen.hidden()
        keys.rest()
        (draft,) = open_drafts(desk, officer(desk))
        assert draft.focus == f"paper_source/{BIRTH_PAPER}"
        window.screen.next_citizen()
        keys.rest()
        window.screen.open_draft(draft.id)
        keys.rest()
        assert QApplication.focusWidget() is panel.source.line
        assert (panel.paper, panel.source.text()) == (BIRTH_PAPER, "Kho hộ tịch")


def test_the_form_goes_there_and_back():
    held = OtherWay(HELD, NATIONAL, "Kho", "12092026")
    form = replace(Form("r"), ticked=("a", "b"), otherwise={"a": held, "b": OtherWay(INSTEAD)})
    assert form_of(body_of(form)) == form


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (OtherWay(INSTEAD, substitute="  "), "paper_substitute"),
        (OtherWay(HELD, source=" ", day="12092026"), "paper_source"),
        (OtherWay(HELD, source="Kho"), "paper_day"),
        (OtherWay(HELD, source="Kho", day="31022026"), "paper_day"),
        (OtherWay(HELD, source="Kho", day="24112026"), "paper_day"),
    ],
)
def test_what_is_not_typed_is_named(other, field):
    with pytest.raises(RuleError) as error:
        spec_of("a", other, TODAY)
    assert error.value.field == field


def test_the_national_store_is_said_to_be_it():
    held = spec_of("a", OtherWay(HELD, NATIONAL, "CSDL quốc gia", "23112026"), TODAY).held
    assert held is not None
    assert (held.national_store, held.day) == (True, TODAY)
    earlier = spec_of("a", OtherWay(HELD, "result", "26.1", "22112026"), TODAY).held
    assert earlier is not None
    assert (earlier.national_store, earlier.reuse.value) == (False, "result")


@pytest.mark.parametrize(
    ("size", "factor", "mode"),
    [
        ((1366, 696), 1.0, Mode.LIGHT),
        ((911, 440), 1.0, Mode.LIGHT),
        ((1366, 696), 1.5, Mode.DARK),
    ],
)
def test_nothing_overlaps(desk, tmp_path, size, factor, mode):
    with a_screen(desk, ReceptionScreen, tmp_path, size=size, factor=factor, mode=mode) as window:
        keys = birth(window)
        keys.press(DOWN)
        keys.ctrl(Qt.Key.Key_K)
        keys.press(RIGHT, F9)
        keys.rest()
        assert window.screen.page.panel.source.error()
        assert find_overlaps(window) == []
        keys.press(RIGHT)
        keys.rest()
        assert find_overlaps(window) == []
