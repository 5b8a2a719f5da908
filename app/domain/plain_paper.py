"""A paper of the counter's own that no circular prescribes: a letter, a list or a worksheet, apart from how
it looks (its head follows NĐ 30/2020)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class PaperTable:
    """``columns``: title and share of the width; every row as long as them."""

    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PaperPart:
    """One part under a heading: lines (label, value), then sentences, then a table; any may be missing.
    A line without a value shows dots for a hand."""

    title: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    table: PaperTable | None = None


@dataclass(frozen=True)
class PlainPaper:
    """``serial``: number on the left under the agency, "" where it has none; ``signers``: title and name,
    the rightmost last."""

    head: SlipHead
    title: str
    made_at: datetime
    parts: tuple[PaperPart, ...]
    serial: str = ""
    signers: tuple[tuple[str, str], ...] = ()
    copy_no: int = 1
    demo: bool = False
