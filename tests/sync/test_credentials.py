"""The desk's keys: sealed, opened again, and signing what only this desk can say."""

from __future__ import annotations

import base64
import json
import sys
from datetime import timedelta
from typing import Any

import keyring
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.errors import StorageError
from app.sync import credentials as c
from tests.support.desk_store import MONDAY


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class FakeKeyStore:
    """Stands for a key store of the operating system: its module name is on the allowed list."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value


@pytest.fixture
def key_store(monkeypatch: pytest.MonkeyPatch) -> FakeKeyStore:
    store = FakeKeyStore()
    monkeypatch.setattr(FakeKeyStore, "__module__", "keyring.backends.SecretService")
    monkeypatch.setattr(keyring, "get_keyring", lambda: store)
    return store


def test_an_assertion_is_signed_for_this_desk_and_never_the_same_twice() -> None:
    pair = c.new_key_pair(MONDAY)
    url = "https://gateway.province.example/oauth2/token"
    one, other = (c.client_assertion(pair, "desk-01", url, MONDAY) for _ in range(2))
    head, claims, signature = one.split(".")
    public = Ed25519PublicKey.from_public_bytes(_decode(pair.public_jwk()["x"]))
    public.verify(_decode(signature), f"{head}.{claims}".encode())
    said = json.loads(_decode(claims))
    assert json.loads(_decode(head)) == {"alg": "EdDSA", "typ": "JWT", "kid": pair.kid}
    assert said["iss"] == said["sub"] == "desk-01" and said["aud"] == url
    assert said["iat"] == int(MONDAY.timestamp()) and 0 < said["exp"] - said["iat"] <= 600
    assert said["jti"] != json.loads(_decode(other.split(".")[1]))["jti"]
    with pytest.raises(InvalidSignature):
        public.verify(_decode(signature), f"{head}.{other.split('.')[1]}".encode())


def test_keys_come_back_without_a_key_store() -> None:
    pair = c.new_key_pair(MONDAY)
    assert c.unseal(c.seal(pair, "desk"), "desk") == pair


def test_a_key_store_holds_the_sealing_key_and_the_column_shows_nothing(key_store: FakeKeyStore) -> None:
    pair = c.new_key_pair(MONDAY)
    sealed = c.seal(pair, "desk")
    assert pair.signing.hex().encode() not in sealed and b"AGE-SECRET" not in sealed
    assert c.unseal(sealed, "desk") == pair
    assert list(key_store.kept) == [("motcua", "desk:gateway")]


def test_without_the_sealing_key_the_desk_is_told_to_enrol_again(key_store: FakeKeyStore) -> None:
    sealed = c.seal(c.new_key_pair(MONDAY), "desk")
    key_store.kept.clear()
    with pytest.raises(StorageError) as caught:
        c.unseal(sealed, "desk")
    assert caught.value.code == "gateway-key-missing" and caught.value.next_step


def test_a_changed_secret_does_not_open(key_store: FakeKeyStore) -> None:
    sealed = bytearray(c.seal(c.new_key_pair(MONDAY), "desk"))
    sealed[-1] ^= 1
    with pytest.raises(StorageError):
        c.unseal(bytes(sealed), "desk")


def test_a_plain_file_key_store_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plaintext(FakeKeyStore):
        pass

    store: Any = Plaintext()
    monkeypatch.setattr(Plaintext, "__module__", "keyrings.alt.file")
    monkeypatch.setattr(keyring, "get_keyring", lambda: store)
    c.seal(c.new_key_pair(MONDAY), "desk")
    assert store.kept == {}


def test_keys_do_not_show_in_repr() -> None:
    pair = c.new_key_pair(MONDAY + timedelta(days=1))
    assert pair.signing.hex() not in repr(pair) and "AGE" not in repr(pair)


def test_the_key_store_library_is_not_loaded_before_it_is_needed() -> None:
    import subprocess

    code = "import app.sync.credentials, sys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
