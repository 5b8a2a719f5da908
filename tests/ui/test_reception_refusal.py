"""What can be done where papers lack: guidance in writing, a leader's word, a line in the register."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.models import tables
from app.models.life_tables import component_override, guidance
from app.services.drafts import open_drafts
from app.services.intake.reception import receive_dossier
from app.ui.reception.form import Form, body_of, form_of
from app.ui.reception.screen import ReceptionScreen
from app.ui.widgets import Mode
from tests.support.desk import birth, demo_password, make_desk, officer
from tests.support.layout_check import find_overlaps
from tests.ui.desk_screens import PaperTray, a_screen, compose
from tests.ui.reception_rig import CARD, use

AFTERNOON = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
ENTER, F6, F7, F9, ESC = (
    Qt.Key.Key_Return,
    Qt.Key.Key_F6,
    Qt.Key.Key_F7,
    Qt.Key.Key_F9,
    Qt.Key.Key_Escape,
)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(AFTERNOON))
    yield desk
    desk.close()


def rows(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(table)).mappings().all()


def told(desk):
    """Events of dossiers, without the one that opens the desk's stream."""
    return [row for row in rows(desk, tables.event) if row["dossier_id"] is not None]


def lacking(window):
    """A birth without the paper of the birth, refused."""
    keys = use(window)
    window.screen.take_card(CARD)
    keys.rest()
    keys.type("ks")
    keys.press(ENTER)
    keys.type("2")
    keys.press(F9)
    keys.rest()
    assert window.screen.visit.refusal
    return keys


def test_guidance_goes_out_in_writing_and_the_counter_is_free(desk, tmp_path):
    tray = PaperTray()
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        keys = lacking(window)
        keys.press(F6, F6)
        keys.rest()
        (slip,) = rows(desk, guidance)
        assert slip["person"] == "Ma Thị Hường"
        assert [item["note"] for item in slip["items"]] == ["một trong các giấy tờ này"]
        said = window.screen.start.said.accessibleName()
        assert slip["book"].replace("/", "-") in said and "đã in phiếu hướng dẫn" in said
        assert window.screen.first_focus() is window.screen.start.search
        assert len(tray.jobs) == 1
        assert "Hường" not in tray.jobs[0][1]
    assert [(job["form"], job["state"]) for job in rows(desk, tables.print_job)] == [("guidance", "printed")]
    assert rows(desk, tables.dossier) == []
    assert told(desk) == []
    assert open_drafts(desk, officer(desk)) == ()


def test_guidance_without_f9_before_and_a_dead_printer(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path, printer=PaperTray(works=False)) as window:
        keys = use(window)
        window.screen.take_card(CARD)
        keys.rest()
        keys.type("ks")
        keys.press(ENTER, F6)
        assert "Không thiếu" in window.screen.page.trouble.accessibleName()
        QTest.qWait(400)
        keys.type("2")
        keys.press(F6)
        keys.rest()
        assert "Máy in chưa nhận" in window.screen.start.said.accessibleName()
    assert [job["state"] for job in rows(desk, tables.print_job)] == ["failed"]


