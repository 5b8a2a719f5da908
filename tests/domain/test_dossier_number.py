"""Provisional numbers, granted numbers, and reading them back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dossier_number import (
    MARK_LETTERS,
    BlockKind,
    NumberBlock,
    NumberKind,
    Per,
    block_number,
    check_agency_code,
    check_block,
    covers,
    days_of_cover,
    draw_mark,
    needs_refill,
    number_in_block,
    parse_number,
    provisional_number,
    register_no,
    slip_serial,
)
from app.errors import RuleError

DAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
MARKS = st.just("") | st.sampled_from([3, 5]).flatmap(
    lambda length: st.text(MARK_LETTERS, min_size=length, max_size=length)
)
COUNTERS = st.integers(1, 999) | st.integers(1, 999_999_999)
GSO = st.text("0123456789", min_size=5, max_size=5)
BLOCK = NumberBlock(
    block_id="b1",
    unit_code="H60.12.3",
    pattern="{unit}-{yyMMdd}-{seq:4}",
    per=Per.DAY,
    valid_from=date(2026, 11, 1),
    valid_to=date(2027, 1, 31),
    seq_from=1001,
    seq_to=1999,
)


@pytest.mark.parametrize(
    ("counter", "mark", "number"),
    [
        (17, "", "TN-02221-261123-2017"),
        (17, "KMB", "TN-02221-261123-2KMB017"),
        (999, "", "TN-02221-261123-2999"),
        (1000, "", "TN-02221-261123-21000"),
        (1017, "KMB", "TN-02221-261123-2KMB1017"),
    ],
)
def test_a_provisional_number_reads_as_in_the_protocol(counter: int, mark: str, number: str) -> None:
    assert provisional_number("02221", DAY, 2, counter, mark) == number


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit_gso": "2221"}, "unit"),
        ({"unit_gso": "H60.12"}, "unit"),
        ({"unit_gso": "٠٢٢٢١"}, "unit"),
        ({"desk_no": 0}, "desk_no"),
        ({"desk_no": 10}, "desk_no"),
        ({"counter": 0}, "counter"),
        ({"counter": -1}, "counter"),
        ({"counter": 10**9}, "counter"),
        ({"mark": "KM"}, "mark"),
        ({"mark": "KMD"}, "mark"),
        ({"mark": "KMA"}, "mark"),
        ({"mark": "kmb"}, "mark"),
    ],
)
def test_what_cannot_be_a_number_is_refused_beside_its_field(change: dict[str, object], field: str) -> None:
    given_ = {"unit_gso": "02221", "day": DAY, "desk_no": 2, "counter": 17, "mark": ""} | change
    with pytest.raises(RuleError) as refused:
        provisional_number(**given_)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.title
    assert refused.value.next_step


@given(GSO, DAYS, st.integers(1, 9), COUNTERS, MARKS)
def test_reading_gives_back_what_was_written(
    unit: str, day: date, desk: int, counter: int, mark: str
) -> None:
    number = provisional_number(unit, day, desk, counter, mark)
    read = parse_number(number)
    assert read is not None
    assert read.kind is NumberKind.PROVISIONAL
    assert (read.unit, read.day, read.desk_no, read.seq, read.mark) == (unit, day, desk, counter, mark)
    assert read.text == number
    assert parse_number(f" {number.lower()} ") == read
    assert parse_number(number.replace("-", " – ")) == read


KEYS = st.tuples(st.integers(1, 9), st.dates(DAY, DAY + timedelta(days=40)), COUNTERS, MARKS)


@given(KEYS, KEYS)
def test_two_dossiers_never_share_a_number(
    one: tuple[int, date, int, str], two: tuple[int, date, int, str]
) -> None:
    numbers = [
        provisional_number("02221", day, desk, counter, mark) for desk, day, counter, mark in (one, two)
    ]
    assert (numbers[0] == numbers[1]) == (one == two)


def test_every_number_of_a_busy_day_differs() -> None:
    numbers = {
        provisional_number("02221", DAY, desk, counter, mark)
        for desk in range(1, 10)
        for counter in range(1, 1500)
        for mark in ("", "KMB", "BCF", "KMBHG")
    }
    assert len(numbers) == 9 * 1499 * 4


@given(GSO, DAYS, st.integers(1, 9), COUNTERS, MARKS)
def test_no_vowel_or_d_stands_before_a_digit(
    unit: str, day: date, desk: int, counter: int, mark: str
) -> None:
    number = provisional_number(unit, day, desk, counter, mark)
    assert not re.search(r"[AEIOUYD][0-9]", number)
    assert number.isascii()


def test_marks_are_five_safe_letters_and_differ() -> None:
    """Copies of one PC restored apart cannot ask each other: of a hundred, no two drew the same."""
    rng = Random(2)
    marks = [draw_mark(rng) for _ in range(100)]
    assert all(re.fullmatch("[BCFGHKMNP]{5}", mark) for mark in marks)
    assert len(set(marks)) == 100
    assert {letter for mark in marks for letter in mark} == set(MARK_LETTERS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("H60.12.3-261123-1001", NumberKind.OFFICIAL),
        ("h60.12.3-261123-1001", NumberKind.OFFICIAL),
        ("000.00.00.H60-261123-0017", NumberKind.OFFICIAL),
        ("H15.50.05.13-261008-0975", NumberKind.OFFICIAL),
        ("H60-20261123-150001", NumberKind.OFFICIAL),
        ("TN-02221-261123-2017", NumberKind.PROVISIONAL),
        ("TN‑02221‑261123‑2017", NumberKind.PROVISIONAL),
        ("TN-02221-261323-2017", NumberKind.PART),
        ("TN-02221-261123-2000", NumberKind.PART),
        ("TN-02221-261123-0017", NumberKind.PART),
        ("TN-02221-261123-20017", NumberKind.PART),
        ("TN-02221-261123-2KMB017", NumberKind.PROVISIONAL),
        ("TN-02221-261123-2KMBHG017", NumberKind.PROVISIONAL),
        ("TN-02221-261123-2KMBH017", NumberKind.PART),
        ("TN-02221-261123-2KMBHGC017", NumberKind.PART),
        ("TN-02221-261123-2KMD017", NumberKind.PART),
        ("TN-02221-261123-", NumberKind.PART),
        ("H60.12.3-260230-1001", NumberKind.PART),
        ("2017", NumberKind.PART),
        ("261123-2017", NumberKind.PART),
        ("H60.12", NumberKind.PART),
        ("", None),
        ("  ", None),
        ("TN", None),
        ("Ma Thị Hường", None),
        ("٢٠١٧", None),
        ("<b>1</b>", None),
    ],
)
def test_texts_are_told_apart(text: str, kind: NumberKind | None) -> None:
    read = parse_number(text)
    assert (read.kind if read else None) is kind


@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text: str) -> None:
    read = parse_number(text)
    assert read is None or read.text


@pytest.mark.parametrize("code", ["H60", "H60.1", "H60.12.3", "H15.50.05.13", "H60.1.2.3.4"])
def test_agency_codes_are_taken_as_given(code: str) -> None:
    assert check_agency_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "60", "h60", "H6", "H60.", "H60.1234", "H60.1.2.3.4.5", "H60.a", "H60.1\n", "02221", "Н60"]
)
def test_other_agency_codes_are_refused(code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_agency_code(code)
    assert refused.value.field == "agency"


# Granted blocks


@pytest.mark.parametrize(
    ("pattern", "seq", "number"),
    [
        ("{unit}-{yyMMdd}-{seq:4}", 1001, "H60.12.3-261123-1001"),
        ("{unit}-{yyMMdd}-{seq:4}", 7, "H60.12.3-261123-0007"),
        ("{unit}-{yyMMdd}-{seq:4}", 12345, "H60.12.3-261123-12345"),
        ("{unit}-{yyyyMMdd}-{seq:6}", 150001, "H60.12.3-20261123-150001"),
        ("{yyyy}/{seq:1}/TNHS", 42, "2026/42/TNHS"),
    ],
)
def test_a_pattern_is_filled(pattern: str, seq: int, number: str) -> None:
    assert block_number(pattern, "H60.12.3", DAY, seq) == number


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{unit}-{yyMMdd}",
        "{unit}-{yyMMdd}-{seq}",
        "{unit}-{yyMMdd}-{seq:0}",
        "{unit}-{yyMMdd}-{seq:99}",
        "{unit}-{day}-{seq:4}",
        "{unit.__class__}-{yyMMdd}-{seq:4}",
        "{unit}-{yyMMdd}-{seq:4}-{seq:4}",
        "{unit}-{yyMMdd}-{seq:4",
        "{{unit}}-{yyMMdd}-{seq:4}",
        "{unit} {yyMMdd} {seq:4}",
        "=cmd|{yyMMdd}{seq:4}",
        "{seq:4}",
        "../{yyMMdd}\n{seq:4}",
        "x" * 60 + "{yyMMdd}-{seq:4}",
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_block(replace(BLOCK, pattern=pattern))
    assert refused.value.field == "pattern"


@pytest.mark.parametrize(
    ("pattern", "per", "ok"),
    [
        ("{unit}-{yyMMdd}-{seq:4}", Per.DAY, True),
        ("{unit}-{yyyyMMdd}-{seq:4}", Per.YEAR, True),
        ("{unit}-{yyyy}-{seq:4}", Per.YEAR, True),
        ("{unit}-{yyyy}-{seq:4}", Per.DAY, False),
        ("{unit}-{seq:4}", Per.DAY, False),
        ("{unit}-{seq:4}", Per.YEAR, False),
    ],
)
def test_a_pattern_must_tell_the_periods_apart(pattern: str, per: Per, ok: bool) -> None:
    block = replace(BLOCK, pattern=pattern, per=per)
    if ok:
        assert check_block(block) is block
        return
    with pytest.raises(RuleError) as refused:
        check_block(block)
    assert refused.value.field == "pattern"


@pytest.mark.parametrize(
    "change",
    [{"seq_from": 0}, {"seq_to": 1000}, {"valid_to": date(2026, 10, 31)}],
)
def test_an_upside_down_block_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(RuleError) as refused:
        check_block(replace(BLOCK, **change))  # type: ignore[arg-type]
    assert refused.value.field == "block"


@pytest.mark.parametrize(
    ("day", "seq", "number"),
    [
        (DAY, 1001, "H60.12.3-261123-1001"),
        (DAY, 1999, "H60.12.3-261123-1999"),
        (DAY, 1000, None),
        (DAY, 2000, None),
        (date(2026, 10, 31), 1001, None),
        (date(2027, 1, 31), 1001, "H60.12.3-270131-1001"),
        (date(2027, 2, 1), 1001, None),
    ],
)
def test_no_official_number_outside_the_block(day: date, seq: int, number: str | None) -> None:
    assert number_in_block(BLOCK, day, seq) == number


def test_an_ended_block_gives_nothing() -> None:
    ended = replace(BLOCK, active=False)
    assert not covers(ended, DAY)
    assert number_in_block(ended, DAY, 1001) is None
    assert days_of_cover([ended], DAY) == 0


@given(DAYS, st.integers(1, 99_999))
def test_a_granted_number_is_read_back_and_never_looks_provisional(day: date, seq: int) -> None:
    number = block_number(BLOCK.pattern, BLOCK.unit_code, day, seq)
    read = parse_number(number)
    assert read is not None
    assert (read.kind, read.unit, read.day, read.seq) == (NumberKind.OFFICIAL, BLOCK.unit_code, day, seq)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 10, 31), 0),
        (date(2027, 1, 31), 1),
        (date(2027, 2, 1), 0),
        (date(2027, 1, 2), 30),
        (date(2026, 11, 1), 92),
    ],
)
def test_cover_counts_today_to_the_last_day(today: date, days: int) -> None:
    assert days_of_cover([BLOCK], today) == days
    assert needs_refill([BLOCK], today) is (days < 30)


def test_cover_joins_blocks_and_stops_at_a_gap() -> None:
    following = replace(BLOCK, valid_from=date(2027, 2, 1), valid_to=date(2027, 2, 28))
    inner = replace(BLOCK, valid_from=date(2026, 12, 1), valid_to=date(2026, 12, 2))
    late = replace(BLOCK, valid_from=date(2027, 3, 2), valid_to=date(2027, 3, 31))
    receipts = replace(BLOCK, kind=BlockKind.FEE_RECEIPT, valid_to=date(2030, 1, 1))
    assert days_of_cover([late, following, inner, BLOCK, receipts], date(2027, 1, 31)) == 29
    assert days_of_cover([], DAY) == 0


def test_register_and_serial_are_printed_as_in_the_picture() -> None:
    assert register_no(1346) == "1.346"
    assert register_no(7) == "7"
    assert slip_serial("TN-02221-261123-2017") == "2017/TNHS"
    assert slip_serial("H60.12.3-261123-1001", "PXL") == "1001/PXL"
    with pytest.raises(ValueError, match="starts at 1"):
        register_no(0)
