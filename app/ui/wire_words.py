"""Members and values of the wire in the counter's words, for what the province returns or proposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.clock import from_wire
from app.domain.deadline_words import due_words
from app.domain.dossier_status import Status
from app.text import t

_FIELDS = {
    "code": t("Số hồ sơ"),
    "status": t("Trạng thái"),
    "due_at": t("Hẹn trả"),
    "full_name": t("Họ tên"),
    "birth_date": t("Ngày sinh"),
    "date_of_birth": t("Ngày sinh"),
    "sex": t("Giới tính"),
    "value": t("Số giấy tờ"),
    "phone": t("Điện thoại"),
    "email": t("Thư điện tử"),
    "amount_vnd": t("Mức thu"),
    "procedure_code": t("Thủ tục"),
}


def field_words(pointer: str) -> str:
    """What a JSON Pointer of the wire names; an index at its end names what stands above it."""
    names = [name for name in pointer.split("/") if name and not name.isdigit()]
    return _FIELDS.get(names[-1] if names else "", t("Thông tin khác"))


def value_words(pointer: str, value: Any) -> str:
    """A value of the wire as an officer reads it."""
    name = pointer.rpartition("/")[2]
    if value is None or value == "":
        return "–"
    if name == "status":
        return Status(int(value)).label
    if name == "due_at":
        return due_words(from_wire(str(value)))
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value)
