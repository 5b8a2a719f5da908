"""X25519 keys in the spelling of age version 1 (Bech32, BIP 173), used for bundles carried by hand."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def new_identity() -> tuple[str, str]:
    """A new key pair: (secret ``AGE-SECRET-KEY-1…``, public recipient ``age1…``)."""
    private = X25519PrivateKey.generate()
    secret = _bech32("age-secret-key-", private.private_bytes_raw()).upper()
    return secret, _bech32("age", private.public_key().public_bytes_raw())


def _bech32(prefix: str, data: bytes) -> str:
    values = _five_bit_groups(data)
    return prefix + "1" + "".join(_LETTERS[value] for value in values + _checksum(prefix, values))


def _five_bit_groups(data: bytes) -> list[int]:
    bits = len(data) * 8
    padded = -bits % 5
    number = int.from_bytes(data, "big") << padded
    count = (bits + padded) // 5
    return [number >> 5 * (count - 1 - index) & 31 for index in range(count)]


def _checksum(prefix: str, values: list[int]) -> list[int]:
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    remainder = _polymod(spread + values + [0] * 6) ^ 1
    return [remainder >> 5 * (5 - index) & 31 for index in range(6)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, factor in enumerate(_GENERATOR):
            if top >> index & 1:
                check ^= factor
    return check
