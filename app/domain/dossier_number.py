"""Dossier numbers: granted ones, and the desk's own provisional ones.

The official number comes from a block the province granted to the desk, or from the province itself; the
desk never makes one up (DOMAIN §5, SYNC-PROTOCOL-CHOICES §3.8). Without a block the receipt carries
``TN-{GSO}-{yyMMdd}-{desk}{nnn}``, and an unenrolled or restored desk adds five letters that mark its
epoch: ``TN-02221-261123-2KMBHG017``. No vowel or D stands before a digit, so that no Vietnamese input method
changes the number when it is typed or scanned. Two copies restored out of reach of each other draw their
marks blindly: five letters leave them one chance in 59,049 to draw the same, and the number still fits the
25 letters a bank transfer may say. Three letters, the form of earlier epochs, left one in 729; numbers of
that form are read for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from app.domain.number_block import BlockKind as BlockKind
from app.domain.number_block import NumberBlock as NumberBlock
from app.domain.number_block import Per as Per
from app.domain.number_block import block_number as block_number
from app.domain.number_block import check_block as check_block
from app.domain.number_block import covers as covers
from app.domain.number_block import days_of_cover as days_of_cover
from app.domain.number_block import needs_refill as needs_refill
from app.domain.number_block import number_in_block as number_in_block
from app.errors import RuleError
from app.text import t

MARK_LETTERS = "BCFGHKMNP"
_MARK_LENGTH = 5
_MARK = re.compile(f"[{MARK_LETTERS}]{{3}}(?:[{MARK_LETTERS}]{{2}})?")
_GSO = re.compile(r"[0-9]{5}")
_AGENCY = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,3}){0,4}")
_NATIONAL_AGENCY = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")
_PROVISIONAL = re.compile(
    rf"TN-(?P<unit>[0-9]{{5}})-(?P<day>[0-9]{{6}})-(?P<desk>[1-9])(?P<mark>(?:{_MARK.pattern})?)"
    r"(?P<seq>[0-9]{3}|[1-9][0-9]{3,8})"
)
_OFFICIAL = re.compile(r"(?P<unit>[A-Z0-9.]+)-(?P<day>[0-9]{8}|[0-9]{6})-(?P<seq>[0-9]{3,12})")
_PART = re.compile(r"[A-Z0-9.-]*[0-9][A-Z0-9.-]*")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MOST = 999_999_999


class NumberKind(StrEnum):
    """What a text that looks like a number is."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    PART = "part"


@dataclass(frozen=True)
class ParsedNumber:
    """A number as read. ``text`` is its canonical spelling; a part has nothing else."""

    kind: NumberKind
    text: str
    unit: str = ""
    day: date | None = None
    seq: int | None = None
    desk_no: int | None = None
    mark: str = ""


def provisional_number(unit_gso: str, day: date, desk_no: int, counter: int, mark: str = "") -> str:
    """The desk's own receipt number for the ``counter``-th dossier of the day (local day of reception).

    The desk is one digit, the counter at least three: ``2017`` is desk 2, 17th; beyond 999 the counter grows
    (``21000``) and stays readable, because the desk is always the first digit alone. Raises ``RuleError``
    with field ``unit``, ``desk_no``, ``counter`` or ``mark``.
    """
    if not _GSO.fullmatch(unit_gso):
        raise _refused("unit", t("Mã đơn vị cần đúng 5 chữ số."), t("Chọn lại xã trong Cài đặt."))
    if not 1 <= desk_no <= 9:
        raise _refused("desk_no", t("Số quầy phải từ 1 đến 9."), t("Sửa số quầy trong Cài đặt."))
    if not 1 <= counter <= _MOST:
        raise _refused("counter", t("Số thứ tự phải từ 1 trở lên."), t("Báo quản trị viên kiểm tra bộ đếm."))
    if mark and not _MARK.fullmatch(mark):
        raise _refused("mark", t("Dấu hiệu của máy chưa đúng."), t("Báo quản trị viên kiểm tra máy này."))
    return f"TN-{unit_gso}-{_short_day(day)}-{desk_no}{mark}{counter:03d}"


def draw_mark(rng: Random) -> str:
    """Five letters that tell apart fresh desks and restored copies; drawn when an epoch opens."""
    return "".join(rng.choice(MARK_LETTERS) for _ in range(_MARK_LENGTH))


def check_agency_code(code: str) -> str:
    """The agency code (``H60.12.3``) as given, or ``RuleError`` with field ``agency``."""
    if not _AGENCY.fullmatch(code):
        raise _refused(
            "agency",
            t("Mã định danh cơ quan chưa đúng mẫu, ví dụ H60.12.3."),
            t("Xem lại văn bản cấp mã của tỉnh rồi nhập lại; để trống nếu tỉnh chưa cấp."),
        )
    return code


def parse_number(text: str) -> ParsedNumber | None:
    """A whole official or provisional number, a part of one, or ``None`` when the text is no number.

    Case, blanks and typographic dashes do not matter. A whole number has a real date.
    """
    plain = "".join(text.split()).translate(_DASHES).upper()
    if found := _PROVISIONAL.fullmatch(plain):
        day, seq = _day(found["day"]), int(found["seq"])
        if day and seq:
            return ParsedNumber(
                NumberKind.PROVISIONAL, plain, found["unit"], day, seq, int(found["desk"]), found["mark"]
            )
    if found := _OFFICIAL.fullmatch(plain):
        unit, day = found["unit"], _day(found["day"])
        if day and (_AGENCY.fullmatch(unit) or _NATIONAL_AGENCY.fullmatch(unit)):
            return ParsedNumber(NumberKind.OFFICIAL, plain, unit, day, int(found["seq"]))
    if _PART.fullmatch(plain):
        return ParsedNumber(NumberKind.PART, plain)
    return None


def register_no(sequence: int) -> str:
    """Running number of a register as printed after "Số thứ tự": ``1.346``."""
    if sequence < 1:
        raise ValueError("a register starts at 1")
    return f"{sequence:,}".replace(",", ".")


def slip_serial(number: str, suffix: str = "TNHS") -> str:
    """What stands after "Số:" on a form: the last part of the number and the form's sign, ``2017/TNHS``."""
    return f"{number.rpartition('-')[2]}/{suffix}"


def _day(digits: str) -> date | None:
    full = digits if len(digits) == 8 else f"20{digits}"
    try:
        return date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None


def _short_day(day: date) -> str:
    return day.strftime("%y%m%d")


def _refused(field: str, title: str, next_step: str) -> RuleError:
    return RuleError(f"number-{field.replace('_', '-')}", title, next_step, field=field)
