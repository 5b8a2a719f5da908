"""How far the audit chain had come, kept beside the store (RELIABILITY I7).

A store that lost the end of its WAL, or that was put back to an older state, is whole in itself and
tells nothing. The mark is written and synced after each commit, so a store that falls short of it has
lost acts that were told to an officer. Two places are written in turn: a torn write leaves the other.
It holds a count and a MAC, no word about any citizen.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.keys import derive, sync_folder

FILE: Final = "head.mark"
HEAD: Final = "head"
"""Where a transaction's connection carries the head it is about to commit."""
_MAGIC: Final = b"MCHM"
_BODY: Final = struct.Struct(">4sQ32s")
_SLOT: Final = 128


@dataclass(frozen=True)
class Head:
    """The last link of the audit chain: its number and its MAC."""

    seq: int
    mac: str


class HeadMark:
    """The mark of one desk."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.path = folder / FILE
        self._key = derive(key, "head-mark")

    def read(self) -> Head | None:
        """The furthest whole mark; ``None`` where the file is gone or neither place is whole."""
        try:
            content = self.path.read_bytes()[: 2 * _SLOT]
        except OSError:
            return None
        heads = [self._parse(content[at : at + _SLOT]) for at in (0, _SLOT)]
        return max((head for head in heads if head), key=lambda head: head.seq, default=None)

    def move(self, head: Head) -> None:
        """Note a committed head; an older one than is noted changes nothing. A disk that refuses is no
        reason to undo an act: the mark then stays behind, which is never a false alarm."""
        try:
            known = self.read()
            if known is None or known.seq < head.seq:
                self._write(head)
        except OSError:
            return

    def begin(self, head: Head) -> None:
        """Start anew at a head, whatever was noted: a desk made out of a copy. Raises ``OSError``: without
        its mark a copy is not whole, and nothing was told of it yet."""
        self.path.unlink(missing_ok=True)
        self._write(head)

    def _write(self, head: Head) -> None:
        fresh = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, 0o600)
        try:
            os.lseek(descriptor, _SLOT * (head.seq % 2), os.SEEK_SET)
            os.write(descriptor, self._format(head))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if fresh:
            sync_folder(self.path.parent)

    def _format(self, head: Head) -> bytes:
        body = _BODY.pack(_MAGIC, head.seq, bytes.fromhex(head.mac))
        return (body + hmac.new(self._key, body, hashlib.sha256).digest()).ljust(_SLOT, b"\0")

    def _parse(self, slot: bytes) -> Head | None:
        body, mac = slot[: _BODY.size], slot[_BODY.size : _BODY.size + 32]
        if len(mac) < 32 or not hmac.compare_digest(hmac.new(self._key, body, hashlib.sha256).digest(), mac):
            return None
        magic, seq, chain = _BODY.unpack(body)
        return Head(seq, chain.hex()) if magic == _MAGIC else None
