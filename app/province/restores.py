"""That this store was put back from a copy, and what follows for the numbers the province gives itself.

A copy does not know the numbers given after it was made; people hold them on paper. So after a restore the
days up to then are numbered on in a band of a thousand that no earlier life of the store numbered in, chosen
by the hour of the restore. Two restores give the same band only within one hour, or 37.5 days apart to the
hour, and only where the second took a copy from before the first.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

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
    """Remember a restore at this moment; the latest counts."""
    latest = max(_last(db) or 0, to_ms(now))
    db.execute(delete(server).where(server.c.name == _NAME))
    db.execute(insert(server).values(name=_NAME, value=str(latest)))


def any_noted(db: Connection) -> bool:
    """Whether this store was ever put back from a copy."""
    return _last(db) is not None


def first_number(db: Connection, day: date) -> int | None:
    """Where the numbers of a day go on after the last restore; ``None`` for a day none touches."""
    last = ask_once(db, (_NAME,), lambda: _last(db))
    if last is None or day > from_ms(last).date() + _DAYS_AHEAD:
        return None
    hours = last // 3_600_000
    return _FIRST_BAND + hours % _BANDS * BAND


def _last(db: Connection) -> int | None:
    held = db.execute(select(server.c.value).where(server.c.name == _NAME)).scalar()
    return None if held is None else int(held)
