"""Bill codes of the post as a scanner or an officer types them.

UPU S10 writes an item as two letters, eight digits, a check digit and two letters of the country: the
check digit is 11 minus the sum of the digits times 8 6 4 2 3 5 9 7, modulo 11 (10 becomes 0, 11 becomes
5). The post also uses codes of its own: those are taken as they stand, with a warning to look again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.vietnamese import nfc
from app.errors import RuleError
from app.text import t

LONGEST = 40
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_FREE = re.compile(r"[A-Z0-9][A-Z0-9./-]*")
_SHORTEST = 5
_TELEX = {"Ê": "EE", "Â": "AA", "Ô": "OO", "Đ": "DD"}
"""What a Vietnamese input method makes of two equal letters at the head of a code."""


@dataclass(frozen=True)
class BillCode:
    """A code ready to be kept. ``warning``: a sentence to be read before it is kept, or empty."""

    text: str
    warning: str = ""


def read_bill_code(typed: str) -> BillCode:
    """The code in capitals, without spaces.

    Raises ``RuleError`` (field ``bill``): "bill-missing", "bill-signs" for what no code holds,
    "bill-input-method" where an input method has rewritten the scan beyond certain repair, "bill-length".
    """
    code = re.sub(r"[\s\u200b\ufeff]+", "", nfc(typed)).upper()
    if not code:
        raise _wrong("bill-missing", t("Chưa có mã vận đơn."), t("Quét hoặc gõ mã trên phiếu gửi bưu điện."))
    if not code.isascii():
        code = _repaired(code)
    if not _FREE.fullmatch(code):
        raise _wrong(
            "bill-signs",
            t("Mã vận đơn chỉ có chữ không dấu và chữ số."),
            t("Quét lại mã, hoặc gõ lại từng ký tự."),
        )
    if not _SHORTEST <= len(code) <= LONGEST:
        raise _wrong(
            "bill-length",
            t("Mã vận đơn có {count} ký tự, không giống mã bưu gửi nào.").format(count=len(code)),
            t("Mã thường có 13 ký tự. Quét lại hoặc gõ lại."),
        )
    return BillCode(code, _warning(code))


def is_s10(code: str) -> bool:
    """Whether the code has the shape of UPU S10 and its check digit is right."""
    return _S10.fullmatch(code) is not None and check_digit(code[2:10]) == int(code[10])


def check_digit(serial: str) -> int:
    """The check digit of the eight digits of an S10 code."""
    digit = 11 - sum(int(each) * weight for each, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(digit, digit)


def _warning(code: str) -> str:
    if is_s10(code):
        return ""
    if _S10.fullmatch(code):
        return t("Số kiểm tra của mã vận đơn không khớp, có thể gõ sai một chữ số. Nhìn lại phiếu gửi.")
    return t("Mã này không theo mẫu 13 ký tự của bưu chính. Nhìn lại phiếu gửi.")


def _repaired(code: str) -> str:
    """The keys that the scanner sent, where only one reading has a right check digit."""
    keys = "".join(_TELEX.get(sign, sign) for sign in code)
    if is_s10(keys):
        return keys
    raise _wrong(
        "bill-input-method",
        t("Bộ gõ tiếng Việt đã đổi mã vận đơn khi quét."),
        t("Tắt bộ gõ (Ctrl + Shift) rồi quét lại mã."),
    )


def _wrong(code: str, title: str, next_step: str) -> RuleError:
    return RuleError(code, title, next_step, field="bill")
