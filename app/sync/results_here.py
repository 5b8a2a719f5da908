"""Results that were issued elsewhere: their rows at this desk, their files named as soon as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from app.clock import VIETNAM
from app.models.life_tables import result_document
from app.models.tables import stored_file
from app.sync.marks import drop_mark, read_mark, write_mark

_FILE_OF: Final = "result-file:"
"""``result-file:<sha256>``: ids of the results whose file is still to come."""


def keep_results(
    connection: Connection, dossier_id: str, results: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Rows for results this desk does not know; their files are wanted."""
    from app.sync.downloads import want_files

    want_files(connection, list(results), "result")
    c = result_document.c
    for result in results:
        result_id = str(result["result_id"])
        if connection.execute(select(c.id).where(c.id == result_id)).first() is None:
            row = _row(connection, dossier_id, result, at)
            connection.execute(insert(result_document).values(id=result_id, **row))


def file_came(connection: Connection, sha256: str) -> None:
    """A file is here: the results that waited for it name it from now on."""
    ids = read_mark(connection, _FILE_OF + sha256) or []
    for result_id in ids:
        mine = result_document.c.id == result_id
        connection.execute(update(result_document).where(mine).values(sha256=sha256))
    drop_mark(connection, _FILE_OF + sha256)


def _row(connection: Connection, dossier_id: str, result: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    issued = result.get("issued_at")
    named = result.get("file")
    sha256 = named.get("sha256") if isinstance(named, Mapping) else None
    return {
        "dossier_id": dossier_id,
        "code": result["code"],
        "name": result["name"],
        "number": result.get("number") or "",
        "issued_at": date.fromisoformat(issued) if issued else at.astimezone(VIETNAM).date(),
        "signer": result.get("signer") or "",
        "sha256": _held(connection, sha256, str(result["result_id"])),
        "at": at,
    }


def _held(connection: Connection, sha256: str | None, result_id: str) -> str | None:
    if sha256 is None:
        return None
    known = select(stored_file.c.sha256).where(stored_file.c.sha256 == sha256)
    if connection.execute(known).first() is not None:
        return sha256
    waiting = read_mark(connection, _FILE_OF + sha256) or []
    write_mark(connection, _FILE_OF + sha256, [*waiting, result_id])
    return None
