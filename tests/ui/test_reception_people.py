"""Who else belongs to a dossier: a representative with his paper, a couple."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.models import tables
from app.services.drafts import open_drafts
from app.ui.reception.form import Form, PersonText, body_of, form_of
from app.ui.reception.screen import ReceptionScreen
from app.ui.widgets import Mode
from tests.support.desk import make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import a_screen, compose
from tests.ui.reception_rig import CARD, use

AFTERNOON = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
ENTER, F9, ESC, RIGHT, SPACE = (
    Qt.Key.Key_Return,
    Qt.Key.Key_F9,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Right,
    Qt.Key.Key_Space,
)
BA = CARD.replace("008198000000", "008050000001").replace("Ma Thị Hường", "Ma Văn Ba")


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(AFTERNOON))
    yield desk
    desk.close()


def parties(desk):
    with desk.store.read() as connection:
        found = connection.execute(select(tables.party)).mappings().all()
    return {row["role"]: row for row in found}


def for_another(window):
    """At the counter for Ma Văn Ba, on the field of the relation."""
    keys = use(window)
    screen = window.screen
    screen.take_card(CARD)
    screen.page.person.edit_asked.emit("proxy")
    keys.press(RIGHT, ENTER)
    screen.take_card(BA)
    keys.rest()
    screen.visit.edit_person("relation")
    keys.rest()
    assert QApplication.focusWidget() is screen.page.person_page.relation.line
    return keys


def test_the_paper_of_a_representative(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = for_another(window)
        page = window.screen.page.person_page
        compose(page.relation.line, "cháu")
        keys.press(ENTER)
        compose(page.authority_kind.line, "Giấy ủy quyền")
        keys.press(ENTER)
        compose(page.authority_number.line, "12/UQ")
        keys.press(ENTER)
        keys.type("20112026")
        keys.press(ENTER)
        keys.rest()
        assert QApplication.focusWidget() is window.screen.page.papers.procedure.line
        keys.type("ks")
        keys.press(ENTER)
        keys.type("6")
        keys.press(F9)
        keys.rest()
    submitter = parties(desk)["submitter"]
    assert (submitter["full_name"], submitter["relation"]) == ("Ma Thị Hường", "cháu")
    assert submitter["authority"] == {
        "kind": "Giấy ủy quyền",
        "number": "12/UQ",
        "day": "2026-11-20",
        "issuer": "",
    }


def test_a_number_without_the_paper_it_belongs_to_is_said_beside_it(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = for_another(window)
        page = window.screen.page.person_page
        page.authority_number.setFocus()
        compose(page.authority_number.line, "12/UQ")
        keys.press(ENTER)
        keys.type("24112026")
        keys.press(ENTER)
        assert "sau hôm nay" in page.authority_day.error()
        page.authority_day.line.selectAll()
        keys.type("23112026")
        keys.press(ENTER)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER)
        keys.type("6")
        keys.press(F9)
        keys.rest()
        assert "ủy quyền" in page.authority_kind.error()
        assert window.screen.page.on_person_page
    assert parties(desk) == {}


def test_no_paper_is_one_enter(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = for_another(window)
        keys.press(ENTER, ENTER)
        keys.rest()
        assert QApplication.focusWidget() is window.screen.page.papers.procedure.line


def couple(window):
    keys = use(window)
    screen = window.screen
    screen.take_card(CARD)
    keys.rest()
    screen.visit.edit_person("couple")
    keys.press(SPACE)
    assert QApplication.focusWidget() is screen.page.person_page.second.name.line
    return keys


def test_a_couple_has_two_owners(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = couple(window)
        window.screen.take_card(BA)
        keys.rest()
        assert window.screen.visit.form.person.name == "Ma Thị Hường"
        assert window.screen.visit.form.second.name == "Ma Văn Ba"
        keys.type("ks")
        keys.press(ENTER, ENTER, F9)
        keys.rest()
    people = {role: row["full_name"] for role, row in parties(desk).items()}
    assert people == {"owner": "Ma Thị Hường", "spouse": "Ma Văn Ba"}


def test_what_is_wrong_with_the_second_is_said_beside_it(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = couple(window)
        second = window.screen.page.person_page.second
        keys.press(ESC)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER, ENTER, F9)
        keys.rest()
        assert second.name.error()
        assert parties(desk) == {}
        compose(second.name.line, "ma văn ba")
        keys.press(ENTER, ENTER)
        keys.type("123")
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
        assert second.id_value.error()
        assert QApplication.focusWidget() is second.id_value.line
    assert parties(desk) == {}


def test_one_taken_off_is_not_stored(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = couple(window)
        compose(window.screen.page.person_page.second.name.line, "Nhầm")
        window.screen.page.person_page._alone.click()
        assert QApplication.focusWidget() is window.screen.page.person_page.couple
        keys.press(ESC)
        keys.type("ks")
        keys.press(ENTER, ENTER, F9)
        keys.rest()
    assert set(parties(desk)) == {"owner"}


def test_the_draft_keeps_the_people(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = for_another(window)
        page = window.screen.page.person_page
        compose(page.relation.line, "cháu")
        keys.press(ENTER)
        compose(page.authority_kind.line, "Giấy ủy quyền")
        keys.press(ENTER)
        compose(page.authority_number.line, "12")
        window.screen.hidden()
        keys.rest()
        (draft,) = open_drafts(desk, officer(desk))
        assert draft.focus == "authority_number"
        window.screen.next_citizen()
        keys.rest()
        window.screen.open_draft(draft.id)
        keys.rest()
        assert QApplication.focusWidget() is page.authority_number.line
        assert (page.authority_kind.text(), page.authority_number.text()) == ("Giấy ủy quyền", "12")


def test_the_form_goes_there_and_back():
    second = PersonText(name="Ma Văn Ba", id_value="008050000001")
    form = replace(Form("r"), couple=True, second=second, authority_kind="Giấy ủy quyền", authority_day="1")
    assert form_of(body_of(form)) == form


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
        keys = for_another(window)
        assert find_overlaps(window) == []
        window.screen.visit.edit_person("couple")
        keys.press(SPACE)
        keys.rest()
        assert find_overlaps(window) == []
        name = window.screen.page.person_page.second.name
        assert name.visibleRegion().boundingRect() == name.rect(), "what is typed into is in sight"
        window.screen.visit.finish_person()
        keys.rest()
        assert find_overlaps(window) == []
