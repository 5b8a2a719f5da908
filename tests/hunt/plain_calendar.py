"""Working days and terms counted day by day, straight from DOMAIN §4, without any code of the program.

The days off are data and are read from the shipped files; every rule that turns them into a due date is
written here a second time, as a clerk with a wall calendar would count.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

FILES = Path(__file__).resolve().parents[2] / "resources" / "calendars"
HERE = timezone(timedelta(hours=7))
CLOSING = time(17, 0)
ONE = timedelta(days=1)


@cache
def works(day: date) -> bool:
    """Whether the counter is open that day."""
    path = FILES / f"{day.year}.json"
    if not path.exists():
        fixed = json.loads((FILES / "default.json").read_text("utf-8"))["fixed_off_days"]
        off = {row["month_day"] for row in fixed if row["from_year"] <= day.year}
        return day.isoweekday() <= 5 and f"{day:%m-%d}" not in off
    year = json.loads(path.read_text("utf-8"))
    if day.isoformat() in {row["date"] for row in year["working_weekends"]}:
        return True
    return day.isoweekday() <= 5 and day.isoformat() not in {row["date"] for row in year["off_days"]}


def local_day(moment: datetime) -> date:
    """The day on the counter's wall."""
    return moment.astimezone(HERE).date()


def closing(day: date) -> datetime:
    """Five in the afternoon of that day."""
    return datetime.combine(day, CLOSING, HERE)


def first_open(day: date) -> date:
    """The day itself, or the first open day after it."""
    while not works(day):
        day += ONE
    return day


def nth_open_after(day: date, count: int) -> date:
    """The ``count``-th open day after a day that does not count itself."""
    while count:
        day += ONE
        if works(day):
            count -= 1
    return day


def due(received: datetime, unit: str, amount: int, cutoff: str | None) -> datetime:
    """When a dossier received then is due (DOMAIN §4, points 1 to 3)."""
    at = received.astimezone(HERE)
    day = at.date()
    if unit == "same_day":
        too_late = f"{at:%H:%M:%S}" >= f"{cutoff or '17:00'}:00" or at >= closing(day)
        return closing(nth_open_after(day, 1) if too_late or not works(day) else day)
    if unit == "working_day":
        return closing(nth_open_after(day, amount))
    assert unit == "day"
    last = day + amount * ONE if works(day) else first_open(day) + (amount - 1) * ONE
    return closing(first_open(last))


def due_after_wait(stopped: datetime, resumed: datetime, due_at: datetime) -> datetime:
    """The new due date after the citizen let us wait: the open days that were left begin anew (DOMAIN §3).
    What was late already stays as late."""
    if stopped > due_at:
        return due_at
    left, day = 0, local_day(stopped)
    while day < local_day(due_at):
        day += ONE
        left += works(day)
    back = local_day(resumed)
    if left:
        return closing(nth_open_after(back, left))
    if works(back) and resumed < closing(back):
        return closing(back)
    return closing(nth_open_after(back, 1))
