"""This gateway's own identity: id, feed id, signing key, bundle key. Made once, at the first start."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select

from app.protocol.age_keys import new_age_key
from app.province.problems import JsonObject
from app.province.tables import server

DEFAULT_SERVER_ID = "province-gateway"


@dataclass(frozen=True)
class Identity:
    """Facts of the gateway that never change. The secrets serve bundles and stay in the store."""

    server_id: str
    feed_id: str
    signing_kid: str
    signing_secret: str
    bundle_secret: str
    bundle_recipient: str

    def signing_key(self) -> JsonObject:
        """The public signing key as JWK."""
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing_secret))
        x = b64url(private.public_key().public_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.signing_kid}


def b64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def load_or_make(connection: Connection) -> Identity:
    """The identity of this store, inside a writing transaction."""
    rows = connection.execute(select(server.c.name, server.c.value)).all()
    facts = {row.name: row.value for row in rows}
    if "server_id" not in facts:
        facts = _new_facts()
        connection.execute(insert(server), [{"name": name, "value": value} for name, value in facts.items()])
    return Identity(**{name: facts[name] for name in Identity.__dataclass_fields__})


def _new_facts() -> dict[str, str]:
    bundle = new_age_key()
    mark = secrets.token_hex(4)
    return {
        "server_id": f"{DEFAULT_SERVER_ID}-{mark}",
        "feed_id": mark,
        "signing_kid": f"gw-{mark}",
        "signing_secret": Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        "bundle_secret": bundle.identity,
        "bundle_recipient": bundle.recipient,
    }
