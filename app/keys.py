"""The database key: where it is kept and how it is opened (RELIABILITY I6, "Data rules").

The store is opened by 32 random bytes. They live in the operating system's key store through
``keyring``; where there is none, they are wrapped by ``MOTCUA_PASSPHRASE`` (Argon2id, AES-GCM). The
printed recovery words wrap the same key a second time, so that another PC can open a restored desk.
There is no mode without a key, and no fall-back to a plain file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import failpoints
from app.errors import NotFoundError, StorageError
from app.text import t

SERVICE: Final = "motcua"
KEY_BYTES: Final = 32
TRUSTED_BACKENDS: tuple[str, ...] = (
    "keyring.backends.Windows",
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
)
"""Named key stores only; plaintext, null and file backends are never used."""

NEXT: Final = "next"
"""Member of the public file while the key is being changed: key and words on their way in."""
_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"
_RECOVERY_BYTES: Final = 16
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1 << 18, 8, 16
PASSPHRASE_COST: Final = {"time": 3, "memory": 65536, "lanes": 2}
"""Argon2id over the passphrase; memory in KiB. Written beside each key, so a later cost opens old stores."""
"""What a changed file may ask of this PC at most."""
PASSPHRASE: Final = "MOTCUA_PASSPHRASE"
"""The variable that holds the phrase where no window asks for it."""


@dataclass(frozen=True)
class NewKey:
    """A key just made. ``recovery_words`` are shown once, for the printed sheet."""

    key: bytes
    recovery_words: str


def desk_file(data: Path) -> Path:
    """The small public file that says whose key opens the store; it holds no citizen data."""
    return data / "desk.json"


def create_key(data: Path, desk_id: str, environ: Mapping[str, str] = os.environ) -> NewKey:
    """Make and keep the key of a new desk.

    Raises ``StorageError`` "no-key-store" where neither a key store nor a passphrase is at hand.
    """
    key = secrets.token_bytes(KEY_BYTES)
    words, recovery = _wrap_for_recovery(key)
    keep_key(data, desk_id, key, recovery, environ)
    return NewKey(key=key, recovery_words=words)


def keep_key(
    data: Path,
    desk_id: str,
    key: bytes,
    recovery: Mapping[str, str],
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Keep a key on this PC and write the desk's public file; ``recovery``: the key under the words.

    Raises ``StorageError`` "no-key-store", "key-store-refused".
    """
    document: dict[str, Any] = {"format": 1, "desk": desk_id, "recovery": dict(recovery)}
    document["key"] = _kept(desk_id, key, environ)
    _write(data, document)


def begin_key_change(data: Path, by: str, environ: Mapping[str, str] = os.environ) -> NewKey:
    """Make the desk's next key and keep it beside the one in use, which still opens the store.

    ``by``: the officer's id, for the audit row of the change. Raises what ``keep_key`` raises.
    """
    document = read_desk_file(data)
    key = secrets.token_bytes(KEY_BYTES)
    words, recovery = _wrap_for_recovery(key)
    kept = _kept(document["desk"], key, environ)
    document[NEXT] = {"key": kept, "recovery": recovery, "by": by}
    _write(data, document)
    return NewKey(key=key, recovery_words=words)


def change_begun(data: Path) -> bool:
    """Whether a change of the key was begun and not ended. Raises as ``read_desk_file``."""
    return NEXT in read_desk_file(data)


