"""The USB courier: what waits, written as encrypted and signed bundles for the province (§3.10).

Events stay waiting until the receipt comes back; handing a bundle over marks them so and no more. A bundle
is whole on the stick, read back, before it bears its name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, RowMapping, insert, select, update

from app import failpoints
from app.clock import to_wire
from app.models.carry_tables import bundle_out, upload
from app.models.epochs import StreamEnd, stream_end
from app.models.tables import event, stored_file
from app.protocol.bundles import EVENTS, FILES, TO_GATEWAY, PartSource, bytes_part, write_bundle
from app.protocol.ids import new_id
from app.sync.bundle_words import exists, never_heard, not_written_whole, stick_told
from app.sync.context import SyncDesk
from app.sync.credentials import DeskKeyPair, unseal
from app.sync.file_queue import OPEN
from app.sync.link import gateway_row, own_desk_id
from app.sync.marks import CURSOR, PROVINCE_DESK, SERVER_ID, read_mark
from app.sync.sender import chain_at
from app.text import t

LARGEST_FILE: Final = 2_000_000_000
"""Bytes of one bundle: FAT32 holds less than 4 GiB (§3.10)."""
_MOST_EVENTS: Final = 20_000
_FIXED: Final = 16 * 1024
_EACH: Final = 2048


@dataclass(frozen=True)
class Exported:
    """The bundles written, in the order the province takes them, and how many events they carry."""

    files: tuple[Path, ...]
    events: int


@dataclass
class _Plan:
    """What one bundle is to hold. ``lines``: events as stored."""

    first: int = 0
    last: int = 0
    lines: list[bytes] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)
    weight: int = _FIXED


@dataclass(frozen=True)
class _Sender:
    row: RowMapping
    keys: DeskKeyPair
    origin: str
    server_id: str
    cursor: str | None
    end: StreamEnd


def export_bundles(desk: SyncDesk, target: Path, officer_id: str, *, largest: int = LARGEST_FILE) -> Exported:
    """Write what waits to ``target``; more than one file where it does not fit ``largest`` bytes.

    Nothing waiting writes nothing. Raises ``LineError`` "never-enrolled", ``RuleError`` "bundle-exists",
    "bundle-no-recipient", ``CircumstanceError`` "stick-full", "stick-locked", "stick-gone",
    "stick-unsound"; nothing half written is left, and nothing counts as handed over.
    """
    with desk.store.read() as connection:
        sender = _sender(connection)
        plans = _plans(desk, connection, sender.end, largest)
    names = [_name(target, number) for number in range(1, len(plans) + 1)]
    written: list[Path] = []
    ids: list[str] = []
    try:
        for plan, name in zip(plans, names, strict=True):
            ids.append(_write(desk, sender, plan, name))
            written.append(name)
        _hand_over(desk, sender.end.epoch, dict(zip(ids, plans, strict=True)), officer_id)
    except BaseException:
        for name in written:
            _remove(name)
        raise
    return Exported(tuple(written), sum(len(plan.lines) for plan in plans))


def _sender(connection: Connection) -> _Sender:
    row = gateway_row(connection)
    server_id = read_mark(connection, SERVER_ID)
    if server_id is None or not row["bundle_recipients"]:
        raise never_heard()
    return _Sender(
        row=row,
        keys=unseal(row["secret"], own_desk_id(connection)),
        origin=read_mark(connection, PROVINCE_DESK) or row["client_id"],
        server_id=server_id,
        cursor=read_mark(connection, CURSOR),
        end=stream_end(connection),
    )


def _plans(desk: SyncDesk, connection: Connection, end: StreamEnd, largest: int) -> list[_Plan]:
    plans: list[_Plan] = []
    named: set[str] = set()
    for row in _events(connection, end):
        size = len(row.body) + 1
        last = plans[-1] if plans else None
        if last is None or last.weight + size > largest or len(last.lines) >= _MOST_EVENTS:
            last = _Plan(first=row.desk_seq)
            plans.append(last)
        last.lines.append(row.body)
        last.last, last.weight = row.desk_seq, last.weight + size
        named |= set(row.files)
    for sha256, size in _files(connection, named):
        if not desk.files.has(sha256):
            continue
        weight = size + _EACH + size // 2048
        if not plans or plans[-1].weight + weight > largest:
            plans.append(_Plan())
        plans[-1].files.append((sha256, size))
        plans[-1].weight += weight
    return plans


def _events(connection: Connection, end: StreamEnd) -> Iterator[Any]:
    """From the first event without a verdict to the last: a run without a hole."""
    c = event.c
    first = connection.execute(
        select(c.desk_seq).where(c.epoch == end.epoch, c.verdict.is_(None)).order_by(c.desk_seq).limit(1)
    ).scalar()
    if first is None:
        return iter(())
    rows = connection.execute(
        select(c.desk_seq, c.body, c.files)
        .where(c.epoch == end.epoch, c.desk_seq >= first)
        .order_by(c.desk_seq)
    )
    return iter(rows)


def _files(connection: Connection, named: set[str]) -> list[tuple[str, int]]:
    """Files of the events carried and those still queued, wanted first; none the province has."""
    c, f = upload.c, stored_file.c
    queued = connection.execute(
        select(f.sha256, f.size)
        .join(upload, c.sha256 == f.sha256)
        .where(c.state.in_(OPEN))
        .order_by(c.wanted.desc(), c.queued_at)
    ).all()
    found = {row.sha256: row.size for row in queued}
    for sha256 in sorted(named - set(found)):
        row = connection.execute(
            select(f.size, c.state).outerjoin(upload, c.sha256 == f.sha256).where(f.sha256 == sha256)
        ).first()
        if row is not None and row.state != "complete":
            found[sha256] = row.size
    return list(found.items())


def _name(target: Path, number: int) -> Path:
    return target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")


def _write(desk: SyncDesk, sender: _Sender, plan: _Plan, name: Path) -> str:
    head, parts = _contents(desk, sender, plan)
    fresh = name.with_name(f".{name.name}.part")
    try:
        with stick_told():
            if name.exists():
                raise exists()
            with fresh.open("wb") as out:
                hashed = _Hashed(out)
                recipient = sender.row["bundle_recipients"][0]
                write_bundle(hashed, recipient, sender.keys.signing, head, parts)  # type: ignore[arg-type]
                failpoints.hit("before_bundle_sync")
                out.flush()
                os.fsync(out.fileno())
                _forget_cached(out)
            if _sha256(fresh) != hashed.digest():
                raise not_written_whole()
            fresh.replace(name)
            _sync_folder(name.parent)
    except BaseException:
        _remove(fresh)
        raise
    return str(head["bundle_id"])


def _contents(desk: SyncDesk, sender: _Sender, plan: _Plan) -> tuple[dict[str, Any], list[PartSource]]:
    head: dict[str, Any] = {
        "bundle_id": new_id(),
        "direction": TO_GATEWAY,
        "origin": sender.origin,
        "recipient": sender.server_id,
        "created_at": to_wire(desk.clock.now()),
        "from_cursor": sender.cursor,
        "signing_kid": sender.keys.kid,
    }
    if plan.lines:
        with desk.store.read() as connection:
            head |= _range(connection, sender.end, plan)
    parts = [bytes_part(EVENTS, b"".join(line + b"\n" for line in plan.lines))]
    parts += [
        PartSource(FILES + sha256, sha256, size, partial(desk.files.pieces, sha256))
        for sha256, size in plan.files
    ]
    return head, parts


def _range(connection: Connection, end: StreamEnd, plan: _Plan) -> Mapping[str, Any]:
    return {
        "epoch": end.epoch,
        "first_seq": plan.first,
        "last_seq": plan.last,
        "chain_before": chain_at(connection, end, plan.first - 1),
        "chain_after": chain_at(connection, end, plan.last),
    }


def _hand_over(desk: SyncDesk, epoch: str, plans: Mapping[str, _Plan], officer_id: str) -> None:
    words, c = t("Đã chép ra USB; chờ biên nhận của tỉnh"), event.c
    with desk.store.write() as connection:
        for bundle_id, plan in plans.items():
            connection.execute(
                insert(bundle_out).values(
                    bundle_id=bundle_id,
                    epoch=epoch,
                    from_seq=plan.first,
                    to_seq=plan.last,
                    files=[sha256 for sha256, _ in plan.files],
                    made_at=desk.clock.now(),
                    officer_id=officer_id,
                )
            )
            carried = (c.epoch == epoch) & (c.desk_seq >= plan.first) & (c.desk_seq <= plan.last)
            connection.execute(update(event).where(carried, c.verdict.is_(None)).values(last_word=words))


class _Hashed:
    """Writes through and keeps the hash of it all."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._state = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._state.update(data)
        return self._out.write(data)

    def digest(self) -> str:
        return self._state.hexdigest()


def _forget_cached(out: IO[bytes]) -> None:
    """So that reading back asks the stick, where the system offers it."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
