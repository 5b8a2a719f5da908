"""The backup file: what is encrypted already, behind one sealed list of its parts.

``magic · length · desk.json · length · sealed list · parts``. The desk's public file is all that can be
read without the key; it holds the key wrapped by the recovery words. The list names each part with size
and SHA-256 and is sealed over the public file, so nothing can be exchanged, cut or added. Parts are the
store and the files as they lie in the desk's folder, encrypted there already. Reading is bounded and
writes nowhere but to the two kinds of place a part may have.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import StorageError
from app.keys import derive, parse_desk_file, sync_file, sync_folder
from app.models.database import STORE_FILE
from app.text import t

MAGIC: Final = b"MOTCUA-BACKUP-1\n"
_LENGTH: Final = struct.Struct(">I")
_MOST_PUBLIC: Final = 64 * 1024
_MOST_LIST: Final = 256 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_PART: Final = re.compile(rf"{re.escape(STORE_FILE)}|files/[0-9a-f]{{2}}/[0-9a-f]{{62}}")


@dataclass(frozen=True)
class Part:
    """One part: its place in the desk's folder, its bytes counted and hashed as they lie there."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself. ``missing``: files the desk named and no longer had."""

    desk: str
    made_at: str
    schema: str
    dossiers: int
    audit_seq: int
    audit_mac: str
    missing: Sequence[str]
    parts: Sequence[Part]


@dataclass(frozen=True)
class Sealed:
    """The head of a backup file, still closed."""

    public: bytes
    sealed: bytes
    body_at: int

    @property
    def document(self) -> dict[str, Any]:
        """The desk's public file. Raises ``StorageError`` where it cannot be read."""
        try:
            return parse_desk_file(self.public)
        except StorageError:
            raise unreadable() from None


def part_of(path: Path, name: str) -> Part:
    """A file on disk as a part."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(name, size, digest.hexdigest())


def write_container(
    target: BinaryIO, public: bytes, key: bytes, contents: Contents, places: Mapping[str, Path]
) -> None:
    """Write a backup. Raises ``OSError`` of the disk, ``StorageError`` where a part changed meanwhile."""
    nonce = secrets.token_bytes(12)
    words = json.dumps(asdict(contents), ensure_ascii=True).encode()
    sealed = nonce + _cipher(key).encrypt(nonce, words, MAGIC + public)
    target.write(MAGIC)
    for piece in (public, sealed):
        target.write(_LENGTH.pack(len(piece)) + piece)
    for part in contents.parts:
        digest, left = hashlib.sha256(), part.size
        with places[part.name].open("rb") as source:
            while left and (chunk := source.read(min(_CHUNK, left))):
                digest.update(chunk)
                left -= len(chunk)
                target.write(chunk)
        if left or digest.hexdigest() != part.sha256:
            raise unreadable()


def read_head(source: BinaryIO) -> Sealed:
    """The public head of a backup. Raises ``StorageError`` "backup-damaged" for anything else."""
    if source.read(len(MAGIC)) != MAGIC:
        raise StorageError(
            "not-a-backup",
            t("Tệp này không phải bản sao lưu của quầy."),
            t("Chọn đúng tệp sao lưu (.mcbackup) trên ổ đĩa hoặc USB."),
        )
    public = _piece(source, _MOST_PUBLIC)
    sealed = _piece(source, _MOST_LIST)
    return Sealed(public, sealed, source.tell())


def open_contents(head: Sealed, key: bytes) -> Contents:
    """The list of parts. Raises ``StorageError`` "backup-damaged" where it does not fit key and head."""
    try:
        words = _cipher(key).decrypt(head.sealed[:12], head.sealed[12:], MAGIC + head.public)
        raw = json.loads(words)
        parts = tuple(_part(each) for each in raw.pop("parts"))
        contents = Contents(parts=parts, **raw)
    except (InvalidTag, ValueError, TypeError, KeyError, RecursionError):
        raise unreadable() from None
    names = [part.name for part in parts]
    if len(set(names)) != len(names) or not all(_PART.fullmatch(name) for name in names):
        raise unreadable()
    if STORE_FILE not in names:
        raise unreadable()
    return contents


def _part(listed: Mapping[str, Any]) -> Part:
    """Raises ``ValueError``, ``TypeError`` where a member is of another kind."""
    part = Part(**listed)
    if not (isinstance(part.name, str) and isinstance(part.sha256, str)):
        raise TypeError
    if type(part.size) is not int or part.size < 0:
        raise ValueError
    return part


def read_parts(source: BinaryIO, head: Sealed, contents: Contents, into: Path) -> None:
    """Write every part under ``into`` and hash it on the way. Raises ``StorageError`` "backup-damaged"
    at the first that is not what the list says, or where bytes follow the last. Every name is durable in
    its folder, and every folder in the one above it."""
    folders = {into}
    for part, chunks in _walk(source, head, contents):
        place = into / part.name
        folders.update(each for each in place.parents if each.is_relative_to(into))
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as handle:
            for chunk in chunks:
                handle.write(chunk)
            sync_file(handle)
    for folder in folders:
        sync_folder(folder)


def check_parts(source: BinaryIO, head: Sealed, contents: Contents, store_into: Path) -> None:
    """The same for verification: only the store is written, the files are hashed in passing."""
    for part, chunks in _walk(source, head, contents):
        if part.name != STORE_FILE:
            for _ in chunks:
                pass
            continue
        with (store_into / STORE_FILE).open("xb") as handle:
            handle.writelines(chunks)


def unreadable() -> StorageError:
    """A backup that is not whole."""
    return StorageError(
        "backup-damaged",
        t("Bản sao lưu này bị hỏng hoặc thiếu một phần nên không dùng được."),
        t("Dùng bản sao lưu khác gần nhất. Tệp hỏng được giữ nguyên."),
    )


def _walk(source: BinaryIO, head: Sealed, contents: Contents) -> Iterator[tuple[Part, Iterator[bytes]]]:
    source.seek(head.body_at)
    for part in contents.parts:
        yield part, _chunks(source, part)
    if source.read(1):
        raise unreadable()


def _chunks(source: BinaryIO, part: Part) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), part.size
    while left:
        chunk = source.read(min(_CHUNK, left))
        if not chunk:
            raise unreadable()
        digest.update(chunk)
        left -= len(chunk)
        yield chunk
    if digest.hexdigest() != part.sha256:
        raise unreadable()


def _piece(source: BinaryIO, most: int) -> bytes:
    length = source.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise unreadable()
    (size,) = _LENGTH.unpack(length)
    piece = source.read(size) if size <= most else b""
    if len(piece) != size or not size:
        raise unreadable()
    return piece


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(derive(key, "backup-list"))
