"""The runs that went out and are not answered yet, each with its key (I10).

They live in the one mark ``SENDING``: the oldest as it is, those sent behind it under ``then``. Only moved
in the transaction that counts their tries or stores their verdicts (I12).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.sync.marks import SENDING, drop_mark, read_mark, write_mark

KeptRun = dict[str, Any]
"""``{epoch, first, last, key, tries}``."""


def kept_runs(connection: Connection) -> list[KeptRun]:
    """The unanswered runs, in the order in which they went out."""
    mark = read_mark(connection, SENDING)
    if mark is None:
        return []
    return [{name: mark[name] for name in mark if name != "then"}, *mark.get("then", [])]


def keep_run(connection: Connection, epoch: str, first: int, last: int, key: str) -> None:
    """One more try of a run, in its old place, or at the end where it is new."""
    runs = kept_runs(connection)
    known = next((run for run in runs if run["key"] == key), None)
    if known is not None:
        known["tries"] += 1
    else:
        runs.append({"epoch": epoch, "first": first, "last": last, "key": key, "tries": 1})
    _write(connection, runs)


def drop_run(connection: Connection, key: str) -> None:
    """Forget a run: it is answered, or makes room for another."""
    _write(connection, [run for run in kept_runs(connection) if run["key"] != key])


def _write(connection: Connection, runs: list[KeptRun]) -> None:
    if not runs:
        drop_mark(connection, SENDING)
        return
    oldest, *others = sorted(runs, key=lambda run: int(run["first"]))
    write_mark(connection, SENDING, {**oldest, "then": others} if others else oldest)
