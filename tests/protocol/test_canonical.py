"""Canonical JSON: the quick path writes what RFC 8785 says, and what is not carried is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.canonical import MAX_SAFE_INTEGER, canonical_bytes, digest_hex

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_same_bytes_as_the_reference(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(VALUES)
def test_reading_back_gives_the_same_value(value: Any) -> None:
    assert json.loads(canonical_bytes(value)) == value


def test_order_of_members_beyond_ascii_is_by_utf16() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2}).startswith('{"\U0001f600"'.encode())


@pytest.mark.parametrize(
    "value", [1.0, {"a": [0.5]}, float("nan"), 2**53, -(2**53), {1: 2}, {"a": b"x"}, "\ud800"]
)
def test_refuses_what_the_protocol_does_not_carry(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical_bytes(value)


def test_digest_is_sha256_of_the_bytes() -> None:
    assert digest_hex({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
