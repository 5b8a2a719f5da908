"""The Vietnamese of a due date: days, holidays passed over, why it is not sooner.

An officer reads these words to the citizen, so they name days as people do ("thứ Ba 24/11").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from app.clock import VIETNAM
from app.domain.working_calendar import WorkingCalendar, days_after
from app.text import t

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_REST = "nghỉ"


def due_words(due_at: datetime) -> str:
    """``Thứ Tư 25/11/2026 · 17:00``, as on screen and slip."""
    local = due_at.astimezone(VIETNAM)
    weekday = weekday_words(local.date())
    return f"{weekday[0].upper()}{weekday[1:]} {local:%d/%m/%Y} · {local:%H:%M}"


def weekday_words(day: date) -> str:
    """``thứ Hai`` to ``Chủ nhật``."""
    return t(_WEEKDAYS[day.weekday()])


def day_words(day: date, year: int) -> str:
    """``thứ Ba 24/11``, with the year where it is not the one spoken of."""
    return f"{weekday_words(day)} {_short(day, year)}"


def hour_words(moment: time) -> str:
    """``15 giờ``, ``15 giờ 30``."""
    hours = t("{hour} giờ").format(hour=moment.hour)
    return f"{hours} {moment.minute:02d}" if moment.minute else hours


def day_off_words(day: date, calendar: WorkingCalendar) -> str:
    """A day off in brackets: ``Chủ nhật 22/11``; ``thứ Ba 24/11, Ngày Văn hóa Việt Nam``."""
    name = calendar.day_off_name(day)
    words = day_words(day, day.year)
    return f"{words}, {name}" if name else words


def weekend_words(days: Sequence[date], calendar: WorkingCalendar) -> str:
    """The plain weekend among the days off: ``thứ Bảy, Chủ nhật``, one of them, or nothing."""
    off = [day for day in days if day.weekday() >= _SATURDAY and not calendar.is_working_day(day)]
    named = {day for run in _holiday_runs(days, calendar) for day in run}
    plain = {day.weekday() for day in off if day not in named}
    return ", ".join(t(_WEEKDAYS[weekday]) for weekday in sorted(plain))


def holiday_words(days: Sequence[date], calendar: WorkingCalendar, year: int) -> list[str]:
    """Each holiday among the days off: ``thứ Ba 24/11 nghỉ …``, ``16/2–20/2 nghỉ Tết Nguyên đán``."""
    return [_run_words(run, calendar, year) for run in _holiday_runs(days, calendar)]


def skipped_words(days: Sequence[date], calendar: WorkingCalendar, year: int) -> str:
    """All days off among the days as one list; empty when there is none."""
    weekend = weekend_words(days, calendar)
    return and_list([weekend] * bool(weekend) + holiday_words(days, calendar, year))


def extra_days_words(days: Iterable[date], calendar: WorkingCalendar, year: int) -> str:
    """Saturdays and Sundays that are worked: ``thứ Bảy 22/8 làm bù``."""
    return and_list(
        [_extra_words(day, calendar, year) for day in days if calendar.extra_working_day_name(day)]
    )


def passed_over(days: Sequence[date], calendar: WorkingCalendar, year: int) -> list[str]:
    """Days off skipped and make-up days counted, each a clause of the sentence."""
    parts = []
    if skipped := skipped_words(days, calendar, year):
        parts.append(t("bỏ qua {days}").format(days=skipped))
    if made_up := extra_days_words(days, calendar, year):
        parts.append(t("tính cả {days}").format(days=made_up))
    return parts


def moved(last: date, due_day: date, year: int, calendar: WorkingCalendar) -> list[str]:
    """Why the due day is not the last day of the term."""
    if due_day == last:
        return []
    skipped = skipped_words(list(days_after(last - _ONE_DAY, due_day - _ONE_DAY)), calendar, year)
    return [t("hạn rơi vào ngày nghỉ nên bỏ qua {days}").format(days=skipped)]


def and_list(parts: Sequence[str]) -> str:
    """``a, b và c``."""
    if len(parts) < 2:
        return "".join(parts)
    return t("{first} và {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _extra_words(day: date, calendar: WorkingCalendar, year: int) -> str:
    name = calendar.extra_working_day_name(day) or ""
    kind = t("làm bù") if name.lower().startswith("làm bù") else t("làm việc")
    return f"{day_words(day, year)} {kind}"


def _holiday_runs(days: Iterable[date], calendar: WorkingCalendar) -> list[list[date]]:
    """Neighbouring days off of one holiday together; a holiday wholly on a weekend is a plain weekend."""
    runs: list[list[date]] = []
    for day in days:
        name = calendar.day_off_name(day)
        if calendar.is_working_day(day) or (name is None and day.weekday() >= _SATURDAY):
            continue
        last = runs[-1][-1] if runs else None
        if last and day - last == timedelta(days=1) and calendar.day_off_name(last) == name:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [run for run in runs if any(day.weekday() < _SATURDAY for day in run)]


def _run_words(run: Sequence[date], calendar: WorkingCalendar, year: int) -> str:
    if len(run) == 1:
        when = day_words(run[0], year)
    else:
        when = f"{_short(run[0], year)}–{_short(run[-1], year)}"
    name = calendar.day_off_name(run[0]) or ""
    if name.lower().startswith(_REST):
        return f"{when} {name[0].lower()}{name[1:]}"
    return f"{when} {t(_REST)} {name}".rstrip()


def _short(day: date, year: int) -> str:
    return f"{day.day}/{day.month}" if day.year == year else f"{day.day}/{day.month}/{day.year}"
