"""How far the audit chain had come, kept beside the store (RELIABILITY I7).

A store that lost the end of its WAL, or that was put back to an older state, is whole in itself and
tells nothing. The mark is written and synced after each commit, so a store that falls short of it has
lost acts that were told to an officer. Of two places the one with the older head is written, so a torn write
leaves the newer; after a sync that failed the whole file is made anew, for no later sync makes good what
such a one left behind. It holds a count and a MAC, no word about any citizen.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.keys import derive, write_whole

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
        self._unsure = False

    def read(self) -> Head | None:
        """The furthest whole mark; ``None`` where the file is gone or neither place is whole."""
        return max((head for head in self._places() if head), key=lambda head: head.seq, default=None)

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
        """Start anew at a head, whatever was noted: a desk just made, or made out of a copy. Raises
        ``OSError``: without its mark neither is whole, and nothing was told of it yet."""
        write_whole(self.path, self._format(head) + bytes(_SLOT))

    def forget_key(self) -> None:
        """The store is locked: nothing here can sign or read a mark any more."""
        self._key = b""

    def _write(self, head: Head) -> None:
        places = self._places()
        if self._unsure or not any(places):
            self._unsure = True
            self.begin(head)
            self._unsure = False
            return
        older = min((0, 1), key=lambda place: known.seq if (known := places[place]) else 0)
        self._unsure = True
        with self.path.open("r+b", buffering=0) as handle:
            handle.seek(_SLOT * older)
            rest = memoryview(self._format(head))
            while rest:
                rest = rest[handle.write(rest) :]
            os.fsync(handle.fileno())
        self._unsure = False

    def _places(self) -> tuple[Head | None, Head | None]:
        try:
            content = self.path.read_bytes()
        except OSError:
            return None, None
        return self._parse(content[:_SLOT]), self._parse(content[_SLOT : 2 * _SLOT])

    def _format(self, head: Head) -> bytes:
        body = _BODY.pack(_MAGIC, head.seq, bytes.fromhex(head.mac))
        return (body + hmac.new(self._key, body, hashlib.sha256).digest()).ljust(_SLOT, b"\0")

    def _parse(self, slot: bytes) -> Head | None:
        body, mac = slot[: _BODY.size], slot[_BODY.size : _BODY.size + 32]
        if len(mac) < 32 or not hmac.compare_digest(hmac.new(self._key, body, hashlib.sha256).digest(), mac):
            return None
        magic, seq, chain = _BODY.unpack(body)
        return Head(seq, chain.hex()) if magic == _MAGIC else None
