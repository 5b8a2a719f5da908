"""``gateway catalogue-export``: what is published, as one signed file for desks without a line."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.clock import SystemClock, to_wire
from app.errors import CircumstanceError, RuleError
from app.protocol.catalogue_file import write_catalogue
from app.province import catalogue, dialect, identity
from app.province.server import open_store
from app.province.start_failures import told_to_operator
from app.text import t


def export_catalogue(db_url: str, target: Path, *, key: bytes | None = None) -> Mapping[str, Any]:
    """Write the file beside the running gateway: ``{file, catalogue_version, procedures}``.

    Raises ``RuleError`` "catalogue-exists", ``CircumstanceError`` "catalogue-not-written" and what
    ``start_failures`` raises; nothing half written is left.
    """
    if target.exists():
        raise RuleError(
            "catalogue-exists",
            t("Đã có tệp trùng tên; không ghi đè."),
            t("Đặt tên khác cho tệp danh mục."),
            field="catalogue",
        )
    with told_to_operator():
        store = open_store(db_url, key=key)
        try:
            with store.write() as db:
                dialect.lock_all(db)
                own = identity.load_or_make(db)
            with store.read() as db:
                manifest = catalogue.manifest(db)
                packages = {
                    (each["code"], each["version"]): catalogue.package(db, each["code"], each["version"])
                    for each in manifest["procedures"]
                }
        finally:
            store.dispose()
    head = {
        "origin": own.server_id,
        "created_at": to_wire(SystemClock().now()),
        "signing_kid": own.signing_kid,
    }
    _write(target, _signing(own), head, manifest, packages)
    version = manifest["catalogue_version"]
    return {"file": str(target), "catalogue_version": version, "procedures": len(packages)}


def _signing(own: identity.Identity) -> bytes:
    return bytes.fromhex(own.signing_secret)


def _write(
    target: Path,
    signing: bytes,
    head: Mapping[str, Any],
    manifest: Mapping[str, Any],
    packages: Mapping[tuple[str, int], bytes],
) -> None:
    fresh = target.with_name(f".{target.name}.part")
    try:
        with fresh.open("wb") as out:
            write_catalogue(out, signing, head, manifest, lambda code, version: packages[code, version])
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    except OSError as failure:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise CircumstanceError(
            "catalogue-not-written",
            t("Chưa chép được danh mục ra USB."),
            t("Kiểm tra chỗ trống và khóa ghi của USB rồi xuất lại."),
            field="catalogue",
        ) from failure
