"""The full lock on the whole window: store closed, key gone, nothing shown; back to the same place (I21)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.intake.reception import receive_dossier
from app.services.people.access import officer_by_login
from app.services.safety.automatic import run_automatic_backup
from app.ui import printer
from app.ui.dossiers.opening import OpenDossier
from app.ui.reception.screen import ReceptionScreen
from app.ui.screen import Destination
from tests.support.desk import ENVIRON, birth
from tests.ui.lock_rig import a_frame, open_files, secrets_of, texts_on_screen
from tests.ui.shell_rig import CARD, StalledLine, wait_for

MARKERS = ("Ma Thị Hường", "008198000000", "0900000123", "Nà Mẫu")


def test_after_the_lock_nothing_of_the_store_is_left_in_the_process(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    with a_frame(tmp_path, counted=True) as whole:
        key, audit = secrets_of(folder)
        desk = whole.work.runtime.desk
        received = receive_dossier(desk, officer_by_login(desk, "canbo"), birth())
        whole.work.go_to(Destination("dossier", OpenDossier(received.id)))
        whole.settle()
        assert open_files(folder) and key.holders() and audit.holders()
        assert any(marker in texts_on_screen() for marker in MARKERS), "the search can find"
        QApplication.clipboard().setText("008198000000")
        del desk
        whole.lock()
        assert open_files(folder) == []
        assert (key.holders(), audit.holders()) == (0, 0)
        assert [marker for marker in MARKERS if marker in texts_on_screen()] == []
        assert QApplication.clipboard().text() == ""
        assert whole.door.environ == {}, "the phrase goes with the key"
        whole.unlock()
        shown = whole.work.screen_shown
        assert shown is not None and shown.name == "dossier"
        assert shown.opening().dossier_id == received.id
        assert "Ma Thị Hường" in texts_on_screen()


def test_a_draft_is_kept_and_comes_back_where_it_was(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        whole.work.go_to(Destination("reception", {"card": CARD}))
        whole.settle()
        whole.lock()
        assert "Hường" not in texts_on_screen()
        whole.unlock()
        screen = whole.work.screen_shown
        assert isinstance(screen, ReceptionScreen)
        assert screen.visit.form is not None and screen.visit.form.person.name == "Ma Thị Hường"


def test_another_officer_begins_at_his_own_place(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        whole.work.go_to(Destination("reception", {"card": CARD}))
        whole.settle()
        whole.lock()
        whole.unlock(login="lanhdao")
        assert whole.work.officer is not None and whole.work.officer.login == "lanhdao"
        assert "Hường" not in texts_on_screen()


def test_a_command_line_beside_works_while_the_window_is_locked(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        whole.lock()
        words = (sys.executable, "-m", "app", "--data", str(tmp_path / "desk"), "--json", "check")
        done = subprocess.run(words, capture_output=True, env={**ENVIRON, "PATH": "/usr/bin"}, timeout=60)
        assert json.loads(done.stdout)["ok"] is True
        whole.unlock()
        assert whole.work.officer is not None


def test_who_is_not_let_in_leaves_no_open_store(tmp_path: Path) -> None:
    with a_frame(tmp_path, counted=True) as whole:
        key, _ = secrets_of(tmp_path / "desk")
        whole.lock()
        whole.unlock("sai mat khau")
        assert whole.frame.work is None
        assert "chưa đúng" in whole.page.card.password.error()
        assert open_files(tmp_path / "desk") == [] and key.holders() == 0
        QTest.keyClicks(whole.page.card.phrase.line, "cum khac")
        whole.page.card.press()
        assert wait_for(lambda: bool(whole.page.card.phrase.error()), 10_000)
        assert whole.page.card.phrase.line.hasFocus()


def test_locked_and_opened_again_and_again(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        threads = threading.active_count()
        for _ in range(3):
            whole.lock()
            assert open_files(tmp_path / "desk") == []
            whole.unlock()
            assert whole.work.officer is not None
        assert threading.active_count() <= threads + 1
        assert len(open_files(tmp_path / "desk")) <= 8


def test_a_round_that_hangs_on_the_line_is_left(tmp_path: Path) -> None:
    lines: list[StalledLine] = []

    def line() -> StalledLine:
        lines.append(StalledLine())
        return lines[-1]

    with a_frame(tmp_path, sync=line) as whole:
        assert wait_for(lambda: lines[0].rounds > 0)
        began = monotonic()
        whole.lock()
        assert lines[0].stopped and monotonic() - began < 3
        whole.unlock()
        assert len(lines) == 2 and not lines[1].stopped


def test_a_backup_under_way_is_finished_behind_the_page(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        go_on, begun = threading.Event(), threading.Event()
        runtime = whole.work.runtime
        made: list[object] = []

        def copy() -> None:
            begun.set()
            go_on.wait(10)
            made.append(run_automatic_backup(runtime.desk))

        whole.work.background.aside(copy, owner=whole.work)
        assert begun.wait(5)
        whole.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        QTest.qWait(150)
        assert not whole.frame.is_shut() and not whole.page.card.isEnabled(), "nobody comes in meanwhile"
        assert whole.frame.work is None and whole.page.isVisible(), "but nothing is shown"
        go_on.set()
        assert wait_for(whole.frame.is_shut, 20_000)
        assert len(made) == 1 and open_files(tmp_path / "desk") == []
        assert len(list((tmp_path / "desk" / "backups").glob("*.mcbackup"))) == 1


def test_a_paper_on_its_way_holds_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's queue may take minutes: it holds the paper and whom to tell, and no key."""
    waiting: list[object] = []
    monkeypatch.setattr(printer.system_queue, "is_there", lambda: True)
    monkeypatch.setattr(printer.PrintJob, "start", lambda job, *_paper: waiting.append(job))
    with a_frame(tmp_path, counted=True) as whole:
        key, audit = secrets_of(tmp_path / "desk")
        screen = whole.work.screen_shown
        whole.work.printer.print_pdf(b"%PDF-1.4", "giay", lambda _q, of=screen: of.context.runtime.desk)
        whole.lock()
        assert waiting and (key.holders(), audit.holders()) == (0, 0)
        assert open_files(tmp_path / "desk") == []
        waiting.clear()


def test_behind_the_idle_lock_the_store_can_still_be_closed(tmp_path: Path) -> None:
    with a_frame(tmp_path) as whole:
        whole.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert whole.work.sign_in.isVisible() and open_files(tmp_path / "desk")
        whole.work.sign_in.shut.click()
        assert wait_for(whole.frame.is_shut, 10_000)
        assert open_files(tmp_path / "desk") == []
