"""A broken PC to a working desk: by passphrase or printed words, whole or not at all (I9)."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.errors import AppError, NotFoundError, RuleError, StorageError
from app.models import epochs, tables
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.safety.backup import make_backup
from app.services.safety.check import check_desk
from app.services.safety.restore import restore_backup
from app.services.setup import init_desk, open_desk
from tests.support.desk import ENVIRON, MONDAY, birth, make_desk, officer, reference

OTHER_PC = {"MOTCUA_PASSPHRASE": "cum mat khau cua may khac"}


@pytest.fixture
def backup(tmp_path):
    desk = make_desk(tmp_path)
    received = receive_dossier(desk, officer(desk), birth())
    make_slip(desk, officer(desk), received.id)
    made = make_backup(desk, officer(desk), tmp_path / "a.mcbackup").file
    desk.close()
    return made


def reopened(folder, environ=ENVIRON):
    return open_desk(folder, FixedClock(MONDAY), reference=reference(), environ=environ)


def test_the_desk_works_again_with_queue_files_and_a_new_epoch(backup, tmp_path):
    restored = restore_backup(backup, tmp_path / "new", FixedClock(MONDAY), ENVIRON)
    assert restored.dossiers == 1
    assert check_desk(tmp_path / "new", ENVIRON).problems == ()
    desk = reopened(tmp_path / "new")
    with desk.store.read() as connection:
        streams = connection.execute(select(tables.stream).order_by(tables.stream.c.position)).all()
        waiting = connection.execute(
            select(tables.event.c.type).where(tables.event.c.epoch == restored.epoch)
        )
        assert sorted(waiting.scalars()) == ["dossier.received", "stream.opened"]
    assert [stream.reason for stream in streams] == ["installed", "restored"]
    assert streams[1].parent_epoch == streams[0].epoch
    assert streams[0].mark != streams[1].mark
    receive_dossier(desk, officer(desk), birth())
    desk.close()


def test_the_words_alone_open_it_on_another_pc(tmp_path):
    home = tmp_path / "home"
    made = init_desk(home, FixedClock(MONDAY), demo=True, environ=ENVIRON)
    desk = reopened(home)
    backup = make_backup(desk, officer(desk), tmp_path / "a.mcbackup").file
    desk.close()
    with pytest.raises(StorageError) as refused:
        restore_backup(backup, tmp_path / "b", FixedClock(MONDAY), {})
    assert refused.value.code == "key-unreachable"
    wrong = {**OTHER_PC, "MOTCUA_RECOVERY": "bobob " * 9}
    with pytest.raises(StorageError) as refused:
        restore_backup(backup, tmp_path / "b", FixedClock(MONDAY), wrong)
    assert refused.value.code == "wrong-recovery-words"
    assert not (tmp_path / "b").exists()
    restore_backup(
        backup, tmp_path / "b", FixedClock(MONDAY), {**OTHER_PC, "MOTCUA_RECOVERY": made.recovery_words}
    )
    reopened(tmp_path / "b", OTHER_PC).close()
    again = restore_backup(
        backup, tmp_path / "c", FixedClock(MONDAY), {**OTHER_PC, "MOTCUA_RECOVERY": made.recovery_words}
    )
    assert again.folder == tmp_path / "c"


def test_two_copies_of_one_pc_never_give_the_same_number(backup, tmp_path, monkeypatch):
    drawn = iter(("BCF", "GHK"))
    monkeypatch.setattr(epochs, "draw_mark", lambda _: next(drawn))
    numbers, lines = [], []
    for name in ("one", "two", "desk"):
        if name != "desk":
            restore_backup(backup, tmp_path / name, FixedClock(MONDAY), ENVIRON)
        desk = reopened(tmp_path / name)
        for _ in range(3):
            received = receive_dossier(desk, officer(desk), birth())
            numbers.append(received.number)
            with desk.store.read() as connection:
                row = connection.execute(
                    select(tables.dossier).where(tables.dossier.c.id == received.id)
                ).one()
            lines.append((row.register_book, row.register_no))
        desk.close()
    assert len(set(numbers)) == 9
    assert len(set(lines)) == 9


def test_a_folder_that_holds_something_is_left_alone(backup, tmp_path):
    with pytest.raises(RuleError) as refused:
        restore_backup(backup, tmp_path / "desk", FixedClock(MONDAY), ENVIRON)
    assert refused.value.code == "restore-target"
    assert check_desk(tmp_path / "desk", ENVIRON).ok


def test_an_empty_folder_is_taken(backup, tmp_path):
    (tmp_path / "new").mkdir()
    restore_backup(backup, tmp_path / "new", FixedClock(MONDAY), ENVIRON)
    assert check_desk(tmp_path / "new", ENVIRON).ok


@pytest.mark.parametrize("spoil", ["cut", "flip", "added", "other", "empty", "public"])
def test_a_spoiled_backup_is_refused_and_leaves_nothing(backup, tmp_path, spoil):
    content = bytearray(backup.read_bytes())
    if spoil == "cut":
        del content[-100:]
    elif spoil == "flip":
        content[len(content) // 2] ^= 1
    elif spoil == "added":
        content += b"more"
    elif spoil == "other":
        content[:4] = b"PK\3\4"
    elif spoil == "empty":
        content.clear()
    else:
        at = content.index(b'"wrapped"') + 14
        content[at] = content[at] ^ 1
    backup.write_bytes(content)
    with pytest.raises(AppError) as refused:
        restore_backup(backup, tmp_path / "new", FixedClock(MONDAY), ENVIRON)
    assert refused.value.exit_code == 5
    assert refused.value.next_step
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcbackup", "desk"]


def test_no_file_is_told(tmp_path):
    with pytest.raises(NotFoundError):
        restore_backup(tmp_path / "gone.mcbackup", tmp_path / "new", FixedClock(MONDAY), ENVIRON)


def test_the_old_store_is_not_needed(backup, tmp_path):
    shutil.rmtree(tmp_path / "desk")
    restore_backup(backup, tmp_path / "new", FixedClock(MONDAY), ENVIRON)
    assert check_desk(tmp_path / "new", ENVIRON).ok
