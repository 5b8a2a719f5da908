"""Keystrokes of the Vietnamese typing methods, read back into letters.

Some scanners send ``Nguyễn`` as the keys a person would press, letter by letter: ``Nguyeenx`` (Telex) or
``Nguye64n`` (VNI). With the input method off those keys arrive as they are. Only marks that stand right
behind their letter are read; a word counts as read only where it comes out as a Vietnamese syllable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from app.domain.vietnamese import fold, nfc

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"

_TELEX_TONES = {"f": _GRAVE, "r": _HOOK, "x": _TILDE, "s": _ACUTE, "j": _DOT}
_TELEX = re.compile(r"(dd|aa|ee|oo|[aou]w|[aeiouy])([frxsj]?)", re.IGNORECASE)
_VNI_MARKS = {"6": _HAT, "7": _HORN, "8": _BREVE}
_VNI_TONES = {"2": _GRAVE, "3": _HOOK, "4": _TILDE, "1": _ACUTE, "5": _DOT}
_VNI = re.compile(r"d9|([aeo]6|[ou]7|a8|[aeiouy])([1-5]?)", re.IGNORECASE)

_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)


def is_syllable(word: str) -> bool:
    """Whether the word has the build of a Vietnamese syllable with at most one tone."""
    tones = [c for c in unicodedata.normalize("NFD", word) if c in _TELEX_TONES.values()]
    stopped = re.search(r"(?:ch|[cpt])$", fold(word)) is not None
    if stopped and tones and tones[0] not in (_ACUTE, _DOT):
        return False
    return len(tones) <= 1 and _SYLLABLE.fullmatch(fold(word)) is not None


def read_telex(text: str) -> str | None:
    """The text that Telex keys stand for, ``None`` where a word with keys is no syllable afterwards."""
    return _read(text, _telex_word)


def read_vni(text: str) -> str | None:
    """The text that VNI keys stand for, ``None`` where a word with letters and digits does not come out."""
    return _read(text, _vni_word)


def _read(text: str, read_word: Callable[[str], str]) -> str | None:
    pieces = re.split(r"([^\W_]+)", text)
    for place in range(1, len(pieces), 2):
        word = pieces[place]
        if not word.isascii() or not re.match(r"[A-Za-z]", word):
            continue
        read = read_word(word)
        if read != word and not is_syllable(read):
            return None
        pieces[place] = read
    return "".join(pieces)


def _telex_word(word: str) -> str:
    return nfc(_TELEX.sub(_telex_letter, word))


def _telex_letter(match: re.Match[str]) -> str:
    keys, tone = match[1], match[2].lower()
    letter = keys[0]
    second = keys[1:].lower()
    if second == "d":
        return ("Đ" if letter == "D" else "đ") + tone
    if second == "w":
        letter += _BREVE if letter in "aA" else _HORN
    elif second:
        letter += _HAT
    return letter + _TELEX_TONES.get(tone, "")


def _vni_word(word: str) -> str:
    return nfc(_VNI.sub(_vni_letter, word))


def _vni_letter(match: re.Match[str]) -> str:
    if match[1] is None:
        return "Đ" if match[0][0] == "D" else "đ"
    return match[1][0] + _VNI_MARKS.get(match[1][1:], "") + _VNI_TONES.get(match[2], "")
