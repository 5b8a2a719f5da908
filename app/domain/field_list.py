"""What the list of one journey of mobile registration says, apart from how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class FieldLine:
    """One dossier received away from the office."""

    number: str
    owner_name: str
    procedure: str
    received_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class FieldList:
    """Danh sách hồ sơ tiếp nhận lưu động. No circular prescribes it: the counter's own paper.

    ``closed_at`` ``None``: printed while the journey is still under way.
    """

    head: SlipHead
    place: str
    opened_at: datetime
    closed_at: datetime | None
    officer: str
    lines: tuple[FieldLine, ...]
    demo: bool = False
