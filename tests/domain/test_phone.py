"""Telephone numbers (DOMAIN §6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phone import display_phone, is_mobile, normalise_phone
from app.errors import RuleError


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("0912345678", "0912345678", "0912 345 678"),
        ("0912 345 678", "0912345678", "0912 345 678"),
        ("0912.345.678", "0912345678", "0912 345 678"),
        ("0912-345-678", "0912345678", "0912 345 678"),
        ("+84 912 345 678", "0912345678", "0912 345 678"),
        ("+84912345678", "0912345678", "0912 345 678"),
        ("+84 (0)912 345 678", "0912345678", "0912 345 678"),
        ("0084 912345678", "0912345678", "0912 345 678"),
        ("(0207) 3822 123", "02073822123", "0207 3822 123"),
        ("02193822123", "02193822123", "0219 3822 123"),
        ("028 7300 1234", "02873001234", "028 7300 1234"),
        ("0357654321", "0357654321", "0357 654 321"),
        ("0900000123", "0900000123", "0900 000 123"),
    ],
)
def test_a_number_is_stored_bare_and_shown_in_groups(typed: str, stored: str, shown: str) -> None:
    assert normalise_phone(typed) == stored
    assert display_phone(stored) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone-missing"),
        ("  ", "phone-missing"),
        ("không có", "phone-not-a-number"),
        ("0912345678x", "phone-not-a-number"),
        ("091234567", "phone-shape"),
        ("09123456789", "phone-shape"),
        ("0612345678", "phone-shape"),
        ("912345678", "phone-no-zero"),
        ("01234567890", "phone-old"),
        ("+856 20 5512 3456", "phone-foreign"),
        ("0123456789", "phone-shape"),
        ("0212345678", "phone-shape"),
        ("０９１２３４５６７８", "phone-not-a-number"),
    ],
)
def test_a_wrong_number_is_told_beside_its_field(typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        normalise_phone(typed)
    assert (refusal.value.code, refusal.value.field) == (code, "phone")
    assert refusal.value.title.endswith(".") and refusal.value.next_step


@given(st.text(max_size=20) | st.from_regex(r"[+0-9 .()-]{0,16}", fullmatch=True))
def test_any_text_is_a_number_or_a_rule_error(text: str) -> None:
    try:
        number = normalise_phone(text)
    except RuleError:
        return
    assert normalise_phone(number) == number == normalise_phone(display_phone(number))


def test_only_mobiles_take_messages() -> None:
    assert is_mobile("0912345678") and not is_mobile("02073822123")
