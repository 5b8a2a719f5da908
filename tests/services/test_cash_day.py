"""The box at day's end: totals by officer, way and book; counting by notes; a difference needs a reason."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import FixedClock
from app.domain.cash import NOTES, CashEntry, counted, totals
from app.errors import RuleError
from app.services.audit.verify import verify_audit
from app.services.intake.reception import receive_dossier
from app.services.life.doing import Paying
from app.services.money import payments
from app.services.money.cash_day import cash_day, count_cash, make_cash_sheet, make_fee_note
from app.services.papers.slips import kept_paper
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer

TODAY = MONDAY.date()


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def take(desk, amount=None, method="cash", login="canbo"):
    by = officer(desk, login)
    number = receive_dossier(desk, by, birth(procedure_code="2.000635")).number
    return payments.take_payment(desk, by, number, amount, Paying(method=method)).receipt


def refused(call, *args, **more):
    with pytest.raises(RuleError) as error:
        call(*args, **more)
    assert error.value.title and error.value.next_step
    return error.value


def test_a_day_adds_up_by_officer_way_and_book(desk):
    first = take(desk)
    take(desk, method="bank_transfer")
    take(desk, 5000, login="lanhdao")
    payments.cancel_receipt(desk, officer(desk), first.label, "Ghi nhầm")
    day = cash_day(desk, officer(desk), TODAY)
    sums = day.totals
    assert (sums.taken_vnd, sums.given_back_vnd, sums.expected_vnd) == (21000, 8000, 5000)
    assert {each.key: each.net_vnd for each in sums.by_method} == {"cash": 5000, "bank_transfer": 8000}
    assert sorted(each.net_vnd for each in sums.by_officer) == [5000, 8000]
    (book,) = sums.books
    assert (book.book, book.first, book.last, book.count, book.cancelled) == ("BL02/2026", 1, 3, 3, (1,))
    assert book.whole and day.count is None


def test_a_day_that_was_counted_never_changes_when_money_goes_back_later(desk, clock):
    receipt = take(desk)
    before = cash_day(desk, officer(desk), TODAY).totals
    clock.advance(timedelta(days=2))
    payments.cancel_receipt(desk, officer(desk), receipt.label, "Trả lại")
    assert cash_day(desk, officer(desk), TODAY).totals == before
    later = cash_day(desk, officer(desk), clock.now().date()).totals
    assert (later.taken_vnd, later.given_back_vnd, later.expected_vnd) == (0, 8000, -8000)
    assert later.books == ()


def test_counting_that_fits_needs_no_reason_and_one_that_differs_does(desk):
    take(desk)
    by = officer(desk)
    kept = count_cash(desk, by, TODAY, {5000: 1, 2000: 1, 1000: 1})
    assert kept.difference_vnd == 0 and kept.notes == {5000: 1, 2000: 1, 1000: 1}
    error = refused(count_cash, desk, by, TODAY, {5000: 1})
    assert error.code == "cash-difference" and error.field == "reason" and "thiếu 3.000" in error.title
    assert "thừa 2.000" in refused(count_cash, desk, by, TODAY, {10000: 1}).title
    assert count_cash(desk, by, TODAY, {5000: 1}, "Trả thừa cho khách").difference_vnd == -3000
    latest = cash_day(desk, by, TODAY).count
    assert latest is not None and latest.reason == "Trả thừa cho khách", "the latest counting holds"
    assert verify_audit(desk, by).ok


def test_money_after_the_counting_is_seen(desk):
    by = officer(desk)
    count_cash(desk, by, TODAY, {})
    assert not cash_day(desk, by, TODAY).moved_since
    take(desk)
    assert cash_day(desk, by, TODAY).moved_since


@pytest.mark.parametrize(
    ("notes", "code"),
    [({500: 1}, "note-unknown"), ({1000: -1}, "note-count"), ({1000: 100000}, "note-count")],
)
def test_what_is_no_count_of_notes(desk, notes, code):
    assert refused(count_cash, desk, officer(desk), TODAY, notes).code == code


def test_tomorrow_is_not_counted_today_and_who_may(desk):
    assert refused(count_cash, desk, officer(desk), TODAY + timedelta(days=1), {}).field == "day"
    assert refused(count_cash, desk, officer(desk, "quantri"), TODAY, {}).code == "not-permitted"
    assert refused(count_cash, desk, officer(desk), TODAY, {}, "x" * 501).field == "reason"


def test_the_sheet_and_the_note_are_kept_and_read_back(desk):
    by, receipt = officer(desk), take(desk)
    count_cash(desk, by, TODAY, {5000: 1, 2000: 1, 1000: 1})
    made = make_cash_sheet(desk, by, TODAY)
    words = reading.words(kept_paper(desk, by, made.job_id))
    assert receipt.label in words and receipt.dossier_number in words and "8.000 đồng" in words
    assert "Chênh lệch: không" in words and made.copy_no == 1
    assert re.search("Nhật ký: mục [0-9]+, dấu [0-9a-f]{16}", words)
    assert "In lại lần 1" in reading.words(make_cash_sheet(desk, by, TODAY).pdf)
    note = make_fee_note(desk, by, receipt.label)
    assert "Tám nghìn đồng" in reading.words(note.pdf) and note.copy_no == 1


ENTRY = st.builds(
    CashEntry,
    st.sampled_from(["A", "B"]),
    st.integers(1, 50),
    st.integers(1, 10**6),
    st.sampled_from(["cash", "bank_transfer"]),
    st.sampled_from(["Yến", "Sơn"]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(ENTRY, max_size=20))
def test_every_way_of_adding_gives_the_same_sum(entries):
    day = totals(entries)
    net = day.taken_vnd - day.given_back_vnd
    assert sum(each.net_vnd for each in day.by_officer) == sum(each.net_vnd for each in day.by_method) == net
    cash = [each.net_vnd for each in day.by_method if each.key == "cash"]
    assert day.expected_vnd == sum(cash)


@given(st.dictionaries(st.sampled_from(NOTES), st.integers(0, 99_999)))
def test_notes_add_up(notes):
    assert counted(notes) == sum(value for value, count in notes.items() for _ in range(min(count, 3))) + sum(
        value * max(0, count - 3) for value, count in notes.items()
    )
