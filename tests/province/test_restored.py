"""A province's store put back from a copy gives no number and no digit again that it has forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import VIETNAM
from app.province import restores, server
from app.province.numbering import next_official, read_official
from app.province.store import Store
from app.province.tables import dossiers
from tests.province.verdicts import accepted
from tests.support.gateway import Gateway, running_gateway
from tests.support.wire_desk import WireDesk

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)
UNIT = "H60.77"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = server.open_store(f"sqlite:///{tmp_path / 'gateway.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def own_gateway(tmp_path: Path) -> Iterator[Gateway]:
    with running_gateway(tmp_path / "gateway") as running:
        yield running


def new_desk(gateway: Gateway, name: str) -> WireDesk:
    desk = WireDesk(gateway.url, unit=UNIT)
    assert desk.enrol(gateway.enrolment_code(name, UNIT)).status_code == 201
    desk.sign_in()
    return desk


def slot(gateway: Gateway, name: str) -> int:
    """The slot of a new desk."""
    return int(WireDesk(gateway.url, unit=UNIT).enrol(gateway.enrolment_code(name, UNIT)).json()["desk_slot"])


def numbered(gateway: Gateway) -> dict[str, str]:
    """Each dossier's official number at the gateway."""
    with gateway.store() as opened, opened.read() as db:
        return {row.dossier_id: row.code for row in db.execute(select(dossiers))}


def put_back(gateway: Gateway, copy: Path) -> None:
    """The copy takes the place of the store, as ``docs/gateway.md`` says."""
    gateway.stop()
    shutil.rmtree(gateway.folder)
    shutil.copytree(copy, gateway.folder)
    server.restored(gateway.db_url)
    gateway.start()


def copied(gateway: Gateway, target: Path) -> Path:
    gateway.stop()
    shutil.copytree(gateway.folder, target)
    gateway.start()
    return target


def test_no_number_given_after_the_copy_is_given_again(own_gateway: Gateway, tmp_path: Path) -> None:
    desk = new_desk(own_gateway, "quay-1")
    accepted(desk, desk.opened(), desk.received())
    copy = copied(own_gateway, tmp_path / "copy")
    forgotten = [desk.received(), desk.received()]
    accepted(desk, *forgotten)
    before = numbered(own_gateway)
    put_back(own_gateway, copy)
    other = new_desk(own_gateway, "quay-2")
    accepted(other, other.opened(), other.received(), other.received(), other.received())
    accepted(desk, *forgotten)
    after = numbered(own_gateway)
    assert len(before) == 3 and len(after) == 6
    for dossier_id, code in after.items():
        assert [each for each, held in before.items() if held == code] in ([], [dossier_id])
    assert len(set(after.values())) == 6


def test_no_digit_given_after_the_copy_is_given_again(own_gateway: Gateway, tmp_path: Path) -> None:
    assert slot(own_gateway, "quay-1") == 1
    copy = copied(own_gateway, tmp_path / "copy")
    assert [slot(own_gateway, "quay-2"), slot(own_gateway, "quay-3")] == [2, 3]
    put_back(own_gateway, copy)
    later = [slot(own_gateway, f"quay-{number}") for number in range(4, 8)]
    assert later == [9, 8, 7, 6]
    assert [slot(own_gateway, f"quay-{number}") for number in range(8, 14)] == [5, 4, 3, 2, 10, 11]


def test_days_after_a_restore_are_numbered_from_one_again(store: Store) -> None:
    with store.write() as db:
        assert not restores.any_noted(db)
        assert next_official(db, UNIT, "2026-11-23T08:00:00+07:00") == f"{UNIT}-261123-0001"
        restores.note(db, NOON)
        assert restores.any_noted(db)
        for day in ("2025-01-02", "2026-11-23", "2026-11-25"):
            found = read_official(next_official(db, UNIT, f"{day}T08:00:00+07:00"))
            assert found is not None and 100_000 <= found.seq <= 999_999
        assert next_official(db, UNIT, "2026-11-26T08:00:00+07:00") == f"{UNIT}-261126-0001"


def test_a_day_goes_on_in_its_band_and_in_the_next_after_another_restore(store: Store) -> None:
    seqs = []
    with store.write() as db:
        for moment in (NOON, NOON + timedelta(hours=1)):
            restores.note(db, moment)
            for _ in range(3):
                found = read_official(next_official(db, UNIT, "2026-11-23T08:00:00+07:00"))
                assert found is not None
                seqs.append(found.seq - seqs[0] if seqs else found.seq)
    assert seqs[1:] == [1, 2, 1000, 1001, 1002]


def test_bands_differ_for_37_days(store: Store) -> None:
    day, first = date(2026, 11, 1), set()
    for hours in range(900):
        with store.write() as db:
            restores.note(db, NOON + timedelta(hours=hours))
            first.add(restores.first_number(db, day))
    assert len(first) == 900
    assert {min(first), max(first)} == {100_000, 999_000}  # type: ignore[type-var]
