"""Answers of several parts: an identity paper, an address with its former one, a look-up in a register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from app.domain.people import IdKind
from app.domain.personal_id import require_id_value
from app.domain.typed_date import parse_typed_date
from app.domain.vietnamese import fold, require_text
from app.errors import RuleError
from app.text import t

DOCUMENT_KINDS: Mapping[str, str] = {
    "can_cuoc": t("Căn cước/CCCD"),
    "ho_chieu": t("Hộ chiếu"),
    "cmnd": t("CMND"),
    "khac": t("Giấy tờ khác"),
}
"""Kinds of identity paper by key, in the order they are offered."""

_ID_KINDS = {
    "can_cuoc": IdKind.PERSONAL_NUMBER,
    "ho_chieu": IdKind.PASSPORT,
    "cmnd": IdKind.ID_CARD_9,
}
_SPOKEN = (
    ("ho_chieu", ("ho chieu", "passport")),
    ("cmnd", ("cmnd", "chung minh")),
    ("can_cuoc", ("can cuoc", "cccd", "the cc")),
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{12}|[0-9]{9}|[A-Za-z][0-9]{7,8})(?![0-9A-Za-z])")
_DAY = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
)
_FILLER = re.compile(
    r"\b(?:hộ chiếu|thẻ|căn cước công dân|căn cước|cccd|cmnd|chứng minh nhân dân|số|do"
    r"|cấp ngày|nơi cấp|cấp tại|cấp|ngày cấp|ngày)\b[ :.]*",
    re.IGNORECASE,
)
_DOCUMENT_PARTS = {
    "kind": ("kind", "loai", "type", "loai_giay_to"),
    "number": ("number", "so", "value", "so_giay_to"),
    "place": ("place", "noi_cap", "issuer", "co_quan_cap", "issued_by", "issue_place"),
    "date": ("date", "ngay_cap", "issued", "issue_date", "issued_at"),
}
_ADDRESS_PARTS = {
    "text": ("text", "as_written", "dia_chi"),
    "detail": ("detail", "so_nha", "thon", "street", "chi_tiet"),
    "commune": ("commune", "xa", "ward", "phuong"),
    "province": ("province", "tinh"),
    "old": ("old", "dia_chi_cu"),
}
_LOOKUP_PARTS = {
    "result": ("result", "ket_qua"),
    "source": ("source", "nguon"),
    "at": ("at", "thoi_diem"),
    "by": ("by", "nguoi_tra"),
}


def read_document(raw: object, field: str, today: date) -> dict[str, str] | None:
    """``{kind, number, place, date}``; text such as "Căn cước 008198000000, Bộ Công an, 04/10/2024" is read
    too. A number must be there and fit its kind; the day of issue may not lie ahead (IDDOC)."""
    parts = _split_document(raw, field) if isinstance(raw, str) else _parts(raw, _DOCUMENT_PARTS, field)
    if not any(parts.get(name) for name in ("number", "place", "date")):
        return None
    kind = _kind(parts.get("kind", ""), parts.get("number", ""))
    number = parts.get("number", "")
    if not number:
        raise RuleError(
            "document-number-missing",
            t("Giấy tờ tùy thân chưa có số."),
            t("Gõ số trên giấy tờ."),
            field=field,
        )
    number = _fitting(kind, number, field)
    issued = parts.get("date", "")
    day = parse_typed_date(issued, today, field) if issued else None
    if day is not None and day > today:
        raise RuleError(
            "document-date-ahead",
            t("Ngày cấp giấy tờ còn chưa tới."),
            t("So lại ngày cấp trên giấy tờ."),
            field=field,
        )
    return {
        "kind": kind,
        "number": number,
        "place": parts.get("place", ""),
        "date": day.isoformat() if day else "",
    }


def _fitting(kind: str, number: str, field: str) -> str:
    id_kind = _ID_KINDS.get(kind)
    return (require_id_value(id_kind, number, field) or "") if id_kind else number


def _kind(said: str, number: str) -> str:
    if said in DOCUMENT_KINDS:
        return said
    spoken = fold(said)
    for key, words in _SPOKEN:
        if any(word in spoken for word in words):
            return key
    digits = re.sub(r"[ .\-]", "", number)
    if re.fullmatch(r"[0-9]{12}", digits):
        return "can_cuoc"
    if re.fullmatch(r"[0-9]{9}", digits):
        return "cmnd"
    return "ho_chieu" if re.fullmatch(r"[A-Za-z][0-9]{7,8}", digits) else "khac"


def _split_document(raw: str, field: str) -> dict[str, str]:
    words = require_text(raw, field)
    number, day = _NUMBER.search(words), _DAY.search(words)
    place = words
    for found in (number, day):
        place = place.replace(found[0], " ") if found else place
    place = " ".join(_FILLER.sub(" ", place).split()).strip(" ,;:.-()")
    place = re.sub(r"(?:\s*[,;]\s*)+", ", ", place).strip(" ,")
    return {
        "kind": words,
        "number": number[0] if number else "",
        "place": place,
        "date": day[0] if day else "",
    }


def read_address(raw: object, field: str) -> dict[str, str] | None:
    """``{text, old}``: the address of today as said, and the one of before 01/7/2025 beside it, as text."""
    if isinstance(raw, str):
        text = require_text(raw, field)
        return {"text": text} if text else None
    parts = _parts(raw, _ADDRESS_PARTS, field)
    levels = [parts.get(name, "") for name in ("detail", "commune", "province")]
    text = parts.get("text") or ", ".join(level for level in levels if level)
    kept = {"text": text, "old": parts.get("old", "")}
    return {name: value for name, value in kept.items() if value} or None


def read_lookup(raw: object, field: str) -> dict[str, str] | None:
    """``{result, source, at, by}``: what a register said, which one, when, and who asked."""
    parts = {"result": raw} if isinstance(raw, str) else _parts(raw, _LOOKUP_PARTS, field)
    kept = {name: require_text(str(parts.get(name, "")), field) for name in _LOOKUP_PARTS}
    return kept if kept["result"] else None


def _parts(raw: object, names: Mapping[str, tuple[str, ...]], field: str) -> dict[str, str]:
    """The parts of an object, each under any of its names."""
    if not isinstance(raw, Mapping):
        raise RuleError(
            "eform-parts",
            t("Mục này gồm nhiều phần, chưa đọc được."),
            t("Gõ lại từng phần."),
            field=field,
        )
    ours = {other: name for name, others in names.items() for other in others}
    found: dict[str, str] = {}
    for key, value in raw.items():
        if key not in ours or not isinstance(value, str | int | None) or isinstance(value, bool):
            raise RuleError(
                "eform-parts",
                t("Mục này không có phần “{part}”.").format(part=str(key)[:40]),
                t("Các phần của mục: {parts}.").format(parts=", ".join(names)),
                field=field,
            )
        if value is not None:
            found[ours[key]] = require_text(str(value), field)
    return found
