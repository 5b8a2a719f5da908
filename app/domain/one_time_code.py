"""One-time codes by time (RFC 6238 over RFC 4226): six digits, new every 30 s, from a secret both sides hold.

HMAC-SHA-1, six digits and steps of 30 s are what every authenticator program reads from the QR code without
settings. Nothing goes over a line, so it works without one; it needs two clocks that roughly agree.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

STEP: Final = timedelta(seconds=30)
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As long as the hash (RFC 4226, section 4, R6)."""
ALLOWED_STEPS: Final = 1
"""A code of the step before or after still counts: RFC 6238, section 5.2, allows for typing and clocks."""
_SEARCHED_STEPS: Final = 240
"""How far a clock may be off, two hours, for the officer to be told that it is."""


def code_of_step(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(at: datetime) -> int:
    """The step a moment falls into."""
    return int(at.timestamp()) // int(STEP.total_seconds())


def matching_step(secret: bytes, code: str, at: datetime, after: int = 0) -> int | None:
    """The step whose code was typed, if it is current and later than ``after`` (the last one taken)."""
    now = step_of(at)
    found = _find(secret, code, range(now - ALLOWED_STEPS, now + ALLOWED_STEPS + 1))
    return found if found is not None and found > after else None


def clock_off(secret: bytes, code: str, at: datetime) -> timedelta | None:
    """How far the other clock is ahead where the code is right but of another time, else ``None``."""
    now = step_of(at)
    found = _find(secret, code, range(now - _SEARCHED_STEPS, now + _SEARCHED_STEPS + 1))
    return None if found is None else (found - now) * STEP


def secret_words(secret: bytes) -> str:
    """The secret as it is typed where no camera is at hand: base32 in groups of four (RFC 4648)."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def enrolment_uri(secret: bytes, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator program (the otpauth form that all of them read)."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    label = f"{quote(issuer, safe='')}:{quote(login, safe='')}"
    return f"otpauth://totp/{label}?secret={plain}&issuer={quote(issuer, safe='')}"


def _find(secret: bytes, code: str, steps: range) -> int | None:
    """Every step is compared, so that the time taken tells nothing; the latest wins."""
    found = None
    for step in steps:
        if step >= 0 and hmac.compare_digest(code_of_step(secret, step).encode(), code.encode()):
            found = step
    return found