def test_a_leader_agrees_beside_the_officer(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = lacking(window)
        override = window.screen.page.refusal.override
        keys.press(F7)
        keys.rest()
        assert QApplication.focusWidget() is override.note.line
        keys.press(F9)
        assert "vì sao" in override.note.error()
        compose(override.note.line, "mất giấy tờ vì lũ")
        keys.press(ENTER)
        keys.type("lanhdao")
        keys.press(ENTER)
        compose(override.password.line, "sai rồi")
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
        assert "chưa đúng" in override.password.error()
        assert override.password.text() == "", "a password is never left standing"
        assert rows(desk, tables.dossier) == []
        compose(override.password.line, demo_password())
        QTest.qWait(400)
        keys.press(ENTER)
        keys.rest()
        assert override.password.text() == ""
    by, leader = officer(desk), officer(desk, "lanhdao")
    (row,) = rows(desk, component_override)
    assert (row["approved_by"], row["reason"]) == (leader.id, "mất giấy tờ vì lũ")
    (event,) = told(desk)
    actor = json.loads(event["body"])["actor"]
    assert (actor["officer_id"], actor["approved_by"]) == (by.id, leader.id)
    audit = [(line["act"], line["officer_id"]) for line in rows(desk, tables.audit)]
    assert ("override", leader.id) in audit
    assert ("receive", by.id) in audit
    assert len(rows(desk, tables.print_job)) == 1


def test_an_officer_of_the_same_rank_is_no_leader(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = lacking(window)
        override = window.screen.page.refusal.override
        keys.press(F7)
        compose(override.note.line, "vội")
        keys.press(ENTER)
        keys.type("canbo")
        keys.press(ENTER)
        compose(override.password.line, demo_password())
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
        assert "không ký thay lãnh đạo" in override.login.error()
    assert rows(desk, tables.dossier) == []


def test_a_leader_at_the_counter_answers_for_himself(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path, by=officer(desk, "lanhdao")) as window:
        keys = lacking(window)
        override = window.screen.page.refusal.override
        keys.press(F7)
        keys.rest()
        assert not override.needs_leader
        compose(override.note.line, "hộ neo đơn")
        QTest.qWait(400)
        keys.press(ENTER)
        keys.rest()
    assert [row["approved_by"] for row in rows(desk, component_override)] == [officer(desk, "lanhdao").id]


def test_esc_takes_the_leaders_word_back(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = lacking(window)
        keys.press(F7)
        compose(window.screen.page.refusal.override.note.line, "chưa chắc")
        keys.press(ESC)
        assert QApplication.focusWidget() is window.screen.page.papers.checks
        QTest.qWait(400)
        keys.press(F9)
        keys.rest()
        assert window.screen.visit.refusal, "the reason alone does not take it in"
    assert rows(desk, tables.dossier) == []


def test_only_that_the_citizen_came(desk, tmp_path):
    tray = PaperTray()
    with a_screen(desk, ReceptionScreen, tmp_path, printer=tray) as window:
        keys = lacking(window)
        QTest.qWait(400)
        keys.ctrl(Qt.Key.Key_G)
        keys.rest()
        assert "Đã ghi đã đến" in window.screen.start.said.accessibleName()
    (dossier,) = rows(desk, tables.dossier)
    assert (dossier["status"], dossier["procedure_code"]) == (1, "1.001193")
    assert told(desk) == []
    assert tray.jobs == []


def test_the_same_open_dossier_is_said_above_the_refusal(desk, tmp_path):
    receive_dossier(desk, officer(desk), birth())
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = lacking_same(window)
        assert "Đang có hồ sơ" in window.screen.page.trouble.accessibleName()
        assert len(rows(desk, tables.dossier)) == 1
        QTest.qWait(400)
        keys.ctrl(Qt.Key.Key_G)
        keys.rest()
    assert len(rows(desk, tables.dossier)) == 2


def lacking_same(window):
    keys = use(window)
    window.screen.take_card(CARD)
    keys.rest()
    keys.type("ks")
    keys.press(ENTER)
    keys.type("2")
    keys.press(F7, ESC)
    keys.ctrl(Qt.Key.Key_G)
    keys.rest()
    return keys


def test_a_draft_goes_on_at_the_leaders_reason_and_keeps_no_password(desk, tmp_path):
    with a_screen(desk, ReceptionScreen, tmp_path) as window:
        keys = lacking(window)
        override = window.screen.page.refusal.override
        keys.press(F7)
        keys.rest()
        compose(override.note.line, "mất giấy tờ")
        keys.press(ENTER)
        keys.type("lanhdao")
        keys.press(ENTER)
        compose(override.password.line, "bi mat nao do")
        override.note.line.setFocus()
        window.screen.hidden()
        keys.rest()
        (draft,) = open_drafts(desk, officer(desk))
        assert draft.focus == "override_note"
        assert draft.body["override_note"] == "mất giấy tờ"
        assert "bi mat" not in json.dumps(draft.body, ensure_ascii=False)
        window.screen.next_citizen()
        keys.rest()
        assert override.password.text() == ""
        window.screen.open_draft(draft.id)
        keys.rest()
        assert QApplication.focusWidget() is override.note.line
        assert override.note.text() == "mất giấy tờ"
        assert window.screen.page.refused


def test_the_form_goes_there_and_back():
    form = Form("r", override_note="mất giấy tờ")
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
        keys = lacking(window)
        assert find_overlaps(window) == []
        keys.press(F7)
        keys.rest()
        keys.press(F9)
        keys.rest()
        assert find_overlaps(window) == []
