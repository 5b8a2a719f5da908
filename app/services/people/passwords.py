"""Passwords are kept as Argon2id hashes only (RELIABILITY "Data rules"); one-time ones are made here."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from app.errors import RuleError
from app.text import t

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 8
PASSWORD_COST: Final = {"time": 2, "memory": 32768, "lanes": 2}
"""Argon2id of a sign-in; memory in KiB. Above the least OWASP names (19 MiB, two passes)."""
_LETTERS = "abcdefghkmnpqrstuvwxy"


def one_time_password() -> str:
    """A password that can be read aloud and typed without marks."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2)]
    return "-".join([*groups, f"{secrets.randbelow(9000) + 1000}"])


def spare_code() -> str:
    """Ten letters in two groups, for paper: about 44 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))


def hash_password(password: str) -> str:
    """Argon2id, so that a stolen store tells no password."""
    return _hasher().hash(password.encode("utf-8", "surrogateescape"))


def fits(hashed: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    from argon2.exceptions import VerifyMismatchError

    try:
        return bool(_hasher().verify(hashed, password.encode("utf-8", "surrogateescape")))
    except VerifyMismatchError:
        return False


def require_long_enough(new: str) -> None:
    """Raises ``RuleError`` "password-short". Length is the only rule: others make passwords worse."""
    if len(new) < SHORTEST_PASSWORD:
        raise RuleError(
            "password-short",
            t("Mật khẩu cần ít nhất 8 ký tự."),
            t("Chọn một câu ngắn dễ nhớ, không cần ký tự lạ."),
            field="new_password",
        )


@cache
def nobody() -> str:
    """The hash an unknown login is compared with, so that it takes as long as a known one."""
    return hash_password(secrets.token_hex(16))


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    cost = PASSWORD_COST
    return PasswordHasher(time_cost=cost["time"], memory_cost=cost["memory"], parallelism=cost["lanes"])
