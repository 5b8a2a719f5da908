"""Yesterday's copy at work again: own events back from the province, nothing sent twice, no number twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.clock import SystemClock
from app.line import sync_desk
from app.models import tables
from app.protocol.ids import new_id
from app.services.demo import acts
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.reception import receive_dossier
from app.services.safety.backup import make_backup
from app.services.safety.check import check_desk
from app.services.safety.restore import restore_backup
from app.services.setup import open_desk
from app.sync import status
from app.sync.enrolment import enrol
from app.sync.marks import ALARM, RECOVERED, read_mark
from app.sync.report import RoundReport
from app.sync.round import run_round
from app.sync.standing import standing
from tests.support.desk import ENVIRON, birth, desk_folder, officer, reference
from tests.support.desk_store import receive, reopen
from tests.support.fault_proxy import FaultProxy, drop_answer
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import all_held

BACK = "/v1/streams"


class Counter:
    """A real desk with its services, enrolled at the gateway, that can be saved and made again."""

    def __init__(self, folder: Path) -> None:
        self.open(folder)

    def open(self, folder: Path) -> None:
        self.folder = folder
        self.desk = open_desk(folder, SystemClock(), reference=reference(), environ=ENVIRON)
        self.line = sync_desk(self.desk)

    def receive(self) -> Any:
        return receive_dossier(self.desk, officer(self.desk), birth(request_id=new_id()))

    def sync(self) -> RoundReport:
        return run_round(self.line, sleep=lambda _: None)

    def complete(self) -> RoundReport:
        report = self.sync()
        assert report.reconciled, report.outcome
        return report

    def numbers(self) -> set[str]:
        with self.desk.store.read() as connection:
            return {
                row.number or row.provisional_number for row in connection.execute(select(tables.dossier))
            }

    def column(self, column: Any) -> list[Any]:
        with self.desk.store.read() as connection:
            return list(connection.execute(select(column)).scalars())


@pytest.fixture
def counter(gateway: Gateway, unit: str, tmp_path: Path) -> Iterator[Counter]:
    made = Counter(desk_folder(tmp_path))
    enrol(made.line, gateway.url, gateway.enrolment_code(f"quay-{unit}", unit))
    yield made
    made.desk.close()


def back_to(counter: Counter, copy: Path, into: Path) -> None:
    """The PC is gone; the desk is made again out of the copy."""
    counter.desk.close()
    restore_backup(copy, into, SystemClock(), ENVIRON)
    counter.open(into)


def same_events(gateway: Gateway, counter: Counter) -> None:
    """Every event id at the province once, none beside, each in the epoch where this desk has it."""
    c = tables.event.c
    with counter.desk.store.read() as connection:
        client = connection.execute(select(tables.gateway.c.client_id)).scalar_one()
        ours = connection.execute(
            select(c.epoch, c.desk_seq, c.event_id, c.body).where(c.verdict.is_not(None))
        ).all()
    theirs = all_held(gateway, client)
    assert {(row.epoch, row.desk_seq, row.event_id) for row in ours} == set(theirs)
    assert len({row.event_id for row in ours}) == len(ours) == len(theirs)


def test_yesterdays_copy_takes_its_own_events_back_and_goes_on(
    gateway: Gateway, counter: Counter, tmp_path: Path
) -> None:
    first = counter.receive()
    counter.complete()
    waiting = counter.receive()
    copy = make_backup(counter.desk, officer(counter.desk), tmp_path / "y.mcbackup").file
    lost = [counter.receive() for _ in range(3)]
    acts.perform(counter.desk, officer(counter.desk), lost[0].id, acts.start)
    acts.perform(counter.desk, officer(counter.desk), first.id, acts.start)
    acts.perform(counter.desk, officer(counter.desk), first.id, acts.complete)
    counter.complete()
    given = counter.numbers()
    back_to(counter, copy, tmp_path / "again")
    new = [counter.receive() for _ in range(2)]
    assert not {each.number for each in new} & given
    counter.complete()
    same_events(gateway, counter)
    assert given <= counter.numbers()
    ids = set(counter.column(tables.dossier.c.id))
    assert {first.id, waiting.id, *(each.id for each in lost), *(each.id for each in new)} == ids
    with counter.desk.store.read() as connection:
        rows = {row.id: row for row in connection.execute(select(tables.dossier))}
        parties = connection.execute(
            select(tables.party.c.full_name).where(tables.party.c.dossier_id == lost[0].id)
        ).scalars()
        assert list(parties) == ["Ma Thị Hường"]
        assert read_mark(connection, ALARM) is None
    assert (rows[lost[0].id].status, rows[first.id].status) == (4, 9)
    assert rows[first.id].ended_at is not None
    assert {row.sync_state for row in rows.values()} == {"accepted"}
    assert status.outbox(counter.desk.store) == () and standing(counter.desk.store).waiting == 0
    assert find_dossier_id(counter.desk, lost[1].number) == lost[1].id
    after = [counter.receive() for _ in range(3)]
    assert not {each.number for each in after} & (given | {each.number for each in new})
    counter.complete()
    same_events(gateway, counter)
    assert check_desk(counter.folder, ENVIRON).problems == ()


def test_a_copy_of_a_copy_knows_the_epochs_between(
    gateway: Gateway, counter: Counter, tmp_path: Path
) -> None:
    counter.receive()
    counter.complete()
    copy = make_backup(counter.desk, officer(counter.desk), tmp_path / "y.mcbackup").file
    back_to(counter, copy, tmp_path / "one")
    counter.receive()
    counter.complete()
    between = counter.receive()
    counter.complete()
    back_to(counter, copy, tmp_path / "two")
    counter.complete()
    same_events(gateway, counter)
    assert between.id in counter.column(tables.dossier.c.id)
    assert len(counter.numbers()) == 3
    assert check_desk(counter.folder, ENVIRON).problems == ()


def test_a_cut_in_the_middle_of_the_way_back_is_gone_on_with(
    gateway: Gateway, counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.recovery.PAGE", 2)
    counter.receive()
    counter.complete()
    copy = make_backup(counter.desk, officer(counter.desk), tmp_path / "y.mcbackup").file
    for _ in range(6):
        counter.receive()
    counter.complete()
    with FaultProxy(gateway.url) as line:
        back_to(counter, copy, tmp_path / "again")
        with counter.desk.store.write() as connection:
            connection.execute(update(tables.gateway).values(url=line.url))
        asked = 0

        def decide(method: str, path: str) -> Any:
            nonlocal asked
            asked += path.startswith(BACK)
            return drop_answer() if path.startswith(BACK) and asked > 1 else None

        line.decide = decide
        report = counter.sync()
        assert report.outcome.code == "no-line" and report.pushed == 0
        assert read_mark_of(counter, RECOVERED) is None
        line.decide = None
        counter.complete()
    same_events(gateway, counter)
    assert len(counter.numbers()) == 7


def test_an_answer_lost_before_the_copy_was_made_is_not_sent_again(
    gateway: Gateway, counter: Counter, tmp_path: Path
) -> None:
    """The copy holds the event as waiting; the province has it. It goes back to its place, unsent."""
    counter.complete()
    there = counter.receive()
    copy = make_backup(counter.desk, officer(counter.desk), tmp_path / "y.mcbackup").file
    counter.complete()
    back_to(counter, copy, tmp_path / "again")
    report = counter.complete()
    assert (report.pushed, report.accepted, report.duplicate) == (1, 1, 0), "the opening of the epoch alone"
    same_events(gateway, counter)
    assert there.id in counter.column(tables.dossier.c.id)
    with counter.desk.store.read() as connection:
        c = tables.stream.c
        last = connection.execute(select(tables.stream).order_by(c.position.desc()).limit(1)).one()
    assert last.confirmed is True and last.reason == "restored" and last.last_seq == 1


def test_a_raw_older_copy_is_found_out_by_the_fork(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    desk = new_desk()
    receive(desk, 1)
    run_round(desk, sleep=lambda _: None)
    desk.store.dispose()
    shutil.copytree(desk.folder, tmp_path / "copy")
    ahead, behind = reopen(desk.folder), reopen(tmp_path / "copy")
    second = receive(ahead, 2)
    assert run_round(ahead, sleep=lambda _: None).reconciled
    third = receive(behind, 3)
    report = run_round(behind, sleep=lambda _: None)
    assert report.reconciled, report.outcome
    with behind.store.read() as connection:
        found = set(connection.execute(select(tables.dossier.c.id)).scalars())
        told = connection.execute(select(tables.notice.c.body)).scalars().all()
    assert {second.id, third.id} <= found
    assert any("bản cũ" in body for body in told)
    ahead.store.dispose()
    behind.store.dispose()


def read_mark_of(counter: Counter, name: str) -> Any:
    with counter.desk.store.read() as connection:
        return read_mark(connection, name)
