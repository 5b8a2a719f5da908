"""Same-day procedures (DOMAIN §4.3): today at closing, else the next working day at closing.

The cutoff belongs to the procedure; a procedure without one is late only after closing or on a day off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from app.domain import deadline_words as words
from app.domain.catalogue import TimeLimit
from app.domain.working_calendar import WorkingCalendar, days_after
from app.text import t

_ONE_DAY = timedelta(days=1)


def same_day(received: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> tuple[datetime, list[str]]:
    """When a same-day result is due, and why not today if it is not."""
    day = received.date()
    cause = _why_not_today(received, limit.late_cutoff, calendar)
    if cause is None:
        return calendar.closing(day), [_today_words(received, limit.late_cutoff, calendar)]
    due_day = calendar.next_working_day(day)
    passed = list(days_after(day, due_day - _ONE_DAY))
    weekend = words.weekend_words(passed, calendar)
    causes = [cause]
    if weekend:
        causes.append(t("{days} nghỉ").format(days=weekend))
    causes += words.holiday_words(passed, calendar, day.year)
    made_up = words.extra_days_words([due_day], calendar, day.year)
    return calendar.closing(due_day), [_because(causes, made_up)]


def _why_not_today(received: datetime, cutoff: time | None, calendar: WorkingCalendar) -> str | None:
    day = received.date()
    minute = received.time().replace(second=0, microsecond=0)
    if not calendar.is_working_day(day):
        return t("nhận vào ngày nghỉ ({day})").format(day=words.day_off_words(day, calendar))
    if cutoff is not None and received.time() >= cutoff:
        sentence = t("nhận từ {cutoff} ({at})") if minute == cutoff else t("nhận sau {cutoff} ({at})")
        return sentence.format(cutoff=words.hour_words(cutoff), at=f"{received:%H:%M}")
    if received >= calendar.closing(day):
        at_closing = minute == calendar.closing(day).time()
        sentence = t("nhận lúc hết giờ làm việc ({at})") if at_closing else t("nhận sau giờ làm việc ({at})")
        return sentence.format(at=f"{received:%H:%M}")
    return None


def _today_words(received: datetime, cutoff: time | None, calendar: WorkingCalendar) -> str:
    at = f"{received:%H:%M}"
    if cutoff is not None and cutoff < calendar.closing(received.date()).time():
        return t("Trả trong ngày: nhận lúc {at}, trước {cutoff}").format(
            at=at, cutoff=words.hour_words(cutoff)
        )
    return t("Trả trong ngày: nhận lúc {at}, trước khi hết giờ làm việc").format(at=at)


def _because(causes: Sequence[str], made_up: str) -> str:
    if len(causes) == 1:
        tail = f" ({made_up})" if made_up else ""
        return t("Vì {cause}, trả vào ngày làm việc tiếp theo{tail}").format(cause=causes[0], tail=tail)
    joined = words.and_list(causes) if len(causes) == 2 else "; ".join(causes)
    tail = t("; tính cả {days}").format(days=made_up) if made_up else ""
    return t("Vì {causes}{tail}").format(causes=joined, tail=tail)
