"""Kept files: read in parts, taken in by pieces, gone on with after a break, and never whole in memory."""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import StorageError
from app.models.files import FileStore
from app.models.incoming import WrongFileError

KEY = bytes(range(32))
ROOM = 65536


def content_of(size: int) -> bytes:
    return bytes(i * 31 % 251 for i in range(256)) * (size // 256) + b"x" * (size % 256)


@given(
    size=st.sampled_from([1, 100, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM, 200_000]),
    offset=st.integers(0, 210_000),
    count=st.integers(0, 210_000),
)
@settings(max_examples=60, deadline=None)
def test_any_part_is_read_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory, size: int, offset: int, count: int
) -> None:
    files, content = FileStore(tmp_path_factory.mktemp("files"), KEY), content_of(size)
    with files.open(files.put(content)) as kept:
        assert kept.size == size
        assert kept.read_at(offset, count) == content[offset : offset + count]


def test_pieces_of_any_size_are_the_same_file(tmp_path: Path) -> None:
    files, content = FileStore(tmp_path, KEY), content_of(300_000)
    uneven = [content[start : start + 70_001] for start in range(0, len(content), 70_001)]
    assert files.put_pieces(iter(uneven)) == files.put(content) == hashlib.sha256(content).hexdigest()
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_a_source_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a" * 100_000
        raise RuntimeError

    with pytest.raises(RuntimeError):
        FileStore(tmp_path, KEY).put_pieces(broken())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_damage_shows_where_it_is_read_and_when_all_is_read(tmp_path: Path) -> None:
    files, content = FileStore(tmp_path, KEY), content_of(5 * ROOM)
    sha256 = files.put(content)
    place = files.place_of(sha256)
    raw = bytearray(place.read_bytes())
    raw[3 * (ROOM + 16) + 50] ^= 1
    place.write_bytes(raw)
    with files.open(sha256) as kept:
        assert kept.read_at(0, 3 * ROOM) == content[: 3 * ROOM]
        with pytest.raises(StorageError) as told:
            kept.read_at(3 * ROOM + 9, 1)
    assert told.value.code == "file-damaged"
    with pytest.raises(StorageError):
        files.check(sha256)


def test_another_file_under_the_name_is_no_file_of_that_name(tmp_path: Path) -> None:
    files = FileStore(tmp_path, KEY)
    one, other = files.put(b"one"), files.put(b"another")
    files.place_of(one).write_bytes(files.place_of(other).read_bytes())
    with pytest.raises(StorageError) as told:
        files.get(one)
    assert told.value.code == "file-damaged"


@pytest.mark.parametrize("broken_at", [1, ROOM - 1, ROOM, ROOM + 1, 4 * ROOM, 5 * ROOM, 5 * ROOM + 17])
@pytest.mark.parametrize("killed", [False, True])
def test_what_came_before_a_break_stays(tmp_path: Path, broken_at: int, killed: bool) -> None:
    content = content_of(5 * ROOM + 17)
    sha256 = hashlib.sha256(content).hexdigest()
    come = FileStore(tmp_path, KEY).incoming(sha256)
    come.write(content[:broken_at])
    if killed:
        come._out.flush()  # what reached the system before the process died
        come._out.close()
    else:
        come.leave_off()
    files = FileStore(tmp_path, KEY)
    again = files.incoming(sha256)
    lost = broken_at - again.held
    assert 0 <= lost <= ROOM, "a whole piece at most"
    assert killed or lost < ROOM
    assert not files.has(sha256)
    again.write(content[again.held :])
    again.finish()
    assert files.get(sha256) == content
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_two_tries_seal_under_different_nonces(tmp_path: Path) -> None:
    files, content = FileStore(tmp_path, KEY), content_of(3 * ROOM)
    sha256 = hashlib.sha256(content).hexdigest()
    seen: list[bytes] = []
    for _ in range(3):
        come = files.incoming(sha256)
        come.write(content[come.held : come.held + ROOM])
        come.leave_off()
        seen += [part.read_bytes()[:11] for part in tmp_path.rglob("*") if part.is_file()]
    assert len(seen) == len(set(seen)) == 3


def test_another_file_than_its_name_says_is_not_kept(tmp_path: Path) -> None:
    files = FileStore(tmp_path, KEY)
    come = files.incoming(hashlib.sha256(b"wanted").hexdigest())
    come.write(b"sent instead")
    with pytest.raises(WrongFileError):
        come.finish()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_lies_there_half_tells_nothing(tmp_path: Path) -> None:
    text = b"Ma Thi Huong " * 20_000
    come = FileStore(tmp_path, KEY).incoming(hashlib.sha256(text).hexdigest())
    come.write(text[:-1])
    come.leave_off()
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(left) > 190_000 and b"Huong" not in left


_MEASURE = """
import resource, secrets, sys
from pathlib import Path
from app.models.files import FileStore

def pieces(count):
    for _ in range(count):
        yield secrets.token_bytes(1 << 20)

files = FileStore(Path(sys.argv[1]), bytes(range(32)))
files.put(b"x" * 100_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sha256 = files.put_pieces(pieces(int(sys.argv[2])))
files.check(sha256)
with files.open(sha256) as kept:
    for offset in range(0, kept.size, 4 << 20):
        kept.read_at(offset, 4 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system by getrusage")
def test_a_large_file_costs_little_memory(tmp_path: Path) -> None:
    """100 MB here; 500 MB with line and gateway: ``python -m tests.bench.bench_large_file``."""
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(tmp_path), "100"],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(told.stdout) < 30 * 1024, "KiB more than before"


def test_what_a_dead_process_forgot_goes(tmp_path: Path) -> None:
    FileStore(tmp_path, KEY).put(b"x")
    forgotten = tmp_path / "incoming" / "put-0123"
    forgotten.write_bytes(secrets.token_bytes(100))
    FileStore(tmp_path, KEY).put(b"y")
    assert forgotten.exists(), "another process may be writing it"
    long_ago = forgotten.stat().st_mtime - 100_000
    os.utime(forgotten, (long_ago, long_ago))
    FileStore(tmp_path, KEY).put(b"z")
    assert not forgotten.exists()
