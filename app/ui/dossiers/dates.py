"""Dates and times as lists write them: short, with the weekday where it is a day to come to."""

from __future__ import annotations

from datetime import date, datetime

from app.clock import VIETNAM
from app.text import t

_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def local_day(moment: datetime) -> date:
    """The Vietnamese day of a moment."""
    return moment.astimezone(VIETNAM).date()


def weekday(day: date) -> str:
    """``T2`` to ``CN``."""
    return t(_SHORT[day.weekday()])


def short_day(day: date, this_year: int) -> str:
    """``23/11``, with the year where it is another one."""
    return f"{day:%d/%m}" if day.year == this_year else f"{day:%d/%m/%Y}"


def received_words(moment: datetime, this_year: int) -> str:
    """``23/11 15:12``; of another year the day alone, ``23/11/2025``."""
    local = moment.astimezone(VIETNAM)
    day = short_day(local.date(), this_year)
    return f"{day} {local:%H:%M}" if local.year == this_year else day


def due_words(moment: datetime, this_year: int) -> str:
    """``T4 25/11 17:00``; of another year the day alone, ``T4 25/11/2025``."""
    local = moment.astimezone(VIETNAM)
    day = f"{weekday(local.date())} {short_day(local.date(), this_year)}"
    return f"{day} {local:%H:%M}" if local.year == this_year else day


def due_day_words(moment: datetime, now: datetime) -> str:
    """The hour alone for today (``17:00``), else the day (``T5 19/11``)."""
    local = moment.astimezone(VIETNAM)
    if local.date() == local_day(now):
        return f"{local:%H:%M}"
    return f"{weekday(local.date())} {short_day(local.date(), local_day(now).year)}"


def month_words(day: date) -> str:
    """``Tháng 11/2026``."""
    return t("Tháng {month}").format(month=f"{day.month}/{day.year}")
