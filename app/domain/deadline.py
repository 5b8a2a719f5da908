"""From the moment of reception and the legal term to the moment the result is due, with the reason.

Rules (DOMAIN §4; Civil Code 2015, articles 147 and 148): the day of reception is not counted; a term in
working days skips days off and counts make-up Saturdays; a term in days or months that ends on a day off
ends on the next working day; every such term ends at closing time. A same-day procedure is due at closing
of the day of reception, or of the next working day when it came at or after the procedure's own cutoff,
after closing, or on a day off. A dossier received on a day off begins its term on the next working day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.clock import VIETNAM
from app.domain import deadline_words as words
from app.domain.catalogue import TimeLimit, TimeUnit
from app.domain.deadline_days import calendar_days, months, working_days
from app.domain.deadline_hours import hours, working_hours
from app.domain.deadline_same_day import same_day
from app.domain.deadline_words import due_words as due_words
from app.domain.working_calendar import WorkingCalendar
from app.errors import RuleError
from app.text import t

_ONE_DAY = timedelta(days=1)
_YEARS = range(1990, 2200)
_LONGEST = {
    TimeUnit.HOUR: 24 * 366,
    TimeUnit.WORKING_HOUR: 8 * 366,
    TimeUnit.DAY: 3660,
    TimeUnit.WORKING_DAY: 2600,
    TimeUnit.MONTH: 120,
}
"""Longest believable terms; a longer one is a fault of the catalogue and is asked about."""


@dataclass(frozen=True)
class Deadline:
    """When the result is due and why, in one sentence for the citizen.

    ``due_at`` ``None``: the catalogue has no term, the officer gives a date and a reason. ``confirmed``
    false: there is no date, or it passes through a year whose days off nobody has published.
    """

    due_at: datetime | None
    reason: str
    confirmed: bool


def reckon_due(received_at: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> Deadline:
    """The due date of a dossier received at the moment, by the term of its procedure version.

    Raises ``RuleError`` ``received-at-impossible`` (field ``received_at``) for a year no counter knows, and
    ``ValueError`` for a moment without zone.
    """
    received = _local(received_at)
    if received.year not in _YEARS:
        raise RuleError(
            "received-at-impossible",
            t("Năm nhận hồ sơ chưa đúng: {year}.").format(year=received.year),
            t("Xem lại ngày nhận, hoặc giờ của máy tính."),
            field="received_at",
        )
    reckon = _reckoner(limit)
    if reckon is None:
        return Deadline(
            None, t("Danh mục chưa có thời hạn của thủ tục này: nhập ngày hẹn và ghi lý do."), False
        )
    due, parts = reckon(received, limit, calendar)
    guessed = _guessed_years(received.date(), due.date(), calendar)
    if guessed:
        years = ", ".join(str(year) for year in guessed)
        parts.append(t("lịch năm {years} chưa được công bố").format(years=years))
    return Deadline(due, "; ".join(parts) + ".", not guessed)


def check_manual_due(due: datetime, received_at: datetime, reason: str, calendar: WorkingCalendar) -> None:
    """Accept a due date an officer gave, or raise ``RuleError`` naming ``due`` or ``reason``.

    A hand-given date lies after reception, on a working day, and has a reason in words.
    """
    local, received = _local(due), _local(received_at)
    if local <= received:
        raise RuleError(
            "due-before-reception",
            t("Ngày hẹn phải sau lúc nhận hồ sơ ({moment}).").format(moment=due_words(received)),
            t("Chọn ngày hẹn muộn hơn."),
            field="due",
        )
    if not calendar.is_working_day(local.date()):
        following = calendar.next_working_day(local.date())
        day = words.day_off_words(local.date(), calendar)
        raise RuleError(
            "due-on-day-off",
            t("Ngày hẹn rơi vào ngày nghỉ ({day}).").format(day=day),
            t("Ngày làm việc tiếp theo là {day}.").format(day=words.day_words(following, local.year)),
            field="due",
        )
    if not any(letter.isalnum() for letter in reason):
        raise RuleError(
            "due-reason-missing",
            t("Ngày hẹn nhập bằng tay cần có lý do."),
            t("Ghi ngắn gọn lý do để in trên phiếu và trả lời người dân."),
            field="reason",
        )


Reckoner = Callable[[datetime, TimeLimit, WorkingCalendar], tuple[datetime, list[str]]]


def _reckoner(limit: TimeLimit) -> Reckoner | None:
    """The rule of the unit; ``None`` where the term is unknown or cannot be one."""
    if limit.amount is None or limit.unit is None:
        return None
    if limit.unit is TimeUnit.SAME_DAY:
        return same_day
    if not 0 < limit.amount <= _LONGEST[limit.unit]:
        return None
    return {
        TimeUnit.WORKING_DAY: working_days,
        TimeUnit.DAY: calendar_days,
        TimeUnit.MONTH: months,
        TimeUnit.HOUR: hours,
        TimeUnit.WORKING_HOUR: working_hours,
    }[limit.unit]


def _guessed_years(received: date, due: date, calendar: WorkingCalendar) -> list[int]:
    first = min(received + _ONE_DAY, due)
    return [year for year in range(first.year, due.year + 1) if not calendar.is_confirmed(year)]


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("time without zone")
    return moment.astimezone(VIETNAM)
