"""Whatever the counter lawfully did, a province that follows the protocol takes in, to the last act."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from app.clock import SystemClock
from app.models import tables
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.round import run_round
from tests.hunt.life_desk import LifeDesk
from tests.hunt.life_machine import run
from tests.support.gateway import Gateway, running_gateway


@pytest.mark.parametrize("first", ["lives", "enrolment"])
def test_every_act_of_random_lives_is_accepted(tmp_path: Path, first: str) -> None:
    """``first``: what comes first; a desk may work for days before the province knows it."""
    desk = LifeDesk(tmp_path, f"province.{first}")
    try:
        with running_gateway(tmp_path / "province") as gateway:
            beside = SyncDesk(desk.desk.store, desk.desk.files, SystemClock(), desk.desk.folder)
            if first == "enrolment":
                _enrol(gateway, beside)
            run(desk, Random(f"province.{first}"), 25, alone=True)
            if first == "lives":
                _enrol(gateway, beside)
            report = run_round(beside)
        assert _refused(desk) == Counter()
        assert report.reconciled
        assert report.waiting == 0
    finally:
        desk.close()


def _enrol(gateway: Gateway, desk: SyncDesk) -> None:
    enrol(desk, gateway.url, gateway.enrolment_code("quay-1"))


def _refused(desk: LifeDesk) -> Counter[str]:
    """Event types with the province's answer, of every event that is not accepted."""
    e = tables.event.c
    with desk.desk.store.read() as connection:
        rows = connection.execute(select(e.type, e.verdict, e.verdict_body).where(e.verdict != "accepted"))
        return Counter(f"{row.type}: {json.dumps(row.verdict_body, ensure_ascii=False)}" for row in rows)
