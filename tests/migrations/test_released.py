"""Every released schema, with the data its own program left, becomes today's: no row lost, a copy first, down
and up again; and the desk works on with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app import failpoints
from app.clock import FixedClock
from app.errors import StorageError
from app.models import schema_version, tables
from app.models.database import STORE_FILE, Store, connect
from app.models.migrate import run_migrations
from app.models.opening import create_store, open_store
from app.services.audit.verify import verify_audit
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import find
from app.services.intake.reception import receive_dossier
from app.services.setup import open_desk
from tests.migrations.released_store import build, counted, versions
from tests.support.desk import ENVIRON, MONDAY, birth, officer, reference


@dataclass
class Old:
    """A store of an old program."""

    version: str
    folder: Path
    key: bytes
    rows: dict[str, int]


@pytest.fixture(params=versions())
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    folder = tmp_path / "desk"
    key = build(request.param, folder)
    yield Old(request.param, folder, key, counted(folder, key))


def still(old: Old, folder: Path | None = None) -> dict[str, int]:
    """The old tables' rows now."""
    now = counted(folder or old.folder, old.key)
    return {name: now.get(name, -1) for name in old.rows}


def schema(folder: Path, key: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Columns of every table and the names of indexes and triggers."""
    raw = connect(folder / STORE_FILE, key)
    try:
        made = raw.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        found = {f"{kind} {name}": [] for kind, name in made}
        for kind, name in made:
            if kind == "table":
                columns = raw.execute(f'PRAGMA table_info("{name}")').fetchall()
                found[f"table {name}"] = sorted(tuple(row[1:]) for row in columns)
        return found
    finally:
        raw.close()


def test_there_is_a_store_of_every_schema_before_todays() -> None:
    assert versions() == list(schema_version.KNOWN[:-1])


def test_no_row_is_lost_and_a_whole_copy_lies_beside(old: Old) -> None:
    assert old.rows["dossier"] >= 4 and old.rows["party"] >= 4 and old.rows["event"] >= 10
    open_store(old.folder, old.key).dispose()
    assert still(old) == old.rows
    raw = connect(old.folder / STORE_FILE, old.key)
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    raw.close()
    copy = old.folder / "backups" / f"before-migration-from-{old.version}.db"
    aside = old.folder.parent / "aside"
    aside.mkdir()
    copy.rename(aside / STORE_FILE)
    assert counted(aside, old.key) == old.rows


def test_the_schema_is_that_of_a_new_desk(old: Old, tmp_path: Path) -> None:
    open_store(old.folder, old.key).dispose()
    new = tmp_path / "new"
    new.mkdir()
    create_store(new, old.key).dispose()
    assert schema(old.folder, old.key) == schema(new, old.key)


def test_down_to_where_it_came_from_and_up_again(old: Old) -> None:
    before = schema(old.folder, old.key)
    store = open_store(old.folder, old.key)
    steps = len(schema_version.KNOWN) - 1 - schema_version.KNOWN.index(old.version)
    run_migrations(store, f"-{steps}")
    assert still(old) == old.rows
    assert schema(old.folder, old.key).keys() == before.keys()
    run_migrations(store)
    assert still(old) == old.rows
    store.dispose()


@pytest.mark.parametrize("point", ["before_migration_commit", "after_migration_commit"])
def test_a_cut_migration_is_none_or_whole(old: Old, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_name", point), ("_action", "fail"), ("_left", 1)):
        monkeypatch.setattr(failpoints, name, value)
    with pytest.raises((StorageError, OSError)):
        open_store(old.folder, old.key)
    raw = connect(old.folder / STORE_FILE, old.key)
    version = raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    raw.close()
    assert version == (old.version if point.startswith("before") else schema_version.HEAD)
    assert still(old) == old.rows
    open_store(old.folder, old.key).dispose()
    assert still(old) == old.rows


def test_the_desk_works_on(old: Old) -> None:
    desk = open_desk(old.folder, FixedClock(MONDAY), reference=reference(), environ=ENVIRON)
    try:
        by = officer(desk)
        assert verify_audit(desk, by).ok
        with desk.store.read() as connection:
            ids = list(connection.execute(select(tables.dossier.c.id)).scalars())
        for dossier_id in ids:
            assert show_dossier(desk, by, dossier_id).owner.name == "Ma Thị Hường"
        assert receive_dossier(desk, by, birth()).id
        assert find(desk, by, "hường").count == len(ids) + 1
    finally:
        desk.close()


def test_a_newer_store_is_refused_and_left_alone(old: Old) -> None:
    store = Store(old.folder / STORE_FILE, old.key)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.dispose()
    with pytest.raises(StorageError, match="store-newer"):
        open_store(old.folder, old.key)
    assert still(old) == old.rows
