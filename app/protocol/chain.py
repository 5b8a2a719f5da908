"""Digest and chain of events, and the digests that reconciliation compares.

``digest`` = SHA-256 of the canonical event without ``digest`` and ``chain``; ``chain(n)`` =
SHA-256(chain(n-1) || digest(n)) over the 32-byte values; ``chain(0)`` = SHA-256 of the epoch's text.
Source: schema Event and ReconcileRequest of province-api.v1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from app.protocol.canonical import digest_hex


def event_digest(event: Mapping[str, object]) -> str:
    """The digest of an event; its own ``digest`` and ``chain``, where present, do not count."""
    return digest_hex({name: value for name, value in event.items() if name not in ("digest", "chain")})


def chain_start(epoch: str) -> str:
    """The chain before event 1 of an epoch."""
    return hashlib.sha256(epoch.encode("utf-8")).hexdigest()


def chain_next(previous_hex: str, digest_hex_: str) -> str:
    """The chain after one more event."""
    return hashlib.sha256(bytes.fromhex(previous_hex) + bytes.fromhex(digest_hex_)).hexdigest()


def files_digest(sha256s: Iterable[str]) -> str:
    """SHA-256 over the distinct file hashes, sorted, each followed by a line feed."""
    return _lines_digest(sorted(set(sha256s)))


def dossiers_digest(pairs: Iterable[tuple[str, int]]) -> str:
    """SHA-256 over lines ``dossier_id version`` sorted by id, each followed by a line feed."""
    return _lines_digest(f"{dossier_id} {version}" for dossier_id, version in sorted(pairs))


def _lines_digest(lines: Iterable[str]) -> str:
    state = hashlib.sha256()
    for line in lines:
        state.update(line.encode("utf-8") + b"\n")
    return state.hexdigest()
