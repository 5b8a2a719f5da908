"""Write resources/calendars: the ``holidays`` package, corrected by what it is known to miss.

Run ``python -m tools.seed_calendars`` after a change here; a test fails when the files differ.
The office edits days on top of these files; nothing else of the program knows a holiday.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import holidays

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "calendars"
YEARS = (2025, 2026, 2027)
PUBLISHED = (2025, 2026)
"""Years whose days off the State has announced; 2027 was not when the files were made."""

_LAW = "Bộ luật Lao động 2019, Điều 112 khoản 1"
_IN_LIEU = "Bộ luật Lao động 2019, Điều 111 khoản 3 (nghỉ bù ngày nghỉ hằng tuần)"
_SWAP = "Hoán đổi ngày làm việc đã công bố; số văn bản chưa đối chiếu"
_SWAP_UNSEEN = "Hoán đổi ngày làm việc; nguồn dữ liệu không có, chưa đối chiếu văn bản"
_CULTURE = "Nghị quyết 80-NQ/TW; văn bản thi hành chưa đối chiếu"
_ESTIMATE = "; dự kiến, chưa có thông báo nghỉ của năm"

_SWAPS = {
    2025: ((date(2025, 5, 2), date(2025, 4, 26), _SWAP),),
    2026: (
        (date(2026, 1, 2), date(2026, 1, 10), _SWAP_UNSEEN),
        (date(2026, 8, 31), date(2026, 8, 22), _SWAP),
    ),
}
"""Day off, the Saturday worked for it, where that stands."""

_FIXED = (
    ("01-01", "Tết Dương lịch", _LAW, 1995),
    ("04-30", "Ngày Chiến thắng", _LAW, 1995),
    ("05-01", "Ngày Quốc tế Lao động", _LAW, 1995),
    ("09-02", "Quốc khánh", _LAW, 1995),
    ("11-24", "Ngày Văn hóa Việt Nam", _CULTURE, 2026),
)

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

Entry = dict[str, str]


def year_document(year: int) -> dict[str, object]:
    """The calendar file of one year."""
    swaps = _SWAPS.get(year, ())
    off = {entry["date"]: entry for entry in _holidays(year)}
    for day, worked, basis in swaps:
        name = f"Nghỉ hoán đổi với {_WEEKDAYS[worked.weekday()]} {_short(worked)}"
        off[day.isoformat()] = {"date": day.isoformat(), "name": name, "basis": basis}
    return {
        "year": year,
        "version": f"{year}.1",
        "status": "published" if year in PUBLISHED else "estimate",
        "off_days": [off[key] for key in sorted(off)],
        "working_weekends": [
            {"date": worked.isoformat(), "name": f"Làm bù ngày {_short(day)}", "basis": basis}
            for day, worked, basis in swaps
        ],
    }


def default_document() -> dict[str, object]:
    """Holidays of the same date each year, for years without a file."""
    return {
        "version": "default.1",
        "note": "Chỉ dùng cho năm chưa có tệp lịch; Tết Nguyên đán và Giỗ Tổ theo âm lịch không có ở đây.",
        "fixed_off_days": [
            {"month_day": month_day, "name": name, "basis": basis, "from_year": since}
            for month_day, name, basis, since in _FIXED
        ],
    }


def hours_document() -> dict[str, object]:
    """Working hours: a guess that the province's decision replaces."""
    return {
        "version": "hours.1",
        "note": "Giờ dự kiến, thứ Hai đến thứ Sáu; sửa theo quy định của UBND tỉnh.",
        "hours": [
            {
                "effective_from": "2025-01-01",
                "status": "estimate",
                "sessions": [{"from": "07:30", "to": "11:30"}, {"from": "13:30", "to": "17:00"}],
                "basis": "Chưa có văn bản của tỉnh",
            }
        ],
    }


def documents() -> dict[str, str]:
    """Every file by name, as its exact text."""
    built = {f"{year}.json": year_document(year) for year in YEARS}
    built |= {"default.json": default_document(), "hours.json": hours_document()}
    return {name: json.dumps(body, ensure_ascii=False, indent=2) + "\n" for name, body in built.items()}


def _holidays(year: int) -> Iterator[Entry]:
    suffix = "" if year in PUBLISHED else _ESTIMATE
    known = holidays.country_holidays("VN", years=year, language="vi")
    for day, told in sorted(known.items()):
        if told.startswith("Ngày nghỉ (thay cho"):
            continue  # swaps come from our own table, which names both days
        name, basis = _name(told)
        yield {"date": day.isoformat(), "name": name, "basis": basis + suffix}


def _name(told: str) -> tuple[str, str]:
    """The law's name for the package's: all days of Tết are one holiday."""
    plain = told.removesuffix(" (nghỉ bù)")
    name = {"Ngày Giỗ Tổ Hùng Vương": "Giỗ Tổ Hùng Vương"}.get(plain, plain)
    if "Tết" in plain and "Dương lịch" not in plain:
        name = "Tết Nguyên đán"
    if plain != told:
        return f"Nghỉ bù {name}", _IN_LIEU
    return name, _CULTURE if "Văn hóa" in plain else _LAW


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
