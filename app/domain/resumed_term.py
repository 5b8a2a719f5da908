"""The due date after the clock stood still (DOMAIN §3: between status 5 or 6 and the return to 4).

Terms in days keep the working days that were left: the day the clock stopped counts as used, the day it
goes on again does not count, exactly as the day of reception does not. With no day left the term ends at
the first closing after the clock goes on. Terms within one day are such a term with no day left. What was
late when the clock stopped stays late: no time was left, so no later date comes of waiting.
"""

from __future__ import annotations

from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.working_calendar import WorkingCalendar


def working_days_left(stopped_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the stop up to and with the due day; 0 when it was due that day or before."""
    stop, due = _day(stopped_at), _day(due_at)
    return calendar.working_days_between(stop, due) if due > stop else 0


def resumed_due(
    stopped_at: datetime, resumed_at: datetime, due_at: datetime, calendar: WorkingCalendar
) -> datetime:
    """When the term ends now. ``ValueError`` for a clock that goes on before it stopped."""
    if resumed_at < stopped_at:
        raise ValueError("the clock cannot go on before it stopped")
    if stopped_at > due_at:
        return due_at
    left = working_days_left(stopped_at, due_at, calendar)
    day = _day(resumed_at)
    if left:
        return calendar.closing(calendar.add_working_days(day, left))
    if calendar.is_working_day(day) and resumed_at < calendar.closing(day):
        return calendar.closing(day)
    return calendar.closing(calendar.next_working_day(day))


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
