"""Working days and hours of a commune office.

Rule: Saturday, Sunday and public holidays are off (Labour Code 2019, articles 111 and 112), a Saturday
announced as a make-up day is worked. Holidays are dated data that the office can edit, never code: the
files of ``resources/calendars`` are seeded by ``tools/seed_calendars.py`` and loaded by a service, which
hands the parsed documents to ``calendar_from_json``. A year nobody has published is still reckoned with
its weekends and fixed-date holidays, and ``is_confirmed`` says that it is a guess.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from app.clock import VIETNAM
from app.domain.calendar_node import CalendarNode, malformed

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DEFAULT_FILE = "default.json"
_HOURS_FILE = "hours.json"

Session = tuple[time, time]
"""One stretch of work of a day, from opening to closing."""


class EditKind(StrEnum):
    """What an office says of a day, over the files."""

    OFF = "off"
    WORKING = "working"


@dataclass(frozen=True)
class CalendarEdit:
    """A day the office itself set off or working; the last edit of a day holds."""

    day: date
    kind: EditKind
    name: str


@dataclass(frozen=True)
class CalendarYear:
    """The days of one year that differ from "Monday to Friday".

    ``published``: the State has announced the year; else it is an estimate.
    """

    year: int
    version: str
    published: bool
    off_days: Mapping[date, str]
    working_weekends: Mapping[date, str]


@dataclass(frozen=True)
class FixedHoliday:
    """A holiday of the same date each year, for years that have no file."""

    month: int
    day: int
    name: str
    from_year: int


@dataclass(frozen=True)
class WorkingHours:
    """Sessions of a working day from a date on. ``confirmed`` false: our guess, the province decides."""

    effective_from: date
    sessions: tuple[Session, ...]
    confirmed: bool = False


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days and hours are worked. ``version`` names the exact data and is kept by each dossier."""

    years: Mapping[int, CalendarYear]
    hours: tuple[WorkingHours, ...]
    version: str
    fixed: tuple[FixedHoliday, ...] = ()
    edits: Mapping[date, CalendarEdit] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on the day."""
        edit = self.edits.get(day)
        if edit is not None:
            return edit.kind is EditKind.WORKING
        if day.weekday() >= _SATURDAY:
            return self._listed_working(day) is not None
        return self._holiday(day) is None

    def day_off_name(self, day: date) -> str | None:
        """Name of the holiday that makes the day off; ``None`` on a working day or a plain weekend."""
        if self.is_working_day(day):
            return None
        edit = self.edits.get(day)
        return (edit.name or None) if edit is not None else self._holiday(day)

    def extra_working_day_name(self, day: date) -> str | None:
        """Why a Saturday or Sunday is worked; ``None`` for every other day."""
        if day.weekday() < _SATURDAY or not self.is_working_day(day):
            return None
        edit = self.edits.get(day)
        return edit.name if edit is not None else self._listed_working(day)

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after the day."""
        day += _ONE_DAY
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after the day, which is itself never counted; 0 gives the day."""
        if count < 0:
            raise ValueError("a term is never negative")
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(1 for day in days_after(start, end) if self.is_working_day(day))

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of work from ``start`` to ``end``; 0 when ``end`` is not later."""
        seconds = 0.0
        day = start.astimezone(VIETNAM).date()
        last = end.astimezone(VIETNAM).date()
        while day <= last:
            for opens, closes in self.sessions(day):
                seconds += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
            day += _ONE_DAY
        return int(seconds // 60)

    def sessions(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The day's stretches of work as moments; none on a day off."""
        if not self.is_working_day(day):
            return ()
        return tuple((_at(day, opens), _at(day, closes)) for opens, closes in self.hours_on(day).sessions)

    def hours_on(self, day: date) -> WorkingHours:
        """The hours in force on the day; before the first known ones, the first."""
        known = [hours for hours in self.hours if hours.effective_from <= day]
        return known[-1] if known else self.hours[0]

    def opening(self, day: date) -> datetime:
        """When the counter opens on that day, were it a working day."""
        return _at(day, self.hours_on(day).sessions[0][0])

    def closing(self, day: date) -> datetime:
        """When the counter closes on that day, were it a working day: the moment a term ends."""
        return _at(day, self.hours_on(day).sessions[-1][1])

    def is_confirmed(self, year: int) -> bool:
        """Whether the State has published the year's days off."""
        known = self.years.get(year)
        return known is not None and known.published

    def _holiday(self, day: date) -> str | None:
        known = self.years.get(day.year)
        if known is not None:
            return known.off_days.get(day)
        for holiday in self.fixed:
            if (day.month, day.day) == (holiday.month, holiday.day) and day.year >= holiday.from_year:
                return holiday.name
        return None

    def _listed_working(self, day: date) -> str | None:
        known = self.years.get(day.year)
        return known.working_weekends.get(day) if known is not None else None


def days_after(start: date, end: date) -> Iterator[date]:
    """The days after ``start`` up to and with ``end``."""
    while start < end:
        start += _ONE_DAY
        yield start


def calendar_from_json(docs: Mapping[str, object], edits: Iterable[CalendarEdit] = ()) -> WorkingCalendar:
    """The calendar that parsed files (by file name: ``2026.json``, ``hours.json``, ``default.json``) state.

    Raises ``RuleError`` ``calendar-file`` naming file and key (``field`` is ``2026.json:off_days[3].date``)
    when a document is malformed or ``hours.json`` is missing.
    """
    if _HOURS_FILE not in docs:
        raise malformed(_HOURS_FILE, "hours")
    years: dict[int, CalendarYear] = {}
    hours: tuple[WorkingHours, ...] = ()
    fixed: tuple[FixedHoliday, ...] = ()
    versions: list[str] = []
    for name in sorted(docs):
        node = CalendarNode(name, "", docs[name])
        versions.append(node.text("version"))
        if name == _HOURS_FILE:
            hours = _read_hours(node)
        elif name == _DEFAULT_FILE:
            fixed = tuple(_read_fixed(item) for item in node.items("fixed_off_days"))
        else:
            year = _read_year(node)
            if name != f"{year.year}.json":
                raise node.malformed("year")
            years[year.year] = year
    by_day = {edit.day: edit for edit in edits}
    return WorkingCalendar(years, hours, _version(versions, docs, by_day), fixed, by_day)


def _version(versions: list[str], docs: Mapping[str, object], edits: Mapping[date, CalendarEdit]) -> str:
    """Readable versions of the files, and a digest of all that decides a due date."""
    content = [docs, [[day.isoformat(), edit.kind, edit.name] for day, edit in sorted(edits.items())]]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    try:
        digest = hashlib.sha256(canonical.encode()).hexdigest()
    except UnicodeEncodeError:  # half of a character, which JSON can write and no text has
        raise malformed(next(iter(sorted(docs))), "text") from None
    return f"{'+'.join(versions)}#{digest[:10]}"


def _read_year(node: CalendarNode) -> CalendarYear:
    year = node.whole("year", 1990, 2200)
    status = node.text("status")
    if status not in ("published", "estimate"):
        raise node.malformed("status")
    off: dict[date, str] = {}
    for item in node.items("off_days"):
        day = item.day("date", year)
        if day in off:
            raise item.malformed("date")
        off[day] = item.text("name")
    working: dict[date, str] = {}
    for item in node.items("working_weekends"):
        day = item.day("date", year)
        if day.weekday() < _SATURDAY or day in off:
            raise item.malformed("date")
        working[day] = item.text("name")
    return CalendarYear(year, node.text("version"), status == "published", off, working)


def _read_fixed(node: CalendarNode) -> FixedHoliday:
    month, _, day = node.text("month_day").partition("-")
    try:
        known = date(2000, int(month), int(day))
    except (ValueError, OverflowError):
        raise node.malformed("month_day") from None
    return FixedHoliday(known.month, known.day, node.text("name"), node.whole("from_year", 1990, 2200))


def _read_hours(node: CalendarNode) -> tuple[WorkingHours, ...]:
    rows = [
        WorkingHours(item.day("effective_from"), _read_sessions(item), item.text("status") == "published")
        for item in node.items("hours")
    ]
    if not rows or len({row.effective_from for row in rows}) < len(rows):
        raise node.malformed("hours")
    return tuple(sorted(rows, key=lambda row: row.effective_from))


def _read_sessions(node: CalendarNode) -> tuple[Session, ...]:
    sessions = tuple((item.clock("from"), item.clock("to")) for item in node.items("sessions"))
    edges = [edge for session in sessions for edge in session]
    if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
        raise node.malformed("sessions")
    return sessions


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, VIETNAM)
