"""The audit chain walked link by link over the stored bytes themselves, so that no spelling of a changed
row passes for the row that was written, and no damaged row stops the walk (I24)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, Final

from sqlalchemy import Connection

from app.services.recording import FIRST_MAC

_TEXTS: Final = ("at", "officer_id", "act", "record_kind", "record_id", "fields", "mac")
_ROWS: Final = (
    f"SELECT seq, {' || '.join(f'typeof({name})' for name in _TEXTS)}, "
    f"{', '.join(f'CAST({name} AS BLOB)' for name in _TEXTS)} FROM audit ORDER BY seq"
)
_ALL_TEXT: Final = "text" * len(_TEXTS)
_STRETCH: Final = 2000


@dataclass(frozen=True)
class Walk:
    """``rows``: entries there are. ``first_broken``: the lowest number that was changed, moved, put in or is
    missing; ``None`` where every entry there is follows from the one before."""

    rows: int
    first_broken: int | None


def walk_chain(connection: Connection, key: bytes) -> Walk:
    """Reckon every link anew."""
    previous, expected = FIRST_MAC, 1
    for row in _rows(connection):
        if row[0] != expected:
            return Walk(_count(connection), min(row[0], expected))
        mac = _mac(key, previous, row)
        if mac is None:
            return Walk(_count(connection), expected)
        previous, expected = mac, expected + 1
    return Walk(expected - 1, None)


def mac_at(connection: Connection, seq: int) -> str | None:
    """The MAC stored under a number, ``None`` where there is no such entry."""
    found = connection.exec_driver_sql("SELECT CAST(mac AS BLOB) FROM audit WHERE seq = ?", (seq,)).first()
    return None if found is None else bytes(found[0]).decode("utf-8", "replace")


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM audit").scalar_one())


def _rows(connection: Connection) -> Iterator[Sequence[Any]]:
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(_ROWS)
        while stretch := cursor.fetchmany(_STRETCH):
            yield from stretch
    finally:
        cursor.close()


def _mac(key: bytes, previous: str, row: Sequence[Any]) -> str | None:
    """The MAC a row carries, or ``None`` where it is not that of its bytes after the MAC before it.

    The bytes are those of ``recording.audit_mac``: the canonical JSON of the row, into which time and field
    names go exactly as they are stored.
    """
    seq, types, *raw = row
    if types != _ALL_TEXT:
        return None
    try:
        at, officer_id, act, kind, record_id, fields, mac = [str(each, "utf-8") for each in raw]
    except UnicodeDecodeError:
        return None
    said = encode_basestring
    content = (
        f'{{"act":{said(act)},"at":{said(at)},"fields":{fields},"officer_id":{said(officer_id)},'
        f'"record_id":{said(record_id)},"record_kind":{said(kind)},"seq":{seq}}}'
    )
    expected = hmac.digest(key, bytes.fromhex(previous) + content.encode("utf-8"), "sha256").hex()
    return mac if mac == expected else None
