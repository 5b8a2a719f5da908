"""Working days and hours, and the reading of calendar files."""

from __future__ import annotations

import copy
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.working_calendar import CalendarEdit, EditKind, WorkingCalendar, calendar_from_json
from app.errors import RuleError
from tests.domain.calendars import FOLDER, at, shipped_calendar, shipped_documents
from tools.seed_calendars import documents

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2019, 1, 1), date(2039, 12, 31))


def test_the_files_are_those_the_tool_makes() -> None:
    built = documents()
    assert {path.name for path in FOLDER.iterdir()} == set(built)
    for name, text in built.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2025-01-27", "Tết Nguyên đán"),
        ("2025-01-31", "Tết Nguyên đán"),
        ("2025-04-07", "Giỗ Tổ Hùng Vương"),
        ("2025-05-02", "Nghỉ hoán đổi với thứ Bảy 26/4"),
        ("2025-09-01", "Quốc khánh"),
        ("2026-01-01", "Tết Dương lịch"),
        ("2026-01-02", "Nghỉ hoán đổi với thứ Bảy 10/1"),
        ("2026-02-16", "Tết Nguyên đán"),
        ("2026-02-20", "Tết Nguyên đán"),
        ("2026-04-26", "Giỗ Tổ Hùng Vương"),
        ("2026-04-27", "Nghỉ bù Giỗ Tổ Hùng Vương"),
        ("2026-04-30", "Ngày Chiến thắng"),
        ("2026-05-01", "Ngày Quốc tế Lao động"),
        ("2026-08-31", "Nghỉ hoán đổi với thứ Bảy 22/8"),
        ("2026-09-01", "Quốc khánh"),
        ("2026-09-02", "Quốc khánh"),
        ("2026-11-24", "Ngày Văn hóa Việt Nam"),
        ("2027-02-04", "Tết Nguyên đán"),
        ("2027-02-10", "Tết Nguyên đán"),
        ("2027-05-03", "Nghỉ bù Ngày Quốc tế Lao động"),
        ("2027-11-24", "Ngày Văn hóa Việt Nam"),
        ("2029-09-02", "Quốc khánh"),
        ("2030-11-24", "Ngày Văn hóa Việt Nam"),
        ("2024-04-30", "Ngày Chiến thắng"),
        ("2026-11-22", None),
    ],
)
def test_days_off_and_their_names(day: str, name: str | None) -> None:
    assert not CALENDAR.is_working_day(date.fromisoformat(day))
    assert CALENDAR.day_off_name(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    "day",
    ["2025-11-24", "2023-11-24", "2026-02-13", "2026-02-23", "2026-04-28", "2026-09-03", "2026-11-25"],
)
def test_working_days_have_no_name(day: str) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day))
    assert CALENDAR.day_off_name(date.fromisoformat(day)) is None


@pytest.mark.parametrize("day", ["2025-04-26", "2026-01-10", "2026-08-22"])
def test_make_up_saturdays_are_worked(day: str) -> None:
    saturday = date.fromisoformat(day)
    assert CALENDAR.is_working_day(saturday)
    assert (CALENDAR.extra_working_day_name(saturday) or "").startswith("Làm bù ngày")
    assert CALENDAR.extra_working_day_name(saturday + timedelta(days=7)) is None
    assert CALENDAR.extra_working_day_name(saturday - timedelta(days=1)) is None


def test_only_published_years_are_confirmed() -> None:
    assert [year for year in range(2020, 2031) if CALENDAR.is_confirmed(year)] == [2025, 2026]


def test_working_days_are_counted_from_the_next_day() -> None:
    monday, friday = date(2026, 11, 23), date(2026, 11, 27)
    assert CALENDAR.next_working_day(monday) == date(2026, 11, 25)
    assert CALENDAR.add_working_days(monday, 0) == monday
    assert CALENDAR.add_working_days(monday, 3) == friday
    assert CALENDAR.working_days_between(monday, friday) == 3
    assert CALENDAR.working_days_between(friday, monday) == -3
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(monday, -1)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 15:36", "2026-11-25 17:00", 8 * 60 + 54),  # the picture: 84 min, holiday, 450 min
        ("2026-11-23 15:12", "2026-11-23 17:00", 108),
        ("2026-11-23 11:00", "2026-11-23 14:00", 60),
        ("2026-11-23 12:00", "2026-11-23 13:00", 0),
        ("2026-11-23 06:00", "2026-11-23 20:00", 450),
        ("2026-11-20 16:00", "2026-11-23 08:00", 90),
        ("2026-08-21 16:30", "2026-08-22 08:00", 60),
        ("2026-11-25 17:00", "2026-11-23 15:36", 0),
        ("2026-11-23 16:59:30", "2026-11-23 17:00", 0),
    ],
)
def test_working_minutes(start: str, end: str, minutes: int) -> None:
    assert CALENDAR.working_minutes_between(at(start), at(end)) == minutes


