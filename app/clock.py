"""The one clock. "Now" is read here and passed in everywhere else.

Times carry the zone of Viet Nam (+07:00, no daylight saving since 1975), whatever the PC is set to.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7), "+07")


class Clock(Protocol):
    """What the program may know of time."""

    @property
    def boot_id(self) -> str:
        """Names this run of the program, so that monotonic times can be compared."""

    def now(self) -> datetime:
        """Wall time with zone +07:00, whole milliseconds."""

    def monotonic_ms(self) -> int:
        """Milliseconds that never run backwards within one ``boot_id``."""


@dataclass(frozen=True)
class SystemClock:
    """The PC's own clock."""

    boot_id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def now(self) -> datetime:
        return truncate_ms(datetime.now(VIETNAM))

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


@dataclass
class FixedClock:
    """A clock that stands still until it is moved: tests, demo data, imports."""

    at: datetime
    boot_id: str = "fixed000"
    ticks_ms: int = 0

    def now(self) -> datetime:
        return truncate_ms(self.at.astimezone(VIETNAM))

    def monotonic_ms(self) -> int:
        return self.ticks_ms

    def advance(self, step: timedelta) -> None:
        """Move wall and monotonic time together."""
        self.at += step
        self.ticks_ms += int(step.total_seconds() * 1000)


def truncate_ms(moment: datetime) -> datetime:
    """The moment cut to whole milliseconds, the finest the protocol carries."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_wire(moment: datetime) -> str:
    """RFC 3339 with +07:00; milliseconds only where there are any."""
    local = truncate_ms(moment.astimezone(VIETNAM))
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


def from_wire(text: str) -> datetime:
    """The moment an RFC 3339 text names, in +07:00. Raises ``ValueError`` without an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("time without an offset")
    return truncate_ms(moment.astimezone(VIETNAM))
