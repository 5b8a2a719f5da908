"""Free text takes no one-time code: six digits standing alone are refused, spaced or dashed too.

DOMAIN §9: passwords, passcodes, OTP are never stored. Six digits are refused also where they might be a
date without signs (``221126``). Let pass because they are something else: dates with signs, dossier and
procedure numbers, telephones, identity numbers, amounts of money.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.domain.vietnamese import clean_text, fold
from app.errors import RuleError
from app.text import t

_CODE_LENGTH = 6
_GAP = r"[ .,\-_·•*|+~‐‑‒–—]"
_GROUP = re.compile(r"[0-9]+")
_CHAIN = re.compile(rf"(?<!\w)[0-9]+(?:{_GAP}{{1,5}}[0-9]+)*(?!\w)")
_GLUED = re.compile(r"(?:otp|pin|ma|mk|code|pass|passcode|matkhau|mat khau)[0-9]{6}(?![0-9])")
_DATE = re.compile(
    r"(?<![0-9/.\-])([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9/]|[.\-][0-9])"
)
_ISO_DATE = re.compile(r"(?<![0-9\-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]|-[0-9])")
_MONTH = re.compile(r"(?<![\w.\-])(?:0?[1-9]|1[0-2])[.\-](?:19|20)[0-9]{2}(?!\w|[.\-][0-9])")
_SPOKEN_MONTH = re.compile(r"(?<=tháng )(?:0?[1-9]|1[0-2])(?: năm)? (?:19|20)[0-9]{2}(?!\w|[.\-][0-9])", re.I)
_CLOCK = re.compile(r"(?<![0-9:])(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?![0-9:])")
_LIST = re.compile(r"(?<!\w)[0-9](?:, ?[0-9]){2,}(?!\w)")
_MARKED_PAIRS = re.compile(r"(?<![0-9/:])[0-9]{2}([/:])[0-9]{2}\1[0-9]{2}(?![0-9/:])")
_KNOWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Dossier numbers: provisional with or without the mark of an epoch, then official.
        r"(?<!\w)TN-[0-9]{5}-[0-9]{6}-[0-9](?:[A-Z]{3}(?:[A-Z]{2})?)?[0-9]{3,5}(?!\w)",
        r"(?<!\w)(?:000\.00\.00\.)?[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4}-[0-9]{6}-[0-9]{3,7}(?!\w)",
        # Procedure numbers of the national portal.
        r"(?<![\w.])[1-3]\.[0-9]{6}(?![0-9]|\.[0-9])",
        # Identity numbers in the groups people write them in.
        r"(?<![\w.\-])0[0-9]{2}[ .]?[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3}(?!\w|[.\-][0-9])",
        r"(?<![\w.\-])0[0-9]{3}[ .][0-9]{4}[ .][0-9]{4}(?!\w|[.\-][0-9])",
        # Telephones: ten digits of a mobile, ten or eleven of a landline.
        r"(?<![\w.\-])(?:0|\+84[ .]?)[35789][0-9]{2}(?:[ .\-]?[0-9]{3}){2}(?!\w|[.\-][0-9])",
        r"(?<![\w.\-])(?:0|\+84[ .]?)[35789][0-9]{2}[ .\-][0-9]{6}(?!\w|[.\-][0-9])",
        r"(?<![\w.\-])(?:0|\+84[ .]?)[35789](?:[ .\-]?[0-9]{2}){4}(?!\w|[.\-][0-9])",
        r"(?<![\w.\-])(?:0|\+84[ .]?)2[0-9]{1,2}[ .\-]?[0-9]{3,4}[ .\-]?[0-9]{3,4}(?!\w|[.\-][0-9])",
        r"(?<![\w.\-])1[89]00[ .]?[0-9]{4}(?:[0-9]{2})?(?!\w|[.\-][0-9])",
        # Money: whole thousands in groups, or any amount that names its unit.
        r"(?<![\w.\-])[0-9]{1,3}(?:[.,][0-9]{3})*[.,]000(?!\w|[.\-,][0-9])",
        r"(?<![\w.\-])[0-9]+(?:[ .,][0-9]{3})*\s?(?:đ|đồng|vnđ|vnd)(?!\w)",
    )
)


def refuse_secrets(text: str, field: str) -> None:
    """Let free text pass, or raise ``RuleError`` ``secret-code`` for ``field``; the text is never echoed."""
    if holds_code(text):
        raise RuleError(
            "secret-code",
            t("Ghi chú có dãy 6 chữ số giống mã OTP hoặc mật mã."),
            t("Chưa lưu gì. Xóa dãy số đó; không ai được ghi mã của công dân. Nếu là ngày, ghi 22/11/2026."),
            field=field,
        )


def holds_code(text: str) -> bool:
    """Whether six digits stand alone in the text."""
    plain = _without_known(_ascii_digits(text))
    if _MARKED_PAIRS.search(plain) or _GLUED.search(fold(plain)):
        return True
    return any(_is_code(_GROUP.findall(chain[0])) for chain in _CHAIN.finditer(plain))


def _ascii_digits(text: str) -> str:
    """Digits of every script as ASCII, signs around a digit (keycaps) taken off."""
    spread = unicodedata.normalize("NFKC", clean_text(text))
    digits = (_digit(c) for c in spread if unicodedata.category(c) != "Me")
    return clean_text("".join(digits))


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _without_known(text: str) -> str:
    for pattern in (*_KNOWN, _CLOCK):
        text = pattern.sub(" x ", text)
    text = _LIST.sub(_blank_list, _DATE.sub(_blank_date, text))
    for pattern in (_ISO_DATE, _MONTH, _SPOKEN_MONTH):
        text = pattern.sub(" x ", text)
    return text


def _blank_list(match: re.Match[str]) -> str:
    """Days or papers counted up one by one (``thứ 2, 3, 4, 5, 6, 7``) are a list, not a code."""
    digits = [int(digit) for digit in _GROUP.findall(match[0])]
    return " x " if digits == list(range(digits[0], digits[0] + len(digits))) else match[0]


def _blank_date(match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    try:
        date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return match[0]
    return " x "


def _is_code(groups: list[str]) -> bool:
    sizes = [len(group) for group in groups]
    if sum(sizes) == _CODE_LENGTH or _CODE_LENGTH in sizes:
        return True
    return any(_holds_run(sizes, shape) for shape in ([3, 3], [2, 2, 2], [1] * 6))


def _holds_run(sizes: list[int], shape: list[int]) -> bool:
    width = len(shape)
    return any(sizes[i : i + width] == shape for i in range(len(sizes) - width + 1))
