"""Bodies read by count: never more bytes than allowed, never more than a hundredfold (I15)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

_RATIO: Final = 100
_FREE: Final = 64 * 1024
"""Inflated bytes before the ratio counts: a small answer may well be one long repetition."""


class TooLargeError(ValueError):
    """More bytes than allowed."""


class BrokenEncodingError(ValueError):
    """Not gzip, cut short, or followed by something else."""


def collect(pieces: Iterable[bytes], max_bytes: int) -> bytes:
    """The bytes of the pieces. Raises ``TooLargeError`` before more than ``max_bytes`` are kept."""
    body = bytearray()
    for piece in pieces:
        if len(body) + len(piece) > max_bytes:
            raise TooLargeError
        body += piece
    return bytes(body)


def inflate(pieces: Iterable[bytes], max_bytes: int) -> bytes:
    """The bytes behind gzip, bounded in size and ratio. Raises ``TooLargeError``, ``BrokenEncodingError``."""
    engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
    taken = 0
    body = bytearray()
    try:
        for piece in pieces:
            taken += len(piece)
            allowed = min(max_bytes, _FREE + taken * _RATIO)
            body += engine.decompress(piece, max(1, allowed - len(body) + 1))
            if len(body) > allowed or engine.unconsumed_tail:
                raise TooLargeError
    except zlib.error as error:
        raise BrokenEncodingError from error
    if not engine.eof or engine.unused_data:
        raise BrokenEncodingError
    return bytes(body)
