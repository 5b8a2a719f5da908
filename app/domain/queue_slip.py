"""What a queue ticket says; nothing on it names the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class QueueSlip:
    """``number`` as called (``A007`` with priority); ``ahead``: how many wait before; ``lane``: what for,
    empty where the office has one line only."""

    office: str
    number: str
    lane: str
    priority: bool
    ahead: int
    taken_at: datetime
    demo: bool = False
