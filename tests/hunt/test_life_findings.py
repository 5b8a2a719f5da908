"""Faults that the random lives found, each as a life of its own; all are mended."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.clock import VIETNAM, FixedClock
from app.domain.dossier_status import Act
from app.errors import RuleError
from app.models import tables
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ManualDue
from app.services.life import ActOrder, do_act
from tests.support.desk import MONDAY, birth, make_desk, officer

NO_TERM = "1.001776"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(MONDAY))
    yield desk
    desk.close()


def do(desk, number, act, **order):
    return do_act(desk, officer(desk, "lanhdao"), number, ActOrder(Act(act), **order))


def refused(desk, number, act, **order):
    with pytest.raises(RuleError) as error:
        do(desk, number, act, **order)
    return error.value.code


def test_who_does_not_hold_the_dossier_does_not_reopen_it(desk):
    number = receive_dossier(desk, officer(desk), birth()).number
    with desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(custodian_unit="02350"))
    do(desk, number, "withdraw", reason="Công dân rút")
    assert refused(desk, number, "reopen", reason="Rút nhầm") == "not-custodian"


def test_a_reversed_refusal_has_a_due_date(desk):
    intake = birth(procedure_code=NO_TERM, register_only=True)
    number = receive_dossier(desk, officer(desk), intake).number
    do(desk, number, "refuse", reason="Nhầm nơi nhận")
    assert refused(desk, number, "reopen", reason="Từ chối nhầm") == "due-unknown"


@pytest.mark.parametrize("acts", [("accept",), ("refuse", "reopen")])
def test_a_due_date_noted_at_arrival_is_not_used_once_it_has_passed(desk, acts):
    due = ManualDue(datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM), "Theo văn bản")
    intake = birth(procedure_code=NO_TERM, register_only=True, manual_due=due)
    number = receive_dossier(desk, officer(desk), intake).number
    *before, last = acts
    later = MONDAY + timedelta(days=10)
    for act in before:
        do(desk, number, act, reason="Nhầm nơi nhận")
    assert refused(desk, number, last, reason="Tiếp nhận", at=later) in (
        "due-before-reception",
        "due-unknown",
    )


def test_the_register_follows_the_day_at_the_counter(desk):
    new_year = datetime(2025, 12, 31, 19, 0, tzinfo=UTC)
    receive_dossier(desk, officer(desk), birth(received_at=new_year))
    with desk.store.read() as connection:
        book = connection.execute(select(tables.dossier.c.register_book)).scalar_one()
    assert book.endswith("/2026")


def test_the_province_hears_the_due_date_after_a_paid_fee(desk):
    number = receive_dossier(desk, officer(desk), birth(procedure_code="1.004884")).number
    do(desk, number, "start")
    do(desk, number, "request-fee", amount_vnd=50_000)
    done = do(desk, number, "pay", at=MONDAY + timedelta(days=9))
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body).order_by(tables.event.c.desk_seq)).scalars()
        told = [json.loads(body)["payload"] for body in bodies]
    due = [payload.get("new_due_at") or payload.get("due_at") for payload in told]
    heard = [datetime.fromisoformat(each) for each in due if each]
    assert heard[-1] == done.due_at
