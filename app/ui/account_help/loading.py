"""What the start page asks the worker for."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.roles import Officer
from app.domain.working_calendar import WorkingCalendar
from app.services.desk import Desk
from app.services.help.account_help import CaseLine, list_cases
from app.services.overview.today import HelpWeek, today


@dataclass(frozen=True)
class OpenCases:
    """Cases still open (or found), this week's figures, the calendar that days off are told from."""

    lines: tuple[CaseLine, ...]
    week: HelpWeek
    calendar: WorkingCalendar


def open_cases(desk: Desk, by: Officer, text: str) -> OpenCases:
    """Narrowed by name, number or telephone."""
    lines = list_cases(desk, by, text, open_only=True)
    return OpenCases(lines, today(desk, by).help_week, desk.reference.calendar)
