"""Uploaded files of an encrypted store: AES-256-CTR under a key of the store's own, a nonce at the front.

Readable from any place and appended to in chunks, as uploads and ``Range`` need it. That a file is whole and
unchanged is told by its SHA-256, which everybody who takes it compares. Without a key files lie as they are
(a province's server, whose disk its operator encrypts).
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

NONCE: Final = 16
PIECE: Final = 1 << 20


def file_key(store_key: bytes | None) -> bytes | None:
    """The key of files from that of the store."""
    if store_key is None:
        return None
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"motcua/gateway-files").derive(store_key)


def key_of(db: Connection) -> bytes | None:
    """The key of the files beside this store."""
    key: bytes | None = db.get_execution_options().get("file_key")
    return key


def write_at(path: Path, key: bytes | None, offset: int, data: bytes) -> None:
    """Write durably at ``offset``; what lay behind it is cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as out:
        if key is not None:
            if offset == 0:
                out.truncate(0)
                out.write(secrets.token_bytes(NONCE))
            out.seek(0)
            data = _crypt(key, out.read(NONCE), offset, data)
        place = offset + _head(key)
        out.truncate(place)
        out.seek(place)
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def read_at(path: Path, key: bytes | None, offset: int, count: int) -> bytes:
    """Up to ``count`` bytes from ``offset``."""
    with path.open("rb") as source:
        nonce = source.read(_head(key))
        source.seek(offset + _head(key))
        data = source.read(count)
    return data if key is None else _crypt(key, nonce, offset, data)


def size_of(path: Path, key: bytes | None) -> int:
    """How many bytes of content a file has."""
    return max(0, path.stat().st_size - _head(key))


def pieces(path: Path, key: bytes | None, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The content from ``start`` to ``end`` (not with it), piece by piece."""
    end = size_of(path, key) if end is None else end
    while start < end:
        piece = read_at(path, key, start, min(PIECE, end - start))
        if not piece:
            return
        start += len(piece)
        yield piece


def digest_and_head(path: Path, key: bytes | None) -> tuple[str, bytes]:
    """SHA-256 and the first sixteen bytes."""
    state, head = hashlib.sha256(), b""
    for piece in pieces(path, key):
        head = head or piece[:16]
        state.update(piece)
    return state.hexdigest(), head


def seal_plain(path: Path, key: bytes | None) -> None:
    """Put a file that lies open (out of a bundle) under the key, in its place."""
    if key is None:
        return
    fresh = path.with_name(path.name + ".sealed")
    place = 0
    for piece in pieces(path, None):
        write_at(fresh, key, place, piece)
        place += len(piece)
    fresh.replace(path)


def open_copy(path: Path, key: bytes | None, target: Path) -> Path:
    """A file as it was handed in: itself, or its content in ``target`` (bundles are encrypted themselves)."""
    if key is None:
        return path
    with target.open("wb") as out:
        for piece in pieces(path, key):
            out.write(piece)
    return target


def _head(key: bytes | None) -> int:
    return 0 if key is None else NONCE


def _crypt(key: bytes, nonce: bytes, offset: int, data: bytes) -> bytes:
    """CTR from any place: the counter of the block, and what of the first block lies before the place."""
    counter = (int.from_bytes(nonce) + offset // 16) % (1 << 128)
    stream = Cipher(AES(key), CTR(counter.to_bytes(16))).encryptor()
    stream.update(bytes(offset % 16))
    return stream.update(data)
