"""The end of the day: a desk left alone over the hour or in the night after it is closed, else it is not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.closing_time import NIGHT, is_closed, read_hour

HOUR = time(19)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("touched", "now", "closed"),
    [
        (at(23, 18, 40), at(23, 18, 59), False),
        (at(23, 18, 40), at(23, 19), True),
        (at(23, 19, 30), at(23, 19, 45), True),
        (at(24, 0, 30), at(24, 0, 45), True),
        (at(24, 7, 0), at(24, 7, 15), False),
        (at(23, 17), at(24, 10), True),
        (at(28, 10), at(28, 12), False),
        (at(24, 10), at(23, 9), False),
    ],
    ids=["before", "at", "evening", "past midnight", "morning", "slept over", "Saturday", "clock set back"],
)
def test_the_hour_and_the_night_after_it(touched: datetime, now: datetime, closed: bool) -> None:
    assert is_closed(now, touched, HOUR) is closed
    assert is_closed(now.astimezone(UTC), touched.astimezone(UTC), HOUR) is closed


@given(
    st.integers(0, 20 * 366 * 24 * 60),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.times(),
)
def test_alone_for_a_day_is_always_closed_and_by_day_never(
    minutes: int, alone: timedelta, hour: time
) -> None:
    moment = at(23, 9) + timedelta(minutes=minutes)
    closed = is_closed(moment, moment - alone, hour)
    gone_by = (moment - datetime.combine(moment.date(), hour, VIETNAM)) % timedelta(days=1)
    assert closed is (gone_by < NIGHT or alone > gone_by)


@pytest.mark.parametrize("odd", ["", "7 PM", "25:00", "19:00:30", "19:00Z", 19, None, ["19:00"], "19h00"])
def test_what_names_no_hour(odd: object) -> None:
    assert read_hour(odd) is None


def test_what_names_an_hour() -> None:
    assert read_hour("17:30") == time(17, 30)
