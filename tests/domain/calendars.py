"""The shipped calendar files as a calendar, for tests of the rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from app.clock import VIETNAM
from app.domain.working_calendar import CalendarEdit, WorkingCalendar, calendar_from_json

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "calendars"


def shipped_documents() -> dict[str, object]:
    """Every file of resources/calendars, parsed."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}


def shipped_calendar(edits: Iterable[CalendarEdit] = ()) -> WorkingCalendar:
    """The calendar a fresh desk works with."""
    return calendar_from_json(shipped_documents(), edits)


def at(text: str) -> datetime:
    """A moment in Viet Nam from ``2026-11-23 15:12``."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
