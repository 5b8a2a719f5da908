"""Vietnamese text: stored, searched, sorted, tidied, in words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vietnamese import (
    check_name,
    clean_text,
    fold,
    initials,
    nfc,
    number_in_words,
    require_text,
    sort_key,
    tidy_name,
)
from app.errors import RuleError

ANY_TEXT = st.text(alphabet=st.characters(), max_size=40)
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeêềểễếệghiìklmnoôồổỗốộơờởỡớợpqrstuưừửữứựvxyỳỷỹýỵ '-"
VIETNAMESE = st.text(alphabet=LETTERS, max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ma   Thị\tHường \n", "Ma Thị Hường"),
        (unicodedata.normalize("NFD", "Hường"), "Hường"),
        ("Ma\u200bThị", "MaThị"),
        ("\ufeffMa\u202e Thị\u202c", "Ma Thị"),
        ("Ma\u00a0Thị\u2003A", "Ma Thị A"),
        ("Ma\x00\x1b[31m", "Ma[31m"),
        ("a\u3164b\u2800c\u00add\ufe0f", "abcd"),
        ("e\u200d\u0302", "ê"),
        ("\udcff", ""),
    ],
)
def test_stored_text_is_nfc_without_anything_hidden(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_and_hides_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once == nfc(once)
    assert not {unicodedata.category(c) for c in once} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "  " not in once
    once.encode("utf-8")


def test_text_that_was_not_utf8_is_refused_beside_its_field() -> None:
    with pytest.raises(RuleError) as refusal:
        require_text("Ma \udce1\udcbb", "note")
    assert (refusal.value.code, refusal.value.field) == ("text-not-utf8", "note")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đăng ký khai sinh", "dang ky khai sinh"),
        ("Chiêm Hoá", "chiem hoa"),
        ("Chiêm Hóa", "chiem hoa"),
        ("H’HEN Niê", "h'hen nie"),
        (unicodedata.normalize("NFD", "ĐƯỜNG ƯỚC"), "duong uoc"),
        ("  a   b ", "a b"),
    ],
)
def test_the_search_key_ignores_marks_and_case(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(ANY_TEXT)
def test_folding_is_idempotent_and_blind_to_normal_forms(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_the_search_key_of_vietnamese_is_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đăng ký khai sinh", "dkks"),
        ("Chứng thực bản sao (từ bản chính)", "ctbstbc"),
        ("H'Hen Niê", "hn"),
        ("", ""),
        ("Mẫu 01", "m0"),
    ],
)
def test_initials(text: str, expected: str) -> None:
    assert initials(text) == expected


ORDERED = [
    "1 tổ", "an", "ăn", "ân", "ba", "ba ơi", "bà", "bà con", "bả", "bã", "bá", "bạ", "bác",
    "dao", "đa", "đào", "e", "ê", "gà", "Hến", "H'Hen", "Hoà", "Hương", "K'Sor", "Lý", "oi", "ôi", "ơi",
    "ua", "ưa", "xa", "y",
]  # fmt: skip


SHUFFLED = ORDERED[1::2] + ORDERED[::2][::-1]


def test_names_stand_in_dictionary_order() -> None:
    assert sorted(SHUFFLED, key=sort_key) == ORDERED


def test_apostrophes_case_and_normal_form_do_not_move_a_name() -> None:
    assert sort_key("H'Hen") == sort_key("Hhen") == sort_key("h’hen")
    assert sort_key("hoà") == sort_key("hòa")
    assert sort_key(unicodedata.normalize("NFD", "Đặng Thị Ước")) == sort_key("đặng thị ước")


@given(ANY_TEXT)
def test_a_sort_key_exists_for_any_text(text: str) -> None:
    assert sort_key(text) == sort_key(nfc(text))


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  ma  thị hường ", "Ma Thị Hường"),
        ("NGUYỄN VĂN ÁN", "Nguyễn Văn Án"),
        ("nGUYỄN", "Nguyễn"),
        ("h'hen niê", "H'Hen Niê"),
        ("K’SOR", "K'Sor"),
        ("anh-đào", "Anh-Đào"),
        ("Páo", "Páo"),
        ("đinh", "Đinh"),
        ("ian McDonald", "Ian McDonald"),
        ("y", "Y"),
        ("", ""),
    ],
)
def test_names_are_tidied(typed: str, tidied: str) -> None:
    assert tidy_name(typed) == tidied


@given(VIETNAMESE)
def test_tidying_keeps_letters_and_marks(text: str) -> None:
    tidied = tidy_name(text)
    assert tidy_name(tidied) == tidied
    assert tidied.lower() == clean_text(text).lower()


@pytest.mark.parametrize(
    ("name", "code"), [("Ma Thi5", "name-digits"), ("", "name-missing"), (" - ", "name-missing")]
)
def test_a_name_that_is_none_is_told_beside_its_field(name: str, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        check_name(name)
    assert (refusal.value.code, refusal.value.field) == (code, "name")


def test_one_word_is_a_name() -> None:
    assert check_name("páo") == "Páo"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (31, "ba mươi mốt"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1015, "một nghìn không trăm mười lăm"),
        (8000, "tám nghìn"),
        (120_000, "một trăm hai mươi nghìn"),
        (540_000, "năm trăm bốn mươi nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (2_450_024, "hai triệu bốn trăm năm mươi nghìn không trăm hai mươi tư"),
        (1_000_000_000, "một tỷ"),
        (1_000_000_021, "một tỷ không trăm hai mươi mốt"),
        (1_200_000_000_000, "một nghìn hai trăm tỷ"),
        (-5, "âm năm"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert number_in_words(number) == words


@given(st.integers(min_value=0, max_value=10**13), st.integers(min_value=0, max_value=10**13))
def test_two_numbers_never_read_alike(first: int, second: int) -> None:
    assert (number_in_words(first) == number_in_words(second)) == (first == second)
