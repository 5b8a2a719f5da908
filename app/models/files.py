"""Encrypted files beside the store: scans and kept papers, named by their content (I1, I20).

A file is durable (written, synced, renamed, folder synced) before the row that names it is committed.
Content is sealed in 64 KiB pieces with AES-GCM under a key derived from the database key; the name on
disk is a keyed hash, so the folder tells nothing, not even that a known paper is there. However large a
file is, only a few pieces of it are in memory at a time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import failpoints
from app.errors import StorageError
from app.keys import derive, sync_file, sync_folder
from app.models.failures import store_locked, told
from app.models.incoming import Incoming
from app.models.sealed import DamagedError, SealedReader, SealedWriter
from app.text import t

_INCOMING: Final = "incoming"
_FORGOTTEN_S: Final = 86_400


class KeptFile:
    """A kept file, open for reading. ``size``: its bytes."""

    def __init__(self, sealed: SealedReader) -> None:
        self._sealed, self.size = sealed, sealed.size

    def read_at(self, offset: int, count: int) -> bytes:
        """``count`` bytes from ``offset``, fewer at the end. Raises ``StorageError`` "file-damaged"."""
        try:
            return self._sealed.read_at(offset, count)
        except DamagedError:
            raise _damaged() from None


class FileStore:
    """Content-addressed encrypted files under ``folder``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._names = derive(key, "file-names")
        self._cipher = AESGCM(derive(key, "file-content"))
        self._settled: set[Path] = set()
        self._tidied = False

    def put(self, content: bytes) -> str:
        """Keep the bytes durably; gives their SHA-256. Keeping the same bytes twice is one file."""
        return self.put_pieces((content,))

    def put_pieces(self, pieces: Iterable[bytes]) -> str:
        """The same for content that comes in pieces of any size and is never whole in memory."""
        state = hashlib.sha256()
        with told():
            part = self._incoming() / f"put-{secrets.token_hex(8)}"
            try:
                with part.open("xb") as out:
                    self._forget_older(part)
                    sealed = SealedWriter(out, self._cipher)
                    for piece in pieces:
                        state.update(piece)
                        sealed.write(piece)
                    sealed.close()
                    sync_file(out)
                self._place(part, state.hexdigest())
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return state.hexdigest()

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises ``StorageError`` "file-missing" or "file-damaged", naming no content.

        For papers of a few pages; whatever may be large is read by ``pieces`` or ``open``.
        """
        return b"".join(self.pieces(sha256))

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes in order; the whole is checked when the last has been taken. Raises as ``get``."""
        state = hashlib.sha256()
        with self._sealed(sha256) as sealed:
            try:
                for piece in sealed.pieces():
                    state.update(piece)
                    yield piece
            except DamagedError:
                raise _damaged() from None
        if state.hexdigest() != sha256:
            raise _damaged()

    @contextmanager
    def open(self, sha256: str) -> Iterator[KeptFile]:
        """The file for reading any part of it. What is read is genuine; that it is the file of this hash is
        seen by ``pieces`` and by whoever gets it whole. Raises as ``get``."""
        with self._sealed(sha256) as sealed:
            yield KeptFile(sealed)

    def check(self, sha256: str) -> None:
        """Read it through. Raises as ``get``."""
        for _ in self.pieces(sha256):
            pass

    def incoming(self, sha256: str) -> Incoming:
        """The file as far as it has come over the line; ``finish`` keeps it. One writer at a time."""
        with told():
            path = self._incoming() / self._name(sha256)
        return Incoming(path, self._cipher, sha256, lambda part: self._place(part, sha256))

    def forget_key(self) -> None:
        """The store is locked: nothing here can be opened or named any more."""
        self._names, self._cipher = b"", AESGCM(bytes(32))

    def _require_key(self) -> None:
        if not self._names:
            raise store_locked()

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self.place_of(sha256).exists()

    def place_of(self, sha256: str) -> Path:
        """Where the sealed bytes lie; the name tells nothing without the key."""
        name = self._name(sha256)
        return self._folder / name[:2] / name[2:]

    def _name(self, sha256: str) -> str:
        self._require_key()
        return hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()

    def _settle(self, room: Path) -> None:
        """Make a folder and its own name durable once a process: what is synced inside a folder whose name
        a power cut takes away is gone with it, and a folder found here may be the work of a process that
        died before it could sync."""
        if room in self._settled:
            return
        for folder in (self._folder, room):
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        self._settled.add(room)

    def _incoming(self) -> Path:
        """The folder of what is not whole yet."""
        folder = self._folder / _INCOMING
        self._settle(folder)
        return folder

    def _forget_older(self, part: Path) -> None:
        """Once a process: rid the folder of what a dead one left there a day or more before this part."""
        if self._tidied:
            return
        self._tidied = True
        now = part.stat().st_mtime
        for other in part.parent.glob("put-*"):
            if now - other.stat().st_mtime > _FORGOTTEN_S:
                other.unlink(missing_ok=True)

    def _place(self, part: Path, sha256: str) -> None:
        """A whole, synced file takes its name; where the same file lies there already, that one stays."""
        path = self.place_of(sha256)
        self._settle(path.parent)
        if path.exists():
            part.unlink()
        else:
            failpoints.hit("before_rename")
            part.replace(path)
            failpoints.hit("after_rename")
        sync_folder(path.parent)

    @contextmanager
    def _sealed(self, sha256: str) -> Iterator[SealedReader]:
        try:
            source = self.place_of(sha256).open("rb")
        except FileNotFoundError:
            raise StorageError(
                "file-missing",
                t("Thiếu một tệp đã lưu."),
                t("Khôi phục thư mục tệp từ bản sao lưu gần nhất."),
            ) from None
        with source:
            try:
                sealed = SealedReader(source, self._cipher)
            except DamagedError:
                raise _damaged() from None
            yield sealed


def _damaged() -> StorageError:
    return StorageError(
        "file-damaged",
        t("Một tệp đã lưu bị hỏng."),
        t("Khôi phục tệp từ bản sao lưu gần nhất; hồ sơ vẫn nguyên."),
    )
