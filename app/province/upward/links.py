"""The lines upward this gateway has, and the identity it has there."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select, update

from app.protocol.age_keys import new_age_key, recipient_of
from app.protocol.ids import new_id
from app.province.upward.tables import upward_links

_ASSERTION_S: Final = 300


@dataclass(frozen=True)
class Keys:
    """The two key pairs of one line: Ed25519 for signing, X25519 (age) for bundles."""

    kid: str
    signing: str = field(repr=False)
    bundle: str = field(repr=False)

    def public_jwk(self) -> dict[str, str]:
        """The public signing key (RFC 8037)."""
        raw = self._private().public_key().public_bytes_raw()
        return {"kty": "OKP", "crv": "Ed25519", "x": _b64url(raw), "kid": self.kid}

    @property
    def recipient(self) -> str:
        """The public age recipient."""
        return recipient_of(self.bundle)

    def assertion(self, client_id: str, token_url: str, corrected_now: datetime) -> str:
        """A fresh client assertion (RFC 7523, EdDSA) with a ``jti`` of its own."""
        issued = int(corrected_now.timestamp())
        head = {"alg": "EdDSA", "typ": "JWT", "kid": self.kid}
        claims = {"iss": client_id, "sub": client_id, "aud": token_url, "jti": new_id()}
        signed = f"{_part(head)}.{_part({**claims, 'iat': issued, 'exp': issued + _ASSERTION_S})}"
        return f"{signed}.{_b64url(self._private().sign(signed.encode('ascii')))}"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing))


@dataclass(frozen=True)
class Upward:
    """One line upward: what ``unit_code``'s desks send goes over it."""

    unit_code: str
    unit_name: str
    url: str
    ca_pem: str | None
    client_id: str
    token_url: str
    slot: int
    keys: Keys
    server_id: str | None
    cursor: str | None
    acked_cursor: str | None
    catalogue_tag: str | None


def new_keys(now: datetime) -> Keys:
    """Fresh keys. The name of the signing key says the year only."""
    return Keys(
        f"office-{now.year}-{secrets.token_hex(4)}",
        Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        new_age_key().identity,
    )


def all_links(db: Connection) -> list[Upward]:
    """Every line upward, by unit."""
    rows = db.execute(select(upward_links).order_by(upward_links.c.unit_code))
    return [_read(row) for row in rows]


def link_of(db: Connection, unit_code: str) -> Upward | None:
    """The line of a unit."""
    row = db.execute(select(upward_links).where(upward_links.c.unit_code == unit_code)).one_or_none()
    return None if row is None else _read(row)


def has_links(db: Connection) -> bool:
    """Whether this gateway stands below another."""
    return db.execute(select(upward_links.c.unit_code).limit(1)).first() is not None


def relays(db: Connection) -> bool:
    """Whether the transaction's gateway stands below another (told to the store when it was opened)."""
    return bool(db.get_execution_options().get("relays"))


def note(db: Connection, unit_code: str, **values: Any) -> None:
    """Keep facts of a line."""
    db.execute(update(upward_links).where(upward_links.c.unit_code == unit_code).values(**values))


def _read(row: Any) -> Upward:
    keys = Keys(row.kid, row.signing_secret, row.bundle_secret)
    names = ("unit_code", "unit_name", "url", "ca_pem", "client_id", "token_url", "slot")
    more = ("server_id", "cursor", "acked_cursor", "catalogue_tag")
    return Upward(keys=keys, **{name: getattr(row, name) for name in (*names, *more)})


def _part(members: dict[str, Any]) -> str:
    return _b64url(json.dumps(members, separators=(",", ":")).encode())


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
