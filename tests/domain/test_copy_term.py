"""How long a certification may take: two working days, longer only as agreed in writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.copy_term import LongerTerm, longer_due
from app.errors import RuleError
from tests.support.desk import MONDAY, reference

CALENDAR = reference().calendar
LAST = datetime(2026, 11, 26, 17, 0, tzinfo=VIETNAM)
"""Tuesday 24/11 is a holiday: two working days after Monday end on Thursday."""


def test_two_working_days_skip_the_holiday():
    due, words = longer_due(LongerTerm(" Bản chính   nhiều trang "), MONDAY, CALENDAR)
    assert due == LAST
    assert words == "Kéo dài thời hạn chứng thực: Bản chính nhiều trang"


def test_an_agreement_stands_in_the_words():
    term = LongerTerm("Nhiều bản", "VB 12 ngày 23/11/2026", LAST + timedelta(days=4))
    due, words = longer_due(term, MONDAY, CALENDAR)
    assert due == LAST + timedelta(days=4)
    assert words.endswith("; thỏa thuận bằng văn bản: VB 12 ngày 23/11/2026")


@pytest.mark.parametrize(
    ("term", "field"),
    [
        (LongerTerm(""), "reason"),
        (LongerTerm("…"), "reason"),
        (LongerTerm("Nhiều bản", due_at=LAST + timedelta(minutes=1)), "agreement"),
        (LongerTerm("Nhiều bản", " ", LAST + timedelta(days=1)), "agreement"),
        (LongerTerm("Nhiều bản", "VB 12", MONDAY - timedelta(hours=1)), "due"),
        (LongerTerm("Nhiều bản", "VB 12", datetime(2026, 11, 28, 9, 0, tzinfo=VIETNAM)), "due"),
    ],
)
def test_refused_beside_the_field(term, field):
    with pytest.raises(RuleError) as refused:
        longer_due(term, MONDAY, CALENDAR)
    assert refused.value.field == field
    assert refused.value.next_step


@given(st.integers(0, 60 * 24 * 60))
def test_without_an_agreement_nothing_is_later_than_two_working_days(minutes):
    term = LongerTerm("Nhiều bản")
    received = MONDAY + timedelta(minutes=minutes)
    last, _ = longer_due(term, received, CALENDAR)
    assert CALENDAR.is_working_day(last.date())
    day, worked = received.date(), 0
    while day < last.date():
        day += timedelta(days=1)
        worked += CALENDAR.is_working_day(day)
    assert worked == 2
    with pytest.raises(RuleError):
        longer_due(replace(term, due_at=last + timedelta(minutes=1)), received, CALENDAR)
