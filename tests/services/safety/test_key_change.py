"""Another key for the desk: old or new opens, never neither; old words end with it, old backups do not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep

import pytest
from sqlalchemy import select

from app import keys
from app.clock import FixedClock
from app.errors import RuleError, StorageError
from app.models import database, tables
from app.models.database import STORE_FILE, connect
from app.models.files import FileStore
from app.services.audit.verify import verify_audit
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.privacy.past_term import Prints
from app.services.safety import key_change
from app.services.safety.backup import make_backup
from app.services.safety.check import check_desk
from app.services.safety.key_change import WARNING, change_key, key_that_opens, new_sheet
from app.services.safety.recovery_sheet import recovery_sheet
from app.services.safety.restore import restore_backup
from app.services.setup import init_desk, open_desk
from tests.models.test_keys import FakeKeyStore
from tests.support.desk import ENVIRON, MONDAY, birth, demo_password, make_desk, officer, reference

CLOCK = FixedClock(MONDAY)
OTHER_PC = {"MOTCUA_PASSPHRASE": "cum mat khau cua may khac"}


def reopened(folder: Path, environ: dict[str, str] = ENVIRON) -> Desk:
    return open_desk(folder, CLOCK, reference=reference(), environ=environ)


def with_papers(desk: Desk, count: int = 2) -> None:
    for _ in range(count):
        received = receive_dossier(desk, officer(desk), birth())
        make_slip(desk, officer(desk), received.id)


def papers(desk: Desk) -> list[bytes]:
    with desk.store.read() as connection:
        names = connection.execute(select(tables.stored_file.c.sha256)).scalars().all()
    return [desk.files.get(name) for name in names]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A closed desk with kept papers, and its recovery words."""
    made = init_desk(tmp_path / "desk", CLOCK, demo=True, environ=ENVIRON)
    desk = reopened(made.folder)
    with_papers(desk)
    desk.close()
    yield made.folder, made.recovery_words


def test_everything_opens_with_the_new_key_and_nothing_with_the_old(home: tuple[Path, str]) -> None:
    folder, words = home
    old = keys.open_key(folder, ENVIRON)
    desk = reopened(folder)
    boss, before, anchor = officer(desk, "quantri"), papers(desk), verify_audit(desk, officer(desk))
    desk.close()
    made = change_key(folder, boss, CLOCK, ENVIRON)
    new = keys.open_key(folder, ENVIRON)
    assert old != new and made.unread == ()
    with pytest.raises(StorageError):
        connect(folder / STORE_FILE, old)
    desk = reopened(folder)
    assert papers(desk) == before and len(before) == 2
    told = verify_audit(desk, officer(desk))
    assert anchor.ok and told.ok and told.rows == anchor.rows + 1
    with desk.store.read() as connection:
        last = connection.execute(select(tables.audit).order_by(tables.audit.c.seq.desc())).first()
        assert last is not None and (last.act, last.officer_id) == ("change_key", boss.id)
        noted = connection.execute(select(tables.notice.c.body)).scalars().all()
        assert noted == [WARNING], "the mark still fits"
        names = connection.execute(select(tables.stored_file.c.sha256)).scalars().all()
    left = FileStore(folder / "files", old)
    assert not any(left.has(name) for name in names), "no file of the old key stays"
    with_papers(desk, 1)
    desk.close()
    assert check_desk(folder, ENVIRON).problems == ()
    with pytest.raises(StorageError):
        keys.open_with_recovery(folder, words)
    assert keys.open_with_recovery(folder, made.recovery_words) == new


def test_a_second_change_works_like_the_first(home: tuple[Path, str]) -> None:
    folder, _ = home
    for _ in range(2):
        desk = reopened(folder)
        boss = officer(desk, "quantri")
        desk.close()
        change_key(folder, boss, CLOCK, ENVIRON)
    assert check_desk(folder, ENVIRON).problems == ()
    desk = reopened(folder)
    assert verify_audit(desk, officer(desk)).ok and len(papers(desk)) == 2
    desk.close()


def test_a_backup_from_before_opens_with_the_sheet_of_its_time(
    home: tuple[Path, str], tmp_path: Path
) -> None:
    folder, words = home
    desk = reopened(folder)
    boss = officer(desk, "quantri")
    backup = make_backup(desk, boss, tmp_path / "truoc.mcbackup").file
    desk.close()
    made = change_key(folder, boss, CLOCK, ENVIRON)
    desk = reopened(folder)
    after = make_backup(desk, boss, tmp_path / "sau.mcbackup").file
    desk.close()
    for source, right, wrong in ((backup, words, made.recovery_words), (after, made.recovery_words, words)):
        with pytest.raises(StorageError) as refused:
            restore_backup(source, tmp_path / "sai", CLOCK, {**OTHER_PC, "MOTCUA_RECOVERY": wrong})
        assert refused.value.code == "wrong-recovery-words"
        into = tmp_path / source.stem
        restore_backup(source, into, CLOCK, {**OTHER_PC, "MOTCUA_RECOVERY": right})
        again = reopened(into, OTHER_PC)
        assert len(papers(again)) == 2
        assert verify_audit(again, officer(again)).ok
        again.close()


