"""Hostile JSON ends in ``BadJson``, in bounded time and depth."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.strict_json import BadJson, loads_strict

BAD = {
    "repeated member": b'{"a":1,"a":2}',
    "repeated by escape": b'{"a":1,"\\u0061":2}',
    "repeated deep": b'[{"x":{"a":1,"a":1}}]',
    "fraction": b"[1.0]",
    "exponent": b"[1e3]",
    "beyond 2^53-1": b"[9007199254740992]",
    "below": b"[-9007199254740992]",
    "huge number": b"[" + b"9" * 5000 + b"]",
    "NaN": b"[NaN]",
    "Infinity": b"[-Infinity]",
    "not UTF-8": b'["\xff"]',
    "lone surrogate": b'["\\ud800"]',
    "lone surrogate as a name": b'{"\\udc00":1}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "nothing": b"",
    "two values": b"{} {}",
    "unfinished string": b'["abc',
    "control character": b'["\x01"]',
    "comma": b"[1,]",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_refused(data: bytes) -> None:
    with pytest.raises(BadJson):
        loads_strict(data, max_bytes=100_000)


def test_largest_integers_and_pairs_of_surrogates_are_fine() -> None:
    data = b'{"n":[9007199254740991,-9007199254740991],"s":"\\ud83d\\ude00 \\u0111"}'
    assert loads_strict(data, max_bytes=1000) == {"n": [2**53 - 1, 1 - 2**53], "s": "\U0001f600 đ"}


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_depth(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    assert loads_strict(opening * 32 + b"1" + closing * 32, max_bytes=10_000)
    with pytest.raises(BadJson, match="deeper"):
        loads_strict(opening * 33 + b"1" + closing * 33, max_bytes=10_000)
    with pytest.raises(BadJson, match="deeper"):
        loads_strict(opening * 200_000, max_bytes=10_000_000)


def test_brackets_in_text_are_not_depth() -> None:
    assert loads_strict(json.dumps(["[" * 100 + '\\"' + "{" * 100]).encode(), max_bytes=10_000)


def test_size() -> None:
    with pytest.raises(BadJson):
        loads_strict(b"[1,2,3]", max_bytes=6)


@pytest.mark.parametrize("data", [b'"' + b'\\"' * 500_000, b'"' * 1_000_001, b"\\" * 1_000_000])
def test_hostile_quotes_cost_no_time(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(BadJson):
        loads_strict(data, max_bytes=2_000_000)
    assert time.monotonic() - started < 2


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_bad_json(data: bytes) -> None:
    with contextlib.suppress(BadJson):
        loads_strict(data, max_bytes=100)


INTEGERS = st.integers(1 - 2**53, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(VALUES, st.booleans())
def test_good_json_comes_back_as_it_is(value: Any, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert loads_strict(data, max_bytes=100_000) == value
