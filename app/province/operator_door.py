"""Who may see the operator's page: a token made by command opens it, a session cookie keeps it open.

Only hashes are stored. A token is good for 30 days, a session for 8 hours; a new token leaves older ones
as they are, ``close_all`` ends them all.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.province.tables import operator_tokens
from app.province.times import to_ms

TOKEN_LIFE: Final = timedelta(days=30)
SESSION_LIFE: Final = timedelta(hours=8)
_LOGIN, _SESSION = "login", "session"


def new_token(db: Connection, now: datetime) -> str:
    """A token to sign in with, for the operator's eyes."""
    return _new(db, now, _LOGIN, TOKEN_LIFE)


def sign_in(db: Connection, now: datetime, token: str) -> str | None:
    """A session for a good token, else ``None``."""
    if not _is_good(db, now, _LOGIN, token):
        return None
    return _new(db, now, _SESSION, SESSION_LIFE)


def is_signed_in(db: Connection, now: datetime, session: str) -> bool:
    """Whether the session is open."""
    return _is_good(db, now, _SESSION, session)


def is_token(db: Connection, now: datetime, token: str) -> bool:
    """Whether the token is good: for programs, which keep no session."""
    return _is_good(db, now, _LOGIN, token)


def sign_out(db: Connection, session: str) -> None:
    """End a session."""
    db.execute(delete(operator_tokens).where(operator_tokens.c.token_hash == _hash(session)))


def close_all(db: Connection) -> None:
    """End every token and session."""
    db.execute(delete(operator_tokens))


def _new(db: Connection, now: datetime, kind: str, life: timedelta) -> str:
    db.execute(delete(operator_tokens).where(operator_tokens.c.expires_at < to_ms(now)))
    secret = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(secret), "kind": kind, "expires_at": to_ms(now + life)}
    db.execute(insert(operator_tokens).values(row))
    return secret


def _is_good(db: Connection, now: datetime, kind: str, secret: str) -> bool:
    row = db.execute(
        select(operator_tokens.c.kind, operator_tokens.c.expires_at).where(
            operator_tokens.c.token_hash == _hash(secret)
        )
    ).one_or_none()
    return row is not None and row.kind == kind and row.expires_at > to_ms(now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
