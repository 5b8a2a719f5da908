"""Answers, conditions, rules: what is read, hidden, asked for, refused, told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.eform.filling import Filled, fill, require_known
from app.domain.eform.form import EForm, Field, FieldType, Level
from app.domain.eform.paper import declaration_paper
from app.domain.eform.partial_days import date_in_words, span, years_later
from app.domain.eform.prefill import Known, prefilled, without_strangers
from app.domain.eform.values import read_answer
from app.domain.people import Address, IdKind, Person, Sex
from app.errors import RuleError
from tests.printing.declaration_samples import ANSWERS, DAY, FORMS, HOME, filled, form, surroundings

AROUND = surroundings()
HUONG = Person(
    "Ma Thị Hường",
    IdKind.PERSONAL_NUMBER,
    "008198000000",
    date(1998, 8, 14),
    Sex.FEMALE,
    Address(as_written=HOME),
)
KNOWN = Known({"owner": HUONG, "submitter": HUONG, "female": HUONG}, "UBND xã", "Nà Hang", DAY)


def with_(form_id: str, **changes: object) -> Filled:
    """The sample with other answers; ``None`` takes one away."""
    answers = {**ANSWERS[form_id], **changes}
    return filled(form_id, {key: value for key, value in answers.items() if value is not None})


def codes(done: Filled, field: str) -> list[str]:
    """Codes told beside a field."""
    return [issue.code for issue in done.issues if issue.field == field]


@pytest.mark.parametrize("form_id", FORMS)
def test_the_samples_can_be_finished(form_id: str) -> None:
    done = filled(form_id)
    done.require()
    assert done.missing == () and done.refusals == ()


@pytest.mark.parametrize("form_id", FORMS)
def test_every_required_field_is_missed(form_id: str) -> None:
    """Taken away one at a time, each required field is named; signatures are for the paper."""
    whole = form(form_id)
    bare = replace(
        whole,
        sections=tuple(
            replace(section, fields=tuple(replace(field, fill_from=()) for field in section.fields))
            for section in whole.sections
        ),
    )
    answers = filled(form_id).answers
    for field in whole.fields:
        left = {key: value for key, value in answers.items() if key != field.id}
        done = fill(bare, left, AROUND, DAY)
        wanted = field.required and field.type is not FieldType.WET_SIGNATURE
        assert (field.id in done.missing) == wanted or field.require_if is not None
    nothing = fill(bare, {}, AROUND, DAY)
    with pytest.raises(RuleError) as told:
        nothing.require()
    assert told.value.code == "eform-missing" and told.value.missing == nothing.missing
    assert told.value.field == nothing.missing[0]


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(RuleError) as told:
        require_known(form("khai_sinh"), {"con_ho_ten": "A", "con_tuoi": 3})
    assert (told.value.code, told.value.field) == ("eform-unknown-field", "con_tuoi")
    assert "con_tuoi" in told.value.title


# ---- conditions


def test_copies_are_asked_for_only_where_wanted() -> None:
    no = with_("khai_sinh", ban_sao=False)
    assert "ban_sao_so_luong" not in no.shown and "ban_sao_so_luong" not in no.answers
    assert "ban_sao_so_luong" in with_("khai_sinh", ban_sao_so_luong=None).missing
    assert codes(with_("khai_sinh", ban_sao_so_luong=0), "ban_sao_so_luong") == ["eform-at-least"]


def test_a_wedding_asks_with_whom_and_where() -> None:
    done = with_("xac_nhan_tthn", kh_voi_ai=None, kh_noi=None)
    assert done.missing == ("kh_voi_ai", "kh_noi")
    other = with_("xac_nhan_tthn", muc_dich="Vay vốn")
    assert {"kh_voi_ai", "kh_noi"}.isdisjoint(other.shown) and other.missing == ()


@pytest.mark.parametrize(
    ("status", "asked"),
    [("Đã ly hôn, chưa đăng ký kết hôn lại", True), ("Chưa đăng ký kết hôn với ai", False)],
)
def test_the_ground_is_asked_after_a_marriage(status: str, asked: bool) -> None:
    done = with_("xac_nhan_tthn", tinh_trang=status, tt_can_cu=None)
    assert ("tt_can_cu" in done.missing) == asked == ("tt_can_cu" in done.shown)


def test_an_identity_card_brings_its_number() -> None:
    done = with_("khai_tu")
    assert done.answers["nyc_so_dinh_danh"] == "008198000000"
    passport = with_("khai_tu", nyc_giay_to="Hộ chiếu C1234567")
    assert "nyc_so_dinh_danh" not in passport.answers and passport.missing == ()


def test_the_mother_who_asks_is_not_asked_again() -> None:
    done = with_("khai_sinh")
    assert done.answers["me_ho_ten"] == "Ma Thị Hường"
    assert done.answers["me_so_dinh_danh"] == "008198000000"
    assert "me_ho_ten" not in with_("khai_sinh", nyc_quan_he="Ông").answers


def test_the_date_is_written_in_words_and_may_be_changed() -> None:
    done = with_("khai_sinh")
    assert (
        done.answers["con_ngay_sinh_chu"]
        == "Ngày mồng hai tháng mười một năm hai nghìn không trăm hai mươi sáu"
    )
    other = with_("khai_sinh", con_ngay_sinh_chu="Mồng hai tháng Mười một")
    assert other.answers["con_ngay_sinh_chu"] == "Mồng hai tháng Mười một"


# ---- rules

RULES: list[tuple[str, dict[str, Any], str, str, Level]] = [
    ("khai_sinh", {"con_ngay_sinh": "24/11/2026"}, "con_ngay_sinh", "eform-past", Level.REFUSE),
    ("khai_sinh", {"con_ngay_sinh": "30/02/2026"}, "con_ngay_sinh", "date-impossible", Level.REFUSE),
    ("khai_sinh", {"con_ngay_sinh": "1/9/2026"}, "con_ngay_sinh", "eform-late", Level.NOTE),
    ("khai_sinh", {"con_ngay_sinh": "24/9/2026"}, "con_ngay_sinh", "eform-on-time", Level.NOTE),
    ("khai_sinh", {"con_ngay_sinh": "23/9/2026"}, "con_ngay_sinh", "eform-late", Level.NOTE),
    ("khai_sinh", {"con_ho_ten": "Ánh"}, "con_ho_ten", "eform-family-name-of", Level.WARN),
    ("khai_sinh", {"con_ho_ten": "Nguyễn Ngọc Ánh"}, "con_ho_ten", "eform-family-name-of", Level.WARN),
    ("khai_sinh", {"con_ho_ten": "Hoàng Ánh 2"}, "con_ho_ten", "name-digits", Level.REFUSE),
    ("khai_sinh", {"con_ho_ten": "Hoàng @nh"}, "con_ho_ten", "name-signs", Level.REFUSE),
    ("khai_sinh", {"con_dan_toc": "Dao"}, "con_dan_toc", "eform-same-as-any", Level.WARN),
    ("khai_sinh", {"so_giay_chung_sinh": "123"}, "so_giay_chung_sinh", "eform-shape", Level.WARN),
    ("khai_sinh", {"me_nam_sinh": "2016"}, "me_nam_sinh", "eform-years-before", Level.WARN),
    (
        "khai_sinh",
        {"me_ho_ten": None, "nyc_quan_he": "Bà", "cha_ho_ten": None},
        "me_ho_ten",
        "eform-any-filled",
        Level.WARN,
    ),
    ("khai_sinh", {"nyc_so_dinh_danh": "008198000001"}, "nyc_so_dinh_danh", "eform-pid", Level.WARN),
    ("khai_sinh", {"nyc_so_dinh_danh": "00819800000"}, "nyc_so_dinh_danh", "personal-id-shape", Level.REFUSE),
    ("khai_sinh", {"con_gioi_tinh": "Khác"}, "con_gioi_tinh", "eform-choice", Level.REFUSE),
    ("khai_sinh", {"nyc_giay_to": "CMND 073123456"}, "nyc_giay_to", "eform-cmnd", Level.WARN),
    (
        "khai_sinh",
        {"nyc_giay_to": "Căn cước, do Bộ Công an cấp 12/9/2025"},
        "nyc_giay_to",
        "document-number-missing",
        Level.REFUSE,
    ),
    (
        "khai_sinh",
        {"nyc_giay_to": {"number": "008198000000", "date": "24/11/2026"}},
        "nyc_giay_to",
        "document-date-ahead",
        Level.REFUSE,
    ),
    (
        "khai_sinh",
        {"nyc_noi_cu_tru": "Thôn Nà Khá, Năng Khả, Na Hang, Tuyên Quang"},
        "nyc_noi_cu_tru",
        "eform-address-old",
        Level.WARN,
    ),
    ("khai_sinh", {"nyc_noi_cu_tru": "Viêng Chăn, Lào"}, "nyc_noi_cu_tru", "eform-address", Level.WARN),
    ("khai_tu", {"chet_ngay": "1940"}, "chet_ngay", "eform-not-before", Level.REFUSE),
    ("khai_tu", {"gbt_ngay": "19/11/2026"}, "gbt_ngay", "eform-not-before", Level.REFUSE),
    ("khai_tu", {"chet_ngay": "7/11/2026"}, "chet_ngay", "eform-late", Level.NOTE),
    ("khai_tu", {"chet_ngay": "8/11/2026"}, "chet_ngay", "eform-on-time", Level.NOTE),
    ("khai_tu", {"chet_luc_gio": "25:00"}, "chet_luc_gio", "time-shape", Level.REFUSE),
    (
        "khai_tu",
        {"nc_gioi_tinh": "Nữ", "nc_so_dinh_danh": "008041000222"},
        "nc_so_dinh_danh",
        "eform-pid",
        Level.WARN,
    ),
    ("ket_hon", {"nu_ngay_sinh": "24/11/2008"}, "nu_ngay_sinh", "eform-age", Level.REFUSE),
    ("ket_hon", {"nam_ngay_sinh": "24/11/2006"}, "nam_ngay_sinh", "eform-age", Level.REFUSE),
    ("ket_hon", {"nu_lan_kh": 0}, "nu_lan_kh", "eform-at-least", Level.REFUSE),
    ("ket_hon", {"nu_lan_kh": "một"}, "nu_lan_kh", "eform-count", Level.REFUSE),
    ("ket_hon", {"nu_tinh_trang": "Chưa kết hôn"}, "nu_tinh_trang", "eform-lookup-source", Level.WARN),
    (
        "ket_hon",
        {"nu_noi_cu_tru": "xã Lâm Bình, tỉnh Tuyên Quang"},
        "nu_noi_cu_tru",
        "eform-any-in-unit",
        Level.WARN,
    ),
    ("xac_nhan_tthn", {"den_ngay": "1/1/2019"}, "den_ngay", "eform-not-before", Level.REFUSE),
    ("ban_sao_trich_luc", {"so_luong": 0}, "so_luong", "eform-at-least", Level.REFUSE),
    ("ban_sao_trich_luc", {}, "so_luong", "eform-copy-fee", Level.NOTE),
    ("ban_sao_trich_luc", {}, "", "eform-note", Level.NOTE),
    ("khai_sinh", {"con_ngay_sinh": "24/11/2020"}, "con_ngay_sinh", "eform-younger", Level.NOTE),
]


@pytest.mark.parametrize(("form_id", "changes", "field", "code", "level"), RULES)
def test_each_rule_speaks_beside_its_field(
    form_id: str, changes: dict[str, Any], field: str, code: str, level: Level
) -> None:
    done = with_(form_id, **changes)
    told = [issue for issue in done.issues if issue.field == field and issue.code == code]
    assert [issue.level for issue in told] == [level], done.issues
    assert told[0].text.endswith((".", "!")) and "None" not in told[0].sentence
    if level is Level.REFUSE:
        with pytest.raises(RuleError) as refused:
            done.require()
        assert refused.value.field == field


def test_of_age_on_the_very_day() -> None:
    assert with_("ket_hon", nu_ngay_sinh="23/11/2008", nam_ngay_sinh="23/11/2006").refusals == ()


def test_six_years_old_is_no_longer_younger() -> None:
    assert "eform-younger" not in codes(with_("khai_sinh", con_ngay_sinh="23/11/2020"), "con_ngay_sinh")


def test_the_fee_of_copies_is_reckoned() -> None:
    told = [issue.text for issue in with_("ban_sao_trich_luc").issues if issue.code == "eform-copy-fee"]
    assert told == ["Phí bản sao: 3 bản × 8.000 đ = 24.000 đ."]


def test_a_wrong_answer_is_wrong_and_not_missing() -> None:
    done = with_("khai_sinh", con_ngay_sinh="31/11/2026")
    assert "con_ngay_sinh" not in done.missing and codes(done, "con_ngay_sinh") == ["date-impossible"]


# ---- values


def of_type(kind: FieldType, **more: Any) -> Field:
    """A field of that type."""
    return Field("x", "X", kind, False, **more)


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (FieldType.DATE, "22112026", "2026-11-22"),
        (FieldType.DATE, "2026-11-22", "2026-11-22"),
        (FieldType.DATE_PARTIAL, "1960", "1960"),
        (FieldType.DATE_PARTIAL, "8/1960", "1960-08"),
        (FieldType.DATE_PARTIAL, "1960-08", "1960-08"),
        (FieldType.DATE_PARTIAL, "22/11/1960", "1960-11-22"),
        (FieldType.TIME, "4g20", "04:20"),
        (FieldType.TIME, "14 giờ 5 phút", "14:05"),
        (FieldType.TIME, "7 giờ", "07:00"),
        (FieldType.PID, "008 198 000 000", "008198000000"),
        (FieldType.PERSON_NAME, "MA  THỊ hường", "Ma Thị Hường"),
        (FieldType.PERSON_NAME, "Pà", "Pà"),
        (FieldType.PERSON_NAME, "h'hen niê", "H'Hen Niê"),
        (FieldType.BOOL, "có", True),
        (FieldType.BOOL, "Không", False),
        (FieldType.INT, "12", 12),
        (FieldType.INT, 12, 12),
        (FieldType.TEXT, "  hai   chữ ", "hai chữ"),
        (FieldType.TEXT, "   ", None),
        (FieldType.ADDRESS, HOME, {"text": HOME}),
        (
            FieldType.ADDRESS,
            {"thon": "Nà Mẫu", "xa": "Nà Hang", "tinh": "Tuyên Quang"},
            {"text": "Nà Mẫu, Nà Hang, Tuyên Quang"},
        ),
        (FieldType.LOOKUP_RESULT, "Độc thân", {"result": "Độc thân", "source": "", "at": "", "by": ""}),
        (
            FieldType.ID_DOCUMENT,
            "Thẻ căn cước số 008198000000, do Bộ Công an cấp ngày 12/09/2025",
            {"kind": "can_cuoc", "number": "008198000000", "place": "Bộ Công an", "date": "2025-09-12"},
        ),
        (
            FieldType.ID_DOCUMENT,
            "C1234567",
            {"kind": "ho_chieu", "number": "C1234567", "place": "", "date": ""},
        ),
        (FieldType.WET_SIGNATURE, "đã ký", None),
    ],
)
def test_values_are_read_by_their_type(kind: FieldType, raw: object, kept: object) -> None:
    answer = read_answer(of_type(kind), raw, DAY)
    assert answer == kept
    if answer is not None:
        assert read_answer(of_type(kind), answer, DAY) == answer, "what is kept is read as itself"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldType.DATE_PARTIAL, "13/1960"),
        (FieldType.DATE_PARTIAL, "1500"),
        (FieldType.DATE, "30022026"),
        (FieldType.TEXT, {"a": 1}),
        (FieldType.TEXT, True),
        (FieldType.TEXT, "x" * 2001),
        (FieldType.TEXT, "\ud800"),
        (FieldType.BOOL, "có lẽ"),
        (FieldType.INT, "-1"),
        (FieldType.INT, "1.5"),
        (FieldType.ADDRESS, ["x"]),
        (FieldType.ADDRESS, {"la": "x"}),
        (FieldType.ID_DOCUMENT, {"kind": "can_cuoc", "number": "12345"}),
        (FieldType.LOOKUP_RESULT, {"result": {"x": 1}}),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(kind: FieldType, raw: object) -> None:
    with pytest.raises(RuleError) as told:
        read_answer(of_type(kind), raw, DAY)
    assert told.value.field == "x" and told.value.title and told.value.next_step


_raw = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["number", "text", "kind", "result", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(FORMS), st.data())
def test_no_answer_brings_the_form_down(form_id: str, data: st.DataObject) -> None:
    whole = form(form_id)
    some = data.draw(st.lists(st.sampled_from([field.id for field in whole.fields]), max_size=6))
    raw = {**ANSWERS[form_id], **{field_id: data.draw(_raw) for field_id in some}}
    done = fill(whole, raw, AROUND, DAY)
    again = fill(whole, done.answers, AROUND, DAY)
    if not done.refusals:
        assert dict(again.answers) == dict(done.answers), "what is kept is read as itself"
    assert set(done.answers) <= set(done.shown)


def retyped(**kinds: FieldType) -> EForm:
    """The birth form with other types for some fields, as a province might write it."""
    whole = form("khai_sinh")
    sections = tuple(
        replace(
            section,
            fields=tuple(replace(field, type=kinds.get(field.id, field.type)) for field in section.fields),
        )
        for section in whole.sections
    )
    return replace(whole, sections=sections)


def test_a_year_alone_is_not_put_in_words() -> None:
    partial = retyped(con_ngay_sinh=FieldType.DATE_PARTIAL)
    done = fill(partial, {**ANSWERS["khai_sinh"], "con_ngay_sinh": "1960"}, AROUND, DAY)
    assert "con_ngay_sinh_chu" in done.missing


def test_a_derived_answer_must_fit_its_field() -> None:
    done = fill(retyped(con_ngay_sinh_chu=FieldType.INT), ANSWERS["khai_sinh"], AROUND, DAY)
    assert "con_ngay_sinh_chu" in done.missing


def test_rules_of_numbers_leave_words_alone() -> None:
    words = {**ANSWERS["khai_sinh"], "nyc_so_dinh_danh": "chưa có"}
    done = fill(retyped(nyc_so_dinh_danh=FieldType.TEXT), words, AROUND, DAY)
    assert codes(done, "nyc_so_dinh_danh") == []


def test_a_day_that_is_words_prints_as_a_blank() -> None:
    done = fill(
        retyped(ngay_lam=FieldType.TEXT, kinh_gui=FieldType.ADDRESS),
        {**ANSWERS["khai_sinh"], "ngay_lam": "hôm nay"},
        AROUND,
        DAY,
    )
    paper = declaration_paper(done.form, done.answers)
    assert paper.day is None and paper.addressee == "Ủy ban nhân dân xã Nà Hang, tỉnh Tuyên Quang"


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(FORMS), st.data())
def test_no_form_of_a_province_brings_the_program_down(form_id: str, data: st.DataObject) -> None:
    """Any field may be of any type: rules, derived answers and the paper take it or leave it."""
    whole = form(form_id)
    kinds = st.sampled_from([kind for kind in FieldType if kind is not FieldType.CHOICE])
    mixed = replace(
        whole,
        sections=tuple(
            replace(section, fields=tuple(replace(field, type=data.draw(kinds)) for field in section.fields))
            for section in whole.sections
        ),
    )
    first = prefilled(mixed, KNOWN)
    some = data.draw(st.lists(st.sampled_from([field.id for field in whole.fields]), max_size=4))
    raw = {**first, **ANSWERS[form_id], **{field_id: data.draw(_raw) for field_id in some}}
    done = fill(mixed, raw, AROUND, DAY)
    assert all(issue.text for issue in done.issues)
    paper = declaration_paper(mixed, done.answers)
    assert paper.title == whole.title and len(paper.sections) == len(whole.sections)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_in_words_names_each_part(day: date) -> None:
    words = date_in_words(day)
    assert words.startswith("Ngày ") and " tháng " in words and " năm " in words
    assert ("mồng" in words) == (day.day <= 10)
    assert span(day.isoformat()) == (day, day)


def test_leap_day_comes_of_age_in_march() -> None:
    assert years_later(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert years_later(date(2008, 2, 29), 20) == date(2028, 2, 29)


# ---- prefill


def test_the_dossier_answers_first() -> None:
    first = prefilled(form("ket_hon"), KNOWN)
    assert first["nu_ho_ten"] == "Ma Thị Hường" and first["nu_so_dinh_danh"] == "008198000000"
    assert first["nu_quoc_tich"] == "Việt Nam" and "nam_ho_ten" not in first
    assert (first["kinh_gui"], first["lam_tai"], first["ngay_lam"]) == ("UBND xã", "Nà Hang", "2026-11-23")
    assert "cam_doan" not in first, "nobody is made to declare"


def test_an_earlier_declaration_completes_the_card() -> None:
    card = {"kind": "can_cuoc", "number": "008198000000", "place": "Bộ Công an", "date": "2025-09-12"}
    first = prefilled(form("khai_sinh"), KNOWN, {"nyc_giay_to": card})
    assert first["nyc_giay_to"] == card
    other = prefilled(form("khai_sinh"), KNOWN, {"nyc_giay_to": {**card, "number": "008198000009"}})
    assert other["nyc_giay_to"] == {"kind": "can_cuoc", "number": "008198000000"}


def test_nobody_elses_number_stands_under_another_name() -> None:
    whole = form("khai_sinh")
    first = prefilled(whole, KNOWN)
    kept = without_strangers(whole, first, {"nyc_ho_ten": "ma thị hường"})
    assert kept == first
    other = without_strangers(whole, first, {"nyc_ho_ten": "Hoàng Văn Quyết"})
    assert not {"nyc_so_dinh_danh", "nyc_giay_to", "nyc_noi_cu_tru"} & set(other)
    assert other["kinh_gui"] == "UBND xã"
