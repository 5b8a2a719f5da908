"""Folding of many public names at once (procedures, units).

``fold`` works word by word, and these names share a few thousand words: each is folded once. Never for
text about people: what goes through here stays in memory as long as the program runs.
"""

from __future__ import annotations

from functools import lru_cache

from app.domain.vietnamese import fold

_fold_word = lru_cache(maxsize=20_000)(fold)


def fold_public(text: str) -> str:
    """As ``fold``, quick for names of which the words come again and again."""
    return " ".join(filter(None, map(_fold_word, text.split())))
