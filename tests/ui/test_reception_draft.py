"""A draft outlives the power: the program is killed while an officer types, and reopens at the same field."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.models import tables
from app.services.drafts import open_drafts
from app.ui.reception.screen import ReceptionScreen
from tests.support.desk import make_desk, officer
from tests.ui.desk_screens import a_screen
from tests.ui.reception_rig import use

AT = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)
ROOT = Path(__file__).resolve().parents[2]

OFFICER = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from app.ui.reception.screen import ReceptionScreen
from tests.support.desk import make_desk
from tests.ui.desk_screens import a_screen, compose
from tests.ui.reception_rig import CARD, use
from tests.ui.test_reception_draft import AT
from app.clock import FixedClock

folder = Path(sys.argv[1])
desk = make_desk(folder, FixedClock(AT))
with a_screen(desk, ReceptionScreen, folder) as window:
    keys = use(window)
    window.screen.take_card(CARD)
    ACTS
    QTest.qWait(300)
    keys.rest()
    print("typed", flush=True)
    while True:
        QTest.qWait(50)
"""


ONE_VISIT = """
    keys.type("ks")
    keys.press(Qt.Key.Key_Return)
    keys.type("3")
    keys.press(Qt.Key.Key_Return)
    keys.type("09123")
"""

SECOND_OF_A_VISIT = """
    ENTER, page = Qt.Key.Key_Return, window.screen.page
    keys.rest()
    keys.type("ks")
    keys.press(ENTER, ENTER, Qt.Key.Key_F9)
    keys.rest()
    keys.ctrl(Qt.Key.Key_N)
    window.screen.visit.edit_person("proxy")
    keys.press(Qt.Key.Key_Right, ENTER)
    compose(page.person_page.owner.name.line, "Ma Văn Ba")
    window.screen.visit.edit_person("authority_kind")
    compose(page.person_page.authority_kind.line, "Giấy ủy quyền")
    window.screen.visit.edit_person("couple")
    keys.press(Qt.Key.Key_Space)
    compose(page.person_page.second.name.line, "Lý Thị Mẩy")
    keys.press(Qt.Key.Key_Escape)
    keys.type("ks")
    keys.press(ENTER, Qt.Key.Key_Down)
    keys.ctrl(Qt.Key.Key_K)
    keys.press(Qt.Key.Key_Right, ENTER)
    compose(page.panel.source.line, "Kho hộ tịch")
"""


def killed_while_typing(folder: Path, acts: str) -> None:
    """An officer does this, then the power goes."""
    make_desk(folder, FixedClock(AT)).close()
    with subprocess.Popen(
        [sys.executable, "-c", OFFICER.replace("    ACTS\n", acts.lstrip("\n")), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "typed\n"
        process.send_signal(signal.SIGKILL)


def test_people_papers_and_the_visit_survive_a_kill(tmp_path):
    killed_while_typing(tmp_path, SECOND_OF_A_VISIT)
    desk = make_desk(tmp_path, FixedClock(AT))
    enter, f9, f10 = Qt.Key.Key_Return, Qt.Key.Key_F9, Qt.Key.Key_F10
    try:
        (draft,) = open_drafts(desk, officer(desk), "reception")
        with a_screen(desk, ReceptionScreen, tmp_path) as window:
            keys = use(window)
            window.screen.shown({"draft": draft.id})
            keys.rest()
            page, form = window.screen.page, window.screen.visit.form
            assert QApplication.focusWidget() is page.panel.source.line
            assert page.panel.source.text() == "Kho hộ tịch"
            assert (form.owner.name, form.authority_kind, form.second.name) == (
                "Ma Văn Ba",
                "Giấy ủy quyền",
                "Lý Thị Mẩy",
            )
            keys.press(enter)
            keys.type("12092026")
            keys.press(enter, enter)
            keys.type("6")
            keys.press(f9)
            keys.rest()
            keys.press(f10)
            keys.rest()
        with desk.store.read() as connection:
            dossiers = connection.execute(select(tables.dossier)).mappings().all()
            roles = set(connection.execute(select(tables.party.c.role)).scalars())
            forms = list(connection.execute(select(tables.print_job.c.form)).scalars())
        assert len(dossiers) == 2
        assert len({row["group_id"] for row in dossiers} - {None}) == 1
        assert roles == {"owner", "submitter", "spouse"}
        assert forms.count("group") == 1
        assert open_drafts(desk, officer(desk)) == ()
    finally:
        desk.close()


def test_a_draft_survives_a_kill_and_reopens_at_the_same_field(tmp_path):
    killed_while_typing(tmp_path, ONE_VISIT)
    desk = make_desk(tmp_path, FixedClock(AT))
    try:
        (draft,) = open_drafts(desk, officer(desk), "reception")
        with a_screen(desk, ReceptionScreen, tmp_path) as window:
            keys = use(window)
            window.screen.shown({"draft": draft.id})
            keys.rest()
            page = window.screen.page
            assert QApplication.focusWidget() is page.due.phone.line
            assert page.due.phone.text() == "09123"
            assert page.papers.procedure.value() == "1.001193"
            assert "vb_nguoi_lam_chung" in page.papers.checks.checked_ids()
            assert window.screen.visit.form.person.name == "Ma Thị Hường"
            page.due.phone.line.end(False)
            keys.type("45678")
            window.screen.accept()
            keys.rest()
        with desk.store.read() as connection:
            (party,) = connection.execute(select(tables.party)).mappings().all()
        assert party["phone"] == "0912345678"
        assert open_drafts(desk, officer(desk)) == ()
    finally:
        desk.close()


def test_the_row_of_the_list_is_kept(tmp_path):
    desk = make_desk(tmp_path, FixedClock(AT))
    try:
        with a_screen(desk, ReceptionScreen, tmp_path) as window:
            from tests.ui.reception_rig import CARD

            keys = use(window)
            window.screen.take_card(CARD)
            keys.type("ks")
            keys.press(Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down)
            keys.press(Qt.Key.Key_Escape)
            keys.rest()
            (draft,) = open_drafts(desk, officer(desk), "reception")
            assert draft.focus == "papers/vb_nguoi_lam_chung"
            window.screen.open_draft(draft.id)
            keys.rest()
            assert QApplication.focusWidget() is window.screen.page.papers.checks
            assert window.screen.page.papers.checks.current_id() == "vb_nguoi_lam_chung"
    finally:
        desk.close()
