"""A backup counts only when it has been read back; without the key it shows nothing (I8)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import AppError, RuleError, StorageError
from app.models import carry_tables, tables
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.safety import backup
from app.services.safety.automatic import (
    backup_age,
    backup_due,
    keepers,
    run_automatic_backup,
)
from app.services.safety.backup import make_backup
from tests.support.desk import HUONG, birth, make_desk, officer


@pytest.fixture
def desk(tmp_path):
    opened = make_desk(tmp_path)
    received = receive_dossier(opened, officer(opened), birth())
    make_slip(opened, officer(opened), received.id)
    yield opened
    opened.close()


def test_a_backup_is_one_file_that_was_read_back(desk, tmp_path):
    made = make_backup(desk, officer(desk), tmp_path / "a.mcbackup")
    assert made.dossiers == 1
    assert made.missing == ()
    assert made.size == (tmp_path / "a.mcbackup").stat().st_size
    with desk.store.read() as connection:
        row = connection.execute(select(carry_tables.backup_made)).one()
    assert row.verified_at is not None
    assert row.name == "a.mcbackup"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcbackup", "desk"]
    assert list((desk.folder / "scratch").iterdir()) == []


def test_no_name_stands_in_a_backup(desk, tmp_path):
    content = make_backup(desk, officer(desk), tmp_path / "a.mcbackup").file.read_bytes()
    for word in (HUONG.name, HUONG.id_value or "", "canbo"):
        for coding in ("utf-8", "utf-16-le"):
            assert word.encode(coding) not in content
    assert b"SQLite format" not in content


def test_an_older_backup_stays_when_the_new_one_does_not_read_back(desk, tmp_path, monkeypatch):
    target = make_backup(desk, officer(desk), tmp_path / "a.mcbackup").file
    before = hashlib.sha256(target.read_bytes()).digest()

    def spoiled(handle, *rest):
        whole(handle, *rest)
        handle.seek(-9, 2)
        handle.write(b"x")

    whole = backup.write_container
    monkeypatch.setattr(backup, "write_container", spoiled)
    with pytest.raises(StorageError) as refused:
        make_backup(desk, officer(desk), target)
    assert refused.value.code == "backup-damaged"
    assert hashlib.sha256(target.read_bytes()).digest() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcbackup", "desk"]
    with desk.store.read() as connection:
        assert len(connection.execute(select(carry_tables.backup_made)).all()) == 1


def test_a_place_that_holds_something_else_is_left_alone(desk, tmp_path):
    other = tmp_path / "bao-cao.xlsx"
    other.write_bytes(b"PK something of the officer's")
    for target in (other, tmp_path, tmp_path / "gone" / "a.mcbackup"):
        with pytest.raises(RuleError) as refused:
            make_backup(desk, officer(desk), target)
        assert refused.value.code == "backup-target"
    assert other.read_bytes() == b"PK something of the officer's"


def test_a_kept_file_that_is_gone_is_named_and_stops_nothing(desk, tmp_path):
    with desk.store.read() as connection:
        sha256 = connection.execute(select(tables.stored_file.c.sha256)).scalars().first()
    desk.files.place_of(sha256).unlink()
    made = make_backup(desk, officer(desk), tmp_path / "a.mcbackup")
    assert made.missing == (sha256[:16],)


def test_a_full_disk_is_told_and_leaves_nothing(desk, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr(backup, "write_container", full)
    with pytest.raises(AppError) as refused:
        make_backup(desk, officer(desk), tmp_path / "a.mcbackup")
    assert refused.value.code == "disk-full"
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_automatic_backups_are_due_once_a_day_and_their_age_is_known(desk):
    now = desk.clock.now()
    assert backup_age(desk).at is None
    assert backup_due(desk, now)
    made = run_automatic_backup(desk)
    assert made.file.parent == desk.folder / "backups"
    assert backup_age(desk).at == now
    assert not backup_due(desk, now + timedelta(hours=19))
    assert backup_due(desk, now + timedelta(hours=20))
    assert backup_due(desk, now - timedelta(days=400)), "a clock set back must not stop backups for a year"


def test_older_backups_are_thinned_by_age():
    today = date(2026, 11, 23)
    dated = [
        (Path(f"motcua-{day:%Y%m%d}-{hour:02d}0000.mcbackup"), day)
        for day in (today - timedelta(days=n) for n in range(800))
        for hour in (9, 17)
    ]
    kept = sorted(path.name for path in keepers(dated, today))
    assert len(kept) <= 7 + 5 + 13
    days = [today - timedelta(days=n) for n in range(7)]
    assert all(f"motcua-{day:%Y%m%d}-170000.mcbackup" in kept for day in days)
    assert "motcua-20251231-170000.mcbackup" in kept
    assert not any(name.startswith("motcua-2024") for name in kept)


def test_the_newest_is_never_thinned_away():
    old = Path("motcua-20200101-090000.mcbackup")
    assert keepers([(old, date(2020, 1, 1))], date(2026, 11, 23)) == {old}
