"""Procedure versions from a stick: the province's signed file taken in whole, or not at all."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.errors import AppError, RuleError, StorageError
from app.models.tables import procedure_package
from app.protocol.bundles import signed_by
from app.protocol.catalogue_file import BadCatalogue, CatalogueFile, NotGenuineError, read_catalogue
from app.sync.bundle_words import stick_told
from app.sync.context import SyncDesk
from app.sync.link import gateway_row
from app.sync.marks import CATALOGUE_NUMBER, SERVER_ID, read_mark, write_mark
from app.sync.procedures import is_kept, package_row
from app.sync.trouble import NotBelievedError
from app.text import t


@dataclass(frozen=True)
class CatalogueTaken:
    """``number``: the province's number of this catalogue; ``new``: versions this desk did not have."""

    number: int
    new: int


def take_catalogue(desk: SyncDesk, source: Path) -> CatalogueTaken:
    """Verify the file to its last byte, then keep every new version in one commit; twice is harmless.

    Raises ``LineError`` "never-enrolled", ``RuleError`` "no-catalogue", "catalogue-not-genuine",
    "catalogue-other-province", "catalogue-old", ``StorageError`` "catalogue-damaged",
    ``CircumstanceError`` "stick-gone".
    """
    with desk.store.read() as connection:
        keys = gateway_row(connection)["server_keys"]
        server_id = read_mark(connection, SERVER_ID)
    if not source.is_file():
        raise _no_catalogue()
    try:
        with stick_told(), source.open("rb") as handle:
            file = read_catalogue(handle, lambda message, signature: _signed(keys, message, signature))
    except NotGenuineError:
        raise _not_genuine() from None
    except BadCatalogue:
        raise _damaged() from None
    if server_id is not None and file.head.origin != server_id:
        raise _other_province()
    return _keep(desk, file)


def _signed(keys: list[dict[str, str]], message: bytes, signature: bytes) -> bool:
    """Whether one of the province's keys, known from enrolment, made the signature."""
    for key in keys:
        try:
            public = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        except binascii.Error:
            continue
        if signed_by(public, message, signature):
            return True
    return False


def _keep(desk: SyncDesk, file: CatalogueFile) -> CatalogueTaken:
    manifest = file.head.manifest
    with desk.store.write() as connection:
        known = read_mark(connection, CATALOGUE_NUMBER) or 0
        if manifest.catalogue_version < known:
            raise _old()
        new = 0
        try:
            for entry in manifest.procedures:
                if is_kept(connection, entry):
                    continue
                row: Mapping[str, Any] = package_row(entry, file.packages[entry.sha256])
                connection.execute(insert(procedure_package).values(**row, taken_at=desk.clock.now()))
                new += 1
        except NotBelievedError:
            raise _damaged() from None
        write_mark(connection, CATALOGUE_NUMBER, manifest.catalogue_version)
    return CatalogueTaken(manifest.catalogue_version, new)


def _no_catalogue() -> AppError:
    return RuleError(
        "no-catalogue",
        t("Không thấy tệp danh mục này."),
        t("Kiểm tra đường dẫn, cắm lại USB."),
        field="catalogue",
    )


def _not_genuine() -> AppError:
    return RuleError(
        "catalogue-not-genuine",
        t("Tệp danh mục này không mang chữ ký của cổng tỉnh nên chưa dùng gì trong tệp."),
        t("Xin lại tệp từ tỉnh; danh mục đang dùng giữ nguyên."),
        field="catalogue",
    )


def _other_province() -> AppError:
    return RuleError(
        "catalogue-other-province",
        t("Tệp danh mục này của một cổng khác, không phải cổng quầy đã ghi danh."),
        t("Chọn đúng tệp của tỉnh; danh mục đang dùng giữ nguyên."),
        field="catalogue",
    )


def _old() -> AppError:
    return RuleError(
        "catalogue-old",
        t("Tệp danh mục này cũ hơn danh mục quầy đang dùng nên không nhận."),
        t("Xin tỉnh tệp mới nhất; danh mục đang dùng giữ nguyên."),
        field="catalogue",
    )


def _damaged() -> AppError:
    return StorageError(
        "catalogue-damaged",
        t("Tệp danh mục bị hỏng hoặc thiếu; chưa dùng gì trong tệp."),
        t("Chép lại tệp từ tỉnh; danh mục đang dùng giữ nguyên."),
        field="catalogue",
    )
