"""Small parts of the gateway that need no server."""

from __future__ import annotations

import copy
import gzip
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.province import bodies, dialect, tables
from app.province.json_pointer import NoSuchPlace, with_value
from app.province.numbering import is_provisional, read_official
from app.province.placeholders import is_placeholder
from app.province.problems import ApiProblem
from app.province.server import open_store
from app.province.times import from_ms, to_ms


def test_a_bomb_is_not_inflated_beyond_its_bound() -> None:
    bomb = gzip.compress(bytes(300_000_000), 9)
    tracemalloc.start()
    with pytest.raises(ApiProblem) as caught:
        bodies._inflate(bomb, 1_048_576, "max_push_bytes")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.status == 413 and peak < 8_000_000
    with pytest.raises(ApiProblem):
        bodies._inflate(gzip.compress(bytes(200_000), 9), 1_048_576, "max_push_bytes")


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    with store.read() as db:
        assert compare_metadata(MigrationContext.configure(db), tables.metadata) == []
    store.dispose()


def test_the_store_is_durable_and_may_be_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    store = open_store(f"sqlite:///{path}", key=bytes(range(32)))
    with store.read() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.dispose()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(dialect.UnsuitableDatabase):
        dialect.open_engine("sqlite://")


def test_a_failed_act_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(RuntimeError), store.write() as db:
        db.execute(tables.units.insert().values(unit_code="H60", name="x"))
        raise RuntimeError
    with store.read() as db:
        assert db.execute(tables.units.select()).all() == []
    assert store.commits == 1
    store.dispose()


REAL = ["038199000001", "C1234567", "8012345678-001", "001099012345"]


@pytest.mark.parametrize("value", REAL)
def test_real_looking_identifiers_pass(value: str) -> None:
    assert not is_placeholder(value)


DOCUMENT: dict[str, Any] = {"a": {"b": [1, {"c/d": 2, "e~f": 3}]}, "": 0}


@pytest.mark.parametrize(
    ("pointer", "read"),
    [
        ("/a/b/0", lambda each: each["a"]["b"][0]),
        ("/a/b/1/c~1d", lambda each: each["a"]["b"][1]["c/d"]),
        ("/a/b/1/e~0f", lambda each: each["a"]["b"][1]["e~f"]),
        ("/a/b/-", lambda each: each["a"]["b"][2]),
        ("/new/deep", lambda each: each["new"]["deep"]),
        ("/", lambda each: each[""]),
    ],
)
def test_pointers(pointer: str, read: Any) -> None:
    before = copy.deepcopy(DOCUMENT)
    assert read(with_value(DOCUMENT, pointer, "x")) == "x"
    assert before == DOCUMENT


@pytest.mark.parametrize(
    "pointer", ["", "a", "/a/b/7", "/a/b/x", "/a/b/-/c", "/a/b/0/c", "/a/b/01a", "/a/b/²"]
)
def test_pointers_to_nowhere(pointer: str) -> None:
    with pytest.raises(NoSuchPlace):
        with_value(DOCUMENT, pointer, "x")


@given(st.text(max_size=20))
def test_any_pointer_gives_a_document_or_its_own_error(pointer: str) -> None:
    try:
        with_value(DOCUMENT, pointer, 1)
    except NoSuchPlace:
        return


@given(st.integers(0, 4_000_000_000_000))
def test_times_come_back(milliseconds: int) -> None:
    moment = from_ms(milliseconds)
    assert to_ms(moment) == milliseconds == round(moment.timestamp() * 1000)
    assert moment.tzinfo is VIETNAM


def test_numbers_are_read() -> None:
    found = read_official("H56.14.3-261116-1001")
    assert found is not None
    assert (found.unit_code, str(found.day), found.seq) == ("H56.14.3", "2026-11-16", 1001)
    wrong_day = read_official("H56.14.3-261316-10001")
    assert wrong_day is not None and wrong_day.day is None and wrong_day.seq == 10001
    assert read_official("TN-02221-261123-2017") is not None
    assert read_official("H56.14.3-261116-101") is None
    assert is_provisional("TN-02221-261123-2KMBHG017") and not is_provisional("H56.14.3-261116-1001")
