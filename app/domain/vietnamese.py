"""Vietnamese text: one spelling to store, one to search by, one to sort by.

Stored text is NFC without control or invisible characters (invariant I26). Search ignores marks and
case, so that ``hoà`` and ``hòa`` (both occur, "Chiêm Hoá" officially) are one word. Order is that of
Vietnamese dictionaries: a ă â b c d đ e ê ..., then the tone: none, huyền, hỏi, ngã, sắc, nặng.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from app.errors import RuleError
from app.text import t

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʹ`´", "'"))
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_DROPPED = frozenset({"Cc", "Cf", "Cs"})

_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_LETTERS = [
    "a",
    "ă",
    "â",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "ê",
    "f",
    "g",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "ô",
    "ơ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "ư",
    "v",
    "w",
    "x",
    "y",
    "z",
]
_LETTER_CODE = {letter: chr(ord("A") + place) for place, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_AFTER_LETTERS = "~"

_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 1_000_000_000


def nfc(text: str) -> str:
    """The text in normal form C, the only one stored."""
    return unicodedata.normalize("NFC", text)


def is_hidden(char: str) -> bool:
    """Whether the character shows nothing, or turns the direction of others; plain spaces do not count."""
    if char in _INVISIBLE:
        return True
    return unicodedata.category(char) in _DROPPED and not char.isspace()


def clean_text(text: str) -> str:
    """The text as it may be stored: NFC, nothing hidden, every run of white space one space (I26)."""
    return nfc(" ".join("".join(c for c in nfc(text) if not is_hidden(c)).split()))


def require_text(text: str, field: str) -> str:
    """``clean_text`` of a typed or piped value.

    Raises ``RuleError`` ``text-not-utf8`` where bytes were not UTF-8 (they arrive as surrogates): the
    letters are lost and nothing may be guessed (I27).
    """
    if any(unicodedata.category(c) == "Cs" for c in text):
        raise RuleError(
            "text-not-utf8",
            t("Có chữ không đọc được trong ô này."),
            t("Chưa lưu gì. Gõ lại bằng bảng mã Unicode."),
            field=field,
        )
    return clean_text(text)


def fold(text: str) -> str:
    """The search key: no marks, ``đ`` as ``d``, small letters, one space between words."""
    plain = unicodedata.normalize("NFD", clean_text(text).translate(_APOSTROPHES).lower())
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn").replace("đ", "d")
    return " ".join(nfc(bare.lower()).split())


def initials(text: str) -> str:
    """First letter of each word, folded: "Đăng ký khai sinh" is ``dkks``; ``H'Hen Niê`` is ``hn``."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", fold(text)))


def sort_key(text: str) -> str:
    """A key that puts texts in Vietnamese dictionary order under plain binary comparison, also in SQL.

    Word by word, letters before tone; apostrophes count for nothing (H'Hen, K'Sor); case is ignored.
    """
    plain = clean_text(text).translate(_APOSTROPHES).replace("'", "").lower()
    words = re.findall(r"[^\W_]+", nfc(plain))
    return "".join(_word_key(word) for word in words)


def _word_key(word: str) -> str:
    letters: list[str] = []
    tones = ""
    decomposed = unicodedata.normalize("NFD", word)
    for place, char in enumerate(decomposed):
        if unicodedata.category(char) == "Mn":
            tones += _TONES.get(char, "")
            continue
        marks = takewhile(lambda c: unicodedata.category(c) == "Mn", decomposed[place + 1 :])
        quality = "".join(m for m in marks if m in (_BREVE, _CIRCUMFLEX, _HORN))
        letters.append(_letter_code(char, quality))
    return f"{''.join(letters)} {tones or '0'} "


def _letter_code(base: str, quality: str) -> str:
    if base.isdigit() and base.isascii():
        return base
    code = _LETTER_CODE.get(nfc(base + quality)) or _LETTER_CODE.get(base)
    return code or _AFTER_LETTERS + base


def tidy_name(text: str) -> str:
    """The name as people write it: single spaces, a capital at each word, after ``'`` and after ``-``.

    Marks stay where they are; capitals inside a mixed word (``McDonald``) stay too. Meant for the moment
    the field is left, never while typing (SCREENS, Habits).
    """
    words = clean_text(text).translate(_APOSTROPHES).split(" ")
    return nfc(" ".join(_tidy_word(word) for word in words))


def _tidy_word(word: str) -> str:
    return "".join(_tidy_part(part) for part in re.split(r"(['-])", word))


def _tidy_part(part: str) -> str:
    if not part:
        return part
    mixed = part[0].isupper() and part[1:].lower() != part[1:] and part[1:].upper() != part[1:]
    rest = part[1:] if mixed else part[1:].lower()
    first = part[0].upper()
    return (first if len(first) == 1 else part[0]) + rest


def check_name(text: str, field: str = "name") -> str:
    """The tidied name of a person; one word is enough (names of the smaller peoples).

    Raises ``RuleError``: ``name-missing``, ``name-digits``, ``text-not-utf8``.
    """
    name = tidy_name(require_text(text, field))
    if not any(c.isalpha() for c in name):
        raise RuleError("name-missing", t("Chưa có họ tên."), t("Gõ họ tên như trên giấy tờ."), field=field)
    if any(c.isdigit() for c in name):
        raise RuleError(
            "name-digits",
            t("Họ tên không có chữ số."),
            t("Xóa chữ số, so lại với giấy tờ. Nếu gõ kiểu VNI, bật bộ gõ rồi gõ lại."),
            field=field,
        )
    return name


def number_in_words(number: int) -> str:
    """A whole number in Vietnamese words, as on receipts: 1015 is "một nghìn không trăm mười lăm"."""
    if number < 0:
        return "âm " + number_in_words(-number)
    return _words(number, padded=False) or _UNITS[0]


def _words(number: int, *, padded: bool) -> str:
    high, low = divmod(number, _BILLION)
    parts = [f"{_words(high, padded=padded)} tỷ"] if high else []
    for size, name in ((1_000_000, " triệu"), (1_000, " nghìn"), (1, "")):
        group, low = divmod(low, size)
        if group:
            parts.append(_group(group, padded=padded or bool(parts)) + name)
    return " ".join(parts)


def _group(number: int, *, padded: bool) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [f"{_UNITS[hundreds]} trăm"] if hundreds or padded else []
    if rest:
        parts.append(_below_hundred(rest, after_hundreds=bool(parts)))
    return " ".join(parts)


def _below_hundred(number: int, *, after_hundreds: bool) -> str:
    tens, unit = divmod(number, 10)
    if tens == 0:
        return f"linh {_UNITS[unit]}" if after_hundreds else _UNITS[unit]
    head = "mười" if tens == 1 else f"{_UNITS[tens]} mươi"
    if unit == 0:
        return head
    return f"{head} {_last_unit(tens, unit)}"


def _last_unit(tens: int, unit: int) -> str:
    if unit == 5:
        return "lăm"
    if tens > 1 and unit in (1, 4):
        return "mốt" if unit == 1 else "tư"
    return _UNITS[unit]
