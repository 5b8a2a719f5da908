"""What a power cut takes: the log of the shim read back, and a lawful disk made of it.

Lawful is what POSIX leaves open: a file keeps what was written before its last good sync; of every
sector written later any subset may have landed; names changed in a folder come back to the state of its
last sync, or any state since; what was moved between two folders is at its new place once either of them
was synced. A sync that failed makes nothing durable, nor does a later one make good what it left behind.
Nothing else is lost.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
_RECORD = struct.Struct("<4I7Q")

Names = dict[int, dict[str, tuple[int, bool]]]
"""By the folder's inode: name to inode, and whether it is a folder."""


@dataclass(frozen=True)
class Noted:
    """One call that the shim saw. ``op``: W write, T truncation, S and F a sync done and failed, D a
    folder's sync, L a new name, U a name gone, R a renaming, X a failure planted."""

    op: str
    inode: int
    at: int
    size: int
    before: bytes
    after: bytes
    folders: tuple[int, int]
    names: tuple[str, str]


def read_log(side: Path) -> list[Noted]:
    """Every call in its order."""
    place = side / "log"
    return list(_records(place.read_bytes())) if place.exists() else []


def _records(raw: bytes) -> Iterator[Noted]:
    place = 0
    while place + _RECORD.size <= len(raw):
        op, name1, name2, _, inode, at, size, before, after, dir1, dir2 = _RECORD.unpack_from(raw, place)
        place += _RECORD.size
        first = name1 or before
        second = name2 or after
        a, b = raw[place : place + first], raw[place + first : place + first + second]
        place += first + second
        names = (a.decode(), b.decode()) if name1 else ("", "")
        content = (b"", b"") if name1 else (a, b)
        yield Noted(chr(op), inode, at, size, *content, (dir1, dir2), names)


def snapshot(root: Path) -> Names:
    """The names below a folder before anything happens."""
    found: Names = {}
    for place, _, _ in os.walk(root):
        with os.scandir(place) as entries:
            found[Path(place).stat().st_ino] = {
                entry.name: (entry.inode(), entry.is_dir(follow_symlinks=False)) for entry in entries
            }
    return found


def cut_power(root: Path, side: Path, before: Names, dice: random.Random) -> int:
    """Take away what was not durable when the power went; gives how many calls were undone in part."""
    log = read_log(side)
    lost = _cut_contents(log, side, dice)
    return lost + _cut_names(log, root, side, before, dice)


def _cut_contents(log: list[Noted], side: Path, dice: random.Random) -> int:
    lost = 0
    mood = dice.choice(("none", "all", "some", "some", "tail"))
    for inode in {each.inode for each in log if each.op in "WT"}:
        own = [each for each in log if each.inode == inode and each.op in "WTSF"]
        loose = _loose(own)
        if loose:
            lost += _rewrite(side / str(inode), own, loose, mood, dice)
    return lost


def _loose(own: list[Noted]) -> set[int]:
    """Places in the list of writes that no good sync covers."""
    pending: set[int] = set()
    doomed: set[int] = set()
    for place, each in enumerate(own):
        if each.op in "WT":
            pending.add(place)
        elif each.op == "S":
            pending.clear()
        else:
            doomed |= pending
            pending.clear()
    return pending | doomed


def _rewrite(path: Path, own: list[Noted], loose: set[int], mood: str, dice: random.Random) -> int:
    first = min(loose)
    with path.open("r+b") as handle:
        for each in reversed(own[first:]):
            _undo(handle.fileno(), each)
        stop = dice.randint(first, len(own))
        for place, each in enumerate(own[first:], first):
            if each.op not in "WT":
                continue
            if place not in loose or mood == "all" or (mood == "tail" and place < stop):
                _redo(handle.fileno(), each)
            elif mood == "some":
                _redo_sectors(handle.fileno(), each, dice)
    return len(loose)


def _undo(descriptor: int, each: Noted) -> None:
    if each.op == "W":
        os.pwrite(descriptor, each.before, each.at)
        os.ftruncate(descriptor, each.size)
    elif each.op == "T":
        os.ftruncate(descriptor, each.size)
        os.pwrite(descriptor, each.before, each.at)


def _redo(descriptor: int, each: Noted) -> None:
    if each.op == "W":
        os.pwrite(descriptor, each.after, each.at)
    else:
        os.ftruncate(descriptor, each.at)


def _redo_sectors(descriptor: int, each: Noted, dice: random.Random) -> None:
    if each.op == "T":
        if dice.random() < 0.5:
            _redo(descriptor, each)
        return
    start = each.at
    while start < each.at + len(each.after):
        stop = min((start // SECTOR + 1) * SECTOR, each.at + len(each.after))
        if dice.random() < 0.5:
            os.pwrite(descriptor, each.after[start - each.at : stop - each.at], start)
        start = stop


def _cut_names(log: list[Noted], root: Path, side: Path, before: Names, dice: random.Random) -> int:
    steps = [each for each in log if each.op in "LUR"]
    kept = _kept_names(log, dice)
    if len(kept) == len(steps):
        return 0
    names = {folder: dict(entries) for folder, entries in before.items()}
    for each in kept:
        _step(names, each)
    _rebuild(root, side, names)
    return len(steps) - len(kept)


def _kept_names(log: list[Noted], dice: random.Random) -> list[Noted]:
    last = {each.inode: place for place, each in enumerate(log) if each.op == "D"}
    cuts: dict[int, int] = {}
    kept = []
    for place, each in enumerate(log):
        if each.op not in "LUR":
            continue
        folder = each.folders[0]
        cut = cuts.setdefault(folder, dice.randint(0, len(log)) if dice.random() < 0.7 else 0)
        synced = max(last.get(each_end, -1) for each_end in (folder, each.folders[1] or folder))
        if place < max(synced, cut):
            kept.append(each)
    return kept


def _step(names: Names, each: Noted) -> None:
    (old, new), (folder, other) = each.names, each.folders
    if each.op == "L":
        names.setdefault(folder, {})[old] = (each.inode, bool(each.size))
        if each.size:
            names.setdefault(each.inode, {})
    elif each.op == "U":
        names.setdefault(folder, {}).pop(old, None)
    else:
        was_there = names.setdefault(folder, {}).pop(old, (each.inode, each.inode in names))
        names.setdefault(other, {})[new] = was_there


def _rebuild(root: Path, side: Path, names: Names) -> None:
    here = {entry: Path(place) / name for place, name, entry in _files(root)}
    fresh = side / "rebuilt"
    fresh.mkdir()
    _lay(fresh, root.stat().st_ino, names, side, here)
    for place in root.rglob("*-shm"):
        beside = fresh / place.relative_to(root)
        if beside.parent.is_dir() and not beside.exists():
            os.link(place, beside)
    shutil.rmtree(root)
    fresh.rename(root)


def _files(root: Path) -> Iterator[tuple[str, str, int]]:
    for place, _, files in os.walk(root):
        for name in files:
            yield place, name, (Path(place) / name).stat().st_ino


def _lay(into: Path, folder: int, names: Names, side: Path, here: dict[int, Path]) -> None:
    for name, (inode, is_folder) in names.get(folder, {}).items():
        place = into / name
        if is_folder:
            place.mkdir(mode=0o700)
            _lay(place, inode, names, side, here)
            continue
        held = side / str(inode)
        source = held if held.exists() else here.get(inode)
        if source is not None and not place.exists():
            os.link(source, place)
