"""The one character that text may never hold here: NUL, which PostgreSQL cannot store. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

NUL: Final = "\x00"


def nul_pointers(value: object, root: str = "") -> Iterator[str]:
    """Where a JSON value holds a NUL, as JSON Pointers; a member's name counts as its place."""
    if isinstance(value, str):
        if NUL in value:
            yield root
    elif isinstance(value, dict):
        for name, item in value.items():
            if NUL in name:
                yield root
            else:
                yield from nul_pointers(item, f"{root}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from nul_pointers(item, f"{root}/{index}")
