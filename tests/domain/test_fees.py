"""What is owed after receipts: spread in order, unknown amounts never read as 0, cancelling restores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fees import (
    ASKED_LATER,
    MOST_VND,
    AskedFee,
    TakenPayment,
    owed,
    plan_payment,
    words_after,
)
from app.errors import RuleError

FEE = AskedFee("a", "Lệ phí", 8000)
OTHER = AskedFee("b", "Phí bản sao", 5000)
UNKNOWN = AskedFee("u", "Lệ phí hộ tịch", None)
LATER = AskedFee("x", "Nghĩa vụ tài chính", 50000, ASKED_LATER)


def planned(fees, taken=(), amount=None, waiting=False):
    return plan_payment(owed(fees, taken), amount, waiting=waiting)


def refused(*args, **more):
    with pytest.raises(RuleError) as error:
        planned(*args, **more)
    assert error.value.field == "amount" and error.value.title and error.value.next_step
    return error.value


def test_all_that_is_owed_is_taken_when_no_amount_is_said():
    plan = planned([FEE, OTHER])
    assert (plan.amount_vnd, plan.fee_ids) == (13000, ("a", "b"))
    assert planned([FEE, OTHER], [TakenPayment(("a",), 8000)]).fee_ids == ("b",)


def test_a_part_is_spread_in_order_and_the_rest_stays_owed():
    plan = planned([FEE, OTHER], amount=9000)
    assert plan.fee_ids == ("a", "b")
    now = owed([FEE, OTHER], [TakenPayment(plan.fee_ids, 9000)])
    assert now.left_vnd == 4000 and not now.owes_nothing
    assert "4.000" in words_after(now)[0]
    assert planned([FEE, OTHER], amount=3000).fee_ids == ("a",)


def test_an_unknown_fee_is_never_free_and_never_guessed():
    now = owed([UNKNOWN], [])
    assert now.unknown == ("Lệ phí hộ tịch",) and not now.owes_nothing and now.left_vnd == 0
    assert "Chưa có mức thu" in refused([UNKNOWN]).title
    plan = planned([FEE, UNKNOWN], amount=20000)
    assert plan.fee_ids == ("a", "u")
    after = owed([FEE, UNKNOWN], [TakenPayment(plan.fee_ids, 20000)])
    assert after.owes_nothing and after.surplus_vnd == 0 and words_after(after) == ()
    assert planned([FEE, UNKNOWN], amount=8000).fee_ids == ("a",), "nothing is left for the unknown one"


@pytest.mark.parametrize("amount", [0, -1, MOST_VND + 1])
def test_amounts_no_receipt_can_bear(amount):
    assert refused([FEE], amount=amount).code == "amount-range"


def test_nothing_owed_is_said_and_more_than_asked_is_warned_of():
    paid = [TakenPayment(("a",), 8000)]
    assert "không còn khoản nào" in refused([FEE], paid).title
    plan = planned([FEE], paid, amount=1000)
    assert plan.fee_ids == (), "a fee is made for it"
    now = owed([FEE], [TakenPayment(("a",), 9500)])
    assert now.surplus_vnd == 1500 and "1.500" in words_after(now)[0]


def test_a_waiting_dossier_goes_on_only_by_the_whole_amount():
    error = refused([FEE, LATER], amount=49999, waiting=True)
    assert error.code == "amount-below-asked" and "50.000" in error.next_step
    assert planned([FEE, LATER], amount=50000, waiting=True).fee_ids == ("x",), "what holds it up comes first"
    assert planned([FEE, LATER], amount=49999).fee_ids == ("x",)


def test_a_fee_only_a_receipt_made_is_owed_by_nobody():
    made = AskedFee("m", "Phí, lệ phí", 1000, made_by_receipt=True)
    assert owed([made], [TakenPayment(("m",), 1000)]).surplus_vnd == 0
    assert owed([made], []).owes_nothing


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6))
FEES = st.lists(AMOUNTS, max_size=5).map(
    lambda amounts: [AskedFee(str(n), f"Khoản {n}", amount) for n, amount in enumerate(amounts)]
)


@given(FEES, st.lists(st.integers(1, 10**6), max_size=6))
def test_no_dong_is_lost_or_made_up(fees, payments):
    taken: list[TakenPayment] = []
    for amount in payments:
        plan = planned(fees, taken, amount=amount)
        before = owed(fees, taken)
        taken.append(TakenPayment(plan.fee_ids, amount))
        after = owed(fees, taken)
        assert after.left_vnd == before.left_vnd - min(amount, before.left_vnd)
    now = owed(fees, taken)
    assert now.taken_vnd == sum(payments) == sum(each.paid_vnd for each in now.fees) + now.surplus_vnd
    assert all(each.left_vnd is None or each.left_vnd >= 0 for each in now.fees)
    assert owed(fees, []).left_vnd == sum(fee.amount_vnd or 0 for fee in fees), "all cancelled: all owed"
