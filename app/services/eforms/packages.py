"""A province's own declaration taken from a file: read whole and strictly, kept whole or not at all.

The rule now: the administrator takes it by hand, and the file's SHA-256 is kept and shown so that it can be
compared with what the province announced. Once the province signs its files, the signature is checked over
these very bytes before anything of them is read, as with its other packages (I25).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select

from app.domain.eform.form import EForm
from app.domain.eform.located import MAX_BYTES
from app.domain.eform.reading import read_form
from app.domain.roles import Officer, Permission
from app.errors import RuleError, StorageError
from app.models import counter_tables
from app.services.desk import Desk
from app.services.eforms.shelf import known_forms
from app.services.recording import Recorder
from app.text import t

_p = counter_tables.eform_package.c


@dataclass(frozen=True)
class EformPackage:
    """A form file taken in. ``new`` is false where this very file was there already."""

    form_id: str
    version: str
    title: str
    fields: int
    effective_from: date
    effective_to: date | None
    sha256: str
    new: bool

    def as_contract(self) -> dict[str, object]:
        """The JSON of ``eform import``."""
        return {
            "ok": True,
            "form": self.form_id,
            "version": self.version,
            "fields": self.fields,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
            "sha256": self.sha256,
            "new": self.new,
        }


def import_eform(desk: Desk, by: Officer, path: Path) -> EformPackage:
    """Take a declaration from a file of at most 256 KB.

    Raises ``RuleError`` "not-permitted" (administrators only), "eform-malformed" naming the line,
    "eform-version-old", "eform-version-taken"; ``StorageError`` "file-unreadable".
    """
    by.require(Permission.CONFIGURE)
    content = _content(path)
    form = read_form(content)
    sha256 = hashlib.sha256(content).hexdigest()
    now = desk.clock.now()
    with desk.store.write() as connection:
        kept = connection.execute(
            select(_p.sha256).where(_p.form_id == form.id, _p.version == form.version)
        ).scalar_one_or_none()
        if kept == sha256:
            return _package(form, sha256, new=False)
        _require_newer(form, [known for known in known_forms(connection) if known.id == form.id])
        connection.execute(
            insert(counter_tables.eform_package).values(
                form_id=form.id,
                version=form.version,
                effective_from=form.effective_from,
                effective_to=form.effective_to,
                sha256=sha256,
                body=content,
                taken_at=now,
                officer_id=by.id,
            )
        )
        Recorder(connection, desk, by, now).audit("import_eform", "eform", f"{form.id}/{form.version}")
    return _package(form, sha256, new=True)


def _require_newer(form: EForm, known: list[EForm]) -> None:
    """A version never changes its content, and an older one never comes back (I25)."""
    if any(each.order == form.order for each in known):
        raise RuleError(
            "eform-version-taken",
            t("Mẫu này đã có phiên bản {version} với nội dung khác.").format(version=form.version),
            t("Mẫu đang dùng giữ nguyên. Xin tỉnh tệp mang số phiên bản mới."),
            field="version",
        )
    newest = max((each for each in known), key=lambda each: each.order, default=None)
    if newest is not None and form.order < newest.order:
        raise RuleError(
            "eform-version-old",
            t("Tệp này cũ hơn mẫu đang dùng (phiên bản {version}).").format(version=newest.version),
            t("Mẫu đang dùng giữ nguyên. Xin tỉnh tệp mới nhất."),
            field="version",
        )


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe or a device may never end
            raise OSError
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        raise StorageError(
            "file-unreadable",
            t("Không đọc được tệp mẫu tờ khai."),
            t("Kiểm tra tệp và ổ USB rồi nạp lại."),
            field="file",
        ) from None


def _package(form: EForm, sha256: str, *, new: bool) -> EformPackage:
    return EformPackage(
        form.id,
        form.version,
        form.title,
        len(form.fields),
        form.effective_from,
        form.effective_to,
        sha256,
        new,
    )
