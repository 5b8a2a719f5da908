"""That this store was put back from a copy, and what follows for the numbers the province gives itself.

A copy does not know the numbers given after it was made; people hold them on paper. So after a restore the
days up to then are numbered on in a band of a thousand that no earlier life of the store numbered in, chosen
by the hour of the restore. Two restores give the same band only within one hour, or 37.5 days apart to the
hour, and only where the second took a copy from before the first.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.clock import VIETNAM
from app.province.run_memory import ask_once
from app.province.tables import server
from app.province.times import from_ms, to_ms

BAND: Final = 1000
_FIRST_BAND: Final = 100_000
_BANDS: Final = 900
_NAME: Final = "restored_at"
_DAYS_AHEAD: Final = timedelta(days=2)
"""A desk whose clock is fast had its receipts numbered under a day still to come."""


def note(db: Connection, now: datetime) -> None:
    """Remember a restore at this moment."""
    moments = [*_moments(db), to_ms(now)]
    db.execute(delete(server).where(server.c.name == _NAME))
    db.execute(insert(server).values(name=_NAME, value=json.dumps(moments)))


def any_noted(db: Connection) -> bool:
    """Whether this store was ever put back from a copy."""
    return bool(_moments(db))


def first_number(db: Connection, day: date) -> int | None:
    """Where the numbers of a day go on after the last restore; ``None`` for a day none touches."""
    moments = ask_once(db, ("restored_at",), lambda: _moments(db))
    if not moments:
        return None
    last = from_ms(max(moments)).astimezone(VIETNAM)
    if day > last.date() + _DAYS_AHEAD:
        return None
    hours = to_ms(last) // 3_600_000
    return _FIRST_BAND + hours % _BANDS * BAND


def _moments(db: Connection) -> list[int]:
    held = db.execute(select(server.c.value).where(server.c.name == _NAME)).scalar()
    return [] if held is None else list(json.loads(held))
