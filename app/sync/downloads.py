"""Files fetched from the province: results of other desks, and own scans lost with a restored backup (§3.6).

By pieces with ``Range``, believed only by the hash of the whole. What is to come is remembered in marks, in
the transaction that learnt of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from app.models.incoming import WrongFileError
from app.models.tables import stored_file, sync_mark
from app.sync.file_calls import download_piece
from app.sync.link import Link
from app.sync.marks import drop_mark, write_mark
from app.sync.results_here import file_came
from app.sync.trouble import BusyError, NoLineError, NotBelievedError, RefusedError

WANTED: Final = "download:"
"""``download:<sha256>``: ``{size, media_type, purpose, tries}``."""
PIECE: Final = 256 * 1024
_MOST: Final = 104_857_600
_TRIES: Final = 20


def want_files(connection: Connection, payload: object, purpose: str) -> None:
    """Remember every file the JSON names that this desk does not hold."""
    for named in _refs(payload):
        sha256, size = named["sha256"], named.get("size")
        known = connection.execute(select(stored_file.c.sha256).where(stored_file.c.sha256 == sha256))
        if known.first() is None and isinstance(size, int) and 0 < size <= _MOST:
            media_type = str(named.get("media_type") or "application/octet-stream")
            facts = {"size": size, "media_type": media_type, "purpose": purpose, "tries": 0}
            write_mark(connection, WANTED + sha256, facts)


def fetch_files(link: Link) -> int:
    """Fetch what is remembered; how many came. A lost line ends the step, a missing file waits."""
    with link.desk.store.read() as connection:
        rows = connection.execute(select(sync_mark).where(sync_mark.c.key.startswith(WANTED))).all()
    came = 0
    for row in rows:
        link.tell("download", came, len(rows))
        sha256 = row.key.removeprefix(WANTED)
        try:
            _whole(link, sha256, row.value["size"])
        except (NoLineError, BusyError):
            return came
        except (RefusedError, NotBelievedError):
            _later(link, sha256, row.value)
            continue
        _note(link, sha256, row.value)
        came += 1
    return came


def _whole(link: Link, sha256: str, size: int) -> None:
    """Fetch what is still missing and keep the file. What came before a break stays for the next time."""
    if link.desk.files.has(sha256):
        return
    come = link.desk.files.incoming(sha256)
    try:
        while come.held < size:
            link.check()
            last = min(size, come.held + PIECE) - 1
            come.write(link.patiently(partial(download_piece, link.province, sha256, come.held, last)))
    except BaseException:
        come.leave_off()
        raise
    try:
        come.finish()
    except WrongFileError as wrong:
        raise NotBelievedError(str(wrong)) from None


def _note(link: Link, sha256: str, facts: Mapping[str, Any]) -> None:
    """The file is here, durable; now the row that names it."""
    with link.desk.store.write() as connection:
        here = select(stored_file.c.sha256).where(stored_file.c.sha256 == sha256)
        if connection.execute(here).first() is None:
            connection.execute(
                insert(stored_file).values(
                    sha256=sha256,
                    size=facts["size"],
                    media_type=facts["media_type"],
                    purpose=facts["purpose"],
                    created_at=link.now(),
                )
            )
        file_came(connection, sha256)
        drop_mark(connection, WANTED + sha256)


def _later(link: Link, sha256: str, facts: Mapping[str, Any]) -> None:
    with link.desk.store.write() as connection:
        if facts["tries"] >= _TRIES:
            drop_mark(connection, WANTED + sha256)
        else:
            write_mark(connection, WANTED + sha256, {**facts, "tries": facts["tries"] + 1})


def _refs(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        digest = value.get("sha256")
        if isinstance(digest, str) and len(digest) == 64 and not digest.strip("0123456789abcdef"):
            yield value
        for item in value.values():
            yield from _refs(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _refs(item)
