"""Bodies by count: size, ratio, truncation."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.inflate import BrokenEncodingError, TooLargeError, collect, inflate


def pieces(data: bytes, size: int = 1000) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@given(st.binary(max_size=5000), st.integers(1, 700))
def test_gzip_comes_back_whatever_the_pieces(data: bytes, size: int) -> None:
    assert inflate(pieces(gzip.compress(data), size), 10_000) == data


def test_a_bomb_is_refused_long_before_it_is_large() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    taken = []

    def counted() -> object:
        for piece in pieces(bomb, 100):
            taken.append(len(piece))
            yield piece

    with pytest.raises(TooLargeError):
        inflate(counted(), 100_000_000)  # type: ignore[arg-type]
    assert sum(taken) < 2000


def test_the_limit_counts_inflated_bytes() -> None:
    data = random.Random(1).randbytes(5000)
    assert inflate(pieces(gzip.compress(data)), 5000) == data
    with pytest.raises(TooLargeError):
        inflate(pieces(gzip.compress(data)), 4999)


@pytest.mark.parametrize("cut", [1, 5, 8, 20])
def test_a_cut_end_is_noticed(cut: int) -> None:
    packed = gzip.compress(b"some words that are long enough to be cut" * 3)
    with pytest.raises(BrokenEncodingError):
        inflate(pieces(packed[:-cut]), 10_000)


def test_what_follows_the_end_is_refused() -> None:
    with pytest.raises(BrokenEncodingError):
        inflate([gzip.compress(b"a") + b"x"], 10_000)


def test_plain_bytes_are_counted() -> None:
    assert collect([b"ab", b"cd"], 4) == b"abcd"
    with pytest.raises(TooLargeError):
        collect([b"ab", b"cd"], 3)
