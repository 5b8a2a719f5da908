"""The window copies the desk by itself, beside the work, and says so when it could not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.desk import write_setting
from app.services.intake.reception import receive_dossier
from app.services.safety.automatic import FOLDER_SETTING, BackupAge, backup_age, worked_since_backup
from app.settings import Settings
from app.ui.background import Background
from app.ui.ports import Runtime
from app.ui.safekeeping import Safekeeping
from app.ui.today.screen import backup_words
from tests.support.desk import MONDAY, birth, make_desk, officer


@pytest.fixture
def desk(tmp_path, qtbot):
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


def kept(desk, qtbot, said):
    background = Background(pytest.fail)
    runtime = Runtime(desk, Settings(), None, lambda _: None, pytest.fail, desk.folder, lambda: 0)
    safekeeping = Safekeeping(runtime, background, said.append, background)
    safekeeping.look()
    qtbot.waitUntil(background.is_idle, timeout=15_000)
    background.close()


def test_a_desk_without_a_copy_is_copied_once(desk, qtbot):
    assert worked_since_backup(desk)
    said: list[str] = []
    kept(desk, qtbot, said)
    kept(desk, qtbot, said)
    assert backup_age(desk).at == MONDAY
    assert len(list((desk.folder / "backups").glob("*.mcbackup"))) == 1
    assert said == []


def test_work_after_the_copy_calls_for_another_at_close(desk, qtbot):
    kept(desk, qtbot, [])
    assert not worked_since_backup(desk)
    desk.clock.advance(timedelta(minutes=1))
    receive_dossier(desk, officer(desk), birth())
    assert worked_since_backup(desk)


def test_a_stick_that_is_gone_is_told(desk, qtbot, tmp_path):
    with desk.store.write() as connection:
        write_setting(connection, FOLDER_SETTING, str(tmp_path / "usb"))
    said: list[str] = []
    kept(desk, qtbot, said)
    assert len(said) == 1
    assert "sao lưu" in said[0]
    assert backup_age(desk).at is None


def test_the_age_in_words():
    assert backup_words(BackupAge(None), MONDAY) == "Chưa có bản sao lưu nào"
    assert backup_words(BackupAge(MONDAY), MONDAY + timedelta(hours=3)) == "Đã sao lưu lúc 09:00"
    assert backup_words(BackupAge(MONDAY), MONDAY + timedelta(days=3)) == "Sao lưu gần nhất: 3 ngày trước"
