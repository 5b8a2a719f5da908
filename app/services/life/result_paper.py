"""The result of a dossier as it is kept: its row, its file, and what the province is told of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Executable, Table, select, update

from app.clock import VIETNAM
from app.domain.file_kind import ENDINGS, media_type_of
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import result_document
from app.protocol.ids import new_id
from app.protocol.parts import FileRef, Result
from app.services.intake.stored_filing import read_filing
from app.services.life.doing import Doing
from app.services.papers.slips import note_file
from app.text import t

LARGEST: Final = 50 * 1024 * 1024
"""Largest result file taken, in bytes."""

_LONGEST_NO: Final = 100
_NOT_NAME = re.compile(r"[^0-9A-Za-z.\-]+")


@dataclass(frozen=True)
class KeptResult:
    """``wire``: for the event; ``row``: of ``result_document``; ``foreign``: columns of the dossier."""

    wire: Result
    row: tuple[Table, dict[str, object]]
    foreign: dict[str, object]


def result_of(doing: Doing) -> KeptResult | None:
    """What the order says of the result; ``None`` where it names neither number, file nor other system.

    The file is durable before the row that names it (I1). Raises ``RuleError`` "result-day",
    "result-file-missing", "result-file-large", "result-file-kind", "result-no-long".
    """
    given = doing.order.result
    number = _short(clean_text(doing.order.result_no), "result_no")
    system, foreign_no = clean_text(given.system), _short(clean_text(given.foreign_no), "foreign_no")
    if foreign_no and not system:
        raise RuleError(
            "result-system",
            t("Có số ở phần mềm khác nhưng chưa ghi phần mềm nào."),
            t("Ghi tên phần mềm, ví dụ Hộ tịch dùng chung."),
            field="system",
        )
    if not (number or given.file or system):
        return None
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    version = filing.version
    code, name = version.result_code or version.code, version.result_name or version.short_name
    file = None if given.file is None else _kept_file(doing, given.file, code)
    issued_on = _issued_on(doing)
    signer = clean_text(given.signer) or _approver_name(doing)
    result_id = new_id()
    row: dict[str, object] = {
        "id": result_id,
        "dossier_id": doing.standing.id,
        "code": code,
        "name": name,
        "number": number or foreign_no,
        "book": clean_text(given.book),
        "issued_at": issued_on,
        "signer": signer,
        "signer_title": clean_text(given.signer_title),
        "sha256": None if file is None else file.sha256,
        "elsewhere": system,
        "at": doing.at,
    }
    wire = Result(
        result_id=result_id,
        code=code,
        name=name,
        number=number or foreign_no or None,
        issued_at=issued_on,
        signer=signer or None,
        file=file,
    )
    foreign: dict[str, object] = {"foreign_system": system, "foreign_no": foreign_no} if system else {}
    return KeptResult(wire, (result_document, row), foreign)


def results_fall(doing: Doing) -> Executable:
    """The results so far hold no more: the dossier is open again. The rows stay (history never changes)."""
    c = result_document.c
    here = (c.dossier_id == doing.standing.id) & c.superseded_at.is_(None)
    return update(result_document).where(here).values(superseded_at=doing.at)


def _issued_on(doing: Doing) -> date:
    today = doing.at.astimezone(VIETNAM).date()
    given = doing.order.result.issued_on
    if given is not None and given > today:
        raise RuleError(
            "result-day",
            t("Ngày ký kết quả không thể sau ngày xử lý xong."),
            t("Gõ lại ngày ký trên giấy kết quả."),
            field="issued_on",
        )
    return given or today


def _kept_file(doing: Doing, path: Path, code: str) -> FileRef:
    content = _read(path)
    media_type = media_type_of(content)
    if media_type is None:
        raise RuleError(
            "result-file-kind",
            t("Tệp này không phải bản PDF, JPEG, PNG hay TIFF nguyên vẹn."),
            t("Mở thử tệp, quét lại nếu hỏng, rồi làm lại; hồ sơ giữ nguyên."),
            field="file",
        )
    sha256 = doing.desk.files.put(content)
    note_file(doing.connection, sha256, len(content), media_type, "result", doing.desk.clock.now())
    name = _NOT_NAME.sub("-", f"{doing.standing.number}_{code}") + ENDINGS[media_type]
    return FileRef(sha256, len(content), media_type, name)


def _read(path: Path) -> bytes:
    """The whole file, never more than ``LARGEST``; a folder, device or missing file is refused in words."""
    try:
        content = _first_bytes(path)
    except (OSError, ValueError):
        content = b""
    if not content:
        raise RuleError(
            "result-file-missing",
            t("Không đọc được tệp kết quả, hoặc tệp rỗng."),
            t("Chọn lại tệp; hồ sơ giữ nguyên."),
            field="file",
        )
    if len(content) > LARGEST:
        raise RuleError(
            "result-file-large",
            t("Tệp kết quả lớn hơn 50 MB."),
            t("Quét lại ở 200–300 dpi hoặc tách thành tệp nhỏ hơn; hồ sơ giữ nguyên."),
            field="file",
        )
    return content


def _first_bytes(path: Path) -> bytes:
    """Nothing of what is no plain file: a device would never end."""
    if not path.is_file():
        return b""
    with path.open("rb") as source:
        return source.read(LARGEST + 1)


def _short(text: str, field: str) -> str:
    if len(text) > _LONGEST_NO:
        raise RuleError(
            "result-no-long",
            t("Số kết quả dài quá 100 ký tự."),
            t("Gõ lại số như trên giấy kết quả."),
            field=field,
        )
    return text


def _approver_name(doing: Doing) -> str:
    """The leader who acts or is signed for; else nobody is said to have signed."""
    if doing.approver is None:
        return ""
    o = tables.officer.c
    name = doing.connection.execute(select(o.name).where(o.id == doing.approver)).scalar_one_or_none()
    return str(name or "")
