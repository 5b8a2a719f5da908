"""Bytes, sectors, pages and ends of a desk's files are spoiled at random; what has an effect is named.

``python -m tests.hunt.damage PLACES SEED`` runs the full hunt and prints its figures; the suite runs a
small fixed share. A wound without effect (in a page no longer used, in the slack of a mark) must leave a
desk that says exactly what it said before.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from app.clock import FixedClock
from app.errors import AppError
from app.models import tables
from app.models.database import STORE_FILE
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from app.services.safety.aside import FOLDER
from app.services.safety.backup import make_backup
from app.services.safety.check import check_desk
from app.services.safety.restore import restore_backup
from app.services.setup import open_desk
from tests.support.desk import ENVIRON, MONDAY, birth, desk_folder, officer, reference

SECTOR, PAGE = 512, 4096
Wound = Callable[[random.Random, bytearray], None]


def flip_byte(rng: random.Random, content: bytearray) -> None:
    """One byte with another value."""
    content[rng.randrange(len(content))] ^= rng.randrange(1, 256)


def spoil_sector(rng: random.Random, content: bytearray) -> None:
    """Half a kilobyte of noise, as a dying disk returns it."""
    _noise(rng, content, SECTOR)


def spoil_page(rng: random.Random, content: bytearray) -> None:
    """A page of noise or of noughts."""
    _noise(rng, content, PAGE)


def cut(rng: random.Random, content: bytearray) -> None:
    """The end is gone."""
    del content[rng.randrange(len(content)) :]


WOUNDS: dict[str, Wound] = {"byte": flip_byte, "sector": spoil_sector, "page": spoil_page, "cut": cut}
TARGETS = ("store", "wal", "file", "backup")


class Patient:
    """A desk with a few visits, an uncheckpointed WAL, kept papers and a verified backup."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.folder = room / "whole"
        self.backup = room / "whole.mcbackup"
        shutil.copytree(desk_folder(room / "template"), self.folder)
        desk = open_desk(self.folder, FixedClock(MONDAY), reference=reference(), environ=ENVIRON)
        for _ in range(4):
            make_slip(desk, officer(desk), receive_dossier(desk, officer(desk), birth()).id)
        make_backup(desk, officer(desk), self.backup)
        for _ in range(3):
            make_slip(desk, officer(desk), receive_dossier(desk, officer(desk), birth()).id)
        live = room / "live"
        shutil.copytree(self.folder, live)
        desk.close()
        shutil.rmtree(self.folder)
        live.rename(self.folder)
        assert (self.folder / f"{STORE_FILE}-wal").stat().st_size > 0
        self.says = says(self.folder, room / "asked")

    def wounded(self, target: str, wound: str, rng: random.Random) -> str:
        """Spoil a copy and look at it; how it ended: named, repaired, harmless. Asserts the promises."""
        room = Path(tempfile.mkdtemp(dir=self.room))
        try:
            return self._examine(room, target, wound, rng)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _examine(self, room: Path, target: str, wound: str, rng: random.Random) -> str:
        folder, backup = room / "desk", room / "a.mcbackup"
        shutil.copytree(self.folder, folder)
        shutil.copy(self.backup, backup)
        place = {
            "store": folder / STORE_FILE,
            "wal": folder / f"{STORE_FILE}-wal",
            "file": rng.choice(sorted(path for path in (folder / "files").rglob("*") if path.is_file())),
            "backup": backup,
        }[target]
        content = bytearray(place.read_bytes())
        before = bytes(content)
        WOUNDS[wound](rng, content)
        if bytes(content) == before:
            return "harmless"
        place.write_bytes(content)
        if target == "backup":
            return self._restored(room, backup, bytes(content))
        return self._checked(room, folder, backup, place, bytes(content))

    def _restored(self, room: Path, backup: Path, content: bytes) -> str:
        try:
            restore_backup(backup, room / "new", FixedClock(MONDAY), ENVIRON)
        except AppError as refused:
            assert refused.exit_code == 5, refused.code
            assert refused.title and refused.next_step
            assert not (room / "new").exists(), "half a restore was left behind"
            assert backup.read_bytes() == content, "the damaged backup was changed"
            return "named"
        assert check_desk(room / "new", ENVIRON).ok
        return "harmless"

    def _checked(self, room: Path, folder: Path, backup: Path, place: Path, content: bytes) -> str:
        problems = check_desk(folder, ENVIRON).problems
        if not problems:
            assert says(folder, room / "asked") == self.says, "silent loss"
            return "harmless"
        assert all(problem.name and problem.detail for problem in problems)
        aside = [path.read_bytes() for path in (folder / FOLDER).glob(f"*/{place.name}")]
        there = place.read_bytes() if place.exists() else b""
        assert content in (there, *aside), "what is damaged was not kept"
        assert (folder / STORE_FILE).stat().st_size >= min(PAGE, len(content)), "an empty store"
        restored = restore_backup(backup, room / "new", FixedClock(MONDAY), ENVIRON)
        assert restored.dossiers == 4
        assert check_desk(room / "new", ENVIRON).ok
        return "repaired"


def says(folder: Path, aside: Path) -> str:
    """Everything a desk holds, as one digest; asked of a copy, for opening folds the WAL."""
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(folder, aside)
    desk = open_desk(aside, FixedClock(MONDAY), reference=reference(), environ=ENVIRON)
    digest = hashlib.sha256()
    try:
        with desk.store.read() as connection:
            for table in tables.metadata.sorted_tables:
                for row in connection.execute(select(table).order_by(*table.primary_key)):
                    digest.update(repr(row).encode())
            for sha256 in connection.execute(select(tables.stored_file.c.sha256)).scalars():
                digest.update(desk.files.get(sha256))
    finally:
        desk.close()
        shutil.rmtree(aside)
    return digest.hexdigest()


def hunt(places: int, seed: int, room: Path) -> Counter[tuple[str, str, str]]:
    """So many wounds, in turn over targets and kinds; gives how each ended."""
    patient = Patient(room)
    ends: Counter[tuple[str, str, str]] = Counter()
    for number in range(places):
        target = TARGETS[number % len(TARGETS)]
        wound = list(WOUNDS)[number // len(TARGETS) % len(WOUNDS)]
        rng = random.Random(f"{seed}/{number}")
        try:
            ends[target, wound, patient.wounded(target, wound, rng)] += 1
        except BaseException:
            print(f"seed {seed}, place {number}: {wound} in {target}", file=sys.stderr)
            raise
    return ends


def _noise(rng: random.Random, content: bytearray, size: int) -> None:
    at = rng.randrange(max(1, len(content) // size)) * size
    length = min(size, len(content) - at)
    content[at : at + length] = bytes(length) if rng.random() < 0.3 else rng.randbytes(length)


def main() -> None:
    """The full hunt."""
    places, seed = int(sys.argv[1]), int(sys.argv[2])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="motcua-damage-") as room:
        ends = hunt(places, seed, Path(room))
    for (target, wound, end), count in sorted(ends.items()):
        print(f"{target:7} {wound:7} {end:9} {count}")
    print(f"{places} places, seed {seed}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
