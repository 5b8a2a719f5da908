"""Marks in the text of a scanned card that an officer must compare with the card in the hand.

Nothing is changed here. A doubt is a sign that no name or address on a card has, or a trace that an
input method leaves: a letter typed twice (``Taân``), a lone marked letter (``Â`` for ``A6``), no marks
at all, keys of Telex, or markup and formulas, which stay the literal text they are (I28).
"""

from __future__ import annotations

import re
import unicodedata

from app.domain.raw_typing import read_telex
from app.domain.vietnamese import is_hidden, nfc

_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b")
_OTHER_PEOPLES = frozenset("ñčƀƃɓ")
_NAME_SIGNS = frozenset(" '’.-")
_ADDRESS_SIGNS = frozenset(" ,.-–/()'’:;+")
_FORMULA_STARTS = ("=", "+", "-", "@")
_TWICE = re.compile(r"a[âă]|eê|o[ôơ]|uư|dđ")
_LONE = re.compile(r"(?<!\w)[0-9]*([^\W\d_])[0-9]*(?![\w.])")
_LONE_WORDS = frozenset("ôýơởấ")
_LONGEST_NAME = 80


def name_is_doubtful(raw: str, name: str) -> bool:
    """Whether the name, as scanned (``raw``) and as kept, asks for a look at the card."""
    if len(name) > _LONGEST_NAME or _is_odd(raw, name, _NAME_SIGNS):
        return True
    return any(c.isdigit() for c in name) or _has_word_without_vowel(name)


def address_is_doubtful(raw: str, address: str) -> bool:
    """Whether the address, as scanned (``raw``) and as kept, asks for a look at the card."""
    return _is_odd(raw, address, _ADDRESS_SIGNS) or _has_lone_marked_letter(address)


def marks_are_lost(name: str, address: str) -> bool:
    """Whether name and address hold no Vietnamese mark at all: three words and more never do without."""
    words = re.findall(r"[^\W\d_]{2,}", address)
    return (name + address).isascii() and len(words) >= 3


def looks_like_telex(name: str, address: str) -> bool:
    """Whether both look like the keys of Telex, which only the sex field can prove."""
    return all(text.isascii() and (read_telex(text) or text) != text for text in (name, address))


def hides_something(raw: str) -> bool:
    """Whether control, invisible or direction characters were in the text, or white space but blanks."""
    return any(is_hidden(c) or c in "\t\r\n\v\f" for c in raw)


def _is_odd(raw: str, text: str, signs: frozenset[str]) -> bool:
    if hides_something(raw) or text.startswith(_FORMULA_STARTS):
        return True
    if _TWICE.search(_without_tones(text.lower())):
        return True
    return not all(_is_usual(c, signs) for c in text)


def _is_usual(char: str, signs: frozenset[str]) -> bool:
    if char in signs or (char.isascii() and char.isalnum()):
        return True
    base, *marks = tuple(unicodedata.normalize("NFD", char.lower()))
    if char.lower() in _OTHER_PEOPLES or char in "đĐ":
        return True
    return base in "aeiouy" and bool(marks) and _MARKS.issuperset(marks)


def _without_tones(text: str) -> str:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    return nfc("".join(c for c in unicodedata.normalize("NFD", text) if c not in tones))


def _has_word_without_vowel(name: str) -> bool:
    for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"\w+['’]", "", name)):
        if not re.search(r"[aeiouy]", unicodedata.normalize("NFD", word.lower())):
            return True
    return False


def _has_lone_marked_letter(address: str) -> bool:
    letters = (match[1].lower() for match in _LONE.finditer(address))
    return any(not letter.isascii() and letter not in _LONE_WORDS for letter in letters)
