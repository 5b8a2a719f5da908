"""The due date after a pause, against days counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.resumed_term import resumed_due, working_days_left
from tests.domain.calendars import at, shipped_calendar

CALENDAR = shipped_calendar()


@pytest.mark.parametrize(
    ("stopped", "resumed", "due", "expected"),
    [
        # received Thu 19/11, 3 days: due Wed 25/11 (24/11 off). Stopped Fri 20: Mon 23, Wed 25 left = 2.
        # Resumed Thu 26/11: Fri 27, Mon 30.
        ("2026-11-20 10:00", "2026-11-26 09:00", "2026-11-25 17:00", "2026-11-30 17:00"),
        # same day stop and resume: nothing is lost, nothing is won
        ("2026-11-20 10:00", "2026-11-20 15:00", "2026-11-25 17:00", "2026-11-25 17:00"),
        # stopped on the due day: 0 left; back on Fri 27 before closing: that day's closing
        ("2026-11-25 09:00", "2026-11-27 10:00", "2026-11-25 17:00", "2026-11-27 17:00"),
        # the same, back after closing: the next working day
        ("2026-11-25 09:00", "2026-11-27 17:30", "2026-11-25 17:00", "2026-11-30 17:00"),
        # back on a Sunday
        ("2026-11-25 09:00", "2026-11-29 10:00", "2026-11-25 17:00", "2026-11-30 17:00"),
        # already late when it stopped: it stays late
        ("2026-11-27 09:00", "2026-12-01 10:00", "2026-11-25 17:00", "2026-11-25 17:00"),
        ("2026-11-25 17:01", "2026-12-01 10:00", "2026-11-25 17:00", "2026-11-25 17:00"),
        # at the very moment it was due it was not late
        ("2026-11-25 17:00", "2026-12-01 10:00", "2026-11-25 17:00", "2026-12-01 17:00"),
        # over Tết 2026 (16–20/2 off): stopped Thu 12/2, due Fri 13/2: 1 left; back Mon 23/2: Tue 24/2
        ("2026-02-12 09:00", "2026-02-23 08:00", "2026-02-13 17:00", "2026-02-24 17:00"),
        # the make-up Saturday 22/8/2026 is a working day: stopped Thu 20/8, due Sat 22/8: 21, 22 = 2 left
        ("2026-08-20 09:00", "2026-08-24 09:00", "2026-08-22 17:00", "2026-08-26 17:00"),
    ],
)
def test_days_left_go_on(stopped, resumed, due, expected):
    assert resumed_due(at(stopped), at(resumed), at(due), CALENDAR) == at(expected)


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="before it stopped"):
        resumed_due(at("2026-11-25 09:00"), at("2026-11-24 09:00"), at("2026-11-27 17:00"), CALENDAR)


@given(st.integers(0, 300), st.integers(0, 60), st.integers(0, 40))
def test_against_a_plain_count(start, pause, term):
    stopped = at("2026-01-05 09:00") + timedelta(days=start)
    resumed = stopped + timedelta(days=pause)
    due = CALENDAR.closing((stopped + timedelta(days=term)).date())
    left, day = 0, stopped.date()
    while day < due.date():
        day += timedelta(days=1)
        left += CALENDAR.is_working_day(day)
    assert working_days_left(stopped, due, CALENDAR) == left
    day, still = resumed.date(), left
    while still:
        day += timedelta(days=1)
        still -= CALENDAR.is_working_day(day)
    while not left and not CALENDAR.is_working_day(day):
        day += timedelta(days=1)
    assert resumed_due(stopped, resumed, due, CALENDAR) == CALENDAR.closing(day)
