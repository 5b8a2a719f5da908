"""How often one desk may call: a bucket of requests for each, refilled steadily (SYNC-PROTOCOL 3.12).

The buckets are this process's own; behind several processes a desk may have as many times more. They
guard the others from a desk that has gone wrong, they are no fine measure.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.province.problems import ApiProblem
from app.text import t

DESK_RATE: Final = 50
_BURST_SECONDS: Final = 10
_MAX_BUCKETS: Final = 20_000


@dataclass
class _Bucket:
    left: float
    at: float


class Rates:
    """``per_second`` calls for each name, and ten seconds' worth at once; 0 lets everything through."""

    def __init__(self, per_second: float = DESK_RATE, seconds: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = per_second * _BURST_SECONDS
        self._seconds = seconds
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._guard = threading.Lock()

    def admit(self, name: str) -> None:
        """Count one call. Raises 429 ``rate-limited`` with the seconds to wait."""
        if not self._per_second:
            return
        with self._guard:
            bucket = self._bucket(name)
            if bucket.left >= 1:
                bucket.left -= 1
                return
            wait = (1 - bucket.left) / self._per_second
        raise ApiProblem(
            429,
            "rate-limited",
            t("Quầy gọi quá dày; máy chủ xin chờ một chút rồi gửi tiếp."),
            headers={"Retry-After": str(max(1, math.ceil(wait)))},
            retryable=True,
        )

    def give_back(self, name: str) -> None:
        """Take back the last count: only failures were meant to be counted."""
        with self._guard:
            if self._per_second:
                self._bucket(name).left += 1

    def _bucket(self, name: str) -> _Bucket:
        now = self._seconds()
        bucket = self._buckets.pop(name, None) or _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
        bucket.at = now
        self._buckets[name] = bucket
        if len(self._buckets) > _MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket
