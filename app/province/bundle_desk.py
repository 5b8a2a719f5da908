"""``gateway import``: a bundle taken from a stick at the province's own desk, the receipt laid beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.errors import CircumstanceError, NotFoundError
from app.province import dialect, identity
from app.province.bundles import Imported, import_bundle
from app.province.context import Gateway
from app.province.server import open_store
from app.province.start_failures import told_to_operator
from app.text import t


def import_file(
    db_url: str, source: Path, files: Path | None = None, *, key: bytes | None = None
) -> Mapping[str, Any]:
    """Take in one bundle beside the running gateway: ``{files, events, bundle, desk, unit, receipt, …}``.

    ``files``: the folder of uploaded files, where the running gateway was given one.
    Raises ``NotFoundError`` "no-bundle", ``CircumstanceError`` "receipt-not-written" and what
    ``import_bundle`` and ``start_failures`` raise.
    """
    if not source.is_file():
        raise NotFoundError("no-bundle", t("Không thấy gói này."), t("Kiểm tra đường dẫn, cắm lại USB."))
    with told_to_operator():
        store = open_store(db_url, key=key, files=files)
        with store.write() as db:
            dialect.lock_all(db)
            own = identity.load_or_make(db)
    try:
        made = import_bundle(Gateway(store, SystemClock(), own), source)
        receipt = _lay_beside(made, source)
    finally:
        store.dispose()
    counts = made.counts
    return {
        "files": [str(source)],
        "events": counts.get("events", 0),
        "bundle": made.bundle_id,
        "desk": made.desk_id,
        "unit": made.unit_code,
        **{name: counts.get(name, 0) for name in ("accepted", "duplicate", "deferred", "rejected")},
        "arrived_files": counts.get("files", 0),
        "receipt": str(receipt),
    }


def _lay_beside(made: Imported, source: Path) -> Path:
    """The receipt on the same stick; the store keeps it too, so a full stick loses nothing."""
    target = source.with_name(f"{source.stem}.receipt{source.suffix or '.bundle'}")
    fresh = target.with_name(f".{target.name}.part")
    try:
        with made.receipt.open("rb") as receipt, fresh.open("wb") as out:
            shutil.copyfileobj(receipt, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    except OSError as failure:
        raise CircumstanceError(
            "receipt-not-written",
            t("Đã nhận gói nhưng chưa chép được biên nhận ra USB."),
            t("Kiểm tra chỗ trống và khóa ghi của USB rồi nạp lại gói; nạp lại không làm trùng."),
            field="bundle",
        ) from failure
    return target
