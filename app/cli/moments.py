"""Times and days as typed on the command line: without an offset +07:00, a day alone its opening hour."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from app.clock import VIETNAM, truncate_ms
from app.errors import UsageError
from app.text import t

if TYPE_CHECKING:
    from app.domain.working_calendar import WorkingCalendar

_YEARS = range(1900, 2200)


def parse_moment(text: str, field: str, calendar: WorkingCalendar) -> datetime:
    """The moment meant. Raises ``UsageError`` "time-shape" naming the option."""
    try:
        return calendar.opening(_in_range(date.fromisoformat(text)))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        local = (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)
        _in_range(local.date())
    except (ValueError, OverflowError):
        raise UsageError(
            "time-shape",
            t("Chưa hiểu thời điểm đã gõ."),
            t("Gõ năm-tháng-ngày, có thể kèm giờ, ví dụ 2026-11-23T15:12 hoặc 2026-11-23."),
            field=field,
        ) from None
    return truncate_ms(local)


def parse_day(text: str, field: str) -> date:
    """The day meant. Raises ``UsageError`` "date-shape" naming the option."""
    try:
        return _in_range(date.fromisoformat(text))
    except ValueError:
        raise UsageError(
            "date-shape",
            t("Chưa hiểu ngày đã gõ."),
            t("Gõ năm-tháng-ngày, ví dụ 2026-11-23."),
            field=field,
        ) from None


def _in_range(day: date) -> date:
    if day.year not in _YEARS:
        raise ValueError("year")
    return day
