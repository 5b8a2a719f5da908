"""The demo desk: believable, the same for the same seed, and row for row what the services write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.dossier_status import Status
from app.errors import RuleError
from app.models import tables
from app.services.audit.verify import verify_audit
from app.services.bulk import Batch, BatchRecorder
from app.services.demo import acts
from app.services.demo.filling import fill
from app.services.demo.people import population
from app.services.desk import Desk
from app.services.finding.search import find
from app.services.intake.reception import receive_dossier, record_reception, take_in
from app.services.numbering import NumberGiver
from tests.support.desk import MONDAY, birth, make_desk, officer

WRITTEN = (
    tables.dossier,
    tables.party,
    tables.component,
    tables.fee,
    tables.event,
    tables.history,
    tables.audit,
    tables.counter,
    tables.procedure_use,
)
MADE_ANEW = {
    "id", "row_no", "request_id", "dossier_id", "event_id", "subject_id", "record_id", "body", "digest",
    "chain", "mac", "epoch", "seq",
}  # fmt: skip


def rows_of(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """Everything an act writes, without what is new each time."""
    found = {}
    with desk.store.read() as connection:
        for table in WRITTEN:
            rows = connection.execute(select(table)).mappings()
            found[table.name] = [{k: v for k, v in row.items() if k not in MADE_ANEW} for row in rows]
    return found


def statuses(desk: Desk) -> dict[Status, int]:
    with desk.store.read() as connection:
        found = list(connection.execute(select(tables.dossier.c.status)).scalars())
    return {Status(status): found.count(status) for status in set(found)}


def test_a_batch_writes_what_the_services_write_singly(tmp_path: Path) -> None:
    single, many = make_desk(tmp_path / "single"), make_desk(tmp_path / "many")
    intake = birth(received_at=MONDAY)
    by = officer(single)
    made = receive_dossier(single, by, intake)
    acts.perform(single, by, made.id, acts.start, MONDAY)
    acts.perform(single, by, made.id, acts.complete, MONDAY)

    by = officer(many)
    with many.store.write() as connection:
        batch, numbers = Batch(connection), NumberGiver(connection, many.profile)
        recorder = BatchRecorder(connection, many, by, MONDAY, batch=batch)
        taken = take_in(many, by, intake, numbers)
        batch.take(taken)
        record_reception(recorder, taken)
        given = taken.received
        standing = acts.Standing(given.id, given.number, Status.RECEIVED, given.due_at, 0, MONDAY)
        for plan, status in ((acts.start, Status.RECEIVED), (acts.complete, Status.PROCESSING)):
            now = acts.Standing(standing.id, standing.number, status, standing.due_at, 0, MONDAY)
            _, changes = acts.write_step(recorder, now, plan(now, MONDAY))
            batch.change(given.id, changes)
        numbers.keep()
        batch.flush()

    assert rows_of(many) == rows_of(single)
    assert find(many, by, "hường").count == find(single, officer(single), "hường").count == 1
    assert verify_audit(many, by).ok


def test_every_status_with_whole_chains(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    filled = fill(desk, by, count=600, seed=1, until=MONDAY)
    assert filled.dossiers == 600
    found = statuses(desk)
    assert sum(found.values()) == 600
    assert set(found) >= {
        Status.RECEIVED, Status.REFUSED, Status.PROCESSING, Status.WITHDRAWN, Status.STOPPED,
        Status.COMPLETED, Status.RETURNED,
    }  # fmt: skip
    assert found[Status.RETURNED] > 450
    assert verify_audit(desk, by).ok
    with desk.store.read() as connection:
        e = tables.event.c
        seqs = list(connection.execute(select(e.desk_seq).order_by(e.desk_seq)).scalars())
        assert seqs == list(range(1, len(seqs) + 1))
        assert set(connection.execute(select(tables.dossier.c.sync_state)).scalars()) <= {"waiting", "none"}
        late = connection.execute(
            select(tables.history.c.at).where(tables.history.c.at > MONDAY).limit(1)
        ).first()
    assert late is None


def test_the_same_seed_gives_the_same_and_another_does_not(tmp_path: Path) -> None:
    made = []
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        desk = make_desk(tmp_path / name, FixedClock(MONDAY))
        fill(desk, officer(desk), count=40, seed=seed, until=MONDAY)
        made.append(rows_of(desk)["dossier"])
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_filling_twice_adds(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    for _ in range(2):
        fill(desk, officer(desk), count=30, seed=1, until=MONDAY)
    assert sum(statuses(desk).values()) == 60


def test_only_a_demo_desk_is_filled(tmp_path: Path) -> None:
    from dataclasses import replace

    desk = make_desk(tmp_path)
    real = replace(desk, profile=replace(desk.profile, demo=False))
    with pytest.raises(RuleError, match="demo-only"):
        fill(real, officer(desk), count=1, seed=1, until=MONDAY)


def test_made_up_people_can_be_nobody(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    made_up = population(9, 500, desk.reference.units)
    people = [made_up.person(number, MONDAY.date()) for number in range(500)]
    assert all(person.id_value is None or person.id_value[6:9] == "000" for person in people)
    assert all(person.phone is None or person.phone.startswith("0900000") for person in people)
    numbers = [person.id_value for person in people if person.id_value]
    assert len(set(numbers)) == len(numbers)
    assert "008198000000" not in numbers
    names = {person.name for person in people}
    assert any("'" in name for name in names)
    assert any(" " not in name for name in names)
    assert len(names) > 250
