"""What a damaged store looked like before anything opened it (I6).

Closing folds the write-ahead log into the store and takes a torn end of it away. Where there is a log, both
are copied before anything is opened; if the store then falls short or does not read, the copy stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from app.models.database import STORE_FILE
from app.models.failures import told

FOLDER: Final = "kept-aside"


@dataclass
class Kept:
    """A copy that goes away at the end unless it is kept."""

    folder: Path
    room: Path
    wanted: bool = False

    def keep(self) -> None:
        """Something is wrong: the copy stays. Without a log, opening has changed nothing."""
        self.wanted = True
        if not (self.room / STORE_FILE).exists():
            shutil.copy2(self.folder / STORE_FILE, self.room / STORE_FILE)


@contextmanager
def keep_aside(folder: Path) -> Iterator[Kept]:
    """Copy the log, let the store be opened, and keep the copy only where ``keep`` was called."""
    with told():
        home = folder / FOLDER
        home.mkdir(exist_ok=True)
        room = Path(mkdtemp(dir=home))
        log = folder / f"{STORE_FILE}-wal"
        if log.is_file() and log.stat().st_size:
            shutil.copy2(folder / STORE_FILE, room / STORE_FILE)
            shutil.copy2(log, room / log.name)
    kept = Kept(folder, room)
    try:
        yield kept
    finally:
        if not kept.wanted:
            shutil.rmtree(room, ignore_errors=True)
            if not any(home.iterdir()):
                home.rmdir()
