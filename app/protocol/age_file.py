"""age version 1 files for one X25519 recipient, as streams (C2SP "age-encryption.org/v1").

Header: one stanza per recipient that wraps a fresh file key, closed by a MAC. Payload: ChaCha20-Poly1305 in
pieces of 64 KiB, the last one marked, so that neither a changed bit nor a cut tail goes unseen.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.protocol.age_keys import identity_bytes, recipient_bytes

_VERSION: Final = b"age-encryption.org/v1\n"
_LABEL: Final = b"age-encryption.org/v1/X25519"
_PIECE: Final = 65536
_TAG: Final = 16
_FILE_KEY: Final = 16
_LONGEST_LINE: Final = 4096
_MOST_LINES: Final = 400


class AgeError(ValueError):
    """The file is no whole age file. The message holds no content."""


class NotForUsError(AgeError):
    """An age file, but for somebody else's key."""


class AgeWriter:
    """Encrypts what is written to ``out``. ``close`` writes the last piece; without it the file is cut."""

    def __init__(self, out: IO[bytes], recipient: str) -> None:
        file_key = secrets.token_bytes(_FILE_KEY)
        header = _VERSION + _stanza(recipient, file_key) + b"---"
        out.write(header + b" " + _b64(_mac(file_key, header)) + b"\n")
        nonce = secrets.token_bytes(16)
        out.write(nonce)
        self._out, self._cipher = out, _payload_cipher(file_key, nonce)
        self._buffer, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        """Take bytes; whole pieces go out at once."""
        self._buffer += data
        while len(self._buffer) > _PIECE:
            self._piece(bytes(self._buffer[:_PIECE]), last=False)
            del self._buffer[:_PIECE]
        return len(data)

    def close(self) -> None:
        """The last piece."""
        self._piece(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _piece(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), piece, None))
        self._number += 1


class AgeReader:
    """Decrypts ``source`` piece by piece. Every read raises ``AgeError`` for damage, ``NotForUsError`` where
    no stanza opens with ``identity``."""

    def __init__(self, source: IO[bytes], identity: str) -> None:
        file_key = _open_header(source, identity)
        nonce = source.read(16)
        if len(nonce) != 16:
            raise AgeError("cut short")
        self._source, self._cipher = source, _payload_cipher(file_key, nonce)
        self._buffer, self._number, self._ended = bytearray(), 0, False
        self._ahead = source.read(_PIECE + _TAG)

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, fewer only at the end."""
        while not self._ended and (size < 0 or len(self._buffer) < size):
            self._buffer += self._piece()
        taken = bytes(self._buffer if size < 0 else self._buffer[:size])
        del self._buffer[: len(taken)]
        return taken

    def _piece(self) -> bytes:
        sealed, self._ahead = self._ahead, self._source.read(_PIECE + _TAG)
        last = not self._ahead
        if len(sealed) < _TAG or (not last and len(sealed) != _PIECE + _TAG):
            raise AgeError("cut short")
        try:
            piece = self._cipher.decrypt(_nonce(self._number, last), sealed, None)
        except InvalidTag:
            raise AgeError("damaged") from None
        if last and not piece and self._number:
            raise AgeError("an empty last piece")
        self._number += 1
        self._ended = last
        return piece


def _stanza(recipient: str, file_key: bytes) -> bytes:
    theirs = recipient_bytes(recipient)
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(theirs))
    wrapped = _wrapping(shared, share + theirs).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _b64(share) + b"\n" + _b64(wrapped) + b"\n"


def _open_header(source: IO[bytes], identity: str) -> bytes:
    if source.read(len(_VERSION)) != _VERSION:
        raise AgeError("not an age file")
    header, found = bytearray(_VERSION), None
    line = _line(source)
    for _ in range(_MOST_LINES):
        if line.startswith(b"---"):
            break
        if not line.startswith(b"-> "):
            raise AgeError("a broken header")
        header += line
        arguments = line[3:].split()
        body, line = _body(source, header)
        if arguments[:1] == [b"X25519"] and len(arguments) == 2 and found is None:
            found = _unwrap(arguments[1], body, identity)
    else:
        raise AgeError("a broken header")
    if found is None:
        raise NotForUsError("for another key")
    told = _unb64(line[4:].rstrip(b"\n"))
    if line[:4] != b"--- " or not hmac.compare_digest(_mac(found, bytes(header) + b"---"), told):
        raise AgeError("a changed header")
    return found


def _body(source: IO[bytes], header: bytearray) -> tuple[bytes, bytes]:
    """The stanza's body and the line after it; a body ends with a line shorter than 64."""
    body = b""
    while True:
        line = _line(source)
        header += line
        body += line.rstrip(b"\n")
        if len(line) - 1 < 64:
            return body, _line(source)


def _line(source: IO[bytes]) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = source.read(1)
        if not byte or len(line) > _LONGEST_LINE:
            raise AgeError("a broken header")
        line += byte
    return bytes(line)


def _unwrap(share_text: bytes, body: bytes, identity: str) -> bytes | None:
    share, wrapped = _unb64(share_text), _unb64(body)
    if len(share) != 32 or len(wrapped) != _FILE_KEY + _TAG:
        raise AgeError("a broken stanza")
    private = X25519PrivateKey.from_private_bytes(identity_bytes(identity))
    own = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
        return _wrapping(shared, share + own).decrypt(bytes(12), wrapped, None)
    except (InvalidTag, ValueError):
        return None


def _wrapping(shared: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_hkdf(shared, salt, _LABEL))


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_hkdf(file_key, b"", b"header"), header, "sha256")


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    if text.endswith(b"=") or len(text) % 4 == 1:
        raise AgeError("a broken header")
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise AgeError("a broken header") from None
    if _b64(data) != text:
        raise AgeError("a broken header")
    return data
