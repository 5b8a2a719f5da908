"""From an old address to the present commune: certain, asked, or left alone. Real data of the province."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.unit_address import present_of
from app.domain.units import Name, unit_index_from_json

UNITS = Path(__file__).resolve().parents[2] / "resources" / "units"
HOME = unit_index_from_json(json.loads((UNITS / "units-08.json").read_text("utf-8")))
OLD = date(2021, 5, 20)
NEW = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Thôn Nà Khá, Năng Khả, Na Hang, Tuyên Quang", "02221"),
        ("Tổ 5, Thị trấn Na Hang, Na Hang, Tuyên Quang", "02221"),
        ("Tổ 5, TT. Na Hang, H. Na Hang, T. Tuyên Quang", "02221"),
        ("Bình Nhân, Chiêm Hóa, Tuyên Quang", "02350"),
        ("Bình Nhân, Chiêm Hoá, Tuyên Quang", "02350"),
        ("thôn đồng quắc, xã bình nhân, huyện chiêm hóa, tỉnh tuyên quang", "02350"),
        ("thon dong quac, xa binh nhan, huyen chiem hoa, tinh tuyen quang", "02350"),
        ("Thôn 2; Vinh Quang; Chiêm Hóa; Tuyên Quang", "02350"),
        ("Bi\u0300nh Nhân, Chiêm Ho\u0301a, Tuyên Quang", "02350"),
        ("Tổ 9, Vĩnh Lộc, Chiêm Hóa, Tuyên Quang", "02287"),
        ("Minh Xuân, TP Tuyên Quang, Tuyên Quang", "02215"),
        ("P.Minh Xuân, TP.Tuyên Quang, Tuyên Quang", "02215"),
        ("Quản Bạ, Quản Bạ, Hà Giang", "00874"),
        ("Xã Quản Bạ, huyện Quản Bạ, tỉnh Hà Giang", "00874"),
        ("Quý Quân, Yên Sơn, Tuyên Quang", "02434"),
        ("Quí Quân, Yên Sơn, Tuyên Quang", "02434"),
        ("Sà Phìn, Đồng Văn, Hà Giang", "00733"),
        ("Phú Thịnh, Yên Sơn, Tuyên Quang", "02494"),
        ("Công Đa, Yên Sơn, Tuyên Quang", "02458"),
        ("Hồng Thái, Na Hang, Tuyên Quang, Việt Nam", "02260"),
        # two levels, as later cards have it
        ("Thôn Nà Khá, xã Nà Hang, tỉnh Tuyên Quang", "02221"),
        ("Thôn Nà Khá, Nà Hang, Tuyên Quang", "02221"),
        ("Nà Hang, Tuyên Quang", "02221"),
        ("Tổ 3, phường Minh Xuân, Tuyên Quang", "02215"),
        ("Thôn 1, Chiêm Hoá, Tuyên Quang", "02287"),
        ("xã Kim Bình, tỉnh Tuyên Quang", "02350"),
    ],
)
def test_certain(address: str, code: str) -> None:
    match = present_of(HOME, address)
    assert match.unit is not None
    assert (match.unit.code, match.candidates, match.doubtful) == (code, (), False)
    assert match.sentence == f"Nay là {match.unit.words}."


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("Tổ 1, Quang Trung, TP Hà Giang, Hà Giang", {"00691", "00694"}),
        ("Việt Lâm, Vị Xuyên, Hà Giang", {"00913", "00967"}),
        ("Yên Định, Bắc Mê, Hà Giang", {"00700", "00994"}),
        ("Thái Bình, Yên Sơn, Tuyên Quang", {"02212", "02494"}),
        ("Kim Phú, Thành phố Tuyên Quang, Tuyên Quang", {"02215", "02509"}),
    ],
)
def test_a_divided_commune_is_asked_about(address: str, codes: set[str]) -> None:
    match = present_of(HOME, address)
    assert match.unit is None and match.doubtful
    assert {unit.code for unit in match.candidates} == codes
    assert "nay thuộc 2 nơi" in match.sentence and match.sentence.endswith("Hỏi công dân rồi chọn.")


def test_a_commune_that_had_changed_district_is_asked_about() -> None:
    match = present_of(HOME, "Xóm 3, Kim Phú, Yên Sơn, Tuyên Quang")
    assert match.unit is None
    assert {"02215", "02509"} <= {unit.code for unit in match.candidates}


def test_an_unknown_commune_of_a_district_that_became_a_communes_name_is_not_taken_for_it() -> None:
    match = present_of(HOME, "Thuý Loa, Na Hang, Tuyên Quang")
    assert match.unit is None and match.doubtful
    assert "chưa chắc" in match.sentence


def test_a_card_of_the_new_time_may_name_a_hamlet_like_an_old_commune() -> None:
    address = "Bình Nhân, Chiêm Hoá, Tuyên Quang"
    assert {u.code for u in present_of(HOME, address, issued=NEW).candidates} == {"02350", "02287"}
    old = present_of(HOME, address, issued=OLD).unit
    assert old is not None and old.code == "02350"


def test_a_card_of_the_old_time_has_no_two_level_address() -> None:
    assert present_of(HOME, "Nà Hang, Tuyên Quang", issued=OLD).unit is None
    late = present_of(HOME, "Thượng Lâm, Sơn Dương, Tuyên Quang", issued=NEW).unit
    assert late is not None and late.code == "02536"


@pytest.mark.parametrize(
    "address",
    [
        "abc",
        "Tuyên Quang",
        ",,,",
        "Ba Đình, Hà Nội",
        "Năng Khả Na Hang Tuyên Quang",
        "Phường Không Có, Tuyên Quang",
        "<b>Na Hang</b>, =cmd, Tuyên Quang",
    ],
)
def test_what_cannot_be_placed_is_left_alone(address: str) -> None:
    match = present_of(HOME, address)
    assert (match.unit, match.candidates, match.doubtful) == (None, (), True)
    assert "được giữ nguyên" in match.sentence


@pytest.mark.parametrize("address", ["", "   "])
def test_no_address_says_nothing(address: str) -> None:
    match = present_of(HOME, address)
    assert (match.unit, match.candidates, match.doubtful, match.sentence) == (None, (), False, "")


MADE_UP = unit_index_from_json(
    {
        "provinces": [
            {
                "code": "99",
                "name": "Tỉnh Mẫu",
                "since": "2025-07-01",
                "former": [],
                "units": [["00001", "Xã Một"], ["00002", "Xã Hai"]],
                "former_units": [],
                "spellings": {},
                "old_provinces": [["99", "Tỉnh Mẫu"]],
                "old_districts": [
                    [
                        "990",
                        "Huyện Cũ",
                        "99",
                        [
                            ["10001", "Thị trấn Yên", ["00001"]],
                            ["10002", "Xã Yên", ["00002"]],
                            ["10003", "Xã Tân Lập", ["00001"]],
                            ["10004", "Xã Tân Lạp", ["00002"]],
                        ],
                    ]
                ],
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("commune", "codes"),
    [
        ("TT Yên", {"00001"}),
        ("xã Yên", {"00002"}),
        ("Yên", {"00001", "00002"}),
        ("Phường Yên", set()),
        ("Tân Lập", {"00001"}),
        ("tân lạp", {"00002"}),
        ("Tan Lap", {"00001", "00002"}),
    ],
)
def test_kind_and_marks_tell_namesakes_apart_and_only_they(commune: str, codes: set[str]) -> None:
    match = present_of(MADE_UP, f"Thôn 1, {commune}, Cũ, Mẫu")
    if len(codes) == 1:
        assert match.unit is not None and {match.unit.code} == codes
        return
    assert match.unit is None
    assert {unit.code for unit in match.candidates} >= codes


OLDS = [
    (old, district)
    for province in HOME.provinces
    for district in province.districts
    for old in district.units
]


@pytest.mark.parametrize("shape", ["{c}, {d}, {p}", "Thôn 1, {c}, {d}, {p}", "{C}, {D}, {P}"])
def test_every_old_commune_of_the_province_maps_or_asks(shape: str) -> None:
    assert len(OLDS) == 330
    asked = []
    for old, district in OLDS:
        names = {"C": old.name, "D": district.name, "P": district.province}
        names |= {key.lower(): Name(full).bare for key, full in list(names.items())}
        match = present_of(HOME, shape.format(**names))
        if len(old.successors) == 1:
            assert match.unit is not None and match.unit.code == old.successors[0], old
        else:
            assert match.unit is None and {u.code for u in match.candidates} == set(old.successors), old
            asked.append(old.code)
    assert sorted(asked) == ["00688", "00967", "00988", "02494", "02497"]


def test_every_present_commune_maps_to_itself() -> None:
    for unit in HOME.units_of("08"):
        match = present_of(HOME, f"Thôn 1, {unit.name}, tỉnh Tuyên Quang")
        assert match.unit == unit


pieces = st.sampled_from(
    ["Na Hang", "Nà Hang", "Tuyên Quang", "TP", "Tổ 1", "xã", "Hà Giang", "Q10", ",", " ", "-"]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=9).map("".join), st.none() | st.dates())
def test_any_address_gets_an_answer_and_a_certain_one_is_never_doubtful(
    text: str, issued: date | None
) -> None:
    match = present_of(HOME, text, issued=issued)
    assert match.unit is None or (not match.candidates and not match.doubtful)
    assert not (match.candidates and not match.doubtful)