def test_the_key_store_holds_the_new_key_and_lets_the_old_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeKeyStore()
    gone: list[str] = []
    monkeypatch.setattr(
        FakeKeyStore, "delete_password", lambda _s, _n, name: gone.append(name), raising=False
    )
    monkeypatch.setattr(keys, "_system_key_store", lambda: store)
    made = init_desk(tmp_path / "desk", CLOCK, demo=True, environ={})
    desk = reopened(made.folder, {})
    boss = officer(desk, "quantri")
    backup = make_backup(desk, boss, tmp_path / "a.mcbackup").file
    desk.close()
    change_key(made.folder, boss, CLOCK, {})
    assert gone == [made.desk_id]
    new = keys.open_key(made.folder, {})
    restore_backup(backup, tmp_path / "copy", CLOCK, {"MOTCUA_RECOVERY": made.recovery_words})
    assert keys.open_key(made.folder, {}) == new, "a copy of the desk never takes the key's place"
    reopened(made.folder, {}).close()
    reopened(tmp_path / "copy", {}).close()


def test_only_an_administrator_and_only_while_nobody_writes(
    home: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, words = home
    monkeypatch.setattr(database, "TURN_SECONDS", 0.2)
    desk = reopened(folder)
    clerk, boss = officer(desk), officer(desk, "quantri")
    with pytest.raises(RuleError):
        change_key(folder, clerk, CLOCK, ENVIRON)
    busy = connect(folder / STORE_FILE, keys.open_key(folder, ENVIRON))
    busy.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as refused:
        change_key(folder, boss, CLOCK, ENVIRON)
    assert refused.value.code == "store-busy"
    busy.close()
    desk.close()
    assert keys.open_with_recovery(folder, words) == keys.open_key(folder, ENVIRON)
    assert check_desk(folder, ENVIRON).problems == ()


def test_what_was_let_go_at_its_term_is_no_damage_and_leaves_with_its_key(home: tuple[Path, str]) -> None:
    """Also where a power cut came between the row and the bytes."""
    folder, _ = home
    desk = reopened(folder)
    boss, before = officer(desk, "quantri"), papers(desk)
    Prints(desk, MONDAY + timedelta(days=1)).let_go(boss, 1)
    with desk.store.read() as connection:
        c = tables.stored_file.c
        gone = connection.execute(select(c.sha256).where(c.purpose == "erased")).scalar_one()
    desk.files.put(next(each for each in before if hashlib.sha256(each).hexdigest() == gone))
    left = desk.files.place_of(gone)
    desk.close()
    assert left.exists()
    assert change_key(folder, boss, CLOCK, ENVIRON).unread == ()
    assert not left.exists()
    assert len([each for each in (folder / "files").rglob("*") if each.is_file()]) == 1


def test_acts_lost_before_the_change_are_still_told_after_it(home: tuple[Path, str]) -> None:
    """The mark is signed anew as it was, not at the end the store has now."""
    folder, _ = home
    older = (folder / STORE_FILE).read_bytes()
    desk = reopened(folder)
    with_papers(desk, 2)
    boss = officer(desk, "quantri")
    desk.close()
    (folder / STORE_FILE).write_bytes(older)
    change_key(folder, boss, CLOCK, ENVIRON)
    desk = reopened(folder)
    with desk.store.read() as connection:
        told = connection.execute(select(tables.notice.c.body)).scalars().all()
    desk.close()
    (lost,) = [each for each in told if each != WARNING]
    assert "thiếu những việc cuối" in lost and len(told) == 2


def test_a_new_sheet_ends_the_old_one(home: tuple[Path, str]) -> None:
    folder, words = home
    desk = reopened(folder)
    boss = officer(desk, "quantri")
    new = new_sheet(desk, boss)
    assert recovery_sheet(desk, boss, new).startswith(b"%PDF-")
    with pytest.raises(RuleError):
        recovery_sheet(desk, boss, words)
    with pytest.raises(RuleError):
        recovery_sheet(desk, officer(desk), new)
    assert keys.open_with_recovery(folder, new) == desk.store.key
    desk.close()


CHANGE = ("change", "--no-backup")


def command(folder: Path, failpoint: str, key: Sequence[str] = CHANGE) -> tuple[list[str], dict[str, str]]:
    environ = {**os.environ, **ENVIRON, "MOTCUA_FAILPOINT": failpoint, "MOTCUA_PASSWORD": demo_password()}
    words = ("--data", str(folder), "--as", "quantri", "--json", "key", *key)
    return [sys.executable, "-m", "app", *words], environ


def motcua(
    folder: Path, failpoint: str = "", key: Sequence[str] = CHANGE
) -> subprocess.CompletedProcess[bytes]:
    words, environ = command(folder, failpoint, key)
    return subprocess.run(words, env=environ, capture_output=True, timeout=180, check=False)


def whole_again(folder: Path) -> None:
    """Whichever key it is: everything is there, once, and the change is over; whoever opens a desk whose key
    changed reads that the old sheet opens it no more."""
    assert check_desk(folder, ENVIRON).problems == (), "also before anybody opens it"
    key = key_that_opens(folder, ENVIRON)
    desk = reopened(folder)
    assert len(papers(desk)) == 2 and verify_audit(desk, officer(desk)).ok
    assert desk.store.key == key
    with desk.store.read() as connection:
        acts = connection.execute(select(tables.audit.c.act)).scalars().all()
        assert acts.count("change_key") <= 1
        read = connection.execute(select(tables.notice.c.body)).scalars().all()
        assert read == [WARNING] * acts.count("change_key")
    desk.close()
    assert keys.NEXT not in keys.read_desk_file(folder)
    files = [each for each in (folder / "files").rglob("*") if each.is_file()]
    assert len(files) == 2, "no file of the other key stays"


POINTS = (
    *("before_rename@1", "after_rename@1", "before_rename@2", "after_reseal@1", "after_reseal@2"),
    *("before_rekey", "after_rekey", "after_drop@1", "after_drop@2", "before_key_kept", "after_key_kept"),
    *("before_commit@2", "after_commit@2", "before_commit@3", "after_commit@3"),
)


@pytest.fixture
def desk_folder(tmp_path: Path) -> Path:
    desk = make_desk(tmp_path)
    with_papers(desk)
    desk.close()
    return desk.folder


@pytest.mark.parametrize("point", POINTS)
def test_a_cut_leaves_the_old_key_or_the_new_one(desk_folder: Path, point: str) -> None:
    name, _, count = point.partition("@")
    assert motcua(desk_folder, f"{name}:kill@{count or 1}").returncode == -9
    whole_again(desk_folder)


def test_after_a_cut_it_can_be_done_again(desk_folder: Path) -> None:
    assert motcua(desk_folder, "before_rekey:kill").returncode == -9
    assert motcua(desk_folder).returncode == 0
    whole_again(desk_folder)


@pytest.mark.parametrize("point", ["before_rename", "after_reseal", "before_rekey"])
def test_a_disk_that_fails_leaves_the_old_key(desk_folder: Path, point: str) -> None:
    old = keys.open_key(desk_folder, ENVIRON)
    ended = motcua(desk_folder, f"{point}:fail")
    assert (ended.returncode, json.loads(ended.stdout)["error"]["code"]) == (5, "disk-full")
    assert keys.open_key(desk_folder, ENVIRON) == old
    whole_again(desk_folder)


def test_a_disk_that_fails_once_the_store_has_the_new_key_does_not_hide_its_words(desk_folder: Path) -> None:
    ended = motcua(
        desk_folder, "after_rekey:fail", ("change", "--no-backup", "--sheet", str(unwritable(desk_folder)))
    )
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["sheet"]) == (0, None)
    whole_again(desk_folder)
    assert keys.open_with_recovery(desk_folder, told["recovery_words"]) == keys.open_key(desk_folder, ENVIRON)


