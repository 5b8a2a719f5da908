"""A batch of certifications reaches the province whole: each line a dossier, each act its event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import SystemClock
from app.domain.certification import Kind
from app.line import DeskLine
from app.models import tables
from app.protocol.ids import new_id
from app.services.certify import CopyBatch, CopyLine, Ending, certify_batch
from app.services.desk import Desk
from tests.support.desk import HUONG, make_desk, officer
from tests.support.gateway import Gateway, running_gateway


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with running_gateway(tmp_path / "gateway") as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, SystemClock())
    yield made
    made.close()


def test_the_province_takes_every_line_and_both_sides_agree(desk: Desk, gateway: Gateway) -> None:
    line = DeskLine(desk)
    line.enrol(gateway.url, gateway.enrolment_code("quay-2", desk.profile.unit_code), None)
    copies = [CopyLine(new_id(), f"Quyết định {n}", n, 2) for n in range(1, 11)]
    signed = [CopyLine(new_id(), "Sơ yếu lý lịch", 1, 1, Kind.SIGNATURE) for _ in range(2)]
    ready = Ending(paid=True, hand_over=True)
    certify_batch(desk, officer(desk), CopyBatch(new_id(), HUONG, (*copies, *signed), ending=ready))
    certify_batch(desk, officer(desk), CopyBatch(new_id(), HUONG, (CopyLine(new_id(), "Học bạ", 12, 1),)))
    answer = line.sync()
    assert (answer["rejected"], answer["deferred"], answer["waiting"]) == (0, 0, 0)
    assert answer["reconciled"]
    with desk.store.read() as connection:
        query = select(tables.event.c.type, tables.event.c.verdict)
        told = [tuple(row) for row in connection.execute(query.where(tables.event.c.dossier_id.is_not(None)))]
        states = connection.execute(select(tables.dossier.c.sync_state)).scalars().all()
    assert len(told) == 12 * 4 + 1
    assert {verdict for _, verdict in told} == {"accepted"}
    assert states == ["accepted"] * 13
