"""Codes by time against the vectors of RFC 4226 (appendix D) and RFC 6238 (appendix B)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import one_time_code as otc

RFC_SECRET = b"12345678901234567890"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    step = otc.step_of(datetime.fromtimestamp(seconds, UTC))
    assert otc.code_of_step(RFC_SECRET, step, digits=8) == code
    assert otc.code_of_step(RFC_SECRET, step) == code[2:]


def test_the_vectors_of_rfc_4226() -> None:
    wanted = [
        "755224",
        "287082",
        "359152",
        "969429",
        "338314",
        "254676",
        "287922",
        "162583",
        "399871",
        "520489",
    ]
    assert [otc.code_of_step(RFC_SECRET, step) for step in range(10)] == wanted


@pytest.mark.parametrize(
    ("seconds", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_one_step_beside_still_counts(seconds: int, counts: bool) -> None:
    code = otc.code_of_step(RFC_SECRET, otc.step_of(NOON + timedelta(seconds=seconds)))
    assert (otc.matching_step(RFC_SECRET, code, NOON) is not None) == counts


def test_a_code_counts_once() -> None:
    code = otc.code_of_step(RFC_SECRET, otc.step_of(NOON))
    step = otc.matching_step(RFC_SECRET, code, NOON)
    assert step is not None
    assert otc.matching_step(RFC_SECRET, code, NOON, after=step) is None


@pytest.mark.parametrize("minutes", [-90, -7, 7, 90])
def test_a_clock_that_is_off_is_measured(minutes: int) -> None:
    code = otc.code_of_step(RFC_SECRET, otc.step_of(NOON + timedelta(minutes=minutes)))
    assert otc.clock_off(RFC_SECRET, code, NOON) == timedelta(minutes=minutes)


@given(st.binary(min_size=20, max_size=20), st.text(max_size=12))
def test_odd_typing_never_raises(secret: bytes, typed: str) -> None:
    step = otc.matching_step(secret, typed, NOON)
    assert step is None or otc.code_of_step(secret, step) == typed


def test_the_qr_code_says_what_programs_read() -> None:
    uri = otc.enrolment_uri(RFC_SECRET, "lan.tt", "Mot Cua Xa")
    assert uri == (
        "otpauth://totp/Mot%20Cua%20Xa:lan.tt?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mot%20Cua%20Xa"
    )
    assert otc.secret_words(RFC_SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
