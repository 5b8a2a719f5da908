"""Runs the schema steps on a connection of their own (I5).

Foreign keys are off while tables are rebuilt (a batch rebuild would delete child rows), everything is
one ``BEGIN IMMEDIATE`` transaction, keys are checked before the commit, and a verified copy of an older
store is kept aside first.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from app import failpoints
from app.errors import StorageError
from app.models.database import STORE_FILE, Store, connect
from app.models.failures import told
from app.text import t

_SCRIPTS = Path(__file__).parent / "migrations"


def run_migrations(store: Store, target: str = "head") -> None:
    """Bring the schema to ``target``; all or nothing."""
    with told(), store._engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            connection.execution_options(immediate=True)
            with connection.begin():
                config = Config()
                config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
                config.attributes["connection"] = connection
                if target == "base" or target.startswith("-"):
                    command.downgrade(config, target)
                else:
                    command.upgrade(config, target)
                _check_keys(connection)
                failpoints.hit("before_migration_commit")
            failpoints.hit("after_migration_commit")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def bring_up_to_date(folder: Path, key: bytes, *, from_version: str) -> None:
    """Copy the store aside, verify the copy, then migrate."""
    copy_aside(folder, key, name=f"before-migration-from-{from_version}.db")
    store = Store(folder / STORE_FILE, key)
    try:
        run_migrations(store)
    finally:
        store.dispose()


def copy_aside(folder: Path, key: bytes, *, name: str) -> Path:
    """An encrypted, checked copy of the store under ``backups/``."""
    backups = folder / "backups"
    backups.mkdir(exist_ok=True)
    target = backups / name
    target.unlink(missing_ok=True)
    source = connect(folder / STORE_FILE, key)
    try:
        with told():
            source.execute("VACUUM INTO ?", (str(target),))
    finally:
        source.close()
    copy = connect(target, key)
    try:
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        copy.close()
    if verdict != "ok":
        raise StorageError(
            "copy-damaged",
            t("Bản sao trước khi nâng cấp không đọc lại được nên chưa nâng cấp."),
            t("Kho vẫn nguyên. Kiểm tra ổ đĩa rồi mở lại."),
        )
    return target


def _check_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if broken:
        raise StorageError(
            "migration-broke-links",
            t("Nâng cấp kho dữ liệu bị dừng vì dữ liệu không khớp nhau."),
            t("Kho vẫn ở bản cũ, nguyên vẹn. Gửi gói chẩn đoán cho người hỗ trợ."),
        )
