"""What a call costs beside its bytes, so that the size of a chunk follows the line and nothing else."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

from app.clock import Clock

Result = TypeVar("Result")
_REMEMBERED: Final = 5


class Pace:
    """The latest small calls of a round. The quickest stands for the way there and back and the province's
    own work: time that a smaller chunk would not save."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._small: deque[int] = deque(maxlen=_REMEMBERED)

    def timed(self, call: Callable[[], Result]) -> Result:
        """A call of a few hundred bytes; only one that is answered counts."""
        started = self._clock.monotonic_ms()
        result = call()
        self._small.append(self._clock.monotonic_ms() - started)
        return result

    def of_bytes(self, took_ms: int) -> int:
        """Milliseconds of ``took_ms`` that the bytes of a large call took."""
        return max(0, took_ms - min(self._small, default=0))
