"""Lưu động: a laptop registers in a hamlet without a line, comes back, and the office sees each once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock, SystemClock
from app.errors import AppError
from app.models import tables
from app.province.tables import dossiers as province_dossiers
from app.services.desk import Desk
from app.services.field.session import close_session, open_session, session_dossiers
from app.services.from_province.elsewhere import dossiers_elsewhere
from app.services.intake.reception import receive_dossier
from app.services.setup import init_desk, open_desk
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.round import run_round
from tests.support.desk import ENVIRON, birth, officer, reference
from tests.support.desk_store import QUICK
from tests.support.gateway import Gateway, running_gateway

MOBILE_BIRTH = "1.003583"
UNIT = "02221"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@contextmanager
def a_desk(folder: Path, clock: FixedClock, desk_no: int) -> Iterator[Desk]:
    """A desk of the commune in a folder of its own."""
    init_desk(folder, clock, demo=True, desk_no=desk_no, environ=ENVIRON)
    desk = open_desk(folder, clock, reference=reference(), environ=ENVIRON)
    try:
        yield desk
    finally:
        desk.close()


def on_the_line(desk: Desk) -> SyncDesk:
    return SyncDesk(desk.store, desk.files, desk.clock, desk.folder, QUICK)


def sync(desk: Desk) -> None:
    assert run_round(on_the_line(desk), sleep=lambda _: None).reconciled


def numbers_of(desk: Desk) -> set[str]:
    """Numbers of what this desk received itself."""
    c = tables.dossier.c
    with desk.store.read() as connection:
        own = c.register_book.not_like("QK/%")
        rows = connection.execute(select(c.number, c.provisional_number).where(own)).all()
    return {number for row in rows for number in row if number}


def test_five_births_of_a_hamlet_reach_the_office_once(tmp_path: Path, gateway: Gateway) -> None:
    clock = FixedClock(SystemClock().now())  # the gateway lives in real time
    with a_desk(tmp_path / "office", clock, 1) as office, a_desk(tmp_path / "laptop", clock, 2) as laptop:
        enrol(on_the_line(office), gateway.url, gateway.enrolment_code("quay-1", UNIT))
        sync(office)
        by = officer(laptop)
        journey = open_session(laptop, by, "Thôn Nà Mẫu")
        hamlet = []
        for _ in range(5):
            hamlet.append(receive_dossier(laptop, by, birth(procedure_code=MOBILE_BIRTH)))
            clock.advance(timedelta(minutes=7))
        counter = [receive_dossier(office, officer(office), birth()) for _ in range(5)]
        assert all(each.provisional for each in hamlet)
        given = [each.number for each in (*hamlet, *counter)]
        assert len(set(given)) == 10, "two desks without a line give no number twice"
        close_session(laptop, by)
        with pytest.raises(AppError):
            run_round(on_the_line(laptop), sleep=lambda _: None)

        enrol(on_the_line(laptop), gateway.url, gateway.enrolment_code("laptop", UNIT))
        for _ in range(2):
            sync(laptop)
            sync(office)
        back = session_dossiers(laptop, by, journey.id)
        assert [one.province for one in back] == ["accepted"] * 5
        assert not any(one.provisional for one in back), "the province has given official numbers"

        seen = dossiers_elsewhere(office, officer(office))
        assert {one.id for one in seen} == {one.id for one in hamlet}
        assert len(seen) == 5 and all(one.here for one in seen)
        assert {one.procedure_code for one in seen} == {MOBILE_BIRTH}
        on_slips = {one.number for one in hamlet}
        assert {one.provisional_number or one.number for one in seen} == on_slips, (
            "the citizen's slip is found"
        )
        assert len({one.number for one in back}) == 5
        assert numbers_of(office).isdisjoint(numbers_of(laptop))

        with gateway.store() as store, store.read() as db:
            count = db.execute(select(func.count()).select_from(province_dossiers)).scalar_one()
        assert count == 10