def test_opening_and_closing_carry_the_zone() -> None:
    assert CALENDAR.opening(date(2026, 11, 22)) == datetime(2026, 11, 22, 7, 30, tzinfo=VIETNAM)
    assert CALENDAR.closing(date(2026, 11, 22)) == datetime(2026, 11, 22, 17, 0, tzinfo=VIETNAM)
    assert CALENDAR.sessions(date(2026, 11, 22)) == ()


def test_hours_change_on_their_day() -> None:
    docs: dict[str, Any] = copy.deepcopy(shipped_documents())
    docs["hours.json"]["hours"].append(
        {
            "effective_from": "2026-12-01",
            "status": "published",
            "sessions": [{"from": "08:00", "to": "16:30"}],
        }
    )
    calendar = calendar_from_json(docs)
    assert calendar.closing(date(2026, 11, 30)).time() == time(17, 0)
    assert calendar.closing(date(2026, 12, 1)).time() == time(16, 30)
    assert calendar.opening(date(1999, 1, 1)).time() == time(7, 30)
    assert not calendar.hours_on(date(2026, 11, 30)).confirmed
    assert calendar.hours_on(date(2026, 12, 1)).confirmed


def edited(*edits: CalendarEdit) -> WorkingCalendar:
    return shipped_calendar(edits)


def test_an_office_edit_stands_above_the_file() -> None:
    holiday, saturday, wednesday = date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 25)
    calendar = edited(
        CalendarEdit(holiday, EditKind.WORKING, "trực"),
        CalendarEdit(saturday, EditKind.WORKING, "trực thứ Bảy"),
        CalendarEdit(wednesday, EditKind.OFF, "nghỉ tránh lũ"),
        CalendarEdit(date(2031, 3, 3), EditKind.OFF, ""),
    )
    assert calendar.is_working_day(holiday)
    assert calendar.day_off_name(holiday) is None
    assert calendar.extra_working_day_name(saturday) == "trực thứ Bảy"
    assert calendar.day_off_name(wednesday) == "nghỉ tránh lũ"
    assert not calendar.is_working_day(date(2031, 3, 3))
    assert calendar.day_off_name(date(2031, 3, 3)) is None


def test_the_last_edit_of_a_day_holds() -> None:
    day = date(2026, 11, 25)
    off, back = CalendarEdit(day, EditKind.OFF, "nghỉ"), CalendarEdit(day, EditKind.WORKING, "")
    assert edited(off, back).is_working_day(day)
    assert not edited(back, off).is_working_day(day)


def test_the_version_names_the_exact_data() -> None:
    plain = CALENDAR.version
    assert plain.startswith("2025.1+2026.1+2027.1+")
    assert shipped_calendar().version == plain
    first = CalendarEdit(date(2026, 11, 25), EditKind.OFF, "nghỉ tránh lũ")
    second = CalendarEdit(date(2026, 11, 26), EditKind.OFF, "nghỉ tránh lũ")
    assert len({plain, edited(first).version, edited(second).version, edited(first, second).version}) == 4
    assert edited(first, second).version == edited(second, first).version
    docs: dict[str, Any] = copy.deepcopy(shipped_documents())
    docs["2026.json"]["off_days"].pop()
    assert calendar_from_json(docs).version != plain


