"""What the sheet of a visit says: several dossiers of one person, received together, on one page.

It is the counter's own paper beside the slips (each dossier has its form 01): what was handed in, when to
come, and one code a dossier, so that the citizen and the counter need not leaf through the slips.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.slips import SlipHead


@dataclass(frozen=True)
class GroupLine:
    """One dossier of the visit. ``number``: the official one, else the provisional one (``provisional``)."""

    number: str
    provisional: bool
    procedure: str
    owner_name: str
    due_at: datetime | None
    return_words: str
    fee_vnd: int | None = None
    """``None`` where nobody knows it yet: dots, never 0."""


@dataclass(frozen=True)
class GroupSheet:
    """ "Danh mục hồ sơ tiếp nhận cùng lượt": who came, what for, when to come again."""

    head: SlipHead
    receiving_office: str
    submitter_name: str
    submitter_phone: str
    received_at: datetime
    lines: tuple[GroupLine, ...]
    officer_name: str
    office_phone: str
    copy_no: int = 1
    """1 for the first printing; from 2 on the paper is marked "In lại lần n-1"."""
    demo: bool = False
