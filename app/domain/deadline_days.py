"""Terms in working days, days and months (DOMAIN §4.1-2; Civil Code 2015, articles 147 and 148)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from app.domain import deadline_words as words
from app.domain.catalogue import TimeLimit
from app.domain.working_calendar import WorkingCalendar, days_after
from app.text import t

_ONE_DAY = timedelta(days=1)


def working_days(
    received: datetime, limit: TimeLimit, calendar: WorkingCalendar
) -> tuple[datetime, list[str]]:
    """Closing of the N-th working day after reception."""
    day, amount = received.date(), limit.amount or 0
    due_day = calendar.add_working_days(day, amount)
    parts = [t("{count} ngày làm việc, không tính ngày nhận").format(count=amount)]
    parts += _late_start(day, calendar)
    parts += words.passed_over(list(days_after(day, due_day)), calendar, day.year)
    return calendar.closing(due_day), parts


def calendar_days(
    received: datetime, limit: TimeLimit, calendar: WorkingCalendar
) -> tuple[datetime, list[str]]:
    """Closing of the N-th day, moved on when it is off."""
    amount = limit.amount or 0
    parts = [t("{count} ngày kể cả ngày nghỉ, không tính ngày nhận").format(count=amount)]
    last = _day_before_first(received.date(), calendar) + timedelta(days=amount)
    return _end_of(last, received.date(), parts, calendar)


def months(received: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> tuple[datetime, list[str]]:
    """Closing of the corresponding day, moved on when it is off."""
    amount = limit.amount or 0
    parts = [t("{count} tháng, không tính ngày nhận").format(count=amount)]
    last = _add_months(_day_before_first(received.date(), calendar), amount)
    return _end_of(last, received.date(), parts, calendar)


def _end_of(
    last: date, received: date, parts: list[str], calendar: WorkingCalendar
) -> tuple[datetime, list[str]]:
    """Closing of the last day, or of the next working day when the last is off (Civil Code, art. 148)."""
    due_day = last if calendar.is_working_day(last) else calendar.next_working_day(last)
    parts += _late_start(received, calendar) + words.moved(last, due_day, received.year, calendar)
    return calendar.closing(due_day), parts


def _day_before_first(received: date, calendar: WorkingCalendar) -> date:
    """The day from which days are counted: of reception, or before the next working day when it is off."""
    return received if calendar.is_working_day(received) else calendar.next_working_day(received) - _ONE_DAY


def _late_start(received: date, calendar: WorkingCalendar) -> list[str]:
    if calendar.is_working_day(received):
        return []
    first = words.day_words(calendar.next_working_day(received), received.year)
    off = words.day_off_words(received, calendar)
    return [t("nhận vào ngày nghỉ ({off}) nên ngày đầu tiên là {first}").format(off=off, first=first)]


def _add_months(day: date, count: int) -> date:
    """The corresponding day, or the month's last where there is none (Civil Code, art. 148)."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
