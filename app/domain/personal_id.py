"""Identity numbers: what their digits say, as warnings that never block.

Personal number (số định danh, 12 digits; NĐ 137/2015, now NĐ 70/2024): 1-3 the province of birth
registration in the old codes, which persist after the merger of 1/7/2025, or a country; 4 century and
sex; 5-6 the last two digits of the birth year; 7-12 random. Real cards hold errors, so a contradiction
is told and the officer decides. The nine-digit CMND is worthless since 31/12/2024 (NĐ 69/2024) and
serves as a search key only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.people import IdKind, Sex
from app.domain.vietnamese import clean_text
from app.errors import RuleError
from app.text import t

CMND_LAST_DAY = date(2024, 12, 31)
"""Last day on which a nine-digit identity card was worth anything."""

BIRTH_PROVINCES: dict[str, str] = {
    "001": "Hà Nội",
    "002": "Hà Giang",
    "004": "Cao Bằng",
    "006": "Bắc Kạn",
    "008": "Tuyên Quang",
    "010": "Lào Cai",
    "011": "Điện Biên",
    "012": "Lai Châu",
    "014": "Sơn La",
    "015": "Yên Bái",
    "017": "Hoà Bình",
    "019": "Thái Nguyên",
    "020": "Lạng Sơn",
    "022": "Quảng Ninh",
    "024": "Bắc Giang",
    "025": "Phú Thọ",
    "026": "Vĩnh Phúc",
    "027": "Bắc Ninh",
    "030": "Hải Dương",
    "031": "Hải Phòng",
    "033": "Hưng Yên",
    "034": "Thái Bình",
    "035": "Hà Nam",
    "036": "Nam Định",
    "037": "Ninh Bình",
    "038": "Thanh Hóa",
    "040": "Nghệ An",
    "042": "Hà Tĩnh",
    "044": "Quảng Bình",
    "045": "Quảng Trị",
    "046": "Thừa Thiên Huế",
    "048": "Đà Nẵng",
    "049": "Quảng Nam",
    "051": "Quảng Ngãi",
    "052": "Bình Định",
    "054": "Phú Yên",
    "056": "Khánh Hòa",
    "058": "Ninh Thuận",
    "060": "Bình Thuận",
    "062": "Kon Tum",
    "064": "Gia Lai",
    "066": "Đắk Lắk",
    "067": "Đắk Nông",
    "068": "Lâm Đồng",
    "070": "Bình Phước",
    "072": "Tây Ninh",
    "074": "Bình Dương",
    "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu",
    "079": "Hồ Chí Minh",
    "080": "Long An",
    "082": "Tiền Giang",
    "083": "Bến Tre",
    "084": "Trà Vinh",
    "086": "Vĩnh Long",
    "087": "Đồng Tháp",
    "089": "An Giang",
    "091": "Kiên Giang",
    "092": "Cần Thơ",
    "093": "Hậu Giang",
    "094": "Sóc Trăng",
    "095": "Bạc Liêu",
    "096": "Cà Mau",
}
"""Old provinces (before 1/7/2025) whose codes the first three digits keep for ever."""

_FIRST_COUNTRY_CODE = 97
_TWELVE = re.compile(r"[0-9]{12}")
_NINE = re.compile(r"[0-9]{9}")
_PASSPORT = re.compile(r"[A-Z][0-9]{7,8}")


class IdWarningCode(StrEnum):
    """What about a number looks odd."""

    PROVINCE = "id-province-unknown"
    SEX = "id-sex-mismatch"
    BIRTH_YEAR = "id-birth-year-mismatch"
    WORTHLESS = "id-card-9-worthless"


@dataclass(frozen=True)
class IdWarning:
    """Something to compare with the card; never a refusal. ``text`` is for the officer."""

    code: IdWarningCode
    field: str
    text: str


def require_personal_id(text: str, field: str = "personal_id") -> str:
    """The twelve ASCII digits, spaces and dots between groups taken out.

    Raises ``RuleError`` ``personal-id-shape``: the shape is the only thing that blocks.
    """
    value = re.sub(r"[ .\-]", "", clean_text(text))
    if _TWELVE.fullmatch(value):
        return value
    raise RuleError(
        "personal-id-shape",
        t("Số định danh phải đủ 12 chữ số."),
        t("So lại với thẻ và gõ đủ 12 số. Người chưa có số: chọn loại giấy tờ khác."),
        field=field,
    )


def check_personal_id(value: str, sex: Sex | None, birth_date: date | None) -> tuple[IdWarning, ...]:
    """What the digits contradict; empty where all agrees or the other side is not known.

    ``value`` is twelve digits (``require_personal_id``); anything else raises its ``RuleError``.
    """
    value = require_personal_id(value)
    warnings = [_check_province(value), _check_sex(value, sex), _check_year(value, birth_date)]
    return tuple(w for w in warnings if w is not None)


def birth_century(value: str) -> int:
    """First year of the century that digit 4 names: 0, 1 are 1900; 2, 3 are 2000; and so on."""
    return 1900 + 100 * (int(value[3]) // 2)


def sex_of(value: str) -> Sex:
    """The sex that digit 4 names: even male, odd female."""
    return Sex.FEMALE if int(value[3]) % 2 else Sex.MALE


def birth_province(value: str) -> str | None:
    """Old province of birth registration, or ``None`` for a country code or an unknown one."""
    return BIRTH_PROVINCES.get(value[:3])


def _check_province(value: str) -> IdWarning | None:
    if int(value[:3]) >= _FIRST_COUNTRY_CODE or value[:3] in BIRTH_PROVINCES:
        return None
    return IdWarning(
        IdWarningCode.PROVINCE,
        "personal_id",
        t("Ba số đầu của số định danh không phải mã tỉnh nào. So lại với thẻ."),
    )


def _check_sex(value: str, sex: Sex | None) -> IdWarning | None:
    if sex is None or sex == sex_of(value):
        return None
    return IdWarning(
        IdWarningCode.SEX,
        "sex",
        t("Giới tính không khớp với chữ số thứ tư của số định danh. So lại với thẻ, vẫn nhận được."),
    )


def _check_year(value: str, birth_date: date | None) -> IdWarning | None:
    if birth_date is None or birth_date.year == birth_century(value) + int(value[4:6]):
        return None
    return IdWarning(
        IdWarningCode.BIRTH_YEAR,
        "birth_date",
        t("Năm sinh không khớp với số định danh. So lại với thẻ, vẫn nhận được."),
    )


def guess_id_kind(text: str) -> IdKind | None:
    """The kind that the shape alone tells, ``None`` where it tells none; for a search box."""
    value = re.sub(r"[ .\-]", "", clean_text(text)).upper()
    if _TWELVE.fullmatch(value):
        return IdKind.PERSONAL_NUMBER
    if _NINE.fullmatch(value):
        return IdKind.ID_CARD_9
    return IdKind.PASSPORT if _PASSPORT.fullmatch(value) else None


def require_id_value(kind: IdKind, text: str | None, field: str = "id_value") -> str | None:
    """The number in the shape of its kind, ``None`` for ``IdKind.NONE``.

    A foreign passport has no known shape: letters and digits pass. Raises ``RuleError``
    ``personal-id-shape``, ``id-card-9-shape``, ``passport-shape``.
    """
    if kind is IdKind.NONE:
        return None
    if kind is IdKind.PERSONAL_NUMBER:
        return require_personal_id(text or "", field)
    value = re.sub(r"[ .\-]", "", clean_text(text or "")).upper()
    if kind is IdKind.ID_CARD_9:
        return _require_nine(value, field)
    return _require_passport(value, field)


def _require_nine(value: str, field: str) -> str:
    if _NINE.fullmatch(value):
        return value
    raise RuleError(
        "id-card-9-shape",
        t("Số CMND cũ phải đủ 9 chữ số."),
        t("So lại với giấy tờ và gõ đủ 9 số."),
        field=field,
    )


def _require_passport(value: str, field: str) -> str:
    if re.fullmatch(r"[A-Z0-9]{5,20}", value):
        return value
    raise RuleError(
        "passport-shape",
        t("Số hộ chiếu chỉ gồm chữ cái và chữ số."),
        t("So lại với hộ chiếu. Hộ chiếu Việt Nam: một chữ cái và 7 hoặc 8 chữ số."),
        field=field,
    )


def is_vietnamese_passport(value: str) -> bool:
    """One capital letter and seven or eight digits."""
    return _PASSPORT.fullmatch(value) is not None


def check_id_card_9(today: date) -> tuple[IdWarning, ...]:
    """The warning that a nine-digit card counts for nothing after ``CMND_LAST_DAY``."""
    if today <= CMND_LAST_DAY:
        return ()
    text = t("CMND 9 số hết giá trị từ sau ngày 31/12/2024. Chỉ dùng để tìm, hỏi thêm thẻ căn cước.")
    return (IdWarning(IdWarningCode.WORTHLESS, "id_value", text),)
