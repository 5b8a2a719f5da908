"""Faults planted in the child process alone, to show that the hunt finds them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import keys
from app.models import database, files, migrate
from app.services.safety import container


def normal() -> None:
    """``synchronous=NORMAL``: in WAL a commit is not durable until the next checkpoint."""
    honest = database.connect

    def careless(path: Path, key: bytes) -> Any:
        raw = honest(path, key)
        raw.execute("PRAGMA synchronous = NORMAL")
        return raw

    database.connect = careless


def no_fsync() -> None:
    """The file is renamed before its content is durable."""
    for room in (keys, files):
        room.sync_file = lambda handle: handle.flush()


def no_folder_sync() -> None:
    """The renaming itself is not made durable."""
    for room in (keys, files):
        room.sync_folder = lambda folder: None


def print_first() -> None:
    """The paper is handed out before its row is committed."""
    from app.cli import batch
    from app.services.papers import slips

    asked: list[str] = []
    honest_perform, honest_keep = batch.perform, slips.keep_paper

    def perform(parser: Any, argv: list[str], *rest: Any, **more: Any) -> Any:
        asked[:] = argv
        return honest_perform(parser, argv, *rest, **more)

    def keep(*given: Any, **named: Any) -> Any:
        Path(asked[asked.index("--out") + 1]).write_bytes(named["pdf"])
        return honest_keep(*given, **named)

    batch.perform = perform
    slips.keep_paper = keep


def half_migration() -> None:
    """The schema steps are committed one by one."""
    honest = migrate.command.upgrade

    def upgrade(config: Any, target: str) -> None:
        connection = config.attributes["connection"]
        connection.exec_driver_sql("COMMIT")
        honest(config, target)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    migrate.command.upgrade = upgrade


def torn_restore() -> None:
    """The parts of a backup are laid down without waiting for the disk."""
    container.sync_file = lambda handle: handle.flush()


def early_key() -> None:
    """The next key is kept as the key in use before the store has it."""
    honest = keys.begin_key_change

    def begin(data: Path, *rest: Any) -> Any:
        made = honest(data, *rest)
        keys.end_key_change(data, changed=True)
        return made

    keys.begin_key_change = begin


def unsynced_erasure() -> None:
    """Files past their term are told as gone before their names are for good."""
    from app.services.privacy import past_term

    past_term.sync_folder = lambda folder: None


PLANTS: dict[str, Callable[[], None]] = {
    "normal": normal,
    "no-fsync": no_fsync,
    "no-folder-sync": no_folder_sync,
    "print-first": print_first,
    "half-migration": half_migration,
    "torn-restore": torn_restore,
    "early-key": early_key,
    "unsynced-erasure": unsynced_erasure,
}
