"""What the steps of one upward round share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import Clock
from app.protocol.messages import Meta
from app.province.store import Store
from app.province.upward.upper import Upper


class StoppedError(Exception):
    """The gateway stops: the round ends between two steps, each complete in itself."""


@dataclass
class Counts:
    """What a round did."""

    answered: int = 0
    changes: int = 0
    files_sent: int = 0
    files_taken: int = 0


@dataclass
class Work:
    """One round of one line upward. ``unit``: the unit whose desks it serves."""

    store: Store
    clock: Clock
    unit: str
    upper: Upper
    meta: Meta
    stop: Callable[[], bool] = lambda: False
    counts: Counts = field(default_factory=Counts)

    def now(self) -> datetime:
        """The gateway's time."""
        return self.clock.now()

    def check(self) -> None:
        """Leave the round here if the gateway is to stop."""
        if self.stop():
            raise StoppedError
