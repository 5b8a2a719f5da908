"""The mark beside the store on a disk that tears, refuses and forgets (RELIABILITY I7)."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.models.head_mark import Head, HeadMark

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

KEY = bytes(32)
PLACE = 128


def head(seq: int) -> Head:
    return Head(seq, f"{seq:064x}")


@pytest.fixture
def mark(tmp_path: Path) -> HeadMark:
    made = HeadMark(tmp_path, KEY)
    made.begin(head(1))
    return made


def _tear(mark: HeadMark, seq: int) -> None:
    raw = bytearray(mark.path.read_bytes())
    for place in (0, PLACE):
        if HeadMark(mark.path.parent, KEY)._parse(bytes(raw[place : place + PLACE])) == head(seq):
            raw[place + 20 : place + PLACE] = bytes(PLACE - 20)
    mark.path.write_bytes(raw)


def test_a_mark_only_goes_on(mark: HeadMark) -> None:
    for seq in (2, 3, 7):
        mark.move(head(seq))
        assert HeadMark(mark.path.parent, KEY).read() == head(seq)
    mark.move(head(4))
    assert mark.read() == head(7)


@pytest.mark.parametrize("last", [2, 3, 4, 5])
def test_torn_again_and_again_it_never_writes_over_the_whole_one(mark: HeadMark, last: int) -> None:
    for seq in (2, 3, 4, 5):
        mark.move(head(seq))
        if seq >= last:
            _tear(mark, seq)
            assert mark.read() == head(last - 1)


def test_what_the_disk_took_in_pieces_is_whole(mark: HeadMark, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FileIO):
        def write(self, data: ReadableBuffer) -> int:
            return super().write(memoryview(data)[:50])

    monkeypatch.setattr(Path, "open", lambda path, mode, buffering=0: Slow(path, mode))
    mark.move(head(2))
    assert mark.read() == head(2)


def test_after_a_sync_that_failed_the_file_is_made_anew(
    mark: HeadMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mark.path.stat().st_ino
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _refuse)
        mark.move(head(2))
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(descriptor))
    mark.move(head(3))
    assert mark.path.stat().st_ino != before
    assert len(synced) == 2, "the file and its folder"
    assert mark.read() == head(3)


def test_a_beginning_without_its_mark_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _refuse)
    with pytest.raises(OSError, match="gone"):
        HeadMark(tmp_path, KEY).begin(head(1))


def _refuse(_: int) -> None:
    raise OSError(5, "gone")
