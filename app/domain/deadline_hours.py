"""Terms in hours of the clock and in hours of work. They run from the moment of reception."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain import deadline_words as words
from app.domain.catalogue import TimeLimit
from app.domain.working_calendar import WorkingCalendar, days_after
from app.text import t


def hours(received: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> tuple[datetime, list[str]]:
    """Clock hours from reception; an end outside working time waits until the counter is open."""
    day, amount = received.date(), limit.amount or 0
    start = received
    if not calendar.is_working_day(day):
        start = calendar.opening(calendar.next_working_day(day))
    parts = [_hours_from(t("{count} giờ, tính từ {at} {day}"), amount, start, day.year)]
    end = start + timedelta(hours=amount)
    last = end.date()
    if not calendar.is_working_day(last):
        due_day = calendar.next_working_day(last)
        return calendar.closing(due_day), parts + words.moved(last, due_day, day.year, calendar)
    reopened = _open_at_or_after(end, calendar, including_end=True)
    if reopened != end:
        parts.append(t("hạn rơi ngoài giờ làm việc nên trả khi quầy mở lại"))
    return reopened, parts


def working_hours(
    received: datetime, limit: TimeLimit, calendar: WorkingCalendar
) -> tuple[datetime, list[str]]:
    """Hours of work from reception, lunch, nights and days off left out."""
    day, amount = received.date(), limit.amount or 0
    start = at = _open_at_or_after(received, calendar, including_end=False)
    left = timedelta(hours=amount)
    while True:
        end = next(closes for _, closes in calendar.sessions(at.date()) if at < closes)
        if left <= end - at:
            break
        left -= end - at
        at = _open_at_or_after(end, calendar, including_end=False)
    parts = [_hours_from(t("{count} giờ làm việc, tính từ {at} {day}"), amount, start, day.year)]
    return at + left, parts + words.passed_over(list(days_after(day, at.date())), calendar, day.year)


def _hours_from(sentence: str, amount: int, start: datetime, year: int) -> str:
    return sentence.format(count=amount, at=f"{start:%H:%M}", day=words.day_words(start.date(), year))


def _open_at_or_after(moment: datetime, calendar: WorkingCalendar, *, including_end: bool) -> datetime:
    """The moment itself within a session, else the start of the next one."""
    day = moment.date()
    while True:
        for opens, closes in calendar.sessions(day):
            if moment < closes or (including_end and moment == closes):
                return max(moment, opens)
        day = calendar.next_working_day(day)
