"""Dates as officers type them: ``22112026``, ``22/11/2026``, ``22/11``.

Day before month. ``22/11`` is the year of ``today``, whatever side of today it falls on: the full date
is shown at once. ``2026-11-22`` is read too. Two-digit years and bare ``221126`` are asked for again,
for a birth of 1926 and a due date of 2026 look alike. Nothing is corrected in silence: 30/02 is told.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

FIRST_YEAR, LAST_YEAR = 1850, 2199

_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SPLIT = re.compile(r"([0-9]{1,2})\s*[/.\-\s]\s*([0-9]{1,2})(?:\s*[/.\-\s]\s*([0-9]{4}))?")
_SHORT_YEAR = re.compile(r"[0-9]{6}|[0-9]{1,2}[/.\-\s]+[0-9]{1,2}[/.\-\s]+[0-9]{1,3}")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def parse_typed_date(text: str, today: date, field: str = "date") -> date:
    """The day that was typed.

    Raises ``RuleError`` (``field``): ``date-missing``, ``date-shape``, ``date-short-year``,
    ``date-impossible``, ``date-year``.
    """
    written = clean_text(text)
    if not written:
        raise _refuse("date-missing", t("Chưa có ngày."), today, field)
    if iso := _ISO.fullmatch(written):
        year, month, day = (int(part) for part in iso.groups())
        return _build(day, month, year, today, field)
    if match := _DIGITS.fullmatch(written) or _SPLIT.fullmatch(written):
        day, month = int(match[1]), int(match[2])
        return _build(day, month, int(match[3] or today.year), today, field)
    if _SHORT_YEAR.fullmatch(written):
        raise _refuse("date-short-year", t("Năm phải đủ bốn chữ số."), today, field)
    raise _refuse("date-shape", t("Chưa đọc được ngày này."), today, field)


def format_date(day: date | None) -> str:
    """``22/11/2026``; empty for ``None``."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def format_weekday_date(day: date) -> str:
    """``Thứ Hai 30/11/2026``, for appointments."""
    return f"{_WEEKDAYS[day.weekday()]} {format_date(day)}"


def _build(day: int, month: int, year: int, today: date, field: str) -> date:
    if not 1 <= month <= 12:
        title = t("Không có tháng {month}.").format(month=f"{month:02}")
        raise _refuse("date-impossible", title, today, field)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        title = t("Năm {year} không dùng được ở đây.").format(year=f"{year:04}")
        raise _refuse("date-year", title, today, field)
    last = calendar.monthrange(year, month)[1]
    if 1 <= day <= last:
        return date(year, month, day)
    raise _impossible(day, month, year, last, field)


def _impossible(day: int, month: int, year: int, last: int, field: str) -> RuleError:
    if (day, month) == (29, 2):
        title = t("Năm {year} không có ngày 29/02.").format(year=year)
    else:
        title = t("Không có ngày {day}/{month}.").format(day=f"{day:02}", month=f"{month:02}")
    example = f"{min(max(day, 1), last):02}{month:02}{year:04}"
    return RuleError(
        "date-impossible", title, t("Gõ lại, ví dụ {example}.").format(example=example), field=field
    )


def _refuse(code: str, title: str, today: date, field: str) -> RuleError:
    next_step = t("Gõ ngày trước, tháng sau, đủ tám số, ví dụ {example}.")
    example = f"{today.day:02}{today.month:02}{today.year:04}"
    return RuleError(code, title, next_step.format(example=example), field=field)
