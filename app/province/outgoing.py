"""What a transaction tells the change feed, kept back until its very end.

A change gets its place (``seq``) only when nothing but the commit is left to do, and on PostgreSQL under
a lock that every telling transaction holds until its commit is visible to all. So places appear in the
order of commits: whoever has seen one place never has a lower one still to come (the lesson of
COUCHDB-1256), however many processes write, and without waiting for the oldest running transaction, which
may be anybody's. The section under the lock is one INSERT and the commit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert

from app.province import dialect
from app.province.tables import changes

_OPTION = "outgoing"
_INSERT = insert(changes).inline()


def ready(connection: Connection) -> Connection:
    """The connection of a new writing transaction, with nothing to tell yet."""
    return connection.execution_options(**{_OPTION: []})


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Keep a row of the feed until the transaction ends."""
    _kept(connection).append(row)


def release(connection: Connection) -> None:
    """Give the kept rows their places; only the commit may follow."""
    rows = _kept(connection)
    if rows:
        dialect.lock(connection, "feed")
        connection.execute(_INSERT, rows)
        rows.clear()


def _kept(connection: Connection) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = connection.get_execution_options()[_OPTION]
    return kept
