"""The hour at which a day at the counter ends, and whether it has gone by over a desk that nobody uses."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from app.clock import VIETNAM

NIGHT: Final = timedelta(hours=10)
"""How long after the hour a desk left alone again is still closed for the night."""


def read_hour(kept: object) -> time | None:
    """The hour that ``kept`` ("19:00") names; ``None`` where it names none."""
    try:
        hour = time.fromisoformat(kept) if isinstance(kept, str) and len(kept) == len("19:00") else None
    except ValueError:
        return None
    return None if hour is None or hour.tzinfo is not None else hour


def is_closed(now: datetime, touched: datetime, hour: time) -> bool:
    """Whether the hour went by since somebody ``touched`` the desk, or it is the night after it.

    Only wall times are compared: a clock that jumps closes early or late, never twice and never in between.
    """
    local = now.astimezone(VIETNAM)
    last = datetime.combine(local.date(), hour, VIETNAM)
    if last > local:
        last -= timedelta(days=1)
    return touched < last or local - last < NIGHT
