"""A verified copy of the desk in one encrypted file (I8).

The store is copied by SQLite itself, the files as they lie, encrypted both. The new file is read back,
its store opened and checked in a scratch place, before it takes the name asked for; until then an older
backup of that name stays as it is.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from sqlalchemy import func, insert, select

from app import failpoints, keys
from app.clock import to_wire
from app.domain.roles import Officer
from app.errors import RuleError, StorageError
from app.models import carry_tables, tables
from app.models.database import STORE_FILE, Store, connect
from app.models.failures import told
from app.models.schema_version import HEAD as SCHEMA
from app.services.desk import Desk, audit_key_in
from app.services.recording import Recorder, audit_end
from app.services.safety.container import (
    MAGIC,
    Contents,
    Part,
    check_parts,
    open_contents,
    part_of,
    read_head,
    unreadable,
    write_container,
)
from app.services.safety.verify import audit_problems, page_problems
from app.text import t

BY_HAND: Final = "by_hand"


@dataclass(frozen=True)
class BackupMade:
    """A backup that has been read back. ``missing``: short ids of kept files the desk no longer has."""

    file: Path
    size: int
    dossiers: int
    missing: tuple[str, ...]


def make_backup(desk: Desk, by: Officer, target: Path, *, kind: str = BY_HAND) -> BackupMade:
    """Copy the whole desk into one file and read it back.

    Raises ``RuleError`` "backup-target" where the place is a folder or another kind of file,
    ``StorageError`` of the disk, "backup-damaged" where the copy does not read back; an older backup of
    the same name then stays.
    """
    _require_place(target)
    key = desk.store.key
    with told():
        scratch = Path(mkdtemp(prefix="backup-", dir=_scratch_room(desk)))
        try:
            part = target.with_name(target.name + ".part")
            contents = _write(desk, key, scratch, part)
            failpoints.hit("before_backup_check")
            digest = _read_back(part, key, scratch)
            failpoints.hit("before_rename")
            part.replace(target)
            failpoints.hit("after_rename")
            keys.sync_folder(target.resolve().parent)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            with suppress(OSError):
                target.with_name(target.name + ".part").unlink(missing_ok=True)
    size = target.stat().st_size
    _note(desk, by, target, kind, size, digest)
    return BackupMade(target, size, contents.dossiers, tuple(name[:16] for name in contents.missing))


def _require_place(target: Path) -> None:
    with told():
        there = target.exists()
        other = there and (target.is_dir() or not _is_backup(target))
        home = target.resolve().parent.is_dir()
    if other or not home:
        raise RuleError(
            "backup-target",
            t("Không đặt bản sao lưu vào chỗ này được."),
            t("Chọn một thư mục đang có và một tên tệp mới, ví dụ sao-luu.mcbackup."),
            field="file",
        )


def _is_backup(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def _scratch_room(desk: Desk) -> Path:
    room = desk.folder / "scratch"
    room.mkdir(exist_ok=True)
    return room


def _write(desk: Desk, key: bytes, scratch: Path, part: Path) -> Contents:
    copy = scratch / "copy.db"
    source = connect(desk.folder / STORE_FILE, key)
    try:
        source.execute("VACUUM INTO ?", (str(copy),))
    finally:
        source.close()
    contents, places = _contents(desk, key, copy)
    public = keys.desk_file(desk.folder).read_bytes()
    with part.open("wb") as handle:
        write_container(handle, public, key, contents, places)
        keys.sync_file(handle)
    return contents


def _contents(desk: Desk, key: bytes, copy: Path) -> tuple[Contents, dict[str, Path]]:
    """What goes in, as the copy of the store names it: a file added since is not asked for."""
    store = Store(copy, key)
    try:
        with store.read() as connection:
            c = tables.stored_file.c
            named = list(connection.execute(select(c.sha256).where(c.purpose != "erased")).scalars())
            dossiers = connection.execute(select(func.count()).select_from(tables.dossier)).scalar_one()
            end = audit_end(connection)
    finally:
        store.dispose()
    parts: list[Part] = [part_of(copy, STORE_FILE)]
    places = {STORE_FILE: copy}
    missing = []
    for sha256 in named:
        path = desk.files.place_of(sha256)
        name = f"files/{path.parent.name}/{path.name}"
        try:
            parts.append(part_of(path, name))
            places[name] = path
        except FileNotFoundError:
            missing.append(sha256)
    contents = Contents(
        desk=desk.profile.id,
        made_at=to_wire(desk.clock.now()),
        schema=SCHEMA,
        dossiers=dossiers,
        audit_seq=end.seq,
        audit_mac=end.mac,
        missing=missing,
        parts=parts,
    )
    return contents, places


def _read_back(part: Path, key: bytes, scratch: Path) -> str:
    """The scratch restore: the file as it lies on the disk, its list, its parts, its store; the digest of
    the list, which stands for them all."""
    room = scratch / "restored"
    room.mkdir()
    with part.open("rb") as handle:
        head = read_head(handle)
        contents = open_contents(head, key)
        check_parts(handle, head, contents, room)
    require_sound(room, key, contents)
    return hashlib.sha256(head.sealed).hexdigest()


def require_sound(room: Path, key: bytes, contents: Contents) -> None:
    """Refuse a store that is not whole, or not the one listed. Raises ``StorageError`` "backup-damaged"."""
    raw = connect(room / STORE_FILE, key)
    try:
        if any(True for _ in page_problems(raw)):
            raise unreadable()
    finally:
        raw.close()
    store = Store(room / STORE_FILE, key)
    try:
        with store.read() as connection:
            end = audit_end(connection)
            listed = (end.seq, end.mac) == (contents.audit_seq, contents.audit_mac)
            if not listed or any(audit_problems(connection, audit_key_in(connection, key))):
                raise unreadable()
    except StorageError:
        raise unreadable() from None
    finally:
        store.dispose()


def _note(desk: Desk, by: Officer, target: Path, kind: str, size: int, digest: str) -> None:
    now = desk.clock.now()
    with desk.store.write() as connection:
        connection.execute(
            insert(carry_tables.backup_made).values(
                kind=kind,
                name=target.name[:200],
                made_at=now,
                verified_at=now,
                size=size,
                sha256=digest,
            )
        )
        Recorder(connection, desk, by, now).audit("backup", "desk", desk.profile.id)
