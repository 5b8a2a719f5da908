"""What is broken is named; what is whole raises no alarm (I7)."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select

from app.errors import NotFoundError
from app.models import tables
from app.models.database import STORE_FILE
from app.models.head_mark import FILE
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.safety.check import check_desk
from tests.support.desk import ENVIRON, birth, make_desk, officer


@pytest.fixture
def desk(tmp_path):
    opened = make_desk(tmp_path)
    received = receive_dossier(opened, officer(opened), birth())
    make_slip(opened, officer(opened), received.id)
    yield opened
    opened.close()


def kinds(desk):
    return [(problem.kind, problem.name) for problem in check_desk(desk.folder, ENVIRON).problems]


def rewritten(desk, trigger, statement):
    """Change a record as somebody with the key would, past the triggers."""
    with desk.store.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql(statement)


def test_a_whole_desk_raises_no_alarm(desk):
    assert kinds(desk) == []


def test_no_desk_is_no_problem_list(tmp_path):
    with pytest.raises(NotFoundError):
        check_desk(tmp_path, ENVIRON)


def test_a_lost_end_of_the_store_is_betrayed(desk, tmp_path):
    desk.close()
    older = tmp_path / "older.db"
    shutil.copy(desk.folder / STORE_FILE, older)
    again = make_desk(tmp_path)
    receive_dossier(again, officer(again), birth())
    again.close()
    for stray in desk.folder.glob(f"{STORE_FILE}-*"):
        stray.unlink()
    shutil.copy(older, desk.folder / STORE_FILE)
    ((kind, seq),) = kinds(desk)
    assert kind == "head"
    assert int(seq) > 0


def test_a_store_of_another_history_is_betrayed(desk):
    rewritten(desk, "audit_never_changes", "UPDATE audit SET mac = printf('%064d', 0) WHERE seq = 1")
    assert {kind for kind, _ in kinds(desk)} == {"audit"}
    rewritten_head = desk.store.head.read()
    assert rewritten_head is not None
    with desk.store.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE audit SET mac = printf('%064d', 0) WHERE seq = {rewritten_head.seq}"
        )
    assert ("head", str(rewritten_head.seq)) in kinds(desk)


def test_a_mark_that_is_gone_is_named(desk):
    (desk.folder / FILE).unlink()
    assert kinds(desk) == [("head", FILE)]


def test_a_torn_mark_leaves_the_one_before(desk):
    path = desk.folder / FILE
    seq = desk.store.head.read().seq
    content = bytearray(path.read_bytes())
    newest = max((0, 128), key=lambda at: int.from_bytes(content[at + 4 : at + 12], "big"))
    content[newest + 5] ^= 1
    path.write_bytes(content)
    assert desk.store.head.read().seq == seq - 1
    assert kinds(desk) == []


def test_a_changed_file_is_named(desk):
    with desk.store.read() as connection:
        sha256 = connection.execute(select(tables.stored_file.c.sha256)).scalars().first()
    place = desk.files.place_of(sha256)
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    place.write_bytes(content)
    assert kinds(desk) == [("file", sha256[:16])]
    place.unlink()
    assert kinds(desk) == [("file", sha256[:16])]


def test_a_changed_event_is_named(desk):
    rewritten(desk, "event_never_changes", "UPDATE event SET digest = printf('%064d', 1) WHERE desk_seq = 2")
    assert kinds(desk) == [("event", "2")]


def test_a_lost_event_is_named(desk):
    with desk.store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_is_kept")
        connection.exec_driver_sql("DROP TRIGGER history_never_changes")
        connection.exec_driver_sql("UPDATE history SET event_id = NULL")
        connection.exec_driver_sql("DELETE FROM event WHERE desk_seq = 2")
    assert kinds(desk) == [("event", "2")]


def test_a_broken_link_is_named(desk):
    raw = desk.store._engine.raw_connection()
    raw.driver_connection.execute("PRAGMA foreign_keys = OFF")
    raw.driver_connection.execute("UPDATE component SET dossier_id = 'nobody'")
    raw.driver_connection.execute("PRAGMA foreign_keys = ON")
    raw.close()
    assert {kind for kind, _ in kinds(desk)} == {"link"}


def test_a_flipped_page_is_named_and_nothing_is_replaced(desk):
    desk.close()
    path = desk.folder / STORE_FILE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert {kind for kind, _ in kinds(desk)} == {"database"}
    assert path.read_bytes() == bytes(content)


def test_a_lost_store_and_a_wrong_key_are_named(desk):
    desk.close()
    assert [problem.kind for problem in check_desk(desk.folder, {"MOTCUA_PASSPHRASE": "sai"}).problems] == [
        "key"
    ]
    (desk.folder / STORE_FILE).unlink()
    assert kinds(desk) == [("database", STORE_FILE)]


def test_opening_a_store_that_lost_its_end_keeps_it_and_says_so_once(desk, tmp_path):
    older = tmp_path / "older.db"
    desk.close()
    shutil.copy(desk.folder / STORE_FILE, older)
    again = make_desk(tmp_path)
    receive_dossier(again, officer(again), birth())
    again.close()
    shutil.copy(older, desk.folder / STORE_FILE)
    for _ in range(2):
        opened = make_desk(tmp_path)
        with opened.store.read() as connection:
            bodies = connection.execute(select(tables.notice.c.body)).scalars().all()
        opened.close()
        assert len(bodies) == 1
    (kept,) = (desk.folder / "kept-aside").iterdir()
    assert (kept / STORE_FILE).read_bytes() == older.read_bytes()
