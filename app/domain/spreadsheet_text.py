"""Words that are pasted into or written to a spreadsheet stay words (RELIABILITY I28)."""

from __future__ import annotations

from typing import Final

_STARTS: Final = frozenset("=+-@")


def spreadsheet_text(words: str) -> str:
    """One cell on one line; what a spreadsheet would reckon as a formula gets the sign that marks text."""
    line = " ".join(words.split())
    return f"'{line}" if line[:1] in _STARTS else line
