"""Reception: the visit by keys, refusals beside the list, one dossier however often F9 is pressed."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.models import tables
from app.protocol.ids import new_id
from app.services.drafts import open_drafts
from app.services.intake.reception import receive_dossier
from app.ui.reception.screen import ReceptionScreen
from app.ui.widgets import Mode
from tests.support.desk import birth, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, a_screen, compose
from tests.ui.reception_rig import CARD, use

AFTERNOON = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
ENTER, F9, ESC = Qt.Key.Key_Return, Qt.Key.Key_F9, Qt.Key.Key_Escape


@pytest.fixture
def clock():
    return FixedClock(AFTERNOON)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def rows(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(table)).mappings().all()


def test_known_citizen_takes_six_keys(desk, tmp_path):
    receive_dossier(desk, officer(desk), birth(procedure_code="2.000635"))
    tray = PaperTray()
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        keys = use(window)
        assert window.screen.take_card(CARD)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER, ENTER, ENTER, F9)
        keys.rest()
        assert keys.count == 6
        stored = [row for row in rows(desk, tables.dossier) if row["procedure_code"] == "1.001193"]
        party = [row for row in rows(desk, tables.party) if row["dossier_id"] == stored[0]["id"]]
        assert len(stored) == 1
        assert party[0]["phone"] == "0900000123"
        assert window.screen.first_focus() is window.screen.start.search
        assert stored[0]["provisional_number"] in window.screen.start.said.accessibleName()
        assert len(tray.jobs) == 1
        assert "Hường" not in tray.jobs[0][1]
    jobs = rows(desk, tables.print_job)
    assert [job["state"] for job in jobs] == ["printed"]
    assert open_drafts(desk, officer(desk)) == ()


def test_new_citizen_takes_at_most_sixteen_keys_typed_without_waiting(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER)
        keys.type("0912345678")
        keys.press(F9)
        keys.rest()
        assert keys.count <= 16
    dossier = rows(desk, tables.dossier)
    assert len(dossier) == 1
    assert rows(desk, tables.party)[0]["phone"] == "0912345678"
    assert dossier[0]["due_at"] == datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)
    assert dict(dossier[0]["answers"]) == {
        "bb_tre_bi_bo_roi": False,
        "giay_to_cu_tru": False,
        "vb_mang_thai_ho": False,
    }


def test_f9_held_or_pressed_twice_makes_one_dossier(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER, *[F9] * 8)
        keys.rest()
        keys.press(F9, F9)
        keys.rest()
        assert window.screen.page.due.same.isHidden(), "the second press was not asked about the first"
    assert len(rows(desk, tables.dossier)) == 1
    assert len(rows(desk, tables.print_job)) == 1


def test_an_open_dossier_of_the_same_kind_is_shown_before(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("app.ui.reception.accepting.SECOND_PRESS_MS", 60_000)  # however slow the machine
    receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER, *[F9] * 5)
        keys.rest()
        keys.press(*[F9] * 3)  # still held down
        keys.rest()
        assert len(rows(desk, tables.dossier)) == 1
        assert window.screen.page.due.same.isVisible()
        monkeypatch.setattr("app.ui.reception.accepting.SECOND_PRESS_MS", 0)
        keys.press(F9)
        keys.rest()
    assert len(rows(desk, tables.dossier)) == 2


def test_missing_papers_are_named_beside_the_list(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER)
        keys.type("2")
        keys.press(F9)
        keys.rest()
        page = window.screen.page
        assert page.refused
        assert rows(desk, tables.dossier) == []
        missing = [item.id for item in page.papers.checks.items() if item.need.value == "missing"]
        assert missing == ["giay_chung_sinh"]
        assert QApplication.focusWidget() is page.papers.checks
        keys.type("3")
        assert not page.refused
        keys.press(F9)
        keys.rest()
    codes = {row["code"] for row in rows(desk, tables.component)}
    assert "vb_nguoi_lam_chung" in codes
    assert "giay_chung_sinh" not in codes


def test_a_wrong_phone_stays_and_says_why(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER)
        keys.type("091234")
        keys.press(F9)
        keys.rest()
        phone = window.screen.page.due.phone
        assert phone.error()
        assert phone.text() == "091234"
        assert rows(desk, tables.dossier) == []


def test_a_printer_that_refuses_loses_nothing(desk, tmp_path):
    tray = PaperTray(works=False)
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER, F9)
        keys.rest()
        assert "Máy in chưa nhận" in window.screen.start.said.accessibleName()
        tray.works = True
        keys.press(Qt.Key.Key_P)
        keys.rest()
        assert window.screen.slip_page.isVisible()
        QTest.keyClick(window.screen.slip_page, ENTER)
        keys.rest()
    jobs = rows(desk, tables.print_job)
    assert [(job["state"], job["copy_no"]) for job in jobs] == [("failed", 1), ("printed", 2)]
    assert len(rows(desk, tables.dossier)) == 1


def test_a_person_without_a_card_is_typed(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.shown(None)
        person = window.screen.page.person_page.person
        assert QApplication.focusWidget() is person.name.line
        compose(person.name.line, "vi thị xuân")
        keys.press(ENTER, ENTER)
        keys.type("008198000011")
        keys.press(ENTER)
        keys.type("30022000")
        keys.press(ENTER)
        assert person.birth_date.error()
        assert person.birth_date.text() == "30022000"
        person.birth_date.line.selectAll()
        keys.type("03022000")
        keys.press(ENTER, Qt.Key.Key_Down, ENTER, ENTER)
        compose(person.address.line, "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang")
        keys.press(ENTER, ENTER)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER, ENTER, F9)
        keys.rest()
    (party,) = rows(desk, tables.party)
    assert party["full_name"] == "Vi Thị Xuân"
    assert party["birth_date"].isoformat() == "2000-02-03"
    assert party["address"]["commune_code"] == "02221"
    assert (party["sex"], party["source"]) == ("female", "typed")


def test_handing_in_for_another(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        screen = window.screen
        screen.take_card(CARD)
        screen.page.person.edit_asked.emit("proxy")
        keys.press(Qt.Key.Key_Right, ENTER)
        owner = screen.page.person_page.owner
        assert QApplication.focusWidget() is owner.name.line
        assert screen.take_card(
            CARD.replace("008198000000", "008150000001").replace("Ma Thị Hường", "Ma Văn Ba")
        )
        keys.rest()
        keys.type("ks")
        keys.press(ENTER)
        keys.press(F9)
        keys.rest()
        assert screen.page.refused, "an authorisation is asked for"
        keys.type("6")
        keys.press(F9)
        keys.rest()
    people = {row["role"]: row["full_name"] for row in rows(desk, tables.party)}
    assert people == {"owner": "Ma Văn Ba", "submitter": "Ma Thị Hường"}


def test_a_procedure_without_detail_asks_for_date_and_reason(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        compose(QApplication.focusWidget(), "1.004944")
        keys.press(ENTER)
        compose(window.screen.page.papers.free.line, "Đơn đề nghị")
        keys.press(ENTER, ENTER)
        keys.rest()
        assert QApplication.focusWidget() is window.screen.page.due.due.line
        keys.press(F9)
        keys.rest()
        assert window.screen.page.due.due.error()
        keys.type("24112026")
        keys.press(ENTER)
        compose(window.screen.page.due.due_reason.line, "theo hướng dẫn của sở")
        keys.press(F9)
        keys.rest()
        assert window.screen.page.due.due.error(), "24/11 is a holiday"
        window.screen.page.due.due.line.selectAll()
        keys.type("30112026")
        keys.press(F9)
        keys.rest()
    (dossier,) = rows(desk, tables.dossier)
    assert dossier["due_manual"]
    assert dossier["due_at"] == datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM)
    assert [row["name"] for row in rows(desk, tables.component)] == ["Đơn đề nghị"]


def test_an_unknown_fee_is_said_never_zero(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER)
        QTest.qWait(100)
        keys.rest()
        assert window.screen.page.due._total(window.screen.page.due._outlook.fees) == "Chưa có mức thu"


def test_another_card_keeps_the_first_visit_as_a_draft(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER)
        keys.press(ENTER)
        keys.type("0912345678")
        other = CARD.replace("008198000000", "008198000099").replace("Ma Thị Hường", "Lý Thị Mẩy")
        window.screen.take_card(other)
        keys.rest()
        QTest.qWait(250)
        keys.rest()
        phones = {d.body["person"]["name"]: d.body["phone"] for d in open_drafts(desk, officer(desk))}
        assert phones == {"Ma Thị Hường": "0912345678", "Lý Thị Mẩy": ""}
        assert window.screen.page.due.phone.text() == ""
        keys.press(ESC)
        keys.rest()
        assert window.screen.first_focus() is window.screen.start.search


def test_what_is_no_card_is_said_and_changes_nothing(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        use(window)
        assert window.screen.take_card("https://vidu.vn")
        assert window.screen.start.said.isVisible()
        assert open_drafts(desk, officer(desk)) == ()


def test_a_full_disk_keeps_the_form(desk, tmp_path, monkeypatch):
    from app.errors import StorageError

    def full(*_args, **_kwargs):
        raise StorageError("disk-full", "Ổ đĩa đã đầy.", "Chưa lưu gì. Dọn chỗ rồi bấm lại F9.")

    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.type("ks")
        keys.press(ENTER, ENTER)
        keys.rest()
        with monkeypatch.context() as patched:
            patched.setattr("app.ui.reception.work.receive_dossier", full)
            keys.press(F9)
            keys.rest()
        assert "Ổ đĩa đã đầy" in window.screen.page.trouble.accessibleName()
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
    assert len(rows(desk, tables.dossier)) == 1


@pytest.mark.parametrize(
    ("size", "factor", "mode"),
    [
        ((1366, 696), 1.0, Mode.LIGHT),
        ((911, 440), 1.0, Mode.LIGHT),
        ((1366, 696), 1.5, Mode.DARK),
    ],
)
def test_nothing_overlaps(desk, tmp_path, size, factor, mode):
    receive_dossier(desk, officer(desk), birth(request_id=new_id(), procedure_code="2.000635"))
    with a_screen(desk, ReceptionScreen, tmp_path, size=size, factor=factor, mode=mode) as window:
        keys = use(window)
        screen = window.screen
        assert find_overlaps(window) == []
        screen.take_card(CARD)
        keys.rest()
        assert find_overlaps(window) == []
        keys.type("ks")
        keys.press(ENTER)
        keys.rest()
        assert find_overlaps(window) == []
        keys.type("2")
        keys.press(F9)
        keys.rest()
        assert find_overlaps(window) == []
        screen.page.person.edit_asked.emit("proxy")
        keys.press(Qt.Key.Key_Right)
        keys.rest()
        assert find_overlaps(window) == []
        screen.next_citizen()
        keys.rest()
        assert find_overlaps(window) == []
