"""Several dossiers of one citizen, one after the other; and a dossier begun from an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.component_rules import ComponentSpec
from app.domain.people import Address, IdKind, Person
from app.models import tables
from app.services.drafts import open_drafts
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import Authority, OtherParty, OtherRole
from app.ui.reception import edits
from app.ui.reception.form import Form, PersonText, body_of, form_of
from app.ui.reception.screen import ReceptionScreen
from app.ui.widgets import Mode
from tests.support.desk import HUONG, birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, a_screen
from tests.ui.reception_rig import CARD, use

AFTERNOON = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
ENTER, F9, F10, ESC, N, T = (
    Qt.Key.Key_Return,
    Qt.Key.Key_F9,
    Qt.Key.Key_F10,
    Qt.Key.Key_Escape,
    Qt.Key.Key_N,
    Qt.Key.Key_T,
)
OTHER = CARD.replace("008198000000", "008198000099").replace("Ma Thị Hường", "Lý Thị Mẩy")
AUTHORISED = (ComponentSpec("van_ban_uy_quyen"),)
BA = Person(name="Ma Văn Ba", id_kind=IdKind.PERSONAL_NUMBER, id_value="008050000001")


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(AFTERNOON))
    yield desk
    desk.close()


def rows(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(table)).mappings().all()


def jobs(desk):
    return [(job["form"], job["state"]) for job in rows(desk, tables.print_job)]


def take(keys, code):
    """The procedure with its papers, accepted."""
    keys.type(code)
    keys.press(ENTER, ENTER, F9)
    keys.rest()
    QTest.qWait(400)
    keys.rest()


def one_taken(window):
    keys = use(window)
    window.screen.take_card(CARD)
    keys.rest()
    take(keys, "ks")
    return keys


def test_the_person_stays_until_f10_prints_the_sheet(desk, tmp_path):
    tray = PaperTray()
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        screen = window.screen
        keys = one_taken(window)
        assert "Ctrl+N" in screen.start.said.link.text()
        keys.ctrl(N)
        assert QApplication.focusWidget() is screen.page.papers.procedure.line
        assert screen.visit.form.person.name == "Ma Thị Hường"
        take(keys, "2.000635")
        assert screen.visit.form.together_count == 2, "the next one begins by itself"
        assert "Hồ sơ thứ 3" in screen.page.person._seen.accessibleName()
        take(keys, "tt")
        keys.press(F10)
        keys.rest()
        assert "Xong lượt 3 hồ sơ" in screen.start.said.accessibleName()
        assert "đã in phiếu chung" in screen.start.said.accessibleName()
        assert screen.visit.form is None
        assert "Hường" not in tray.jobs[-1][1]
    dossiers = rows(desk, tables.dossier)
    assert len(dossiers) == 3
    assert len({row["group_id"] for row in dossiers}) == 1
    assert [form for form, _state in jobs(desk)].count("group") == 1
    assert {state for _form, state in jobs(desk)} == {"printed"}
    assert open_drafts(desk, officer(desk)) == ()


def test_ctrl_n_in_place_of_f9(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER, ENTER)
        keys.ctrl(N)
        keys.rest()
        assert len(rows(desk, tables.dossier)) == 1
        assert window.screen.visit.form.together_count == 1
        keys.press(ESC)
        keys.rest()
        assert window.screen.visit.form is None
    assert [form for form, _state in jobs(desk)] == ["01"], "one dossier needs no sheet"
    assert open_drafts(desk, officer(desk)) == ()
    assert [row["group_id"] for row in rows(desk, tables.dossier)] == [None]


def test_the_next_citizens_card_ends_the_visit_too(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = one_taken(window)
        keys.ctrl(N)
        take(keys, "2.000635")
        window.screen.take_card(OTHER)
        keys.rest()
        form = window.screen.visit.form
        assert (form.person.name, form.together) == ("Lý Thị Mẩy", "")
    assert "group" in [form for form, _state in jobs(desk)]


def test_a_begun_one_stays_as_a_draft_of_the_visit(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        screen = window.screen
        keys = one_taken(window)
        keys.ctrl(N)
        keys.type("2.000635")
        keys.press(ENTER, F10)
        keys.rest()
        (draft,) = open_drafts(desk, officer(desk))
        screen.open_draft(draft.id)
        keys.rest()
        assert screen.visit.form.together_count == 1
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
    assert len({row["group_id"] for row in rows(desk, tables.dossier)} - {None}) == 1


def test_a_sheet_that_does_not_print_is_kept(desk, tmp_path):
    tray = PaperTray()
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        keys = one_taken(window)
        keys.ctrl(N)
        tray.works = False
        take(keys, "2.000635")
        assert "Máy in chưa nhận" in window.screen.page.trouble.accessibleName()
        keys.press(F10)
        keys.rest()
        assert "Máy in chưa nhận" in window.screen.start.said.accessibleName()
    assert jobs(desk) == [("01", "printed"), ("01", "failed"), ("group", "failed")]


def test_the_earlier_dossier_gives_people_and_procedure(desk, tmp_path):
    receive_dossier(
        desk, officer(desk), birth(submitter=HUONG, owner=BA, relation="cháu", components=AUTHORISED)
    )
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.rest()
        card = window.screen.page.person
        assert card.copy.isVisible()
        keys.ctrl(T)
        keys.rest()
        form = window.screen.visit.form
        assert (form.procedure, form.proxy, form.owner.name, form.relation) == (
            "1.001193",
            True,
            "Ma Văn Ba",
            "cháu",
        )
        assert form.source == "card", "the person at the counter is the one whose card was read"
        assert form.ticked == ("to_khai", "giay_chung_sinh", "giay_to_tuy_than")
        assert not card.copy.isVisible()
    audit = [(line["act"], line["record_kind"]) for line in rows(desk, tables.audit)]
    assert ("read", "dossier") in audit


def test_a_new_citizen_has_nothing_to_copy(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.rest()
        assert not window.screen.page.person.copy.isVisible()
        keys.ctrl(T)
        keys.rest()
        assert window.screen.visit.form.procedure == ""


def test_whoever_of_a_couple_comes_back_stands_first():
    wife = Form("r", person=PersonText(name="Ma Thị Hường", id_value="008198000000"))
    earlier = birth(owner=BA, others=(OtherParty(OtherRole.SPOUSE, HUONG),), return_method="post")
    earlier = replace(earlier, return_address=Address(as_written="Thôn Nà Mẫu"))
    form = edits.with_earlier(wife, earlier)
    assert (form.person.name, form.couple, form.second.name) == ("Ma Thị Hường", True, "Ma Văn Ba")
    assert (form.return_method, form.return_address, form.proxy) == ("post", "Thôn Nà Mẫu", False)


def test_a_number_alone_brings_the_name_of_the_representative_and_his_paper():
    typed = Form("r", person=PersonText(id_value="008198000000"))
    paper = Authority("Giấy ủy quyền", "12/UQ", date(2026, 11, 20))
    form = edits.with_earlier(typed, birth(owner=BA, submitter=HUONG, relation="cháu", authority=paper))
    assert (form.person.name, form.owner.name) == ("Ma Thị Hường", "Ma Văn Ba")
    assert (form.authority_kind, form.authority_number, form.authority_day) == (
        "Giấy ủy quyền",
        "12/UQ",
        "20/11/2026",
    )


def test_the_form_goes_there_and_back():
    form = Form("r", together="d", together_count=2, together_last="26.1")
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
        keys = one_taken(window)
        assert find_overlaps(window) == []
        window.screen.add_for_person()
        take(keys, "2.000635")
        assert find_overlaps(window) == []
        window.screen.next_citizen()
        keys.rest()
        window.screen.take_card(CARD)
        keys.rest()
        assert find_overlaps(window) == []
