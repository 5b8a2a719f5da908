"""Encrypted files beside the store: scans and kept papers, named by their content (I1, I20).

A file is durable (written, synced, renamed, folder synced) before the row that names it is committed.
Content is sealed in 64 KiB pieces with AES-GCM under a key derived from the database key; the name on
disk is a keyed hash, so the folder tells nothing, not even that a known paper is there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import StorageError
from app.keys import derive, sync_folder, write_whole
from app.models.failures import told
from app.text import t

_PIECE: Final = 65536
_MAGIC: Final = b"MCF1"
_TAG: Final = 16


class FileStore:
    """Content-addressed encrypted files under ``folder``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._names = derive(key, "file-names")
        self._cipher = AESGCM(derive(key, "file-content"))
        self._settled: set[Path] = set()

    def put(self, content: bytes) -> str:
        """Keep the bytes durably; gives their SHA-256. Keeping the same bytes twice is one file."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.place_of(sha256)
        with told():
            self._settle(path.parent)
            if path.exists():
                sync_folder(path.parent)
            else:
                write_whole(path, self._seal(content))
        return sha256

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

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises ``StorageError`` "file-missing" or "file-damaged", naming no content."""
        try:
            sealed = self.place_of(sha256).read_bytes()
        except FileNotFoundError:
            raise StorageError(
                "file-missing",
                t("Thiếu một tệp đã lưu."),
                t("Khôi phục thư mục tệp từ bản sao lưu gần nhất."),
            ) from None
        content = self._open(sealed)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            raise StorageError(
                "file-damaged",
                t("Một tệp đã lưu bị hỏng."),
                t("Khôi phục tệp từ bản sao lưu gần nhất; hồ sơ vẫn nguyên."),
            )
        return content

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self.place_of(sha256).exists()

    def place_of(self, sha256: str) -> Path:
        """Where the sealed bytes lie; the name tells nothing without the key."""
        name = hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()
        return self._folder / name[:2] / name[2:]

    def _seal(self, content: bytes) -> bytes:
        prefix = secrets.token_bytes(7)
        pieces = [content[i : i + _PIECE] for i in range(0, len(content), _PIECE)] or [b""]
        sealed = [
            self._cipher.encrypt(_nonce(prefix, n, n == len(pieces) - 1), piece, _MAGIC)
            for n, piece in enumerate(pieces)
        ]
        return _MAGIC + prefix + b"".join(sealed)

    def _open(self, sealed: bytes) -> bytes | None:
        if sealed[:4] != _MAGIC or len(sealed) < 11 + _TAG:
            return None
        prefix, body = sealed[4:11], sealed[11:]
        step = _PIECE + _TAG
        pieces = [body[i : i + step] for i in range(0, len(body), step)]
        try:
            return b"".join(
                self._cipher.decrypt(_nonce(prefix, n, n == len(pieces) - 1), piece, _MAGIC)
                for n, piece in enumerate(pieces)
            )
        except InvalidTag:
            return None


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    """Seven random bytes, the piece's number, and whether it is the last (stops cut tails)."""
    return prefix + number.to_bytes(4) + bytes([last])
