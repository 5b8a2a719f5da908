"""Change of the database key, so that a power cut at any moment leaves the old key or the new one opening.

The public file names both keys from before the first byte is written under the new one until the last is.
In between: kept files are sealed a second time under names of the new key, beside the old; then SQLCipher
rewrites every page in one transaction, which is the moment of the change; then the files of the other key
go. Whoever opens the desk after a power cut finds which key the store has and ends the change or takes it
back. The chain of the audit log keeps its own key, so rows and anchors printed before go on holding.

Nobody may have the store open meanwhile: callers close it first. A copy of the disk from before still opens
with the old key, and so do the backups made before, with the sheet of that time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Final

from sqlalchemy import insert, select

from app import failpoints, keys
from app.clock import Clock
from app.domain.roles import Officer, Permission
from app.errors import AppError, StorageError
from app.models import tables
from app.models.database import STORE_FILE, TURN_SECONDS, Store, connect
from app.models.failures import damaged, told
from app.models.files import FileStore
from app.models.head_mark import HEAD, Head, HeadMark
from app.services.desk import AUDIT_KEY, Desk, audit_key_in, write_setting
from app.services.papers.slips import ERASED
from app.services.recording import Recorder, audit_end, audit_row
from app.services.safety.verify import page_problems
from app.text import t

ACT: Final = "change_key"
SHEET_ACT: Final = "new_recovery_sheet"
WARNING: Final = t(
    "Khóa dữ liệu của quầy đã đổi. Tờ khôi phục cũ không mở được quầy nữa."
    " Chưa cất tờ mới thì vào Cài đặt, Khóa và tờ khôi phục, lập tờ mới ngay hôm nay."
)
"""Kept with the change itself, and it stays: whatever died between the change and the paper, it is read."""
_LOCK: Final = "key.lock"
_FILES, _INCOMING = "files", "incoming"


@dataclass(frozen=True)
class KeyChanged:
    """The desk has another key. ``recovery_words``: for the new sheet, told once; ``unread``: short ids of
    kept files that could not be read under the old key and were left as they lie."""

    recovery_words: str = field(repr=False)
    unread: tuple[str, ...] = ()


def change_key(
    folder: Path, by: Officer, clock: Clock, environ: Mapping[str, str] = os.environ
) -> KeyChanged:
    """Give the closed desk in ``folder`` a new key and new recovery words; the old sheet opens it no more.

    Once the store has the new key its words are told whatever else the disk refuses: what is left to do the
    next opening does. Raises ``RuleError`` "not-permitted"; ``StorageError`` of keys and disk,
    "key-changing" where another program is at it, "store-busy" where one has the store open: the old key
    then still opens everything; "key-change-unsure" where the disk does not let anybody see which key holds.
    """
    by.require(Permission.CONFIGURE)
    settle_key_change(folder, clock, environ)
    with _alone(folder):
        old = keys.open_key(folder, environ)
        _keep_audit_key(folder, old)
        try:
            with told():
                new = keys.begin_key_change(folder, by.id, environ)
            done = _rewritten(folder, old, new.key)
        finally:
            with suppress(AppError):
                _settle(folder, clock, environ)
        if not _holds(folder / STORE_FILE, new.key):
            raise done.refused or _not_changed()
        if done.refused is not None and done.refused.code == damaged().code:
            raise done.refused
    return KeyChanged(new.recovery_words, done.unread)


@dataclass
class _Rewritten:
    """How far it came: files that could not be read, and what the disk refused."""

    unread: tuple[str, ...] = ()
    refused: AppError | None = None


def _rewritten(folder: Path, old: bytes, new: bytes) -> _Rewritten:
    """Files and store under the new key."""
    done = _Rewritten()
    try:
        with told():
            done.unread = _reseal(folder, old, new)
            failpoints.hit("before_rekey")
            _rekey(folder / STORE_FILE, old, new)
            failpoints.hit("after_rekey")
            _fold_in(folder / STORE_FILE, new)
    except AppError as refused:
        done.refused = refused
    return done


def new_sheet(desk: Desk, by: Officer) -> str:
    """Other recovery words for the key in use, where the sheet was lost or seen; the old one opens this
    desk no more, and goes on opening backups made before. Raises ``RuleError`` "not-permitted"."""
    by.require(Permission.CONFIGURE)
    before = keys.read_desk_file(desk.folder)
    try:
        with desk.store.write() as connection, told():
            Recorder(connection, desk, by, desk.clock.now()).audit(SHEET_ACT, "desk", desk.profile.id)
            words = keys.new_recovery_words(desk.folder, desk.store.key)
    except BaseException:
        with suppress(Exception):
            keys.keep_recovery(desk.folder, before["recovery"])
        raise
    return words


def settle_key_change(folder: Path, clock: Clock, environ: Mapping[str, str] = os.environ) -> None:
    """End or take back a change that a power cut left half done; nothing otherwise.

    Raises what reading the key raises; where neither key opens the store, both are kept and nothing moves.
    """
    if keys.change_begun(folder):
        with _alone(folder):
            _settle(folder, clock, environ)


def key_that_opens(folder: Path, environ: Mapping[str, str] = os.environ) -> bytes:
    """The key in use, or the next one where a change has just come so far. Raises as ``keys.open_key``."""
    document = keys.read_desk_file(folder)
    old = keys.key_of(document, environ)
    if keys.NEXT in document and not _opens(folder / STORE_FILE, old):
        return keys.next_key(document, environ)
    return old


def other_key(folder: Path, key: bytes, environ: Mapping[str, str] = os.environ) -> bytes | None:
    """Beside the key that opens, the one that the mark may still be signed with in the midst of a change."""
    document = keys.read_desk_file(folder)
    if keys.NEXT not in document:
        return None
    both = (keys.key_of(document, environ), keys.next_key(document, environ))
    return next((each for each in both if each != key), None)


def _settle(folder: Path, clock: Clock, environ: Mapping[str, str]) -> None:
    document = keys.read_desk_file(folder)
    if keys.NEXT not in document:
        return
    old, new = keys.key_of(document, environ), keys.next_key(document, environ)
    path = folder / STORE_FILE
    if _opens(path, new):
        _reseal(folder, old, new)
        _drop_files(folder, key=old, of=new)
        _sign_mark(folder, old, new)
        _note(folder, new, clock, document[keys.NEXT]["by"])
        with told():
            failpoints.hit("before_key_kept")
            keys.end_key_change(folder, changed=True)
            failpoints.hit("after_key_kept")
    elif _opens(path, old):
        _drop_files(folder, key=new, of=old)
        with told():
            keys.end_key_change(folder, changed=False)


def _opens(path: Path, key: bytes) -> bool:
    if not path.is_file() or not path.stat().st_size:  # SQLite would make one (I6)
        return False
    try:
        connect(path, key).close()
    except StorageError as refused:
        if refused.code == "wrong-key":
            return False
        raise
    return True


def _holds(path: Path, new: bytes) -> bool:
    """Whether the store has the new key: SQLCipher may say nothing of a change that failed, nor of one that
    did not, so only opening it tells. Raises "key-change-unsure"."""
    try:
        return _opens(path, new)
    except StorageError as refused:
        raise _unsure() from refused


def _rekey(path: Path, old: bytes, new: bytes) -> None:
    """Every page under the new key in one transaction."""
    with told(), closing(connect(path, old)) as raw:
        raw.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")


def _fold_in(path: Path, new: bytes) -> None:
    """The log is folded in, so that no page of the old key stays in the store. Raises "store-damaged"."""
    with told(), closing(connect(path, new)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if any(True for _ in page_problems(raw)):
            raise damaged()


def _reseal(folder: Path, old: bytes, new: bytes) -> tuple[str, ...]:
    """Every kept file under the new key as well; gives what could not be read. What was let go at its term
    is no file to seal, also where its bytes still wait to be taken off the disk."""
    before, after = FileStore(folder / _FILES, old), FileStore(folder / _FILES, new)
    unread = []
    for sha256, purpose in _named(folder, old, new):
        if purpose == ERASED or after.has(sha256):
            continue
        try:
            after.put_pieces(before.pieces(sha256))
        except StorageError as refused:
            if refused.code not in ("file-missing", "file-damaged"):
                raise
            unread.append(sha256[:16])
        failpoints.hit("after_reseal")
    return tuple(unread)


def _drop_files(folder: Path, *, key: bytes, of: bytes) -> None:
    """Files sealed under ``key`` that lie there whole under ``of``, for good: no power cut brings them back
    once the key is gone that names them. What came in half is asked for again."""
    gone, kept = FileStore(folder / _FILES, key), FileStore(folder / _FILES, of)
    rooms = set()
    for sha256, purpose in _named(folder, of, key):
        place = gone.place_of(sha256)
        if kept.has(sha256) or purpose == ERASED:
            with told():
                place.unlink(missing_ok=True)
            rooms.add(place.parent)
        failpoints.hit("after_drop")
    with told():
        for room in rooms:
            if room.is_dir():
                keys.sync_folder(room)
    shutil.rmtree(folder / _FILES / _INCOMING, ignore_errors=True)


def _named(folder: Path, *either: bytes) -> list[tuple[str, str]]:
    """The kept files the store names with their purposes, by whichever key opens it."""
    key = next((each for each in either if _opens(folder / STORE_FILE, each)), either[0])
    store = Store(folder / STORE_FILE, key)
    try:
        with store.read() as connection:
            c = tables.stored_file.c
            return [(row.sha256, row.purpose) for row in connection.execute(select(c.sha256, c.purpose))]
    finally:
        store.dispose()


def _keep_audit_key(folder: Path, key: bytes) -> None:
    store = Store(folder / STORE_FILE, key)
    try:
        with store.write() as connection:
            write_setting(connection, AUDIT_KEY, audit_key_in(connection, key).hex())
    finally:
        store.dispose()


def _sign_mark(folder: Path, old: bytes, new: bytes) -> None:
    """The mark says what it said, now under the new key; whether the store falls short of it is told as
    ever when the desk is opened."""
    head = HeadMark(folder, old).read()
    if head is not None:
        with told():
            HeadMark(folder, new).begin(head)


def _note(folder: Path, key: bytes, clock: Clock, officer_id: str) -> None:
    store = Store(folder / STORE_FILE, key)
    try:
        with store.write() as connection:
            name = keys.derive(key, "key-name").hex()[:16]
            a = tables.audit.c
            query = select(a.seq).where(a.act == ACT, a.record_id == name)
            if connection.execute(query).first() is not None:
                return
            row = audit_row(
                audit_key_in(connection, key),
                audit_end(connection),
                at=clock.now(),
                officer_id=officer_id,
                act=ACT,
                record=("key", name),
            )
            connection.execute(insert(tables.audit).values(**row))
            connection.execute(insert(tables.notice).values(at=clock.now(), severity="warning", body=WARNING))
            connection.info[HEAD] = Head(row["seq"], row["mac"])
    finally:
        store.dispose()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One program at a time; a dead one leaves no lock behind."""
    with told(), (folder / _LOCK).open("a+b") as handle:
        end = monotonic() + TURN_SECONDS
        while not _locked(handle):
            if monotonic() > end:
                raise StorageError(
                    "key-changing",
                    t("Một chương trình khác đang đổi khóa dữ liệu của quầy."),
                    t("Đợi xong rồi mở lại; chưa có gì bị mất."),
                )
            sleep(0.1)
        yield


def _locked(handle: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _not_changed() -> StorageError:
    return StorageError(
        "key-not-changed",
        t("Chưa đổi được khóa; khóa cũ và tờ khôi phục cũ vẫn dùng được."),
        t("Đóng các chương trình khác đang mở quầy này rồi làm lại."),
    )


def _unsure() -> StorageError:
    return StorageError(
        "key-change-unsure",
        t("Ổ đĩa không trả lời nên chưa biết khóa đã đổi hay chưa. Dữ liệu và cả hai khóa vẫn còn."),
        t("Giữ tờ khôi phục cũ. Mở lại quầy: nếu có thông báo khóa đã đổi thì lập tờ khôi phục mới ngay."),
    )