def next_key(document: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> bytes:
    """The key a change was on its way to, where the public file names one."""
    return key_of({**document, "key": document[NEXT]["key"]}, environ)


def end_key_change(data: Path, *, changed: bool) -> None:
    """The next key is the key from now on and the old one and its words are gone; or it never was."""
    document = read_desk_file(data)
    new = document.pop(NEXT)
    gone = new["key"]
    if changed:
        gone = document["key"]
        document["key"], document["recovery"] = new["key"], new["recovery"]
    _write(data, document)
    store = _system_key_store()
    if gone["mode"] == "keyring" and store is not None:
        _forget(store, _entry(document["desk"], gone))


def new_recovery_words(data: Path, key: bytes) -> str:
    """Other words for the key in use: the sheet printed before opens this desk no more."""
    words, recovery = _wrap_for_recovery(key)
    keep_recovery(data, recovery)
    return words


def keep_recovery(data: Path, recovery: Mapping[str, str]) -> None:
    """The key in use as the words of one sheet wrap it, from now on."""
    document = read_desk_file(data)
    if document["recovery"] != recovery:
        _write(data, {**document, "recovery": dict(recovery)})


def open_key(data: Path, environ: Mapping[str, str] = os.environ) -> bytes:
    """The key of the desk in ``data``.

    Raises ``NotFoundError`` where there is no desk, ``StorageError`` where its key cannot be had:
    "no-key-store", "key-missing", "wrong-passphrase", "desk-file-damaged".
    """
    return key_of(read_desk_file(data), environ)


def key_of(document: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> bytes:
    """The key that a desk's public file speaks of. Raises what ``open_key`` raises of it."""
    if document["key"]["mode"] == "passphrase":
        phrase = environ.get(PASSPHRASE)
        if not phrase:
            raise _no_key_store()
        return _unwrap_with_passphrase(document["key"], phrase)
    store = _system_key_store()
    if store is None:
        raise _no_key_store()
    kept = store.get_password(SERVICE, _entry(document["desk"], document["key"]))
    if not kept:
        raise StorageError(
            "key-missing",
            t("Máy này không còn giữ khóa mở dữ liệu của quầy."),
            t("Dùng tờ khôi phục đã in để mở lại; dữ liệu vẫn nguyên, đừng tạo quầy mới đè lên."),
        )
    return base64.b64decode(kept)


def lies_under_phrase(data: Path) -> bool:
    """Whether the key is wrapped by a phrase, for want of a key store. Raises as ``read_desk_file``."""
    return bool(read_desk_file(data)["key"]["mode"] == "passphrase")


def open_with_recovery(data: Path, words: str) -> bytes:
    """The key, from the printed words. Raises ``StorageError`` "wrong-recovery-words"."""
    return key_by_words(read_desk_file(data), words)


def key_by_words(document: Mapping[str, Any], words: str) -> bytes:
    """The key that a desk's public file speaks of, from the printed words.

    Raises ``StorageError`` "wrong-recovery-words".
    """
    try:
        secret = words_to_secret(words)
        return _unseal(_recovery_kek(secret), document["recovery"]["wrapped"])
    except (ValueError, InvalidTag):
        raise StorageError(
            "wrong-recovery-words",
            t("Các từ khôi phục chưa đúng với quầy này."),
            t("So lại từng từ với tờ khôi phục đã in rồi gõ lại."),
        ) from None


def read_desk_file(data: Path) -> dict[str, Any]:
    """The desk's public file. Raises ``NotFoundError`` where none is, ``StorageError`` where broken."""
    path = desk_file(data)
    try:
        return parse_desk_file(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        if any(data.glob("*.db")):
            raise StorageError(
                "desk-file-missing",
                t("Thư mục quầy mất tệp nhận diện desk.json; kho dữ liệu vẫn còn."),
                t("Chép lại tệp desk.json từ bản sao lưu gần nhất. Đừng tạo quầy mới đè lên."),
            ) from None
        raise NotFoundError(
            "no-desk",
            t("Thư mục này chưa có quầy nào."),
            t("Chạy lần đầu để tạo quầy, hoặc chọn đúng thư mục dữ liệu."),
        ) from None
    except OSError:
        raise StorageError(
            "desk-file-unreadable",
            t("Không đọc được thư mục của quầy."),
            t("Kiểm tra quyền đọc và ổ đĩa rồi mở lại; chưa có gì bị đổi."),
        ) from None


def parse_desk_file(content: bytes) -> dict[str, Any]:
    """The desk's public file from its bytes. Raises ``StorageError`` "desk-file-damaged"."""
    try:
        document = json.loads(content.decode("utf-8"))
        whole = (
            document["format"] == 1
            and document["key"]["mode"] in ("keyring", "passphrase")
            and isinstance(document["desk"], str)
            and isinstance(document["recovery"]["wrapped"], str)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged() from None
    if not whole:
        raise _damaged()
    return dict(document)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file so that a power cut leaves the old one or the new one (I4)."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as handle:
        handle.write(data)
        sync_file(handle)
    failpoints.hit("before_rename")
    temporary.replace(path)
    failpoints.hit("after_rename")
    sync_folder(path.parent)


def sync_file(handle: BinaryIO) -> None:
    """Make what was written durable before anything speaks of it."""
    handle.flush()
    os.fsync(handle.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def derive(key: bytes, purpose: str) -> bytes:
    """A key for one purpose (files, audit chain) from the database key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"motcua/{purpose}".encode()).derive(key)


def secret_to_words(secret: bytes) -> str:
    """Sixteen bytes and a checksum as nine pronounceable words (five letters for each 16 bits)."""
    checked = secret + hashlib.sha256(secret).digest()[:2]
    return " ".join(_syllables(int.from_bytes(checked[i : i + 2])) for i in range(0, len(checked), 2))


def words_to_secret(words: str) -> bytes:
    """The bytes behind the words. Raises ``ValueError`` on a wrong word or checksum."""
    numbers = [_number(word) for word in words.lower().replace("-", " ").split()]
    raw = b"".join(number.to_bytes(2) for number in numbers)
    secret, check = raw[:_RECOVERY_BYTES], raw[_RECOVERY_BYTES:]
    if len(raw) != _RECOVERY_BYTES + 2 or hashlib.sha256(secret).digest()[:2] != check:
        raise ValueError("recovery words do not fit together")
    return secret


def _syllables(number: int) -> str:
    return (
        _CONSONANTS[number >> 12 & 15]
        + _VOWELS[number >> 10 & 3]
        + _CONSONANTS[number >> 6 & 15]
        + _VOWELS[number >> 4 & 3]
        + _CONSONANTS[number & 15]
    )


def _number(word: str) -> int:
    if len(word) != 5:
        raise ValueError("a recovery word has five letters")
    c1, v1, c2, v2, c3 = list(word)
    return (
        _CONSONANTS.index(c1) << 12
        | _VOWELS.index(v1) << 10
        | _CONSONANTS.index(c2) << 6
        | _VOWELS.index(v2) << 4
        | _CONSONANTS.index(c3)
    )


def _system_key_store() -> Any | None:
    """The operating system's key store, or ``None``."""
    _load_key_stores()
    import keyring

    backend = keyring.get_keyring()
    candidates = getattr(backend, "backends", None) or [backend]
    for candidate in candidates:
        if type(candidate).__module__.startswith(TRUSTED_BACKENDS):
            return candidate
    return None


@cache
def _load_key_stores() -> None:
    """Late, for the first scan costs 200 ms; and on a thread of its own: key stores that are not there keep
    the exception of their failed import, whose frames would hold whoever asked, and with them the key."""

    def load() -> None:
        import keyring

        keyring.get_keyring()

    loader = Thread(target=load, name="key stores")
    loader.start()
    loader.join()


def _kept(desk_id: str, key: bytes, environ: Mapping[str, str]) -> dict[str, Any]:
    """Keeps a key on this PC; what the public file says of where it is."""
    store = _system_key_store()
    if store is not None:
        return _keep(store, desk_id, key)
    if environ.get(PASSPHRASE):
        return {"mode": "passphrase", **_wrap_with_passphrase(key, environ[PASSPHRASE])}
    raise _no_key_store()


def _write(data: Path, document: Mapping[str, Any]) -> None:
    write_whole(desk_file(data), json.dumps(document, indent=1).encode())


def _entry(desk_id: str, place: Mapping[str, Any]) -> str:
    """The name of a key in the key store."""
    return str(place.get("name") or desk_id)


def _forget(store: Any, entry: str) -> None:
    """A key store that will not let go keeps a key that opens nothing any more."""
    with suppress(Exception):
        store.delete_password(SERVICE, entry)


def _keep(store: Any, desk_id: str, key: bytes) -> dict[str, Any]:
    """Under the desk's name, or under one of the key's own where another key has that name: a copy of a
    desk, or its key before a change, never takes the place of the key in use."""
    text = base64.b64encode(key).decode()
    name = desk_id
    if store.get_password(SERVICE, name) not in (None, "", text):
        name = f"{desk_id}:{derive(key, 'key-name').hex()[:16]}"
    store.set_password(SERVICE, name, text)
    if store.get_password(SERVICE, name) != text:
        raise StorageError(
            "key-store-refused",
            t("Kho khóa của hệ điều hành không giữ được khóa."),
            t("Mở khóa kho (đăng nhập lại máy) rồi thử lại; chưa có gì được tạo."),
        )
    return {"mode": "keyring"} if name == desk_id else {"mode": "keyring", "name": name}


def _wrap_with_passphrase(key: bytes, phrase: str) -> dict[str, Any]:
    salt, cost = secrets.token_bytes(16), PASSPHRASE_COST
    return {"kdf": {**cost, "salt": _b64(salt)}, "wrapped": _seal(_phrase_kek(phrase, salt, cost), key)}


def _unwrap_with_passphrase(entry: dict[str, Any], phrase: str) -> bytes:
    from argon2.exceptions import HashingError

    try:
        kdf = entry["kdf"]
        for name, most in (("memory", _MOST_MEMORY_KIB), ("time", _MOST_PASSES), ("lanes", _MOST_LANES)):
            if not 0 < int(kdf[name]) <= most:
                raise ValueError
        return _unseal(_phrase_kek(phrase, base64.b64decode(kdf["salt"]), kdf), entry["wrapped"])
    except (ValueError, KeyError, TypeError, OverflowError, HashingError):
        raise _damaged() from None
    except InvalidTag:
        raise StorageError(
            "wrong-passphrase",
            t("Cụm mật khẩu mở kho chưa đúng."),
            t("Gõ lại cụm mật khẩu, hoặc dùng tờ khôi phục đã in."),
        ) from None


def _phrase_kek(phrase: str, salt: bytes, cost: Mapping[str, Any]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        phrase.encode("utf-8", "surrogateescape"),
        salt,
        time_cost=int(cost["time"]),
        memory_cost=int(cost["memory"]),
        parallelism=int(cost["lanes"]),
        hash_len=32,
        type=Type.ID,
    )


def _wrap_for_recovery(key: bytes) -> tuple[str, dict[str, str]]:
    secret = secrets.token_bytes(_RECOVERY_BYTES)
    return secret_to_words(secret), {"wrapped": _seal(_recovery_kek(secret), key)}


def _recovery_kek(secret: bytes) -> bytes:
    return derive(secret, "recovery")


def _seal(kek: bytes, key: bytes) -> str:
    nonce = secrets.token_bytes(12)
    return _b64(nonce + AESGCM(kek).encrypt(nonce, key, b"motcua-key"))


def _unseal(kek: bytes, sealed: str) -> bytes:
    raw = base64.b64decode(sealed)
    return AESGCM(kek).decrypt(raw[:12], raw[12:], b"motcua-key")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _damaged() -> StorageError:
    return StorageError(
        "desk-file-damaged",
        t("Tệp nhận diện quầy bị hỏng; dữ liệu vẫn nguyên."),
        t("Chép lại tệp desk.json từ bản sao lưu gần nhất."),
    )


def _no_key_store() -> StorageError:
    return StorageError(
        "no-key-store",
        t("Máy này không có kho khóa để giữ khóa dữ liệu."),
        t("Đặt cụm mật khẩu vào biến MOTCUA_PASSPHRASE rồi mở lại. Dữ liệu không bao giờ để trần."),
    )
