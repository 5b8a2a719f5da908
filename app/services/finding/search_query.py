"""What an officer typed, as a full-text question. Whatever is typed is words, never an operator (I28)."""

from __future__ import annotations

from itertools import groupby

from app.models.search_index import search_words

MOST_WORDS = 12
_COUNTRY = "84"


def match_text(typed: str) -> str | None:
    """The FTS5 question: every word or number must begin a word of the row; ``None`` without any.

    Digits in groups are one number too: ``0900 000 123``, ``008 198 000000``, ``+84 900 000 123``. Words
    come from ``search_words``, which leaves only ``0-9a-z``, so nothing typed can be an operator.
    """
    words = search_words(typed[:400])[:MOST_WORDS]
    if not words:
        return None
    parts = [part for digits, run in groupby(words, str.isdigit) for part in _parts(list(run), digits)]
    return " AND ".join(parts)


def _parts(run: list[str], digits: bool) -> list[str]:
    if not digits:
        return [_begins(word) for word in dict.fromkeys(run)]
    joined = "".join(run)
    choices = [" AND ".join(_begins(word) for word in dict.fromkeys(run))]
    if len(run) > 1:
        choices.append(_begins(joined))
    if joined.startswith(_COUNTRY) and len(joined) >= len(_COUNTRY) + 9:
        choices.append(_begins("0" + joined.removeprefix(_COUNTRY)))
    return [f"({' OR '.join(f'({choice})' for choice in choices)})" if len(choices) > 1 else choices[0]]


def _begins(word: str) -> str:
    return f'"{word}"*'
