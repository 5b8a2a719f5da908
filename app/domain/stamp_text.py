"""Words of attestation (lời chứng) of one line of the book, filled from the stored line.

The wording is data of the office (``resources/forms/copy-stamp.json`` or its own lines); what is not known
becomes dots, never an invention.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DOTS = "…………"
PLACES = frozenset(
    {
        "number",
        "volume",
        "day",
        "month",
        "year",
        "place",
        "signer",
        "signer_title",
        "name",
        "identity",
        "receiver",
    }
)
"""What a line of wording may name."""

_PLACE = re.compile(r"\{([a-z_]*)\}")


@dataclass(frozen=True)
class StampLine:
    """One line. ``strong``: bold; ``room``: empty, high enough for signature and seal."""

    text: str
    strong: bool = False
    room: bool = False


@dataclass(frozen=True)
class Stamp:
    """The whole text. ``copies``: how many papers bear it; ``register_no`` as ``số/quyển``; ``confirmed``
    false: the wording has not been compared with the law in force."""

    register_no: str
    paper: str
    copies: int
    lines: tuple[StampLine, ...]
    confirmed: bool


def unknown_places(wording: Sequence[StampLine]) -> tuple[str, ...]:
    """Names in braces that mean nothing here, in the order found."""
    return tuple(name for line in wording for name in _PLACE.findall(line.text) if name not in PLACES)


def filled(wording: Sequence[StampLine], facts: Mapping[str, str]) -> tuple[StampLine, ...]:
    """The wording with its places filled; what is empty or unknown becomes dots."""

    def put(found: re.Match[str]) -> str:
        return facts.get(found[1], "").strip() or DOTS

    return tuple(StampLine(_PLACE.sub(put, line.text), line.strong, line.room) for line in wording)
