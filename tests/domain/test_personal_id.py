"""Identity numbers warn and never block, save for their shape."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import IdKind, Sex
from app.domain.personal_id import (
    BIRTH_PROVINCES,
    birth_century,
    birth_province,
    check_id_card_9,
    check_personal_id,
    guess_id_kind,
    is_vietnamese_passport,
    require_id_value,
    require_personal_id,
    sex_of,
)
from app.errors import RuleError

BORN = date(1998, 8, 14)
ALL_THREE = ("id-province-unknown", "id-sex-mismatch", "id-birth-year-mismatch")


@pytest.mark.parametrize(
    ("value", "sex", "born", "codes"),
    [
        ("008198001234", Sex.FEMALE, BORN, []),
        ("008198001234", None, None, []),
        ("008098001234", Sex.FEMALE, BORN, ["id-sex-mismatch"]),
        ("008197001234", Sex.FEMALE, BORN, ["id-birth-year-mismatch"]),
        ("008398001234", Sex.FEMALE, BORN, ["id-birth-year-mismatch"]),
        ("008311001234", Sex.FEMALE, date(2011, 1, 1), []),
        ("003198001234", Sex.FEMALE, BORN, ["id-province-unknown"]),
        ("000198001234", Sex.FEMALE, BORN, ["id-province-unknown"]),
        ("002198001234", Sex.FEMALE, BORN, []),
        ("123198001234", Sex.FEMALE, BORN, []),
        ("003098001234", Sex.FEMALE, date(1990, 1, 1), [*ALL_THREE]),
    ],
)
def test_contradictions_are_told(value: str, sex: Sex | None, born: date | None, codes: list[str]) -> None:
    warnings = check_personal_id(value, sex, born)
    assert [w.code.value for w in warnings] == codes
    assert all(w.text and value not in w.text for w in warnings)


@given(
    value=st.from_regex(r"[0-9]{12}", fullmatch=True),
    sex=st.sampled_from([None, *Sex]),
    born=st.none() | st.dates(),
)
def test_twelve_digits_never_block(value: str, sex: Sex | None, born: date | None) -> None:
    check_personal_id(value, sex, born)


def test_the_old_provinces_keep_their_codes() -> None:
    assert len(BIRTH_PROVINCES) == 63
    assert (birth_province("008198001234"), birth_province("002198001234")) == ("Tuyên Quang", "Hà Giang")
    assert birth_province("101198001234") is None


@pytest.mark.parametrize(
    ("digit", "sex", "century"),
    [
        ("0", Sex.MALE, 1900),
        ("1", Sex.FEMALE, 1900),
        ("2", Sex.MALE, 2000),
        ("3", Sex.FEMALE, 2000),
        ("4", Sex.MALE, 2100),
    ],
)
def test_digit_four_is_century_and_sex(digit: str, sex: Sex, century: int) -> None:
    value = f"008{digit}98001234"
    assert (sex_of(value), birth_century(value)) == (sex, century)


@pytest.mark.parametrize(
    "text", ["", "00819800123", "0081980012345", "00819800123x", "００８１９８００１２３４"]
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as refusal:
        require_personal_id(text)
    assert (refusal.value.code, refusal.value.field) == ("personal-id-shape", "personal_id")


def test_groups_of_digits_are_one_number() -> None:
    assert require_personal_id(" 008 198 001.234 ") == "008198001234"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (IdKind.PERSONAL_NUMBER, "008 198 001 234", "008198001234"),
        (IdKind.ID_CARD_9, "073 123 456", "073123456"),
        (IdKind.PASSPORT, "b1234567", "B1234567"),
        (IdKind.NONE, "anything", None),
    ],
)
def test_each_kind_keeps_its_shape(kind: IdKind, text: str, value: str | None) -> None:
    assert require_id_value(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (IdKind.PERSONAL_NUMBER, None, "personal-id-shape"),
        (IdKind.ID_CARD_9, "07312345", "id-card-9-shape"),
        (IdKind.PASSPORT, "<b>", "passport-shape"),
        (IdKind.PASSPORT, None, "passport-shape"),
    ],
)
def test_a_wrong_shape_names_the_field(kind: IdKind, text: str | None, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        require_id_value(kind, text)
    assert (refusal.value.code, refusal.value.field) == (code, "id_value")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("008198001234", IdKind.PERSONAL_NUMBER),
        ("073123456", IdKind.ID_CARD_9),
        ("B1234567", IdKind.PASSPORT),
        ("c12345678", IdKind.PASSPORT),
        ("Ma Thị Hường", None),
        ("0912345678", None),
    ],
)
def test_the_shape_tells_the_kind(text: str, kind: IdKind | None) -> None:
    assert guess_id_kind(text) == kind


def test_a_vietnamese_passport_is_a_letter_and_seven_or_eight_digits() -> None:
    assert is_vietnamese_passport("B1234567") and is_vietnamese_passport("C12345678")
    assert not is_vietnamese_passport("BB123456") and not is_vietnamese_passport("B123456")


def test_the_nine_digit_card_is_worthless_after_2024() -> None:
    assert check_id_card_9(date(2024, 12, 31)) == ()
    assert [w.code.value for w in check_id_card_9(date(2025, 1, 1))] == ["id-card-9-worthless"]
