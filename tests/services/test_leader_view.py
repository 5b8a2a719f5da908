"""Lãnh đạo: counts against a plain count over the dossiers themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.domain.roles import Role
from app.errors import RuleError
from app.models import tables
from app.services.demo import filling as demo
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.overview.leader_view import leader_view
from app.services.people.access import add_officer
from app.services.people.approvals import ask_approval
from app.services.people.delegation import delegate
from tests.support.desk import MONDAY, birth, make_desk, officer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    yield opened
    opened.close()


def test_an_empty_desk(desk: Desk) -> None:
    view = leader_view(desk, officer(desk, "lanhdao"))
    assert (view.waiting, view.late, view.by_officer, view.by_field) == ((), (), (), ())
    assert (view.late_total, view.open_total, view.late_without_apology) == (0, 0, 0)


def test_only_for_who_leads(desk: Desk) -> None:
    clerk = officer(desk)
    for who in (clerk, officer(desk, "quantri")):
        with pytest.raises(RuleError):
            leader_view(desk, who)
    delegate(desk, officer(desk, "lanhdao"), clerk.id, MONDAY.date(), MONDAY.date(), "đi họp")
    assert leader_view(desk, clerk).delegations[0].deputy_id == clerk.id


def test_counts_agree_with_a_plain_count(desk: Desk, clock: FixedClock) -> None:
    demo.fill(desk, officer(desk), count=300, seed=3, until=MONDAY)
    clock.at = now = MONDAY + timedelta(days=14)
    view = leader_view(desk, officer(desk, "lanhdao"))
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.dossier)).mappings().all()
    carried = [row for row in rows if 2 <= row["status"] <= 6 and row["status"] != 3]
    late = [row for row in rows if row["status"] in (2, 4) and row["due_at"] and row["due_at"] < now]
    assert late and carried
    assert view.open_total == len(carried)
    assert view.late_total == len(late)
    assert {one.dossier_id for one in view.late} == {row["id"] for row in late}
    for loads in (view.by_officer, view.by_field):
        assert sum(load.open for load in loads) == len(carried)
        assert sum(load.late for load in loads) == len(late)
        assert [load.open for load in loads] == sorted((load.open for load in loads), reverse=True)
        assert all(load.name for load in loads)
    assert [one.due_at for one in view.late] == sorted(one.due_at for one in view.late)


def test_late_says_by_whom_how_long_and_whether_an_apology_went_out(desk: Desk, clock: FixedClock) -> None:
    clerk = officer(desk)
    other = add_officer(desk, officer(desk, "quantri"), "tu", "Triệu Văn Tú", Role.PROCESSING).officer
    first = receive_dossier(desk, clerk, birth())
    second = receive_dossier(desk, other, birth())
    later = MONDAY + timedelta(days=2, hours=8)
    do_act(desk, clerk, second.number, ActOrder(Act.EXTEND, reason="Chờ xác minh", due_at=later))
    clock.at = MONDAY + timedelta(days=7)
    view = leader_view(desk, officer(desk, "lanhdao"))
    said = {one.dossier_id: (one.officer, one.apology, one.days) for one in view.late}
    assert said == {first.id: (clerk.name, False, 4), second.id: (other.name, True, 3)}
    assert view.late_without_apology == 1
    assert view.late[0].field == "Hộ tịch"
    assert {load.name: load.late for load in view.by_officer} == {clerk.name: 1, other.name: 1}


def test_done_is_neither_late_nor_carried(desk: Desk, clock: FixedClock) -> None:
    clerk = officer(desk)
    number = receive_dossier(desk, clerk, birth()).number
    do_act(desk, clerk, number, ActOrder(Act.START))
    assert do_act(desk, clerk, number, ActOrder(Act.COMPLETE)).status is Status.COMPLETED
    clock.at = MONDAY + timedelta(days=30)
    view = leader_view(desk, officer(desk, "lanhdao"))
    assert (view.late_total, view.open_total) == (0, 0)


def test_what_waits_comes_with_it(desk: Desk) -> None:
    clerk = officer(desk)
    number = receive_dossier(desk, clerk, birth()).number
    laid = ask_approval(desk, clerk, number, ActOrder(Act.STOP, reason="Nộp trùng"))
    assert leader_view(desk, officer(desk, "lanhdao")).waiting == (laid,)
