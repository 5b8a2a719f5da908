"""The desk's private keys: made at enrolment, sealed in the store, used for the client assertion.

The keys lie in ``gateway.secret`` inside the encrypted store. Where the operating system has a trusted key
store, they are sealed once more under a key that lives there, so that a copied store with its recovery
words still cannot speak for the desk (SYNC-PROTOCOL §3.10: private keys live in the OS key store). Where
there is none, the store's own encryption is their only seal; a first byte says which.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import StorageError
from app.keys import SERVICE, TRUSTED_BACKENDS
from app.protocol.age_keys import new_age_key, recipient_of
from app.protocol.ids import new_id
from app.text import t

_IN_STORE: Final = b"\x00"
_IN_KEY_STORE: Final = b"\x01"
_LABEL: Final = b"motcua-desk-keys"
_ASSERTION_LIFE_S: Final = 300


@dataclass(frozen=True)
class DeskKeyPair:
    """The desk's two key pairs: Ed25519 for signing, X25519 (age) for bundles. ``kid`` names the first."""

    kid: str
    signing: bytes = field(repr=False)
    age_identity: str = field(repr=False)

    def public_jwk(self) -> dict[str, str]:
        """The public signing key as JWK (RFC 8037)."""
        raw = Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
        return {"kty": "OKP", "crv": "Ed25519", "x": _b64url(raw), "kid": self.kid}

    @property
    def recipient(self) -> str:
        """The public age recipient."""
        return recipient_of(self.age_identity)


def new_key_pair(now: datetime) -> DeskKeyPair:
    """Fresh keys. The name of the signing key says the year only."""
    return DeskKeyPair(
        kid=f"desk-{now.year}-{secrets.token_hex(4)}",
        signing=Ed25519PrivateKey.generate().private_bytes_raw(),
        age_identity=new_age_key().identity,
    )


def client_assertion(pair: DeskKeyPair, client_id: str, token_url: str, corrected_now: datetime) -> str:
    """A fresh signed assertion (RFC 7523, EdDSA) with a ``jti`` of its own.

    ``corrected_now``: the desk's clock corrected by the offset just measured, so that a clock years off
    does no harm (SYNC-PROTOCOL §3.3 step 2).
    """
    issued = int(corrected_now.timestamp())
    head = {"alg": "EdDSA", "typ": "JWT", "kid": pair.kid}
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_url,
        "jti": new_id(),
        "iat": issued,
        "exp": issued + _ASSERTION_LIFE_S,
    }
    signed = f"{_part(head)}.{_part(claims)}"
    signature = Ed25519PrivateKey.from_private_bytes(pair.signing).sign(signed.encode("ascii"))
    return f"{signed}.{_b64url(signature)}"


def seal(pair: DeskKeyPair, desk_id: str) -> bytes:
    """The keys as the store keeps them; makes and keeps the sealing key where a key store is at hand."""
    content = json.dumps({"kid": pair.kid, "signing": pair.signing.hex(), "age": pair.age_identity}).encode()
    store = _key_store()
    if store is None:
        return _IN_STORE + content
    name = _entry(desk_id)
    kept = store.get_password(SERVICE, name)
    if not kept:
        kept = base64.b64encode(secrets.token_bytes(32)).decode()
        store.set_password(SERVICE, name, kept)
        if store.get_password(SERVICE, name) != kept:
            return _IN_STORE + content
    nonce = secrets.token_bytes(12)
    return _IN_KEY_STORE + nonce + AESGCM(base64.b64decode(kept)).encrypt(nonce, content, _LABEL)


def unseal(sealed: bytes, desk_id: str) -> DeskKeyPair:
    """The keys. Raises ``StorageError`` "gateway-key-missing" where their sealing key is not here."""
    content = sealed[1:] if sealed[:1] == _IN_STORE else _open(sealed, desk_id)
    kept = json.loads(content)
    return DeskKeyPair(kid=kept["kid"], signing=bytes.fromhex(kept["signing"]), age_identity=kept["age"])


def _open(sealed: bytes, desk_id: str) -> bytes:
    store = _key_store()
    kept = store.get_password(SERVICE, _entry(desk_id)) if store is not None else None
    try:
        if not kept:
            raise ValueError
        return AESGCM(base64.b64decode(kept)).decrypt(sealed[1:13], sealed[13:], _LABEL)
    except (ValueError, InvalidTag):
        raise StorageError(
            "gateway-key-missing",
            t("Máy này không còn giữ khóa để nối với tỉnh."),
            t("Hồ sơ vẫn nguyên và quầy vẫn làm việc; xin tỉnh mã ghi danh mới rồi nối lại."),
        ) from None


def _entry(desk_id: str) -> str:
    return f"{desk_id}:gateway"


def _key_store() -> Any | None:
    """The operating system's key store, named backends only. Imported late: the first scan is slow."""
    import keyring

    backend = keyring.get_keyring()
    for candidate in getattr(backend, "backends", None) or [backend]:
        if type(candidate).__module__.startswith(TRUSTED_BACKENDS):
            return candidate
    return None


def _part(members: dict[str, Any]) -> str:
    return _b64url(json.dumps(members, separators=(",", ":")).encode("utf-8"))


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
