"""Opening the store of a desk, and making the store of a new one: the only places where the schema moves."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from app.errors import NotFoundError, StorageError
from app.models.database import STORE_FILE, Store
from app.models.failures import damaged
from app.models.migrate import bring_up_to_date, run_migrations
from app.models.schema_version import HEAD, KNOWN
from app.text import t


def open_store(folder: Path, key: bytes) -> Store:
    """Open the desk's store and bring an older schema up to date.

    Raises ``NotFoundError`` where there is none, ``StorageError`` "wrong-key", "store-newer",
    "store-damaged", "sqlite-too-old".
    """
    path = folder / STORE_FILE
    if not path.is_file():
        raise NotFoundError(
            "no-desk",
            t("Thư mục này chưa có quầy nào."),
            t("Chạy lần đầu để tạo quầy, hoặc chọn đúng thư mục dữ liệu."),
        )
    if path.stat().st_size == 0:
        raise damaged()
    store = Store(path, key)
    try:
        version = _schema_version(store)
        if version not in KNOWN:
            raise _newer()
        if version != HEAD:
            bring_up_to_date(folder, key, from_version=version)
    except BaseException:
        store.dispose()
        raise
    return store


def create_store(folder: Path, key: bytes) -> Store:
    """Make the store of a new desk. Raises ``StorageError`` where one is there already."""
    path = folder / STORE_FILE
    if path.exists():
        raise StorageError(
            "store-exists",
            t("Thư mục này đã có kho dữ liệu."),
            t("Giữ nguyên kho cũ; chọn thư mục khác cho quầy mới."),
        )
    store = Store(path, key)
    run_migrations(store)
    return store


def _schema_version(store: Store) -> str:
    with store.read() as connection:
        there = text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
        if not connection.execute(there).scalar_one():
            raise damaged()
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _newer() -> StorageError:
    return StorageError(
        "store-newer",
        t("Kho dữ liệu này do một bản chương trình mới hơn tạo ra."),
        t("Cài bản mới rồi mở lại. Kho vẫn nguyên, chưa có gì bị đổi."),
    )
