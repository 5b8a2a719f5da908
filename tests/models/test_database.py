"""The store: encrypted, durable by assertion, never replaced, newer ones refused."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import select, text, update

from app.errors import NotFoundError, StorageError
from app.models import (
    carry_tables,
    counter_tables,
    database,
    life_tables,
    migrate,
    opening,
    people_tables,
    privacy_tables,
    schema_version,
    tables,
)
from app.models.database import STORE_FILE, Store
from app.models.files import FileStore
from app.models.opening import create_store, open_store

KEY = secrets.token_bytes(32)


@pytest.fixture
def folder(tmp_path):
    create_store(tmp_path, KEY).dispose()
    return tmp_path


def test_promises_are_kept_by_every_connection(folder):
    store = open_store(folder, KEY)
    with store.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store")
        }
    store.dispose()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2}


def test_an_old_sqlite_is_refused(folder, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError) as refused:
        open_store(folder, KEY)
    assert refused.value.code == "sqlite-too-old"


def test_nothing_readable_is_on_disk(folder):
    store = open_store(folder, KEY)
    with store.write() as connection:
        connection.execute(tables.setting.insert().values(key="k", value="Ma Thị Hường"))
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    store.dispose()
    assert "Hường".encode() not in raw
    assert b"SQLite format 3" not in raw
    assert b"CREATE TABLE" not in raw


def test_a_wrong_key_is_told_and_the_store_stays(folder):
    before = (folder / STORE_FILE).read_bytes()
    with pytest.raises(StorageError) as refused:
        open_store(folder, secrets.token_bytes(32))
    assert refused.value.code == "wrong-key"
    assert (folder / STORE_FILE).read_bytes() == before


def test_a_plain_database_is_never_taken_for_ours(tmp_path):
    import sqlcipher3.dbapi2 as sqlcipher

    plain = sqlcipher.connect(str(tmp_path / STORE_FILE))
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    with pytest.raises(StorageError) as refused:
        open_store(tmp_path, KEY)
    assert refused.value.code == "wrong-key"


def test_no_store_is_not_found_and_none_is_made(tmp_path):
    with pytest.raises(NotFoundError):
        open_store(tmp_path, KEY)
    assert list(tmp_path.iterdir()) == []


def test_creating_over_a_store_is_refused(folder):
    with pytest.raises(StorageError) as refused:
        create_store(folder, KEY)
    assert refused.value.code == "store-exists"


def test_a_newer_store_is_refused_in_plain_words(folder):
    store = Store(folder / STORE_FILE, KEY)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.dispose()
    before = (folder / STORE_FILE).read_bytes()
    with pytest.raises(StorageError) as refused:
        open_store(folder, KEY)
    assert refused.value.code == "store-newer"
    assert "mới hơn" in refused.value.title
    assert (folder / STORE_FILE).read_bytes() == before


def test_a_cut_store_is_told_and_kept(folder):
    path = folder / STORE_FILE
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StorageError):
        store = open_store(folder, KEY)
        with store.read() as connection:
            connection.execute(select(tables.dossier)).all()
            connection.execute(text("PRAGMA integrity_check")).all()
            for table in tables.metadata.sorted_tables:
                connection.execute(select(table)).all()
    assert path.read_bytes()[:16] == whole[:16]


def test_a_failed_act_leaves_nothing(folder):
    store = open_store(folder, KEY)
    with pytest.raises(ValueError, match="mid act"), store.write() as connection:
        connection.execute(tables.setting.insert().values(key="half", value=1))
        raise ValueError("mid act")
    with store.read() as connection:
        assert connection.execute(select(tables.setting)).all() == []
    store.dispose()


def test_writers_take_turns_and_a_long_wait_is_told(folder, monkeypatch):
    monkeypatch.setattr(database, "TURN_SECONDS", 0.2)
    one, two = open_store(folder, KEY), open_store(folder, KEY)
    with one.write() as connection:
        connection.execute(tables.setting.insert().values(key="one", value=1))
        with pytest.raises(StorageError) as refused, two.write():
            pass
    assert refused.value.code == "store-busy"
    with two.write() as connection:
        connection.execute(update(tables.setting).values(value=2))
    one.dispose()
    two.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET act = 'x'",
        "DELETE FROM history",
        "UPDATE audit SET act = 'x'",
        "DELETE FROM audit",
        "UPDATE event SET body = x'00'",
        "DELETE FROM event",
    ],
)
def test_records_are_never_rewritten(tmp_path, statement):
    from tests.support.desk import birth, make_desk, officer

    desk = make_desk(tmp_path)
    from app.services.intake.reception import receive_dossier

    receive_dossier(desk, officer(desk), birth())
    with pytest.raises(Exception, match=r"."), desk.store.write() as connection:
        connection.exec_driver_sql(statement)
    with desk.store.read() as connection:
        for table in (tables.history, tables.audit, tables.event):
            assert connection.execute(select(table)).first() is not None
    desk.close()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:.*expression.*:UserWarning")
def test_the_schema_of_the_migrations_is_the_schema_of_the_tables(folder):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(name, kind, parent):
        if kind == "index":
            return name != "dossier_shown_number"
        return not (kind == "table" and name and name.startswith("dossier_search"))

    def wanted(item, name, kind, reflected, compare_to):
        return ours(name, kind, None)

    store = open_store(folder, KEY)
    with store.read() as connection:
        looked_at = {"include_name": ours, "include_object": wanted}
        context = MigrationContext.configure(connection, opts=looked_at)
        rooms = (tables, life_tables, counter_tables, carry_tables, privacy_tables, people_tables)
        (metadata,) = {id(room.metadata): room.metadata for room in rooms}.values()
        assert compare_metadata(context, metadata) == []
    store.dispose()


def test_down_and_up_again(folder):
    store = Store(folder / STORE_FILE, KEY)
    migrate.run_migrations(store, "base")
    with store.read() as connection:
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
    assert names == ["alembic_version"]
    migrate.run_migrations(store)
    with store.read() as connection:
        assert connection.execute(select(tables.dossier)).all() == []
    store.dispose()


def test_an_older_store_is_copied_aside_before_it_is_changed(folder, monkeypatch):
    store = Store(folder / STORE_FILE, KEY)
    migrate.run_migrations(store, "base")
    with store.write() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0000')"))
    store.dispose()
    monkeypatch.setattr(opening, "KNOWN", ("0000", *schema_version.KNOWN))
    monkeypatch.setattr(migrate, "run_migrations", lambda store, target="head": None)
    open_store(folder, KEY).dispose()
    copy = folder / "backups" / "before-migration-from-0000.db"
    assert copy.is_file()
    assert b"CREATE TABLE" not in copy.read_bytes()


class TestFiles:
    def test_round_trip_of_all_lengths(self, tmp_path):
        files = FileStore(tmp_path, KEY)
        for size in (0, 1, 65535, 65536, 65537, 200_000):
            content = secrets.token_bytes(size)
            assert files.get(files.put(content)) == content

    def test_the_folder_tells_nothing(self, tmp_path):
        files = FileStore(tmp_path, KEY)
        sha256 = files.put(b"%PDF-1.7 Ma Thi Huong")
        names = [str(path) for path in tmp_path.rglob("*")]
        assert not any(sha256[:8] in name for name in names)
        assert b"%PDF" not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())

    def test_same_content_is_one_file(self, tmp_path):
        files = FileStore(tmp_path, KEY)
        assert files.put(b"x") == files.put(b"x")
        assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1

    @pytest.mark.parametrize("damage", ["flip", "cut", "swap", "empty"])
    def test_damage_is_told(self, tmp_path, damage):
        files = FileStore(tmp_path, KEY)
        sha256 = files.put(secrets.token_bytes(200_000))
        path = next(p for p in tmp_path.rglob("*") if p.is_file())
        raw = bytearray(path.read_bytes())
        if damage == "flip":
            raw[100_000] ^= 1
        elif damage == "cut":
            raw = raw[: 11 + 65552]
        elif damage == "swap":
            raw[11 : 11 + 65552], raw[11 + 65552 : 11 + 2 * 65552] = (
                raw[11 + 65552 : 11 + 2 * 65552],
                raw[11 : 11 + 65552],
            )
        else:
            raw = bytearray()
        path.write_bytes(raw)
        with pytest.raises(StorageError) as refused:
            files.get(sha256)
        assert refused.value.code == "file-damaged"

    def test_a_missing_file_is_told(self, tmp_path):
        with pytest.raises(StorageError) as refused:
            FileStore(tmp_path, KEY).get("00" * 32)
        assert refused.value.code == "file-missing"

    def test_a_failure_before_the_rename_leaves_no_half_file(self, tmp_path, monkeypatch):
        from app import failpoints

        files = FileStore(tmp_path, KEY)
        monkeypatch.setattr(failpoints, "_name", "before_rename")
        monkeypatch.setattr(failpoints, "_action", "fail")
        monkeypatch.setattr(failpoints, "_left", 1)
        with pytest.raises(StorageError) as refused:
            files.put(b"content")
        assert refused.value.code == "disk-full"
        import hashlib

        assert not files.has(hashlib.sha256(b"content").hexdigest())
        assert files.get(files.put(b"content")) == b"content"


def test_what_is_deleted_leaves_its_page_and_the_search_index(folder):
    from app.models.search_index import forget_deleted

    store = Store(folder / STORE_FILE, KEY)
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    for row in range(1, 40):
        body = "zqxmarker" if row == 7 else f"w{row} other"
        with store.write() as connection:
            connection.execute(text(f"INSERT INTO dossier_search (rowid, body) VALUES ({row}, '{body}')"))
    with store.write() as connection:
        connection.execute(text("DELETE FROM dossier_search WHERE rowid = 7"))

    def still_there():
        with store.read() as connection:
            blocks = connection.exec_driver_sql("SELECT block FROM dossier_search_data").scalars().all()
        return any(b"qxmarker" in block for block in blocks)

    assert still_there(), "else the test sees nothing"
    with store.write() as connection:
        assert forget_deleted(connection, 20)
    assert not still_there()
    store.dispose()
