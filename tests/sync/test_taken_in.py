"""Another unit's dossier: taken in when it is handed over, out of the count when it has gone back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import tables
from app.protocol.parts import UnitRef
from app.protocol.payloads import Custody
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.reconcile import open_dossiers
from app.sync.round import run_round
from tests.province.upward.rig import UNIT, Rig, running
from tests.support.desk_store import Received, act, dossier_row, make_sync_desk
from tests.support.wire_desk import WireDesk

OTHER = "H60.15.9"
THERE, HERE = {"code": OTHER, "name": "Xã khác"}, {"code": UNIT, "name": "Xã Ví Dụ"}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as made:
        yield made


def sync(desk: SyncDesk) -> None:
    report = run_round(desk, sleep=lambda _: None)
    assert report.reconciled, report.outcome


def push(desk: WireDesk, *sent: dict[str, Any]) -> None:
    assert {each["verdict"] for each in desk.push(list(sent)).json()["verdicts"]} == {"accepted"}


def test_a_dossier_comes_goes_back_and_comes_again(rig: Rig, tmp_path: Path) -> None:
    desk = make_sync_desk(tmp_path / "desk", rig.province.clock)
    enrol(desk, rig.province.url, rig.province.code("quay-1"))
    there = rig.province.desk("noi-khac", OTHER)
    received: dict[str, Any]
    push(there, there.opened(), received := there.received())
    dossier = Received(received["subject"]["id"], received["subject"]["code"], "")
    units = UnitRef(**THERE), UnitRef(**HERE)
    for time in (1, 2):
        push(there, there.about(received, "dossier.transferred", Custody(*units)))
        sync(desk)
        with desk.store.read() as connection:
            h = tables.history.c
            lines = connection.execute(select(h.act).where(h.dossier_id == dossier.id)).scalars().all()
            assert [each[0] for each in open_dossiers(connection)] == [dossier.id]
        assert lines.count("arriving") == time and lines.count("taken_in") == 1
        row = dossier_row(desk, dossier.id)
        assert (row["receiving_unit"], row["custodian_unit"]) == (OTHER, OTHER)
        act(desk, dossier, "dossier.custody_accepted", {"from_unit": THERE, "to_unit": HERE})
        sync(desk)
        act(desk, dossier, "dossier.transferred", {"from_unit": HERE, "to_unit": THERE})
        sync(desk)
        push(there, there.about(received, "dossier.custody_accepted", Custody(*reversed(units))))
        sync(desk)
        with desk.store.read() as connection:
            assert open_dossiers(connection) == [], "it is no more this unit's to count"
        assert dossier_row(desk, dossier.id)["custodian_unit"] == OTHER
    desk.store.dispose()
