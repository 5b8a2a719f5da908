"""Searches bytes for the markers, also in packed streams, and for kinds of file that must not be there."""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.hunt.leaks.markers import needles
from tests.hunt.power.cut import read_log

OPEN_KINDS = {
    "a plain database": b"SQLite format 3\0",
    "a paper in the clear": b"%PDF-",
    "a picture in the clear": b"\x89PNG\r\n\x1a\n",
    "a photograph in the clear": b"\xff\xd8\xff\xe0",
}
"""Pictures cannot be read for names; none has any business in what is searched, so each is a finding."""
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_ASCII85 = re.compile(rb"[!-u\sz]{40,}?~>")
_DEEPEST = 3
_MOST = 8 << 20


@dataclass(frozen=True)
class Found:
    """What lies where, in which dress; never the place's content."""

    where: str
    marker: str
    dress: str


def search_files(*folders: Path, skip: Sequence[Path] = ()) -> list[Found]:
    """Every file below the folders, their names too."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                path = Path(place) / name
                if path.is_symlink() or not path.is_file() or any(path.is_relative_to(each) for each in skip):
                    continue
                told = str(path.relative_to(folder))
                found += search(path.read_bytes(), told)
                found += search(os.fsencode(told), f"the name of {told}")
    return found


def search_writes(side: Path) -> list[Found]:
    """Every byte handed to the disk, also what was overwritten or deleted since, and every name."""
    by_file: dict[int, list[bytes]] = {}
    found = []
    for each in read_log(side):
        if each.op == "W":
            by_file.setdefault(each.inode, []).append(each.after)
        elif each.op in "LR":
            found += search(" ".join(each.names).encode(), "a name in a folder")
    for inode, pieces in by_file.items():
        found += search(b"".join(pieces), f"what was written to file {inode}")
    return found


def search(content: bytes, where: str, depth: int = 0) -> list[Found]:
    """The markers in these bytes, and in what is packed in them."""
    found = [Found(where, marker, dress) for marker, dress, raw in needles() if raw in content]
    if depth == 0:
        found += [
            Found(where, kind, "by its beginning") for kind, magic in OPEN_KINDS.items() if magic in content
        ]
    if depth < _DEEPEST:
        for packing, inside in _unpacked(content):
            found += search(inside, f"{where}, {packing}", depth + 1)
    return found


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    for start in _ZLIB.finditer(content):
        inside = _inflated(content[start.start() :], zlib.MAX_WBITS)
        if inside:
            yield "zlib", inside
    for start in _GZIP.finditer(content):
        inside = _inflated(content[start.start() :], 16 + zlib.MAX_WBITS)
        if inside:
            yield "gzip", inside
    if b"PK\x03\x04" in content:
        yield from _archived(content)
    for packing, magic, reader in (("bzip2", b"BZh", bz2.decompress), ("xz", b"\xfd7zXZ", lzma.decompress)):
        if content.startswith(magic):
            try:
                yield packing, reader(content)
            except (OSError, ValueError, lzma.LZMAError):
                continue
    for match in _ASCII85.finditer(content):
        try:
            yield "ascii85", base64.a85decode(b"".join(match[0][:-2].split()))
        except ValueError:
            continue


def _inflated(content: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(content, _MOST)
    except zlib.error:
        return b""


def _archived(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield "zip", archive.read(name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return
