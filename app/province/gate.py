"""How many runs are taken in at once: a few, the next ones queue, the rest is asked to come back soon.

Without this, a province that comes back on line all at once would fill every connection with runs that
wait for each other, nobody could even ask for a token, and desks would give up and send again. A desk
hears it before its body is read, so that a slow line is not used in vain.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.province.problems import ApiProblem
from app.text import t

RUNNING: Final = 6
QUEUED: Final = 18
_COME_BACK_S: Final = (2, 8)


class Gate:
    """``running`` at work and ``queued`` waiting at a time; one event loop."""

    def __init__(self, running: int = RUNNING, queued: int = QUEUED) -> None:
        self._places = asyncio.Semaphore(running)
        self._most = running + queued
        self._inside = 0

    def look(self) -> None:
        """Raise 503 ``overloaded`` where the queue is full."""
        if self._inside >= self._most:
            raise ApiProblem(
                503,
                "overloaded",
                t("Máy chủ đang bận."),
                headers={"Retry-After": str(random.randint(*_COME_BACK_S))},
                retryable=True,
            )

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One place at work, in the order of asking."""
        self._inside += 1
        try:
            async with self._places:
                yield
        finally:
            self._inside -= 1
