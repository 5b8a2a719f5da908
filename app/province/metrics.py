"""Counts of this process for a monitoring system, in Prometheus's text format. No desk, no person."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

_BOUNDS: Final = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)


class Metrics:
    """Requests by operation and status, their time, events by verdict. Threads may share it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._events: Counter[str] = Counter()
        self._national: Counter[tuple[str, str]] = Counter()

    def request(self, operation: str, status: int, seconds: float) -> None:
        """One answered request."""
        with self._guard:
            self._requests[operation, status] += 1
            self._seconds[operation] += seconds  # type: ignore[assignment]
            for bound in _BOUNDS:
                if seconds <= bound:
                    self._buckets[operation, bound] += 1

    def events(self, verdicts: Mapping[str, int]) -> None:
        """Events that were judged."""
        with self._guard:
            self._events.update(verdicts)

    def national(self, kind: str, outcome: str) -> None:
        """One call to the national portal."""
        with self._guard:
            self._national[kind, outcome] += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """Everything, with gauges measured just now."""
        with self._guard:
            lines = [*self._lines(), *_gauge_lines(gauges)]
        return "\n".join(lines) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# TYPE motcua_requests_total counter"
        for (operation, status), count in sorted(self._requests.items()):
            yield f'motcua_requests_total{{operation="{operation}",status="{status}"}} {count}'
        yield "# TYPE motcua_request_seconds histogram"
        for operation in sorted({name for name, _ in self._requests}):
            yield from self._histogram(operation)
        yield "# TYPE motcua_events_total counter"
        for verdict, count in sorted(self._events.items()):
            yield f'motcua_events_total{{verdict="{verdict}"}} {count}'

        if self._national:
            yield "# TYPE motcua_national_calls_total counter"
        for (kind, outcome), count in sorted(self._national.items()):
            yield f'motcua_national_calls_total{{kind="{kind}",outcome="{outcome}"}} {count}'

    def _histogram(self, operation: str) -> Iterator[str]:
        total = sum(count for (name, _), count in self._requests.items() if name == operation)
        for bound in _BOUNDS:
            count = self._buckets[operation, bound]
            yield f'motcua_request_seconds_bucket{{operation="{operation}",le="{bound}"}} {count}'
        yield f'motcua_request_seconds_bucket{{operation="{operation}",le="+Inf"}} {total}'
        yield f'motcua_request_seconds_sum{{operation="{operation}"}} {self._seconds[operation]:.6f}'
        yield f'motcua_request_seconds_count{{operation="{operation}"}} {total}'


def _gauge_lines(gauges: Mapping[str, float]) -> Iterator[str]:
    for name, value in sorted(gauges.items()):
        yield f"# TYPE motcua_{name} gauge"
        yield f"motcua_{name} {value:g}"
