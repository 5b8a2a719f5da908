"""Dates known to the day, the month or only the year: compared by the first and last day they may be."""

from __future__ import annotations

import calendar
import re
from datetime import date

from app.domain.vietnamese import number_in_words
from app.text import t

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def span(answer: object) -> tuple[date, date] | None:
    """First and last day a kept date may be; ``None`` where there is none."""
    match = _PARTIAL.fullmatch(answer) if isinstance(answer, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def partial_words(answer: str) -> str:
    """``22/11/2026``, ``11/2026`` or ``2026``, as people write it."""
    return "/".join(reversed(answer.split("-")))


def date_in_words(day: date) -> str:
    """``Ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu``; the day as people say it:
    mồng for the first ten."""
    first = t("mồng ") if day.day <= 10 else ""
    month = t("tư") if day.month == 4 else number_in_words(day.month)
    return t("Ngày {day} tháng {month} năm {year}").format(
        day=first + number_in_words(day.day), month=month, year=number_in_words(day.year)
    )


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29/02 counts as 01/03 in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