FAULTS = [
    ("2026.json", lambda d: d.pop("year"), "2026.json:year"),
    ("2026.json", lambda d: d.update(year="2026"), "2026.json:year"),
    ("2026.json", lambda d: d.update(year=True), "2026.json:year"),
    ("2026.json", lambda d: d.update(year=2027), "2026.json:off_days[0].date"),
    ("2026.json", lambda d: d.update(version=""), "2026.json:version"),
    ("2026.json", lambda d: d.update(version=1), "2026.json:version"),
    ("2026.json", lambda d: d.update(status="maybe"), "2026.json:status"),
    ("2026.json", lambda d: d.update(off_days={}), "2026.json:off_days"),
    ("2026.json", lambda d: d["off_days"][3].update(date="2026-02-30"), "2026.json:off_days[3].date"),
    ("2026.json", lambda d: d["off_days"][3].update(date="20260217"), "2026.json:off_days[3].date"),
    ("2026.json", lambda d: d["off_days"][3].update(date="2025-02-17"), "2026.json:off_days[3].date"),
    ("2026.json", lambda d: d["off_days"][3].update(date="2026-02-16"), "2026.json:off_days[3].date"),
    ("2026.json", lambda d: d["off_days"][3].pop("name"), "2026.json:off_days[3].name"),
    ("2026.json", lambda d: d["off_days"].insert(0, "2026-01-01"), "2026.json:off_days[0].date"),
    ("2026.json", lambda d: d["working_weekends"][0].update(date="2026-01-12"), "working_weekends[0].date"),
    ("2026.json", lambda d: d["working_weekends"][0].update(date="2026-04-26"), "working_weekends[0].date"),
    (
        "default.json",
        lambda d: d["fixed_off_days"][0].update(month_day="13-01"),
        "fixed_off_days[0].month_day",
    ),
    ("default.json", lambda d: d["fixed_off_days"][0].update(month_day="Tết"), "[0].month_day"),
    ("default.json", lambda d: d["fixed_off_days"][0].pop("from_year"), "fixed_off_days[0].from_year"),
    ("hours.json", lambda d: d.update(hours=[]), "hours.json:hours"),
    ("hours.json", lambda d: d["hours"].append(d["hours"][0]), "hours.json:hours"),
    ("hours.json", lambda d: d["hours"][0].update(sessions=[]), "hours[0].sessions"),
    ("hours.json", lambda d: d["hours"][0]["sessions"].reverse(), "hours[0].sessions"),
    ("hours.json", lambda d: d["hours"][0]["sessions"][0].update(to="25:00"), "hours[0].sessions[0].to"),
    ("hours.json", lambda d: d["hours"][0]["sessions"][0].update(to="11:30+07:00"), "sessions[0].to"),
]


@pytest.mark.parametrize(("file", "spoil", "place"), FAULTS, ids=range(len(FAULTS)))
def test_a_malformed_file_is_named_with_its_key(file: str, spoil: Any, place: str) -> None:
    docs: dict[str, Any] = copy.deepcopy(shipped_documents())
    spoil(docs[file])
    with pytest.raises(RuleError) as refused:
        calendar_from_json(docs)
    assert refused.value.code == "calendar-file"
    assert (refused.value.field or "").endswith(place)
    assert file in refused.value.title


@pytest.mark.parametrize("body", [None, [], "2026", 5])
def test_a_file_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(RuleError):
        calendar_from_json(shipped_documents() | {"2026.json": body})


def test_a_file_under_another_year_is_refused() -> None:
    docs = shipped_documents()
    with pytest.raises(RuleError) as refused:
        calendar_from_json(docs | {"2028.json": docs["2026.json"]})
    assert refused.value.field == "2028.json:year"


def test_without_working_hours_there_is_no_calendar() -> None:
    docs = shipped_documents()
    del docs["hours.json"]
    with pytest.raises(RuleError) as refused:
        calendar_from_json(docs)
    assert refused.value.field == "hours.json:hours"


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count
    assert CALENDAR.add_working_days(day, count - 1) < end


@given(DAYS)
def test_the_next_working_day_skips_only_days_off(day: date) -> None:
    following = CALENDAR.next_working_day(day)
    assert following > day
    between = [day + timedelta(days=step) for step in range(1, (following - day).days)]
    assert not any(CALENDAR.is_working_day(skipped) for skipped in between)


def test_half_a_character_in_a_file_is_told() -> None:
    docs = copy.deepcopy(dict(shipped_documents()))
    year = next(name for name in docs if name[:4].isdigit())
    docs[year]["note"] = "\ud800"  # type: ignore[index]
    with pytest.raises(RuleError) as refused:
        calendar_from_json(docs)
    assert refused.value.code == "calendar-file"