def test_where_the_disk_lets_nobody_see_which_key_holds_neither_is_claimed(
    home: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told as refused though it held; the notice then tells the next who opens the desk."""
    folder, _ = home
    desk = reopened(folder)
    boss = officer(desk, "quantri")
    desk.close()
    rekey, connect, refusing = key_change._rekey, key_change.connect, []

    def then_dead(*given: object) -> None:
        rekey(*given)  # type: ignore[arg-type]
        refusing.append(True)

    def opened(*given: object, **more: object) -> object:
        if refusing:
            raise StorageError("read-only", "Không ghi được.", "Kiểm tra ổ đĩa.")
        return connect(*given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(key_change, "_rekey", then_dead)
        patch.setattr(key_change, "connect", opened)
        with pytest.raises(StorageError) as caught:
            key_change.change_key(folder, boss, CLOCK, ENVIRON)
    assert caught.value.code == "key-change-unsure"
    desk = reopened(folder)
    with desk.store.read() as connection:
        assert connection.execute(select(tables.notice.c.body)).scalars().all() == [WARNING]
    desk.close()


def unwritable(folder: Path) -> Path:
    """A new file by its name, in a folder that is there; beside it no second name fits on the disk."""
    return folder.parent / f"{'t' * 250}.pdf"


def test_a_sheet_that_was_refused_leaves_the_old_one(desk_folder: Path) -> None:
    folder, before = desk_folder, keys.read_desk_file(desk_folder)["recovery"]
    ended = motcua(folder, "after_rename:fail", ("sheet",))
    assert ended.returncode == 5, ended.stdout
    assert keys.read_desk_file(folder)["recovery"] == before
    desk = reopened(folder)
    with desk.store.read() as connection:
        acts = connection.execute(select(tables.audit.c.act)).scalars().all()
    desk.close()
    assert "new_recovery_sheet" not in acts


@pytest.mark.parametrize("seed", range(3))
def test_a_cut_at_any_moment(desk_folder: Path, seed: int) -> None:
    words, environ = command(desk_folder, "")
    child = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sleep(Random(seed).uniform(0.6, 2.2))
    child.kill()
    child.wait(10)
    whole_again(desk_folder)
