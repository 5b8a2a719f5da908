"""Receipts: once a request, numbers without a gap, cancelled with a reason and never removed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.clock import FixedClock
from app.domain.dossier_status import Act, Status
from app.errors import NotFoundError, RuleError
from app.models import migrate, tables
from app.models.life_tables import payment
from app.protocol.ids import new_id
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.life.doing import Paying
from app.services.money import payments
from app.services.papers.forms import make_paper
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer

COPIES = "2.000635"
"""8.000 đ a copy, an amount that the catalogue holds."""


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def number(desk):
    return receive(desk)


def receive(desk, **changes):
    return receive_dossier(desk, officer(desk), birth(procedure_code=COPIES, **changes)).number


def take(desk, number, amount=None, login="canbo", **how):
    return payments.take_payment(desk, officer(desk, login), number, amount, Paying(**how))


def events(desk, kind):
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body).order_by(tables.event.c.desk_seq)).scalars()
        return [event for event in map(json.loads, bodies) if event["type"] == kind]


def rows(desk):
    with desk.store.read() as connection:
        return connection.execute(select(payment).order_by(payment.c.number)).mappings().all()


def refused(call, *args, **more):
    with pytest.raises(RuleError) as error:
        call(*args, **more)
    assert error.value.title and error.value.next_step
    return error.value


def test_a_payment_is_a_row_a_history_line_and_an_event(desk, number):
    taken = take(desk, number, method="bank_transfer", reference="FT26327", payer="Ma Văn Một")
    receipt = taken.receipt
    assert (receipt.label, receipt.amount_vnd, receipt.method) == ("BL02/2026-1", 8000, "bank_transfer")
    assert receipt.payer == "Ma Văn Một" and receipt.fees == ("Phí hộ tịch",) and taken.warnings == ()
    (row,), (event,) = rows(desk), events(desk, "fee.collected")
    assert row["event_id"] == event["event_id"]
    assert event["payload"]["fee_ids"] == row["fee_ids"]
    assert event["payload"]["payment_reference"] == "FT26327"
    assert event["payload"]["method"] == "bank_transfer"
    assert payments.debts(desk, officer(desk), number).owes_nothing
    assert take(desk, receive(desk)).receipt.payer == "Ma Thị Hường"


def test_do_pay_writes_the_same_receipt(desk, number):
    do_act(desk, officer(desk), number, ActOrder(Act.PAY))
    assert rows(desk)[0]["amount_vnd"] == 8000
    assert "không còn khoản nào" in refused(do_act, desk, officer(desk), number, ActOrder(Act.PAY)).title


def test_the_same_request_never_gives_two_receipts(desk, number):
    request = new_id()
    first = take(desk, number, 5000, request_id=request)
    again = take(desk, number, 5000, request_id=request)
    assert again.already and again.receipt == first.receipt
    assert len(rows(desk)) == len(events(desk, "fee.collected")) == 1
    assert take(desk, number, request_id=new_id()).receipt.label == "BL02/2026-2", "no number was used up"
    assert payments.debts(desk, officer(desk), number).owes_nothing


def test_numbers_have_no_gap_when_payments_are_refused(desk, number):
    for _ in range(3):
        refused(take, desk, number, -5)
        refused(take, desk, number, 5, method="gold")
        refused(take, desk, number, 5, payer="x" * 300)
        take(desk, number, 1000)
    assert [row["number"] for row in rows(desk)] == [1, 2, 3]


def test_parts_and_too_much_are_told(desk, number):
    assert "Còn 5.000 đ" in take(desk, number, 3000).warnings[0]
    assert "2.000 đ" in take(desk, number, 7000).warnings[0]


def test_a_cancelled_receipt_leaves_the_fee_unpaid_and_stays(desk, number, clock):
    receipt = take(desk, number).receipt
    clock.advance(timedelta(minutes=5))
    gone = payments.cancel_receipt(desk, officer(desk), receipt.label, "Ghi nhầm hồ sơ")
    assert not gone.stands and gone.cancel_reason == "Ghi nhầm hồ sơ" and gone.cancelled_by
    (event,) = events(desk, "fee.refunded")
    assert event["payload"]["amount_vnd"] == 8000 and event["payload"]["receipt"]["number"] == "1"
    assert event["payload"]["fee_ids"] == events(desk, "fee.collected")[0]["payload"]["fee_ids"]
    assert payments.debts(desk, officer(desk), number).left_vnd == 8000
    assert take(desk, number).receipt.label == "BL02/2026-2"
    assert len(payments.receipts_of_dossier(desk, officer(desk), number)) == 2
    error = refused(payments.cancel_receipt, desk, officer(desk), receipt.label, "Lần nữa")
    assert error.code == "receipt-cancelled"
    with desk.store.read() as connection:
        lines = connection.execute(select(tables.history.c.act)).scalars().all()
    assert lines.count("refund") == 1


def test_who_may_cancel(desk, number, clock):
    label = take(desk, number, login="lanhdao").receipt.label
    assert refused(payments.cancel_receipt, desk, officer(desk), label, "x").code == "cancel-not-yours"
    assert (
        refused(payments.cancel_receipt, desk, officer(desk, "quantri"), label, "x").code == "not-permitted"
    )
    assert refused(payments.cancel_receipt, desk, officer(desk, "lanhdao"), label, " ").field == "reason"
    early = MONDAY - timedelta(hours=1)
    error = refused(payments.cancel_receipt, desk, officer(desk, "lanhdao"), label, "x", early)
    assert error.field == "at"
    with pytest.raises(NotFoundError):
        payments.cancel_receipt(desk, officer(desk), "BL02/2026-77", "x")
    mine = take(desk, receive(desk)).receipt.label
    assert not payments.cancel_receipt(desk, officer(desk, "lanhdao"), mine, "Lãnh đạo hủy").stands


def test_a_duty_whose_receipt_was_cancelled_is_asked_for_again_as_it_was(desk, number, clock):
    by = officer(desk, "lanhdao")
    take(desk, number)
    do_act(desk, by, number, ActOrder(Act.START))
    do_act(desk, by, number, ActOrder(Act.REQUEST_FEE, amount_vnd=50000, reason="Phí thẩm định"))
    assert refused(take, desk, number, 49000).code == "amount-below-asked"
    receipt = take(desk, number).receipt
    assert receipt.amount_vnd == 50000 and receipt.fees == ("Phí thẩm định",)
    payments.cancel_receipt(desk, by, receipt.id, "Khách rút tiền")
    done = do_act(desk, by, number, ActOrder(Act.REQUEST_FEE))
    assert done.status is Status.FEE_REQUESTED
    asked = events(desk, "dossier.fee_requested")
    assert asked[0]["payload"]["fees"] == asked[1]["payload"]["fees"]
    assert payments.debts(desk, officer(desk), number).left_vnd == 50000
    assert take(desk, number).receipt.amount_vnd == 50000


def test_a_stop_notice_states_what_was_taken_by_then(desk, number, clock):
    by = officer(desk, "lanhdao")
    first = take(desk, number, 3000, login="lanhdao").receipt
    take(desk, number)
    payments.cancel_receipt(desk, by, first.id, "Ghi nhầm")
    do_act(desk, by, number, ActOrder(Act.START))
    do_act(desk, by, number, ActOrder(Act.STOP, reason="Theo đề nghị"))
    assert "5.000 đồng" in reading.words(make_paper(desk, by, number, "05").pdf)


def test_the_store_itself_keeps_receipts(desk, number):
    take(desk, number)
    for statement in (delete(payment), update(payment).values(amount_vnd=1)):
        with pytest.raises(RuntimeError), desk.store.write() as connection:
            connection.execute(statement)
    assert rows(desk)[0]["amount_vnd"] == 8000


def test_receipts_of_a_day_are_those_made_or_cancelled_on_it(desk, number, clock):
    first = take(desk, number).receipt
    clock.advance(timedelta(days=2))
    payments.cancel_receipt(desk, officer(desk), first.label, "Trả lại")
    second = take(desk, receive(desk)).receipt
    by, later = officer(desk), clock.now().date()
    assert [each.label for each in payments.receipts_of_day(desk, by, MONDAY.date())] == [first.label]
    assert [each.label for each in payments.receipts_of_day(desk, by, later)] == [first.label, second.label]
    assert payments.receipt_of(desk, by, "bl02/2026-2").id == second.id


def test_receipts_of_a_first_version_desk_become_rows(desk, number):
    """Version 1 kept a receipt in the history alone; the migration makes its row."""
    taken = take(desk, number)
    before = dict(rows(desk)[0])
    migrate.run_migrations(desk.store, "-2")
    migrate.run_migrations(desk.store)
    after = dict(rows(desk)[0])
    assert after.pop("id") == before["event_id"] and before.pop("id")
    assert after == before
    assert payments.debts(desk, officer(desk), number).owes_nothing
    assert payments.receipt_of(desk, officer(desk), taken.receipt.label).amount_vnd == 8000
