"""How the bytes of a kept file lie on disk: pieces of 64 KiB, each sealed on its own (I20).

Seven random bytes, the piece's number and whether it is the last make the nonce, so that a piece that was
moved, a cut tail and a piece of another file do not open. A part of a large file is read without the rest.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE: Final = 65536
_MAGIC: Final = b"MCF1"
_TAG: Final = 16
_STEP: Final = PIECE + _TAG
_HEAD: Final = len(_MAGIC) + 7


class DamagedError(ValueError):
    """What lies there is no whole sealed file. The message holds no content."""


class SealedWriter:
    """Seals what is written to ``out``. ``close`` writes the last piece; without it the file is cut."""

    def __init__(self, out: BinaryIO, cipher: AESGCM) -> None:
        prefix = secrets.token_bytes(7)
        out.write(_MAGIC + prefix)
        self._out, self._cipher, self._prefix = out, cipher, prefix
        self._buffer, self._number = bytearray(), 0

    def write(self, data: bytes) -> None:
        """Take bytes; whole pieces go out, the one that may be the last waits."""
        for start in range(0, len(data), PIECE):
            self._buffer += data[start : start + PIECE]
            if len(self._buffer) > PIECE:
                self._piece(PIECE, last=False)

    def close(self) -> None:
        """The last piece."""
        self._piece(len(self._buffer), last=True)

    def leave_off(self) -> None:
        """Write the piece that waits, if it is whole, without an end: more is to come another day."""
        if len(self._buffer) == PIECE:
            self._piece(PIECE, last=False)

    def _piece(self, size: int, *, last: bool) -> None:
        piece = bytes(self._buffer[:size])
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), piece, _MAGIC))
        self._number += 1
        del self._buffer[:size]


class SealedReader:
    """Opens any part of a sealed file. Every read raises ``DamagedError`` where a piece does not open."""

    def __init__(self, source: BinaryIO, cipher: AESGCM) -> None:
        head = source.read(_HEAD)
        body = os.fstat(source.fileno()).st_size - _HEAD
        self._count = -(-body // _STEP)
        if head[:4] != _MAGIC or body < _TAG or body - (self._count - 1) * _STEP < _TAG:
            raise DamagedError("no sealed file")
        self.size = body - self._count * _TAG
        """Bytes of the content."""
        self._source, self._cipher, self._prefix = source, cipher, head[4:]

    def read_at(self, offset: int, count: int) -> bytes:
        """``count`` bytes from ``offset``, fewer at the end; only the pieces they lie in are opened."""
        end = min(offset + count, self.size)
        if offset >= end:
            return b""
        first, last = offset // PIECE, (end - 1) // PIECE
        opened = b"".join(self._open(number) for number in range(first, last + 1))
        return opened[offset - first * PIECE : end - first * PIECE]

    def pieces(self) -> Iterator[bytes]:
        """The content from its beginning."""
        for number in range(self._count):
            yield self._open(number)

    def _open(self, number: int) -> bytes:
        return self._unseal(number, last=number == self._count - 1)

    def _unseal(self, number: int, *, last: bool) -> bytes:
        self._source.seek(_HEAD + number * _STEP)
        sealed = self._source.read(_STEP)
        try:
            return self._cipher.decrypt(_nonce(self._prefix, number, last), sealed, _MAGIC)
        except (InvalidTag, ValueError):
            raise DamagedError("a piece that does not open") from None

    def begun(self) -> Iterator[bytes]:
        """The pieces of a file that was left off before its end, as far as they are whole."""
        for number in range(self._count):
            try:
                yield self._unseal(number, last=False)
            except DamagedError:
                return


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])
