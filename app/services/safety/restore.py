"""A working desk again out of one backup file (I9), on the same PC or another.

Everything is built in a folder beside the one asked for and moved in at the end. The copy begins a new
epoch of its stream with a mark of its own: numbers it gives differ from those of the PC it was copied
from, and from those of any other copy.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app import failpoints, keys
from app.clock import Clock
from app.errors import NotFoundError, RuleError, StorageError
from app.models import tables
from app.models.epochs import RESTORED, open_epoch
from app.models.failures import told
from app.models.head_mark import Head
from app.models.opening import open_store
from app.services.desk import audit_key_in
from app.services.recording import audit_end, audit_row
from app.services.safety.backup import require_sound
from app.services.safety.container import Sealed, open_contents, read_head, read_parts
from app.text import t

WORDS: Final = "MOTCUA_RECOVERY"


@dataclass(frozen=True)
class Restored:
    """The desk that works again. ``missing``: kept files that the backup did not hold either."""

    folder: Path
    epoch: str
    dossiers: int
    missing: tuple[str, ...]


def restore_backup(
    source: Path, into: Path, clock: Clock, environ: Mapping[str, str] = os.environ
) -> Restored:
    """Make the desk of a backup in a new folder.

    The key comes from the old key store or passphrase, else from the recovery words. Raises
    ``NotFoundError`` "no-backup", ``RuleError`` "restore-target" where something lies in the folder,
    ``StorageError`` "not-a-backup", "backup-damaged", "wrong-recovery-words", "key-unreachable", and what
    the disk refuses. Nothing is left behind on failure.
    """
    _require_empty(into)
    with told():
        if not source.is_file():
            raise NotFoundError(
                "no-backup", t("Không thấy tệp sao lưu này."), t("Kiểm tra đường dẫn, cắm lại USB.")
            )
        into.parent.mkdir(parents=True, exist_ok=True)
        building = into.parent / f".{into.name}-{secrets.token_hex(4)}.new"
        building.mkdir(mode=0o700)
    try:
        with told():
            restored = _build(source, building, clock, environ)
            failpoints.hit("before_restore_rename")
            if into.exists():
                into.rmdir()
            building.rename(into)
            failpoints.hit("after_restore_rename")
            keys.sync_folder(into.parent)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Restored(into, restored.epoch, restored.dossiers, restored.missing)


def _build(source: Path, building: Path, clock: Clock, environ: Mapping[str, str]) -> Restored:
    with source.open("rb") as handle:
        head = read_head(handle)
        document = head.document
        key = _key(head, environ)
        contents = open_contents(head, key)
        read_parts(handle, head, contents, building)
    require_sound(building, key, contents)
    keys.keep_key(building, document["desk"], key, document["recovery"], environ)
    store = open_store(building, key)
    try:
        with store.write() as connection:
            epoch = open_epoch(connection, clock, RESTORED)
            end = audit_end(connection)
            row = audit_row(
                audit_key_in(connection, key),
                end,
                at=clock.now(),
                officer_id="program",
                act="restore",
                record=("stream", epoch),
            )
            connection.execute(tables.audit.insert().values(**row))
            dossiers = len(connection.execute(select(tables.dossier.c.row_no)).all())
        store.head.begin(Head(row["seq"], row["mac"]))
    finally:
        store.dispose()
    return Restored(building, epoch, dossiers, tuple(name[:16] for name in contents.missing))


def _key(head: Sealed, environ: Mapping[str, str]) -> bytes:
    """The old key store or passphrase where they are at hand, else the words on the printed sheet."""
    document = head.document
    words = environ.get(WORDS, "").strip()
    try:
        key = keys.key_of(document, environ)
        if words and not _fits(head, key):  # the desk's key was changed since: the sheet of that time opens
            return keys.key_by_words(document, words)
        return key
    except StorageError as refused:
        if words:
            return keys.key_by_words(document, words)
        if refused.code == "wrong-passphrase":
            raise
        raise StorageError(
            "key-unreachable",
            t("Máy này không giữ khóa của bản sao lưu."),
            t(
                "Lấy tờ khôi phục có từ lúc làm bản sao lưu ấy (nếu đã đổi khóa: tờ cũ), đặt chín từ vào "
                "biến MOTCUA_RECOVERY rồi làm lại."
            ),
        ) from None


def _fits(head: Sealed, key: bytes) -> bool:
    try:
        open_contents(head, key)
    except StorageError:
        return False
    return True


def _require_empty(into: Path) -> None:
    with told():
        taken = into.exists() and (not into.is_dir() or any(into.iterdir()))
    if taken:
        raise RuleError(
            "restore-target",
            t("Thư mục này đã có dữ liệu; không khôi phục đè lên."),
            t("Chọn một thư mục mới hoặc rỗng. Dữ liệu cũ vẫn nguyên."),
            field="into",
        )
