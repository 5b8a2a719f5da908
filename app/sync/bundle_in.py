"""The receipt that comes back on the stick: verdicts, changes, and what has arrived (§3.10)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select, update

from app.models.carry_tables import bundle_out, upload
from app.models.epochs import StreamEnd
from app.models.tables import event, stream
from app.protocol import messages as m
from app.protocol.age_file import AgeError, NotForUsError
from app.protocol.bundles import (
    CHANGES,
    TO_DESK,
    VERDICTS,
    BadBundle,
    BundleManifest,
    BundleReader,
    lines_of,
    part_bytes,
    signed_by,
)
from app.sync import bundle_words as words
from app.sync.context import SyncDesk
from app.sync.desk_keys import age_identities
from app.sync.link import gateway_row
from app.sync.marks import CURSOR, PROVINCE_DESK, read_mark
from app.sync.receiver import take_changes
from app.sync.sender import chain_at
from app.sync.verdicts import apply_verdict

_MOST: Final = 256 * 1024 * 1024
_LINE: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class ReceiptTaken:
    """``events``: those with the province's word now; ``files``: those it has; ``changes``: new ones."""

    bundle_id: str
    events: int
    files: int
    changes: int


@dataclass(frozen=True)
class _Read:
    manifest: BundleManifest
    verdicts: list[m.Verdict]
    changes: list[m.Change]


def take_receipt(desk: SyncDesk, source: Path) -> ReceiptTaken:
    """Verify a receipt to its last byte, then note all it says in one commit; taking it twice is harmless.

    Raises ``LineError`` "never-enrolled", ``RuleError`` "no-receipt", "receipt-other-desk",
    "receipt-not-genuine", "receipt-other-history", ``StorageError`` "receipt-damaged",
    ``CircumstanceError`` "stick-gone".
    """
    if not source.is_file():
        raise words.no_receipt()
    with desk.store.read() as connection:
        row = gateway_row(connection)
        own = {read_mark(connection, PROVINCE_DESK), row["client_id"]}
        identities = age_identities(connection, row, desk.clock.now())
    try:
        with words.stick_told():
            read = _read_with_any(source, identities, row["server_keys"], own)
    except NotForUsError:
        raise words.other_desk() from None
    except (AgeError, BadBundle, ValidationError):
        raise words.damaged() from None
    with desk.store.write() as connection:
        return _apply(connection, read, desk.clock.now())


def _read_with_any(
    source: Path, identities: list[str], keys: list[dict[str, str]], own: set[str | None]
) -> _Read:
    """A receipt may have been made for a pair the desk has changed since."""
    for identity in identities[:-1]:
        try:
            return _read(source, identity, keys, own)
        except NotForUsError:
            continue
    return _read(source, identities[-1], keys, own)


def _read(source: Path, identity: str, keys: list[dict[str, str]], own: set[str | None]) -> _Read:
    with source.open("rb") as handle:
        reader = BundleReader(handle, identity)
        manifest = reader.manifest
        _require_genuine(reader, keys)
        if manifest.direction != TO_DESK or manifest.recipient not in own or not manifest.answers_bundle_id:
            raise words.other_desk()
        parts = {part.name: part_bytes(pieces, _MOST) for part, pieces in reader.parts()}
    verdicts = [m.Verdict.model_validate(each) for each in lines_of(parts.get(VERDICTS, b""), _LINE)]
    changes = [m.Change.model_validate(each) for each in lines_of(parts.get(CHANGES, b""), _LINE)]
    return _Read(manifest, verdicts, changes)


def _require_genuine(reader: BundleReader, keys: list[dict[str, str]]) -> None:
    for key in keys:
        try:
            public = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
            reader.require_signature(partial(signed_by, public))
        except (BadBundle, binascii.Error):
            continue
        return
    raise words.not_genuine()


def _apply(connection: Connection, read: _Read, now: datetime) -> ReceiptTaken:
    manifest = read.manifest
    _require_own_history(connection, manifest)
    events = sum(_note(connection, verdict, manifest.epoch, now) for verdict in read.verdicts)
    changes = 0
    if manifest.next_cursor is not None and manifest.from_cursor == read_mark(connection, CURSOR):
        changes = take_changes(connection, read.changes, manifest.next_cursor, now)
    c = bundle_out.c
    mine = c.bundle_id == manifest.answers_bundle_id
    files: list[Any] = connection.execute(select(c.files).where(mine)).scalar() or []
    connection.execute(update(bundle_out).where(mine, c.receipt_at.is_(None)).values(receipt_at=now))
    if files:
        connection.execute(
            update(upload)
            .where(upload.c.sha256.in_(files), upload.c.state != "complete")
            .values(state="complete", upload_url=None, last_word="")
        )
    return ReceiptTaken(str(manifest.answers_bundle_id), events, len(files), changes)


def _require_own_history(connection: Connection, manifest: BundleManifest) -> None:
    if manifest.epoch is None or manifest.last_seq is None:
        return
    known = connection.execute(select(stream.c.epoch).where(stream.c.epoch == manifest.epoch)).first()
    end = StreamEnd(manifest.epoch, manifest.last_seq, "")
    if known is None or chain_at(connection, end, manifest.last_seq) != manifest.chain_after:
        raise words.other_history()


def _note(connection: Connection, verdict: m.Verdict, epoch: str | None, now: datetime) -> bool:
    c = event.c
    here = connection.execute(
        select(c.event_id).where(
            c.event_id == verdict.event_id, c.epoch == epoch, c.desk_seq == verdict.desk_seq
        )
    ).first()
    if here is None:
        return False
    apply_verdict(connection, verdict, now)
    return True
