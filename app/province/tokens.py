"""Access tokens: client assertions (RFC 7523, EdDSA) in, opaque one-hour tokens out."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import Connection, delete, insert, select

from app.protocol.strict_json import loads_strict
from app.province import limits
from app.province.context import Desk
from app.province.enrolment import verified_by
from app.province.nul import NUL
from app.province.problems import ApiProblem, JsonObject, unauthorized
from app.province.tables import desks, seen_assertions, tokens
from app.province.times import from_ms, to_ms
from app.text import t

TOKEN_LIFE_S = 3600
_TOLERANCE = timedelta(hours=24)
_REMEMBER = timedelta(hours=48)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class OAuthProblem(Exception):  # noqa: N818
    """An answer in OAuth's own error body."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description}


def issue(db: Connection, now: datetime, form: bytes, token_urls: frozenset[str]) -> tuple[str, JsonObject]:
    """The desk and the TokenResponse for a form with a client assertion. Raises ``OAuthProblem``.

    ``token_urls`` are names this gateway knows for itself, besides the one each desk was given.
    """
    members = _form(form)
    if members.get("grant_type") != "client_credentials":
        error = "unsupported_grant_type" if "grant_type" in members else "invalid_request"
        raise OAuthProblem(400, error, "grant_type must be client_credentials")
    if members.get("client_assertion_type") != _ASSERTION_TYPE:
        raise OAuthProblem(400, "invalid_request", "client_assertion_type must be jwt-bearer")
    if not members.get("client_assertion"):
        raise OAuthProblem(400, "invalid_request", "client_assertion is missing")
    if members.get("scope", "desk") != "desk":
        raise OAuthProblem(400, "invalid_scope", "only the scope desk is given")
    desk_id = _authenticated(db, now, members["client_assertion"], token_urls)
    token = secrets.token_urlsafe(32)
    db.execute(delete(tokens).where(tokens.c.expires_at < to_ms(now)))
    expires_at = to_ms(now + timedelta(seconds=TOKEN_LIFE_S))
    db.execute(insert(tokens).values(token_hash=_hash(token), desk_id=desk_id, expires_at=expires_at))
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE_S, "scope": "desk"}
    return desk_id, answer


def desk_of(db: Connection, now: datetime, authorization: str | None) -> Desk:
    """The desk a bearer token names. Raises 401 ``unauthorized``, 403 ``desk-suspended``."""
    token = _bearer(authorization)
    if not token:
        raise unauthorized('Bearer realm="desk"')
    row = db.execute(
        select(desks.c.desk_id, desks.c.unit_code, desks.c.slot, desks.c.state, tokens.c.expires_at)
        .join(tokens, tokens.c.desk_id == desks.c.desk_id)
        .where(tokens.c.token_hash == _hash(token))
    ).one_or_none()
    if row is None or row.expires_at <= to_ms(now):
        raise unauthorized()
    if row.state == "revoked":
        raise ApiProblem(
            403,
            "forbidden",
            t("Tỉnh đã thu hồi quầy này."),
            detail=t("Hồ sơ đã ghi ở quầy vẫn nguyên. Xin tỉnh cấp mã ghi danh mới để gửi tiếp."),
        )
    if row.state != "active":
        raise ApiProblem(
            403,
            "desk-suspended",
            t("Tỉnh đang tạm ngừng quầy này."),
            detail=t("Quầy vẫn ghi nhận hồ sơ bình thường. Liên hệ cán bộ quản trị của tỉnh để mở lại."),
        )
    return Desk(desk_id=row.desk_id, unit_code=row.unit_code, slot=row.slot)


def taken_at(db: Connection, authorization: str | None) -> datetime:
    """When a desk took out the bearer token it asks with. Raises 401 ``unauthorized``."""
    held = tokens.c.token_hash == _hash(_bearer(authorization))
    expires_at = db.execute(select(tokens.c.expires_at).where(held)).scalar()
    if expires_at is None:
        raise unauthorized()
    return from_ms(expires_at) - timedelta(seconds=TOKEN_LIFE_S)


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise OAuthProblem(400, "invalid_request", "the form cannot be read") from None
    if any(len(values) != 1 for values in pairs.values()):
        raise OAuthProblem(400, "invalid_request", "a parameter is repeated")
    return {name: values[0] for name, values in pairs.items()}


def _authenticated(db: Connection, now: datetime, assertion: str, token_urls: frozenset[str]) -> str:
    header, claims, signed, signature = _split(assertion)
    desk_id = claims.get("iss")
    if header.get("alg") != "EdDSA" or not isinstance(desk_id, str) or claims.get("sub") != desk_id:
        raise _invalid_client()
    if NUL in desk_id:
        raise _invalid_client()
    desk = db.execute(
        select(desks.c.token_url, desks.c.state).where(desks.c.desk_id == desk_id)
    ).one_or_none()
    if desk is None or not verified_by(db, desk_id, now, signed, signature):
        raise _invalid_client()
    if desk.state == "revoked":
        raise OAuthProblem(401, "invalid_client", "desk key revoked")
    _check_audience(claims.get("aud"), token_urls | {desk.token_url})
    _check_times(claims, now)
    _remember_once(db, now, desk_id, claims.get("jti"))
    return desk_id


def _split(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    parts = assertion.split(".")
    if len(parts) != 3:
        raise _invalid_client()
    try:
        header, claims = (_json_part(part) for part in parts[:2])
        signature = _decode(parts[2])
    except ValueError:
        raise _invalid_client() from None
    return header, claims, f"{parts[0]}.{parts[1]}".encode("ascii"), signature


def _json_part(part: str) -> dict[str, Any]:
    value = loads_strict(_decode(part), max_bytes=limits.MAX_SMALL_BODY, max_depth=4)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _decode(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _check_audience(audience: object, accepted: frozenset[str]) -> None:
    named = audience if isinstance(audience, list) else [audience]
    if not any(name in accepted for name in named if isinstance(name, str)):
        raise _invalid_client()


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    """Within 24 hours either way: the desk's clock may be wrong, the assertion may not live long."""
    moment = now.timestamp()
    tolerance = _TOLERANCE.total_seconds()
    for name in ("iat", "exp"):
        value = claims.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value - moment) > tolerance:
            raise _invalid_client()


def _remember_once(db: Connection, now: datetime, desk_id: str, jti: object) -> None:
    if not isinstance(jti, str) or not 8 <= len(jti) <= 200:
        raise _invalid_client()
    db.execute(delete(seen_assertions).where(seen_assertions.c.forget_at < to_ms(now)))
    known = db.execute(
        select(seen_assertions.c.jti_hash).where(
            seen_assertions.c.desk_id == desk_id, seen_assertions.c.jti_hash == _hash(jti)
        )
    ).one_or_none()
    if known is not None:
        raise _invalid_client()
    forget_at = to_ms(now + _REMEMBER)
    db.execute(insert(seen_assertions).values(desk_id=desk_id, jti_hash=_hash(jti), forget_at=forget_at))


def _invalid_client() -> OAuthProblem:
    return OAuthProblem(401, "invalid_client", "the assertion is not accepted")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
