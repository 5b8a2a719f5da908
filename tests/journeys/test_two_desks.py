"""Two desks of one commune: what one receives the other sees after one sync, goes on with and returns;
by a gateway at the province, and by one in the office whose line up is cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.models import tables
from app.models.life_tables import result_document
from app.province.tables import dossiers, events
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, ResultPaper, do_act
from app.services.returning.view import read_return
from app.services.setup import init_desk, open_desk
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.report import RoundReport
from app.sync.round import run_round
from tests.province.upward.rig import Office, Rig, Served, running
from tests.support.desk import ENVIRON, birth, officer, reference
from tests.support.desk_store import QUICK

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


class Commune:
    """Two desks at one gateway. ``line_up``: rounds of the office gateway, where there is one."""

    def __init__(self, rig: Rig, folder: Path, stack: ExitStack, *, office: bool) -> None:
        self.rig, self.office = rig, office
        self.gateway: Served = rig.office if office else rig.province
        self.clock: FixedClock = rig.province.clock
        self.folder, self.stack = folder, stack
        self.one, self.two = self.desk(1), self.desk(2)

    def desk(self, number: int) -> Desk:
        folder = self.folder / f"quay-{number}"
        init_desk(folder, self.clock, demo=True, desk_no=number, environ=ENVIRON)
        desk = open_desk(folder, self.clock, reference=reference(), environ=ENVIRON)
        self.stack.callback(desk.close)
        enrol(self.line(desk), self.gateway.url, self.gateway.code(f"quay-{number}"))
        return desk

    def line(self, desk: Desk) -> SyncDesk:
        return SyncDesk(desk.store, desk.files, desk.clock, desk.folder, QUICK)

    def sync(self, desk: Desk) -> RoundReport:
        report = run_round(self.line(desk), sleep=lambda _: None)
        assert report.outcome.code in ("complete", "files-waiting"), report
        return report

    def line_up(self) -> None:
        if self.office:
            assert isinstance(self.gateway, Office)
            report = self.gateway.sync()
            assert report.trouble in (None, "files-waiting"), report


@pytest.fixture(params=["province", "office"])
def commune(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Commune]:
    with ExitStack() as stack:
        rig = stack.enter_context(running(tmp_path / "gateways"))
        yield Commune(rig, tmp_path, stack, office=request.param == "office")


def do(desk: Desk, number: str, act: Act, login: str = "canbo", **order: Any) -> None:
    do_act(desk, officer(desk, login), number, ActOrder(act, **order))


def test_a_desk_that_was_offline_returns_the_others_result_after_one_sync(
    commune: Commune, tmp_path: Path
) -> None:
    one, two = commune.one, commune.two
    paper = tmp_path / "ket-qua.pdf"
    paper.write_bytes(PDF)
    number = receive_dossier(one, officer(one), birth()).number
    do(one, number, Act.START)
    do(one, number, Act.COMPLETE, result_no="25/2026", result=ResultPaper(file=paper))
    commune.sync(one)
    if commune.office:
        commune.rig.province.stop()

    commune.sync(two)
    found = show_dossier(two, officer(two), number)
    assert found.status is Status.COMPLETED
    assert [(each.number, each.superseded) for each in found.results] == [("25/2026", False)]
    with two.store.read() as connection:
        sha256 = connection.execute(select(result_document.c.sha256)).scalar_one()
    assert two.files.get(sha256) == PDF
    assert read_return(two, officer(two), number).blocked is None
    do(two, number, Act.RETURN)
    commune.sync(two)
    commune.sync(one)
    assert show_dossier(one, officer(one), number).status is Status.RETURNED

    if commune.office:
        commune.rig.province.start()
        commune.line_up()
    with commune.rig.province.store.read() as db:
        assert db.execute(select(dossiers.c.status)).scalars().all() == [10]
        told = db.execute(select(events.c.desk_id, events.c.type, events.c.verdict)).all()
    assert {row.verdict for row in told} == {"accepted"}
    assert len({row.desk_id for row in told}) == (1 if commune.office else 2)
    for desk in (one, two, one, two):
        commune.sync(desk)
        with desk.store.read() as connection:
            assert set(connection.execute(select(tables.event.c.verdict)).scalars()) == {"accepted"}
            assert connection.execute(select(tables.proposal.c.id)).all() == []
        shown = show_dossier(desk, officer(desk), number)
        assert shown.number != number and shown.provisional_number == number


def test_no_two_desks_share_a_number_and_the_leaders_pc_sees_all(commune: Commune) -> None:
    commune.line_up()
    for desk in (commune.one, commune.two):
        commune.sync(desk)
        commune.sync(desk)
    given = [
        receive_dossier(desk, officer(desk), birth()) for _ in range(5) for desk in (commune.one, commune.two)
    ]
    assert not any(each.provisional for each in given)
    assert len({each.number for each in given}) == 10
    for desk in (commune.one, commune.two):
        commune.sync(desk)
    leader = commune.desk(3)
    commune.sync(leader)
    for each in given:
        assert show_dossier(leader, officer(leader, "lanhdao"), each.number).status is Status.RECEIVED
    commune.line_up()
    with commune.rig.province.store.read() as db:
        codes = list(db.execute(select(dossiers.c.code)).scalars())
        verdicts = db.execute(select(events.c.verdict, events.c.warnings)).all()
    assert sorted(codes) == sorted(each.number for each in given)
    assert {tuple(row) for row in verdicts} == {("accepted", None)}
