"""Money from the counter to the province: taken, given back, counted; both sides agree to the đồng."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.line import DeskLine
from app.models import tables
from app.protocol.ids import new_id
from app.province.beside import GatewayBeside
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.life.doing import Paying
from app.services.money import payments
from app.services.money.cash_day import cash_day
from tests.support.desk import ENVIRON, MONDAY, birth, make_desk, officer


def test_receipts_and_refunds_are_accepted_and_agree_with_the_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    clock = FixedClock(MONDAY)
    desk, beside = make_desk(tmp_path, clock), GatewayBeside(tmp_path, clock, 0)
    by = officer(desk)
    beside.start()
    try:
        line = DeskLine(desk)
        line.enrol(beside.url, beside.enrolment_code("quay-2", desk.profile.unit_code), None)
        for n in range(4):
            number = receive_dossier(desk, by, birth(procedure_code="2.000635")).number
            receipt = payments.take_payment(desk, by, number, None, Paying()).receipt
            if n % 2:
                for act in (Act.START, Act.COMPLETE, Act.RETURN):
                    do_act(desk, by, number, ActOrder(act))
                payments.cancel_receipt(desk, by, receipt.id, "Trả lại tiền")
        line.sync()
    finally:
        beside.stop()
    with desk.store.read() as connection:
        rows = connection.execute(
            select(tables.event.c.type, tables.event.c.verdict, tables.event.c.body)
        ).all()
    assert {row.verdict for row in rows} == {"accepted"}
    told = [json.loads(row.body)["payload"] for row in rows if row.type.startswith("fee.")]
    taken = sum(each["amount_vnd"] for each in told[:]) - 2 * sum(
        json.loads(row.body)["payload"]["amount_vnd"] for row in rows if row.type == "fee.refunded"
    )
    assert taken == cash_day(desk, by, MONDAY.date()).totals.expected_vnd == 16000
    desk.close()


def test_the_same_request_from_two_hands_at_once_is_one_receipt(tmp_path: Path) -> None:
    one, two = make_desk(tmp_path, FixedClock(MONDAY)), make_desk(tmp_path, FixedClock(MONDAY))
    number = receive_dossier(one, officer(one), birth(procedure_code="2.000635")).number
    how, seen = Paying(request_id=new_id()), []

    def pay(desk: object) -> None:
        assert desk in (one, two)
        mine = one if desk is one else two
        seen.append(payments.take_payment(mine, officer(mine), number, 5000, how))

    threads = [Thread(target=pay, args=(desk,)) for desk in (one, two, one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 4 and len({each.receipt.id for each in seen}) == 1
    assert sorted(each.already for each in seen) == [False, True, True, True]
    assert len(payments.receipts_of_dossier(one, officer(one), number)) == 1
    one.close()
    two.close()
