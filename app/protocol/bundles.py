"""Bundles carried by hand (schema BundleManifest, §3.10): an age file around a tar of ``manifest.json``,
``manifest.sig``, then the parts the manifest names, in its order.

Signed, then encrypted; the manifest names its recipient, so a signed manifest cannot be re-addressed.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field

from app.protocol import messages as m
from app.protocol.age_file import AgeError, AgeReader, AgeWriter
from app.protocol.strict_json import BadJson, loads_strict

FORMAT: Final = "commune-desk-bundle/1"
TO_GATEWAY: Final = "desk_to_gateway"
TO_DESK: Final = "gateway_to_desk"
EVENTS: Final = "events.ndjson"
VERDICTS: Final = "verdicts.ndjson"
CHANGES: Final = "changes.ndjson"
FILES: Final = "files/"
MAX_MANIFEST: Final = 16 * 1024 * 1024
_MAX_MARKS: Final = 1_000_000
_PIECE: Final = 65536


class BadBundle(ValueError):  # noqa: N818
    """The file is no whole, genuine bundle. The message holds no content."""


class BundlePart(m.Message):
    """One part as the manifest names it."""

    name: str = Field(max_length=100)
    sha256: m.Sha256
    size: m.Count


class BundleManifest(m.Message):
    """``manifest.json``."""

    format: str
    bundle_id: m.Uuid
    direction: str
    origin: str
    recipient: str
    created_at: m.Timestamp
    parts: list[BundlePart]
    signing_kid: str
    epoch: m.Uuid | None = None
    first_seq: m.Sequence1 | None = None
    last_seq: m.Sequence1 | None = None
    chain_before: m.Sha256 | None = None
    chain_after: m.Sha256 | None = None
    answers_bundle_id: m.Uuid | None = None
    from_cursor: str | None = None
    next_cursor: str | None = None


@dataclass(frozen=True)
class PartSource:
    """A part to be written: its facts, and where its bytes come from, piece by piece."""

    name: str
    sha256: str
    size: int
    pieces: Callable[[], Iterable[bytes]]


def bytes_part(name: str, content: bytes) -> PartSource:
    """A part whose bytes are at hand."""
    return PartSource(name, hashlib.sha256(content).hexdigest(), len(content), lambda: (content,))


def write_bundle(
    out: IO[bytes],
    recipient_key: str,
    signing: bytes,
    head: Mapping[str, Any],
    parts: Iterable[PartSource],
) -> None:
    """Write one bundle. ``head``: the manifest but ``format`` and ``parts``; ``signing``: Ed25519 secret."""
    listed = list(parts)
    named = [{"name": part.name, "sha256": part.sha256, "size": part.size} for part in listed]
    manifest = json.dumps({"format": FORMAT, **head, "parts": named}, separators=(",", ":")).encode()
    writer = AgeWriter(out, recipient_key)
    with tarfile.open(fileobj=_Sink(writer), mode="w|", format=tarfile.USTAR_FORMAT) as tar:
        _add(tar, "manifest.json", manifest)
        _add(tar, "manifest.sig", Ed25519PrivateKey.from_private_bytes(signing).sign(manifest))
        for part in listed:
            _add_part(tar, part)
    writer.close()


class BundleReader:
    """Reads one bundle in order: ``manifest`` first, then ``parts`` exactly once."""

    def __init__(self, source: IO[bytes], identity: str) -> None:
        """Raises ``AgeError``, ``NotForUsError``, ``BadBundle``."""
        self._age = AgeReader(source, identity)
        try:
            self._tar = tarfile.open(fileobj=_Source(self._age), mode="r|")  # noqa: SIM115
        except tarfile.TarError:
            raise BadBundle("no archive inside") from None
        self._members = self._walk()
        self._raw = self._whole("manifest.json", MAX_MANIFEST)
        self._signature = self._whole("manifest.sig", 64)
        try:
            content = loads_strict(self._raw, max_bytes=MAX_MANIFEST, max_marks=_MAX_MARKS)
            self.manifest = BundleManifest.model_validate(content)
        except (BadJson, ValueError):
            raise BadBundle("a broken manifest") from None
        names = [part.name for part in self.manifest.parts]
        if self.manifest.format != FORMAT or len(set(names)) != len(names) or not all(map(_known, names)):
            raise BadBundle("a broken manifest")

    def require_signature(self, fits: Callable[[bytes, bytes], bool]) -> None:
        """Raises ``BadBundle`` where ``fits(manifest bytes, signature)`` says the sender did not sign it."""
        if not fits(self._raw, self._signature):
            raise BadBundle("not signed by its sender")

    def parts(self) -> Iterator[tuple[BundlePart, Iterator[bytes]]]:
        """Each part with its bytes in pieces; consume one before asking for the next.

        Raises ``BadBundle`` where a part is not what the manifest says, or one is missing or too many.
        """
        for part in self.manifest.parts:
            info = next(self._members, None)
            if info is None or info.name != part.name or info.size != part.size:
                raise BadBundle("not the part the manifest names")
            yield part, self._pieces(info, part.sha256)
        if next(self._members, None) is not None or self._age.read(1).strip(b"\0"):
            raise BadBundle("more than the manifest names")

    def _pieces(self, info: tarfile.TarInfo, sha256: str) -> Iterator[bytes]:
        source, state = self._tar.extractfile(info), hashlib.sha256()
        assert source is not None
        left = info.size
        while left:
            piece = _read(source, min(left, _PIECE))
            if not piece:
                raise BadBundle("cut short")
            left -= len(piece)
            state.update(piece)
            yield piece
        if state.hexdigest() != sha256:
            raise BadBundle("a part that was changed")

    def _walk(self) -> Iterator[tarfile.TarInfo]:
        try:
            for info in self._tar:
                if not info.isreg():
                    raise BadBundle("not a plain file inside")
                yield info
        except tarfile.TarError:
            raise BadBundle("a broken archive") from None

    def _whole(self, name: str, most: int) -> bytes:
        info = next(self._members, None)
        if info is None or info.name != name or info.size > most:
            raise BadBundle("no manifest")
        source = self._tar.extractfile(info)
        assert source is not None
        return _read(source, info.size)


def _read(source: IO[bytes], size: int) -> bytes:
    """Raises ``BadBundle`` where the archive ends before the size its member names."""
    try:
        return source.read(size)
    except tarfile.TarError:
        raise BadBundle("cut short") from None


def signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the Ed25519 key made the signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def part_bytes(pieces: Iterator[bytes], most: int) -> bytes:
    """A part in memory. Raises ``BadBundle`` beyond ``most`` bytes."""
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > most:
            raise BadBundle("too large")
    return bytes(whole)


def lines_of(content: bytes, max_line: int) -> Iterator[Any]:
    """The JSON values of an ndjson part. Raises ``BadBundle``."""
    for line in content.splitlines():
        try:
            yield loads_strict(line, max_bytes=max_line)
        except BadJson:
            raise BadBundle("a broken line") from None


def _known(name: str) -> bool:
    if name in (EVENTS, VERDICTS, CHANGES):
        return True
    digest = name.removeprefix(FILES)
    return name.startswith(FILES) and len(digest) == 64 and not digest.strip("0123456789abcdef")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _add_part(tar: tarfile.TarFile, part: PartSource) -> None:
    """Raises ``BadBundle`` where the part is longer or shorter than the manifest has said already."""
    info = tarfile.TarInfo(part.name)
    info.size, info.mode = part.size, 0o600
    content = _Pieces(part.pieces())
    try:
        tar.addfile(info, content)
    except OSError as failure:
        if content.ended:
            raise BadBundle("a part changed while it was written") from None
        raise failure
    if content.read(1):
        raise BadBundle("a part changed while it was written")


class _Pieces(io.RawIOBase):
    """Pieces of any size as a file to read from. ``ended``: all have been taken."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._buffer, self.ended = iter(pieces), bytearray(), False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self.ended and (size < 0 or len(self._buffer) < size):
            piece = next(self._pieces, None)
            self.ended = piece is None
            self._buffer += piece or b""
        taken = bytes(self._buffer if size < 0 else self._buffer[:size])
        del self._buffer[: len(taken)]
        return taken


class _Sink(io.RawIOBase):
    def __init__(self, writer: AgeWriter) -> None:
        self._writer = writer

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._writer.write(bytes(data))


class _Source(io.RawIOBase):
    def __init__(self, reader: AgeReader) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._reader.read(size)


__all__ = ["AgeError", "BadBundle", "BundleManifest", "BundleReader", "PartSource", "write_bundle"]
