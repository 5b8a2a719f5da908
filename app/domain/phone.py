"""Telephone numbers as they are stored: ten or eleven digits from 0, nothing between.

Mobile ``^0(3|5|7|8|9)`` and eight digits; landlines by the numbering plan of ``phonenumbers`` (0207 is
Tuyên Quang, 0219 was Hà Giang). Nothing is guessed: a number without its first 0 is asked for again.
"""

from __future__ import annotations

import re

from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LANDLINE = re.compile(r"02[0-9]{8,9}")
_BEFORE_2018 = re.compile(r"01[0-9]{9}")
_COUNTRY = re.compile(r"^(?:\+|00)84\s*(?:\(0\))?0?")


def normalise_phone(text: str, field: str = "phone") -> str:
    """The number as stored, for example ``0912345678`` from ``+84 912.345.678``.

    Raises ``RuleError`` (``field``): ``phone-missing``, ``phone-not-a-number``, ``phone-no-zero``,
    ``phone-old``, ``phone-foreign``, ``phone-shape``.
    """
    written = clean_text(text)
    if not written:
        raise _refuse("phone-missing", t("Chưa có số điện thoại."), field)
    if not re.fullmatch(r"[0-9+().\-\s]+", written):
        raise _refuse("phone-not-a-number", t("Số điện thoại chỉ gồm chữ số."), field)
    number = re.sub(r"[^0-9+]", "", _COUNTRY.sub("0", written))
    if _is_good(number):
        return number
    raise _explain(number, field)


def display_phone(number: str) -> str:
    """The stored number in groups, ``0912 345 678``; anything else unchanged."""
    if not re.fullmatch(r"0[0-9]{9,10}", number):
        return number
    if _MOBILE.fullmatch(number):
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    import phonenumbers  # Late: its plan of numbers costs the start of the program 40 ms.

    parsed = phonenumbers.parse(number, "VN")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def is_mobile(number: str) -> bool:
    """Whether a stored number can take a text message."""
    return _MOBILE.fullmatch(number) is not None


def _is_good(number: str) -> bool:
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number)):
        return False
    import phonenumbers  # Late, as above.

    return phonenumbers.is_valid_number(phonenumbers.parse(number, "VN"))


def _explain(number: str, field: str) -> RuleError:
    if number.startswith(("+", "00")):
        return _refuse("phone-foreign", t("Đây không phải số điện thoại Việt Nam."), field)
    if _BEFORE_2018.fullmatch(number):
        return _refuse("phone-old", t("Số 11 chữ số đầu 01 không còn dùng, nay là 10 chữ số."), field)
    if _is_good("0" + number):
        return _refuse("phone-no-zero", t("Số điện thoại thiếu số 0 ở đầu."), field)
    return _refuse("phone-shape", t("Số điện thoại thiếu hoặc thừa chữ số, hoặc sai đầu số."), field)


def _refuse(code: str, title: str, field: str) -> RuleError:
    next_step = t("Hỏi lại và gõ như 0912 345 678 hoặc 0207 3822 123. Không có thì để trống.")
    return RuleError(code, title, next_step, field=field)
