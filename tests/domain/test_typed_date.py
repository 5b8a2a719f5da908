"""Dates as they are typed; a wrong one says why and stays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.typed_date import format_date, format_weekday_date, parse_typed_date
from app.errors import RuleError

TODAY = date(2026, 11, 22)
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22112026", DAY),
        ("22/11", DAY),
        ("22/11/2026", DAY),
        ("22-11-2026", DAY),
        ("22.11.2026", DAY),
        ("22 11 2026", DAY),
        (" 22 / 11 / 2026 ", DAY),
        ("2026-11-22", DAY),
        ("2/9", date(2026, 9, 2)),
        ("2/9/1945", date(1945, 9, 2)),
        ("29022028", date(2028, 2, 29)),
        ("01/01", date(2026, 1, 1)),
    ],
)
def test_dates_are_read(typed: str, day: date) -> None:
    assert parse_typed_date(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "code", "title", "next_step"),
    [
        ("30/02", "date-impossible", "Không có ngày 30/02.", "Gõ lại, ví dụ 28022026."),
        ("30022026", "date-impossible", "Không có ngày 30/02.", "Gõ lại, ví dụ 28022026."),
        ("29022026", "date-impossible", "Năm 2026 không có ngày 29/02.", "Gõ lại, ví dụ 28022026."),
        ("31/04/2026", "date-impossible", "Không có ngày 31/04.", "Gõ lại, ví dụ 30042026."),
        ("00112026", "date-impossible", "Không có ngày 00/11.", "Gõ lại, ví dụ 01112026."),
        ("11222026", "date-impossible", "Không có tháng 22.", "ví dụ 22112026."),
        ("221126", "date-short-year", "Năm phải đủ bốn chữ số.", "ví dụ 22112026."),
        ("22/11/26", "date-short-year", "Năm phải đủ bốn chữ số.", "ví dụ 22112026."),
        ("2211", "date-shape", "Chưa đọc được ngày này.", "ví dụ 22112026."),
        ("mai", "date-shape", "Chưa đọc được ngày này.", "ví dụ 22112026."),
        ("", "date-missing", "Chưa có ngày.", "ví dụ 22112026."),
        ("22110026", "date-year", "Năm 0026 không dùng được ở đây.", "ví dụ 22112026."),
        ("２２１１２０２６", "date-shape", "Chưa đọc được ngày này.", "ví dụ 22112026."),
    ],
)
def test_a_wrong_date_says_why_and_what_to_type(typed: str, code: str, title: str, next_step: str) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_typed_date(typed, TODAY, field="birth_date")
    error = refusal.value
    assert (error.code, error.title, error.field) == (code, title, "birth_date")
    assert error.next_step.endswith(next_step)


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2199, 12, 31)))
def test_what_is_shown_can_be_typed_again(day: date) -> None:
    assert parse_typed_date(format_date(day), TODAY) == day
    assert parse_typed_date(f"{day:%d%m}{day.year:04}", TODAY) == day


@given(st.text(max_size=15) | st.from_regex(r"[0-9]{1,4}[/.-]?[0-9]{0,4}[/.-]?[0-9]{0,4}", fullmatch=True))
def test_any_text_is_a_date_or_a_rule_error(text: str) -> None:
    try:
        parse_typed_date(text, TODAY)
    except RuleError as error:
        assert error.field == "date"


def test_dates_are_shown_with_leading_noughts_and_weekday() -> None:
    assert (format_date(date(2026, 9, 2)), format_date(None)) == ("02/09/2026", "")
    assert format_weekday_date(date(2026, 11, 30)) == "Thứ Hai 30/11/2026"
    assert format_weekday_date(date(2026, 11, 22)) == "Chủ Nhật 22/11/2026"
