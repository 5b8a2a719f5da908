"""Between moments, stored milliseconds and the text of the wire."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import VIETNAM, to_wire

_EPOCH = datetime(1970, 1, 1, tzinfo=VIETNAM) + timedelta(hours=7)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The moment, in +07:00."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def wire_ms(milliseconds: int) -> str:
    """Stored milliseconds as RFC 3339 with +07:00."""
    return to_wire(from_ms(milliseconds))
