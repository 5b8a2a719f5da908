"""Keys: never a plain fall-back, words that come back, failures told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import keys
from app.errors import NotFoundError, StorageError

PHRASE = {"MOTCUA_PASSPHRASE": "một cụm mật khẩu"}


class FakeKeyStore:
    """Stands in for the operating system's key store, which this machine does not have."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))


def test_without_key_store_and_passphrase_nothing_is_made(tmp_path):
    with pytest.raises(StorageError) as refused:
        keys.create_key(tmp_path, "desk", {})
    assert refused.value.code == "no-key-store"
    assert list(tmp_path.iterdir()) == []


def test_passphrase_opens_and_a_wrong_one_is_told(tmp_path):
    made = keys.create_key(tmp_path, "desk", PHRASE)
    assert keys.open_key(tmp_path, PHRASE) == made.key
    with pytest.raises(StorageError) as refused:
        keys.open_key(tmp_path, {"MOTCUA_PASSPHRASE": "sai"})
    assert refused.value.code == "wrong-passphrase"
    with pytest.raises(StorageError) as missing:
        keys.open_key(tmp_path, {})
    assert missing.value.code == "no-key-store"


def test_the_key_is_nowhere_in_the_desk_file(tmp_path):
    made = keys.create_key(tmp_path, "desk", PHRASE)
    raw = keys.desk_file(tmp_path).read_bytes()
    assert made.key not in raw
    assert made.key.hex().encode() not in raw


def test_recovery_words_give_the_key_and_wrong_ones_are_told(tmp_path):
    made = keys.create_key(tmp_path, "desk", PHRASE)
    assert keys.open_with_recovery(tmp_path, made.recovery_words.upper()) == made.key
    words = made.recovery_words.split()
    for wrong in (words[:-1], [words[1], words[0], *words[2:]], ["xxxxx", *words[1:]], []):
        with pytest.raises(StorageError) as refused:
            keys.open_with_recovery(tmp_path, " ".join(wrong))
        assert refused.value.code == "wrong-recovery-words"


@given(st.binary(min_size=16, max_size=16))
def test_words_come_back(secret):
    assert keys.words_to_secret(keys.secret_to_words(secret)) == secret


def test_key_store_is_used_where_there_is_one(tmp_path, monkeypatch):
    store = FakeKeyStore()
    monkeypatch.setattr(keys, "_system_key_store", lambda: store)
    made = keys.create_key(tmp_path, "desk-1", {})
    assert json.loads(keys.desk_file(tmp_path).read_text())["key"] == {"mode": "keyring"}
    assert keys.open_key(tmp_path, {}) == made.key
    store.kept.clear()
    with pytest.raises(StorageError) as refused:
        keys.open_key(tmp_path, {})
    assert refused.value.code == "key-missing"


def test_plaintext_and_null_backends_are_never_used(monkeypatch):
    import keyring
    import keyring.backend
    import keyring.backends.null

    monkeypatch.setattr(keyring, "get_keyring", lambda: keyring.backends.null.Keyring())
    assert keys._system_key_store() is None


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "key": {"mode": "plain"}}']
)
def test_a_damaged_desk_file_is_told(tmp_path, content):
    keys.desk_file(tmp_path).write_text(content)
    with pytest.raises(StorageError) as refused:
        keys.open_key(tmp_path, PHRASE)
    assert refused.value.code == "desk-file-damaged"


def test_no_desk_is_not_found(tmp_path):
    with pytest.raises(NotFoundError):
        keys.open_key(tmp_path, PHRASE)
