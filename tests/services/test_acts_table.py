"""docs/acts.md is what the code does: current, and true of every act that is carried out."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.act_events import EVENTS, events_of
from app.domain.dossier_status import STEPS, Act, Status
from app.models import tables
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from tests.support.desk import MONDAY, birth, make_desk, officer
from tools import acts_table

ORDERS = {
    Act.EXTEND: {"reason": "Xác minh", "due_at": MONDAY + timedelta(days=15)},
    Act.REQUEST_FEE: {"amount_vnd": 5000},
    Act.PAY: {"amount_vnd": 5000},
    Act.TRANSFER: {"to_unit": "02350"},
}
"""What these acts ask for besides a reason."""


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(MONDAY))
    yield desk
    desk.close()


def test_the_page_is_current():
    assert acts_table.PAGE.read_text("utf-8") == acts_table.page(), "run python -m tools.acts_table"
    assert acts_table.main(["--check"]) == 0


def test_the_page_has_one_row_an_act():
    lines = acts_table.page().splitlines()
    for act in Act:
        assert len([line for line in lines if line.startswith(f"| `{act.value}` |")]) == 1
    assert set(EVENTS) == set(Act)


@pytest.mark.parametrize(
    ("act", "status"), [(act, status) for act in Act for status in STEPS[act]], ids=lambda each: str(each)
)
def test_every_act_writes_exactly_its_events_and_one_line(desk, act, status):
    """The dossier is put into the status by hand, so that the act alone is looked at."""
    by = officer(desk, "lanhdao")
    number = receive_dossier(desk, by, birth(procedure_code="1.004884", register_only=True)).number
    columns = {"status": int(status)}
    if act is Act.ACCEPT_CUSTODY:
        columns["custodian_unit"] = "02350"
    with desk.store.write() as connection:
        connection.execute(tables.dossier.update().values(**columns))
    if act is Act.ACCEPT_CUSTODY:
        from app.services.life import note_arrival

        note_arrival(desk, by, number)
    before = _counts(desk)
    order = ActOrder(act, **{"reason": "Đủ lý do", "items": ("Giấy chứng sinh",), **ORDERS.get(act, {})})
    done = do_act(desk, by, number, order)
    after = _counts(desk)
    assert done.status is STEPS[act][status]
    assert [after[1] - before[1], after[2] - before[2]] == [1, 1]
    assert tuple(_types(desk)[before[0] :]) == events_of(act, status)


def test_registering_tells_nothing(desk):
    before = _counts(desk)[0]
    receive_dossier(desk, officer(desk), birth(register_only=True))
    assert _counts(desk)[0] == before
    assert Status.NEW in STEPS[Act.ACCEPT]


def _counts(desk):
    with desk.store.read() as connection:
        return [
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in (tables.event, tables.history, tables.audit)
        ]


def _types(desk):
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body).order_by(tables.event.c.desk_seq)).scalars()
        return [json.loads(body)["type"] for body in bodies]
