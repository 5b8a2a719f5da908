"""Which schemas this program knows, oldest first; the last is its own."""

from __future__ import annotations

from typing import Final

KNOWN: Final = ("0001", "0002", "0003")
HEAD: Final = KNOWN[-1]
