"""Answers as typed or sent, read by the type of their field (``eforms.yaml``, types and rules)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from app.domain.eform.form import Answer, Field, FieldType
from app.domain.eform.papers import read_address, read_document, read_lookup
from app.domain.personal_id import require_personal_id
from app.domain.typed_date import FIRST_YEAR, LAST_YEAR, parse_typed_date
from app.domain.vietnamese import check_name, fold, require_text
from app.errors import RuleError
from app.text import t

MAX_TEXT = 2000
_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})|([0-9]{4})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})\s*(?:[:hg]|giờ)\s*([0-9]{1,2})?\s*(?:phút|p)?")
_YES, _NO = ("co", "yes", "true", "1", "x"), ("khong", "no", "false", "0")


def read_answer(field: Field, raw: object, today: date) -> Answer | None:
    """The answer as it is kept; ``None`` where nothing was given.

    ``raw`` is text as typed, or a JSON value. Raises ``RuleError`` whose ``field`` is the field's id.
    """
    if raw is None or raw == "" or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, str) and len(raw) > MAX_TEXT:
        raise _too_long(field)
    return _READERS[field.type](field, raw, today)


def _words(field: Field, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise refuse(field, "eform-not-text", t("Mục này cần chữ."), t("Gõ lại bằng chữ."))
    return require_text(str(raw), field.id)


def _text(field: Field, raw: object, today: date) -> Answer | None:
    return _words(field, raw) or None


def _name(field: Field, raw: object, today: date) -> Answer | None:
    name = check_name(_words(field, raw), field.id)
    if any(not (char.isalpha() or char in " '-") for char in name):
        raise refuse(
            field,
            "name-signs",
            t("Họ tên chỉ có chữ, dấu nháy đơn và gạch nối."),
            t("Xóa dấu thừa, so lại với giấy tờ."),
        )
    return name


def _date(field: Field, raw: object, today: date) -> Answer | None:
    return parse_typed_date(_words(field, raw), today, field.id).isoformat()


def _partial(field: Field, raw: object, today: date) -> Answer | None:
    words = _words(field, raw)
    month = _MONTH.fullmatch(words)
    if _YEAR.fullmatch(words) or month:
        year = int(words if month is None else month[2] or month[3])
        number = 1 if month is None else int(month[1] or month[4])
        if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= number <= 12:
            raise refuse(
                field,
                "date-impossible",
                t("Tháng hoặc năm này không có."),
                t("Gõ ngày đủ, tháng/năm như 08/1960, hoặc chỉ năm như 1960."),
            )
        return f"{year:04}" if month is None else f"{year:04}-{number:02}"
    return parse_typed_date(words, today, field.id).isoformat()


def _time(field: Field, raw: object, today: date) -> Answer | None:
    match = _TIME.fullmatch(_words(field, raw).lower())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise refuse(
            field, "time-shape", t("Chưa đọc được giờ này."), t("Gõ giờ và phút, ví dụ 14:05, hoặc để trống.")
        )
    return f"{int(match[1]):02}:{int(match[2] or 0):02}"


def _pid(field: Field, raw: object, today: date) -> Answer | None:
    return require_personal_id(_words(field, raw), field.id)


def _choice(field: Field, raw: object, today: date) -> Answer | None:
    words = _words(field, raw)
    known = {fold(option): option for option in field.options}
    found = known.get(fold(words))
    if found is not None:
        return found
    if field.type is FieldType.CHOICE and field.options:
        raise refuse(
            field,
            "eform-choice",
            t("Mục này chỉ nhận một trong các ý có sẵn."),
            t("Chọn một trong: {options}.").format(options="; ".join(field.options)),
        )
    return words


def _yes_no(field: Field, raw: object, today: date) -> Answer | None:
    if isinstance(raw, bool):
        return raw
    word = fold(str(raw)) if isinstance(raw, str | int) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise refuse(field, "eform-yes-no", t("Mục này chỉ nhận có hoặc không."), t("Chọn Có hoặc Không."))


def _count(field: Field, raw: object, today: date) -> Answer | None:
    words = _words(field, raw)
    if not (words.isascii() and words.isdigit() and len(words) <= 4):
        raise refuse(field, "eform-count", t("Mục này cần một số nguyên."), t("Gõ lại bằng chữ số, ví dụ 2."))
    return int(words)


def _address(field: Field, raw: object, today: date) -> Answer | None:
    return read_address(raw, field.id)


def _document(field: Field, raw: object, today: date) -> Answer | None:
    return read_document(raw, field.id, today)


def _lookup(field: Field, raw: object, today: date) -> Answer | None:
    return read_lookup(raw, field.id)


def _signature(field: Field, raw: object, today: date) -> Answer | None:
    """Signed by hand on paper: nothing is kept, whatever was sent."""
    return None


def refuse(field: Field, code: str, title: str, next_step: str) -> RuleError:
    """A refusal beside this field."""
    return RuleError(code, title, next_step, field=field.id)


def _too_long(field: Field) -> RuleError:
    return refuse(
        field,
        "eform-too-long",
        t("Mục này dài quá {count} chữ.").format(count=MAX_TEXT),
        t("Ghi ngắn lại, phần còn lại kèm bằng giấy riêng."),
    )


_READERS: Mapping[FieldType, Callable[[Field, object, date], Answer | None]] = {
    FieldType.TEXT: _text,
    FieldType.PERSON_NAME: _name,
    FieldType.DATE: _date,
    FieldType.DATE_PARTIAL: _partial,
    FieldType.TIME: _time,
    FieldType.PID: _pid,
    FieldType.ID_DOCUMENT: _document,
    FieldType.ADDRESS: _address,
    FieldType.ADDRESS_2LEVEL: _address,
    FieldType.BIRTHPLACE: _text,
    FieldType.CHOICE: _choice,
    FieldType.CHOICE_OTHER: _choice,
    FieldType.BOOL: _yes_no,
    FieldType.INT: _count,
    FieldType.LOOKUP_RESULT: _lookup,
    FieldType.DECLARATION: _yes_no,
    FieldType.WET_SIGNATURE: _signature,
}
