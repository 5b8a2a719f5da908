"""Bill codes: the check digit of UPU S10, codes of other shapes, what an input method does to a scan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bill_code import check_digit, is_s10, read_bill_code
from app.errors import RuleError


@pytest.mark.parametrize("code", ["EB000717595HK", "EB000717618HK", "RB167995284IT", "LL572405406US"])
def test_published_codes_pass(code):
    assert is_s10(code)
    assert read_bill_code(code).warning == ""


@pytest.mark.parametrize(("serial", "digit"), [("00071758", 1), ("96633102", 0), ("76129403", 8)])
def test_published_check_digits(serial, digit):
    assert check_digit(serial) == digit


def test_eleven_becomes_five():
    assert check_digit("00000000") == 5


def test_a_wrong_check_digit_is_kept_with_a_warning():
    read = read_bill_code("EB000717594HK")
    assert read.text == "EB000717594HK"
    assert "Số kiểm tra" in read.warning


def test_a_code_of_the_posts_own_is_kept_with_a_warning():
    read = read_bill_code("  vnp 2026-11/0042 ")
    assert read.text == "VNP2026-11/0042"
    assert "13 ký tự" in read.warning


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("   ", "bill-missing"),
        ("A1", "bill-length"),
        ("A" * 41, "bill-length"),
        ("EB_000717595HK", "bill-signs"),
        ("Ê00071759HK", "bill-input-method"),
    ],
)
def test_what_is_no_code_is_refused_beside_its_field(typed, code):
    with pytest.raises(RuleError) as error:
        read_bill_code(typed)
    assert (error.value.code, error.value.field) == (code, "bill")


def test_a_scan_that_telex_rewrote_is_read_back():
    good = f"EE12345678{check_digit('12345678')}VN"
    assert read_bill_code(good.replace("EE", "Ê")).text == good
    assert read_bill_code(good.replace("EE", "ê").lower()).text == good


@given(st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes(head, place, by):
    code = f"{head}{check_digit(head[2:])}VN"
    assert is_s10(code)
    at = 2 + min(place, 8)
    changed = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    if at == 10:
        assert not is_s10(changed)
    else:  # remainders 0 and 6 share the check digit 5: that pair alone is not told apart
        sums = {
            sum(int(a) * b for a, b in zip(each[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
            for each in (code, changed)
        }
        assert not is_s10(changed) or sums == {0, 6}


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        assert read_bill_code(text).text.isascii()
    except RuleError as error:
        assert error.title
        assert error.next_step
