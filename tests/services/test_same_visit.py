"""One more dossier of a citizen still at the counter: one group, one sheet, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.component_rules import ComponentSpec
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.counter_tables import intake_group
from app.services.intake import same_visit
from app.services.intake.group_intake import group_sheet
from app.services.intake.reception import receive_dossier
from app.services.intake.same_visit import print_visit_sheet, receive_beside
from tests.support.desk import MONDAY, birth, make_desk, officer

COPY = "2.000635"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(MONDAY))
    yield desk
    desk.close()


def groups(desk):
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.dossier.c.group_id).order_by(tables.dossier.c.row_no))
        count = connection.execute(select(func.count()).select_from(intake_group)).scalar_one()
        return rows.scalars().all(), count


def test_each_joins_the_visit_of_the_first(desk):
    by = officer(desk)
    first = receive_dossier(desk, by, birth())
    second = birth(procedure_code=COPY)
    made = receive_beside(desk, by, second, first.id)
    receive_beside(desk, by, birth(), made.id)
    found, count = groups(desk)
    assert count == 1
    assert len(found) == 3
    assert set(found) == {found[0]} != {None}
    assert len(group_sheet(desk, by, found[0]).lines) == 3
    assert print_visit_sheet(desk, by, first.id).copy_no == 1
    assert print_visit_sheet(desk, by, first.id).copy_no == 2
    again = receive_beside(desk, by, second, first.id)
    assert (again.id, again.already) == (made.id, True)
    assert len(groups(desk)[0]) == 3


def test_what_is_refused_leaves_no_group(desk):
    by = officer(desk)
    first = receive_dossier(desk, by, birth())
    lacking = birth(all_required=False, components=(ComponentSpec("to_khai"),))
    with pytest.raises(RuleError):
        receive_beside(desk, by, lacking, first.id)
    assert groups(desk) == ([None], 0)
    with pytest.raises(NotFoundError):
        print_visit_sheet(desk, by, first.id)


def test_a_visit_ends_with_its_day(desk):
    by = officer(desk)
    first = receive_dossier(desk, by, birth())
    later = replace(desk, clock=FixedClock(MONDAY + timedelta(days=2)))
    receive_beside(later, by, birth(), first.id)
    assert groups(desk) == ([None, None], 0)


def test_a_visit_is_bounded_and_begins_somewhere(desk, monkeypatch):
    by = officer(desk)
    monkeypatch.setattr(same_visit, "MOST", 2)
    first = receive_dossier(desk, by, birth())
    second = birth()
    receive_beside(desk, by, second, first.id)
    assert receive_beside(desk, by, second, first.id).already
    with pytest.raises(RuleError) as error:
        receive_beside(desk, by, birth(), first.id)
    assert error.value.code == "group-large"
    with pytest.raises(NotFoundError):
        receive_beside(desk, by, birth(), "nope")
