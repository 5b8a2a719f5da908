"""A copied disk at work beside the original: the second copy to go on is stopped and told (promise 2)."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select

from app.models import tables
from app.province.tables import events, streams
from app.sync.enrolment import enrol
from app.sync.marks import ALARM, read_mark
from app.sync.report import RoundReport
from app.sync.round import run_round
from tests.support.desk_store import receive, reopen, verdicts
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk


def sync(desk: object) -> RoundReport:
    return run_round(desk, sleep=lambda _: None)  # type: ignore[arg-type]


def test_the_second_copy_is_stopped_told_and_goes_on_as_another_desk(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, tmp_path: Path
) -> None:
    desk = new_desk()
    receive(desk, 1)
    assert sync(desk).reconciled
    desk.store.dispose()
    shutil.copytree(desk.folder, tmp_path / "copy")
    desk, copy = reopen(desk.folder), reopen(tmp_path / "copy")
    receive(desk, 2)
    assert sync(desk).reconciled
    receive(copy, 3)
    assert sync(copy).reconciled, "the copy takes back what it lacks and opens an epoch of its own"
    receive(desk, 4)

    for _ in range(2):
        report = sync(desk)
        assert report.outcome.code == "twin" and not report.reconciled and report.waiting == 1
    with desk.store.read() as connection:
        assert read_mark(connection, ALARM)["code"] == "twin"
        assert len(connection.execute(select(tables.stream.c.epoch)).all()) == 1
    assert sync(copy).reconciled, "one of the two goes on"

    enrol(desk, gateway.url, gateway.enrolment_code(f"moi-{unit}", unit))
    assert sync(desk).reconciled and set(verdicts(desk)) == {"accepted"}
    with gateway.store() as store, store.read() as db:
        mine = select(streams.c.stream_id, streams.c.desk_id).join(
            events, events.c.stream_id == streams.c.stream_id
        )
        rows = db.execute(
            select(events.c.subject_id).where(
                events.c.type == "dossier.received",
                events.c.unit_code == unit,
                events.c.verdict == "accepted",
            )
        ).all()
        assert len({row.desk_id for row in db.execute(mine.where(events.c.unit_code == unit))}) == 2
    assert len(rows) == len({row.subject_id for row in rows}) == 4
    for each in (desk, copy):
        each.store.dispose()
