"""Files of an encrypted gateway: readable from any place, appended to in chunks, plain bytes nowhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.province import sealed

KEY = sealed.file_key(bytes(32))


@pytest.mark.parametrize("key", [None, KEY])
@given(chunks=st.lists(st.binary(min_size=1, max_size=70), min_size=1, max_size=6), at=st.integers(0, 300))
def test_what_is_written_in_chunks_is_read_from_any_place(
    key: bytes | None, chunks: list[bytes], at: int
) -> None:
    with TemporaryDirectory() as scratch:
        path, place, whole = Path(scratch) / "part", 0, b"".join(chunks)
        for chunk in chunks:
            sealed.write_at(path, key, place, chunk)
            place += len(chunk)
        assert sealed.size_of(path, key) == len(whole)
        assert sealed.read_at(path, key, at, 33) == whole[at : at + 33]
        assert sealed.digest_and_head(path, key) == (hashlib.sha256(whole).hexdigest(), whole[:16])
        assert b"".join(sealed.pieces(path, key, at // 2, at)) == whole[at // 2 : at]


def test_a_chunk_again_cuts_off_what_lay_behind(tmp_path: Path) -> None:
    path = tmp_path / "part"
    sealed.write_at(path, KEY, 0, b"0123456789")
    sealed.write_at(path, KEY, 4, b"xy")
    assert sealed.read_at(path, KEY, 0, 99) == b"0123xy"


def test_the_disk_shows_nothing_and_two_files_differ(tmp_path: Path) -> None:
    content = b"Trang Thi Vi Du " * 64
    for name in ("one", "two"):
        sealed.write_at(tmp_path / name, KEY, 0, content)
    one, two = ((tmp_path / name).read_bytes() for name in ("one", "two"))
    assert one != two and b"Vi Du" not in one
    (tmp_path / "open").write_bytes(content)
    sealed.seal_plain(tmp_path / "open", KEY)
    assert b"Vi Du" not in (tmp_path / "open").read_bytes()
    assert sealed.open_copy(tmp_path / "open", KEY, tmp_path / "again").read_bytes() == content
