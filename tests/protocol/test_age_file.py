"""age version 1: what another program wrote opens here, and no changed byte goes unseen."""

from __future__ import annotations

import base64
import io
import random

import pytest

from app.protocol.age_file import AgeError, AgeReader, AgeWriter, NotForUsError
from app.protocol.age_keys import new_age_key

FOREIGN_IDENTITY = "AGE-SECRET-KEY-1VP4GYX508HUGVRZEYZ6RW3T55CXN5L5ANHU0W34KY2Z7C9XGFHFQ0E7TCA"
FOREIGN_FILE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBFY2lTeE9UdGFjTlI3ZWNNVXduVHZsenViKy8xOHJTOXEv"
    "dk81MWJRVkZNCnBwaklHS2ZrQW1YMWx5R3NFclF1bUh5Z3NQT2ZEcDRxNVdGZ2ExTHFiSjQKLT4gWDI1NTE5IGVG"
    "ZVRDSzhUdkNkUDhMVWYvQzBRSVN3REM4a21ZM1FaY0VJVjJZdExQaVkKZVBKSnBXQVhjbFhzUitTYUE2NkxrZ3Jj"
    "d0c2ZEREU0h6Wmp4MzBPVDFNUQotPiBKWWBiL2VlLWdyZWFzZQo5b0h4dXpDVFAvM3BiSEVKR2lXREx1U05QbHg0"
    "SzRYQlE3cVZzbzIySCsvVDlEQWtwYkxXNzQwCi0tLSBsMHRPZFl4TUxDNVZDdFBza1YyR1ZmUHI1TWVZT05NTkpZ"
    "YTBGVkxrTWZ3CrplmszBx6TP7JC+7FX6N+GX6bRE5SUC7UgVzXgZ/ir0ZCDkFHZhTtp/Aoo9dVuIJb9MyxfXr7fM"
    "1J4="
)
"""Made by another implementation of age version 1, for two recipients; the key serves nothing else."""

KEY = new_age_key()


def sealed(content: bytes, step: int = 10_000) -> bytes:
    out = io.BytesIO()
    writer = AgeWriter(out, KEY.recipient)
    for start in range(0, len(content), step):
        writer.write(content[start : start + step])
    writer.close()
    return out.getvalue()


def opened(file: bytes, identity: str = KEY.identity) -> bytes:
    return AgeReader(io.BytesIO(file), identity).read()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001])
def test_what_goes_in_comes_out(size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert opened(sealed(content)) == content
    reader = AgeReader(io.BytesIO(sealed(content)), KEY.identity)
    pieces = []
    while piece := reader.read(1000):
        pieces.append(piece)
    assert b"".join(pieces) == content


def test_a_file_of_another_program_opens() -> None:
    assert opened(FOREIGN_FILE, FOREIGN_IDENTITY).decode() == "Một gói thử của xã"


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotForUsError):
        opened(sealed(b"x"), new_age_key().identity)


def test_every_changed_byte_is_found() -> None:
    file = sealed(b"abc" * 50)
    for place in range(len(file)):
        spoilt = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        with pytest.raises(AgeError):
            opened(spoilt)


def test_every_cut_is_found() -> None:
    file = sealed(b"abc" * 50)
    for length in range(len(file)):
        with pytest.raises(AgeError):
            opened(file[:length])
    large = sealed(bytes(140_000))
    for length in (len(large) - 65_552, len(large) - 1, len(large) - 8_944):
        with pytest.raises(AgeError):
            opened(large[:length])
    with pytest.raises(AgeError):
        opened(large + b"more")
