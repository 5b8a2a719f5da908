"""The key of an office gateway's own store, kept as a desk keeps its key (``app.keys``): in the operating
system's key store, or under a passphrase, with printed recovery words. A gateway on PostgreSQL has none here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from app.errors import RuleError
from app.keys import NewKey, create_key, desk_file, open_key
from app.text import t


def open_gateway_key(db_url: str, environ: Mapping[str, str] = os.environ) -> bytes | None:
    """The key of an office gateway's encrypted store; ``None`` where the store has no key of its own.

    Raises what ``open_key`` raises.
    """
    folder = _gateway_folder(db_url)
    return None if folder is None or not desk_file(folder).exists() else open_key(folder, environ)


def make_gateway_key(db_url: str, environ: Mapping[str, str] = os.environ) -> NewKey | None:
    """Make and keep the key of a new office gateway beside its SQLite file (a folder ``….key``).

    ``None`` where it has one already, or where its store is no SQLite file. Raises ``RuleError``
    "gateway-store-plain" where the file was made without a key, and what ``create_key`` raises.
    """
    folder = _gateway_folder(db_url)
    if folder is None or desk_file(folder).exists():
        return None
    if folder.with_suffix("").exists():
        raise RuleError(
            "gateway-store-plain",
            t("Kho của cổng này đã lập mà không mã hóa; chưa có gì thay đổi."),
            t("Cổng đặt ở xã giữ giấy tờ công dân nên phải mã hóa: chọn một tệp kho mới trong --db."),
            field="db",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return create_key(folder, f"gateway-{secrets.token_hex(8)}", environ)


def _gateway_folder(db_url: str) -> Path | None:
    scheme, _, path = db_url.partition(":///")
    return Path(path + ".key") if scheme == "sqlite" and path else None
