"""Units by code, name and day, and the search over present and former names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.units import FIRST_DAY, Name, UnitIndex, toned, unit_index_from_json
from app.errors import NotFoundError

HOME: dict[str, Any] = {
    "provinces": [
        {
            "code": "08",
            "name": "Tỉnh Tuyên Quang",
            "since": "2025-07-01",
            "former": [],
            "units": [["02221", "Xã Nà Hang"], ["02287", "Xã Chiêm Hoá"], ["02350", "Xã Kim Bình"]],
            "former_units": [],
            "spellings": {"02287": ["Chiêm Hóa"]},
            "old_provinces": [["08", "Tỉnh Tuyên Quang"]],
            "old_districts": [
                ["072", "Huyện Na Hang", "08", [["02221", "Thị trấn Na Hang", ["02221"]],
                                               ["02281", "Xã Năng Khả", ["02221"]]]],
                ["073", "Huyện Chiêm Hóa", "08", [["02371", "Xã Bình Nhân", ["02350"]],
                                                 ["02999", "Xã Chia", ["02350", "02287"], ["Tria"]]]],
            ],
        }
    ]
}  # fmt: skip
OTHERS: dict[str, Any] = {
    "provinces": [
        {
            "code": "75",
            "name": "Thành phố Đồng Nai",
            "since": "2026-04-30",
            "former": [["Tỉnh Đồng Nai", "2025-07-01", "2026-04-29"]],
            "units": [["26248", "Phường Trảng Bom", "2026-04-30"], ["26000", "Xã Kim Bình Đông"]],
            "former_units": [["26248", "Xã Trảng Bom", "2025-07-01", "2026-04-29"]],
            "spellings": {},
            "old_provinces": [["75", "Tỉnh Đồng Nai"]],
            "old_districts": [["737", "Huyện Trảng Bom", "75", [["26248", "Thị trấn Trảng Bom", ["26248"]]]]],
        }
    ]
}
INDEX = unit_index_from_json(HOME, OTHERS)


def found(text: str, index: UnitIndex = INDEX, **more: Any) -> list[tuple[str, str]]:
    return [(hit.unit.code, hit.old.code if hit.old else "") for hit in index.find(text, **more)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("na hang", ("02221", "")),
        ("Nà Hang", ("02221", "")),
        ("chiêm hoá", ("02287", "")),
        ("chiêm hóa", ("02287", "")),
        ("bình nhân", ("02350", "02371")),
        ("nang kha", ("02221", "02281")),
        ("khả năng", ("02221", "02281")),
        ("kim binh", ("02350", "")),
        ("xã kim bình", ("02350", "")),
        ("thị trấn na hang", ("02221", "02221")),
        ("trảng bom đồng nai", ("26248", "")),
        ("tria", ("02287", "02999")),
    ],
)
def test_first_hit(typed: str, first: tuple[str, str]) -> None:
    assert found(typed)[0] == first


def test_a_divided_unit_gives_each_successor() -> None:
    assert found("xã chia") == found("chia") == [("02287", "02999"), ("02350", "02999")]


def test_home_comes_first_among_equals() -> None:
    assert [code for code, _ in found("kim")] == ["02350", "26000"]
    assert [code for code, _ in found("kim", home="75")] == ["26000", "02350"]


def test_limit_and_nothing_typed() -> None:
    assert len(found("h", limit=2)) == 2
    assert found("  ") == []


@given(st.text(max_size=30))
def test_any_text_is_searched_without_failing(text: str) -> None:
    INDEX.find(text)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("02221", date(2026, 11, 22), "Xã Nà Hang"),
        ("02221", FIRST_DAY, "Xã Nà Hang"),
        ("02221", date(2025, 6, 30), "Thị trấn Na Hang"),
        ("02371", date(2025, 6, 30), "Xã Bình Nhân"),
        ("26248", date(2025, 6, 30), "Thị trấn Trảng Bom"),
        ("26248", date(2026, 4, 29), "Xã Trảng Bom"),
        ("26248", date(2026, 4, 30), "Phường Trảng Bom"),
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("08", date(2026, 4, 30), "Tỉnh Tuyên Quang"),
    ],
)
def test_name_on_a_day(code: str, day: date, name: str) -> None:
    assert INDEX.name_on(code, day) == name


@pytest.mark.parametrize(
    ("code", "day"),
    [("02371", FIRST_DAY), ("99999", FIRST_DAY), ("02350", date(2025, 6, 30)), ("", FIRST_DAY)],
)
def test_a_name_that_is_not_known_is_not_made_up(code: str, day: date) -> None:
    with pytest.raises(NotFoundError) as refused:
        INDEX.name_on(code, day)
    assert refused.value.field == "unit"


def test_by_code() -> None:
    unit = INDEX.require("02221")
    assert (unit.name, unit.words) == ("Xã Nà Hang", "xã Nà Hang, tỉnh Tuyên Quang")
    assert INDEX.get("00000") is None
    with pytest.raises(NotFoundError):
        INDEX.require("00000")


def test_units_of_a_province() -> None:
    assert [unit.code for unit in INDEX.units_of("08")] == ["02221", "02287", "02350"]
    assert INDEX.units_of("99") == ()


@pytest.mark.parametrize(
    ("full", "kind", "bare"),
    [
        ("Xã Nà Hang", "xã", "Nà Hang"),
        ("Thị trấn Na Hang", "thị trấn", "Na Hang"),
        ("Thành phố Hồ Chí Minh", "thành phố", "Hồ Chí Minh"),
        ("Đặc khu Lý Sơn", "đặc khu", "Lý Sơn"),
        ("Xa Dung", "", "Xa Dung"),
        ("Phường 14", "phường", "14"),
    ],
)
def test_name_is_cut_into_kind_and_bare(full: str, kind: str, bare: str) -> None:
    assert (Name(full).kind, Name(full).bare) == (kind, bare)


def test_tone_placement_does_not_matter_but_tones_do() -> None:
    assert toned("Chiêm Hoá") == toned("chiêm hóa")
    assert toned("Nà Hang") != toned("Na Hang")
    assert toned("Thuỷ") == toned("Thủy")
