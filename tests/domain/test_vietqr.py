"""VietQR against published payloads and an independent reader of the fields."""

from __future__ import annotations

from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vietqr import BankAccount, check_account, checksum, transfer_payload
from app.errors import RuleError

PUBLISHED = [
    # Static code to an account at 970403, the account of NAPAS' specification.
    (
        "970403",
        "0011012345678",
        None,
        "",
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
    ),
    # A relief fund's code with an amount and a purpose.
    (
        "970415",
        "0011001932418",
        120000,
        "ung ho lu lut",
        "00020101021238570010A0000007270127000697041501130011001932418"
        "0208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
    ),
    # A shop's code.
    (
        "970436",
        "1023456789",
        1943000,
        "TT000069",
        "00020101021238540010A00000072701240006970436011010234567890208QRIBFTTA"
        "5303704540719430005802VN62120808TT0000696304A8E5",
    ),
]
CARD = (
    "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang6304"
)
"""NAPAS' example of a transfer to a card; published with checksum A203."""
DYNAMIC = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang6304"
)
"""NAPAS' example of an order paid to an account; published with checksum 2E2E."""
MISPRINTED = "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304"
"""The specification's own static example, whose account length is misprinted (12 for 13): checksum F4E5."""


def fields(text):
    """Tag to value, read by the lengths alone."""
    found, at = {}, 0
    while at < len(text):
        length = int(text[at + 2 : at + 4])
        found[text[at : at + 2]] = text[at + 4 : at + 4 + length]
        at += 4 + length
    assert at == len(text)
    return found


@pytest.mark.parametrize(("bin", "account", "amount", "purpose", "payload"), PUBLISHED)
def test_published_payloads(bin, account, amount, purpose, payload):
    assert transfer_payload(BankAccount(bin, account, "X"), amount, purpose) == payload


def test_the_checksum_of_published_texts():
    assert checksum(CARD) == 0xA203
    assert checksum(DYNAMIC) == 0x2E2E
    assert checksum(MISPRINTED) == 0xF4E5
    assert checksum("123456789") == 0x29B1, "the check value of CRC-16/CCITT-FALSE"


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9]{4,19}", fullmatch=True),
    st.one_of(st.none(), st.integers(1, 10**12)),
    st.from_regex(r"(H60|TN)[A-Z0-9.-]{0,20}", fullmatch=True),
)
def test_every_payload_reads_back(bin, account, amount, purpose):
    payload = transfer_payload(BankAccount(bin, account, "X"), amount, purpose)
    read = fields(payload)
    assert payload.isascii() and list(read) == sorted(read), "tags rise"
    to = fields(read["38"])
    assert (to["00"], to["02"]) == ("A000000727", "QRIBFTTA")
    assert fields(to["01"]) == {"00": bin, "01": account}
    assert read["01"] == ("11" if amount is None else "12") and read["53"] == "704" and read["58"] == "VN"
    assert read.get("54") == (None if amount is None else str(amount))
    assert fields(read["62"])["08"] == purpose
    assert int(read["63"], 16) == crc_hqx(payload[:-4].encode(), 0xFFFF)


@pytest.mark.parametrize(
    ("bin", "account", "name", "field"),
    [
        ("97041", "123456", "UBND xã", "bin"),
        ("97041a", "123456", "UBND xã", "bin"),
        ("٩٧٠٤١٥", "123456", "UBND xã", "bin"),
        ("970415", "123", "UBND xã", "account"),
        ("970415", "1234–5678", "UBND xã", "account"),
        ("970415", "123456", " ", "name"),
    ],
)
def test_a_wrong_account_is_named(bin, account, name, field):
    with pytest.raises(RuleError) as error:
        check_account(bin, account, name)
    assert error.value.field == field and error.value.next_step


def test_an_account_is_tidied():
    assert check_account("970 415", "0011 0019 32418", " UBND  xã ") == BankAccount(
        "970415", "0011001932418", "UBND xã"
    )


@pytest.mark.parametrize(
    ("amount", "purpose", "field"),
    [
        (0, "a", "amount"),
        (-1, "a", "amount"),
        (10**13, "a", "amount"),
        (1, "ủng hộ", "purpose"),
        (1, "a" * 26, "purpose"),
    ],
)
def test_what_a_code_cannot_hold(amount, purpose, field):
    with pytest.raises(RuleError) as error:
        transfer_payload(BankAccount("970415", "12345678", "X"), amount, purpose)
    assert error.value.field == field
