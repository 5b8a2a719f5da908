"""X25519 key pairs in the spelling of age version 1, for bundles: desk and gateway have one each.

Only the text forms are made here (Bech32, BIP 173, without its length limit); the files are ``age_file``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


@dataclass(frozen=True)
class AgeKey:
    """``identity``: the secret, "AGE-SECRET-KEY-1…"; ``recipient``: the public "age1…"."""

    identity: str = field(repr=False)
    recipient: str


def new_age_key() -> AgeKey:
    """A fresh key pair."""
    private = X25519PrivateKey.generate()
    identity = bech32_encode("age-secret-key-", private.private_bytes_raw()).upper()
    return AgeKey(identity, bech32_encode("age", private.public_key().public_bytes_raw()))


def recipient_of(identity: str) -> str:
    """The recipient that belongs to a secret. Raises ``ValueError`` for a text that is none."""
    prefix, raw = bech32_decode(identity)
    if prefix != "age-secret-key-" or len(raw) != 32:
        raise ValueError("not an age identity")
    return bech32_encode("age", X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw())


def is_recipient(text: str) -> bool:
    """Whether the text is an age X25519 recipient."""
    try:
        prefix, raw = bech32_decode(text)
        X25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return False
    return prefix == "age" and text == text.lower()


def identity_bytes(identity: str) -> bytes:
    """The 32 bytes of a secret. Raises ``ValueError`` for a text that is none."""
    prefix, raw = bech32_decode(identity)
    if prefix != "age-secret-key-" or len(raw) != 32:
        raise ValueError("not an age identity")
    return raw


def recipient_bytes(recipient: str) -> bytes:
    """The 32 bytes of a recipient. Raises ``ValueError`` for a text that is none."""
    prefix, raw = bech32_decode(recipient)
    if prefix != "age" or len(raw) != 32:
        raise ValueError("not an age recipient")
    return raw


def bech32_encode(prefix: str, data: bytes) -> str:
    """Bech32 text of bytes, lower case."""
    values = _regroup(data, 8, 5, pad=True)
    check = _checksum(prefix, values)
    return prefix + "1" + "".join(_ALPHABET[value] for value in [*values, *check])


def bech32_decode(text: str) -> tuple[str, bytes]:
    """Prefix and bytes. Raises ``ValueError`` on mixed case, a foreign letter or a wrong checksum."""
    if text.lower() != text and text.upper() != text:
        raise ValueError("mixed case")
    prefix, mark, rest = text.lower().rpartition("1")
    if not mark or not prefix or len(rest) < 6:
        raise ValueError("not bech32")
    values = [_ALPHABET.index(char) for char in rest]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise ValueError("wrong checksum")
    return prefix, bytes(_regroup(values[:-6], 5, 8, pad=False))


def _checksum(prefix: str, values: list[int]) -> list[int]:
    rest = _polymod([*_expanded(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    return [(rest >> 5 * (5 - i)) & 31 for i in range(6)]


def _expanded(prefix: str) -> list[int]:
    return [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, part in enumerate(_GENERATOR):
            check ^= part if top >> i & 1 else 0
    return check


def _regroup(data: bytes | list[int], of: int, to: int, *, pad: bool) -> list[int]:
    gathered, bits, out = 0, 0, []
    for value in data:
        gathered = gathered << of | value
        bits += of
        while bits >= to:
            bits -= to
            out.append(gathered >> bits & (1 << to) - 1)
        gathered &= (1 << bits) - 1
    if pad and bits:
        out.append(gathered << to - bits & (1 << to) - 1)
    if not pad and (bits >= of or gathered):
        raise ValueError("left-over bits")
    return out
