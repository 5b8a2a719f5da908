"""The desk's age keys in their text form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.age_keys import bech32_decode, bech32_encode, is_recipient, new_age_key, recipient_of

IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
"""The pair of age's own public test files (32 bytes of 0x42)."""


def test_the_public_test_pair() -> None:
    assert bech32_encode("age-secret-key-", b"\x42" * 32).upper() == IDENTITY
    assert recipient_of(IDENTITY) == RECIPIENT
    assert is_recipient(RECIPIENT)


def test_the_recipients_of_the_contract_are_recipients() -> None:
    assert is_recipient("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
    assert is_recipient("age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg")


def test_fresh_keys_differ_and_belong_together() -> None:
    one, other = new_age_key(), new_age_key()
    assert one.identity != other.identity
    assert recipient_of(one.identity) == one.recipient
    assert "AGE-SECRET" not in repr(one)


@given(st.binary(max_size=64))
def test_bech32_gives_back_what_it_took(data: bytes) -> None:
    assert bech32_decode(bech32_encode("age", data)) == ("age", data)


@given(st.integers(0, len(RECIPIENT) - 1), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7lB1b"))
def test_one_wrong_letter_is_noticed(place: int, letter: str) -> None:
    changed = RECIPIENT[:place] + letter + RECIPIENT[place + 1 :]
    assert is_recipient(changed) == (changed == RECIPIENT)


@pytest.mark.parametrize("text", ["", "age1", "1qqqqqq", RECIPIENT.upper(), RECIPIENT[:-1], IDENTITY])
def test_what_is_no_recipient(text: str) -> None:
    assert not is_recipient(text)
