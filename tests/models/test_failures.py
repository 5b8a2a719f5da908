"""What disk and SQLite say becomes the right sentence: full, shut, gone and failing are four things."""

from __future__ import annotations

import errno

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.errors import StorageError
from app.models.failures import told


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (OSError(errno.EIO, "x"), "disk-failing"),
        (OSError(errno.ENOSPC, "x"), "disk-full"),
        (OSError(errno.EROFS, "x"), "read-only"),
        (OSError(errno.EACCES, "x"), "read-only"),
        (OSError(errno.ENOENT, "x"), "folder-gone"),
        (sqlcipher.OperationalError("disk I/O error"), "disk-failing"),
        (sqlcipher.OperationalError("database or disk is full"), "disk-full"),
        (sqlcipher.OperationalError("attempt to write a readonly database"), "read-only"),
        (sqlcipher.OperationalError("unable to open database file"), "read-only"),
        (sqlcipher.DatabaseError("file is not a database"), "wrong-key"),
        (sqlcipher.DatabaseError("database disk image is malformed"), "store-damaged"),
    ],
)
def test_each_failure_has_its_own_sentence(failure: Exception, code: str) -> None:
    with pytest.raises(StorageError) as refused, told():
        raise failure
    assert refused.value.code == code
    assert refused.value.title.endswith(".") and refused.value.next_step.endswith(".")


def test_a_locked_store_and_its_files_keep_no_key_and_open_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from app.models.database import Store
    from app.models.files import FileStore
    from app.models.opening import create_store

    key = bytes(range(32))
    create_store(tmp_path, key).dispose()
    store, files = Store(tmp_path / "desk.db", key), FileStore(tmp_path / "files", key)
    files.put(b"giay")
    store.lock()
    files.forget_key()
    assert store.key == b""
    for use in (
        lambda: store.read().__enter__(),
        lambda: files.put(b"khac"),
        lambda: files.place_of("00" * 32),
    ):
        with pytest.raises(StorageError) as refused:
            use()
        assert refused.value.code == "store-locked"
