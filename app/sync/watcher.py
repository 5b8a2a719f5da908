"""When to try the line: a state machine without threads, clock or network of its own.

While the line is down, a bare connection attempt every few seconds; when it answers, a round at once. A
server that answers badly is left alone with growing, jittered pauses, or as long as it asks (I15). After a
good round the next one comes when something waits, or when the province wished, else after five minutes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from app.protocol.hosts import is_loopback
from app.sync.dialling import dial
from app.sync.report import RoundReport

PROBE_EVERY_S: Final = 2.5
CALM_S: Final = 300.0
BASE_S: Final = 2.0
CAP_S: Final = 300.0
LONGEST_CALM_S: Final = 3600.0

_LINE: Final = ("no-line", "line-slow")
_GOOD: Final = ("complete", "files-waiting", "held-back", "difference")


class Do(StrEnum):
    """What the network worker does next."""

    WAIT = "wait"
    PROBE = "probe"
    ROUND = "round"


class LineState(StrEnum):
    """What is known of the line."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Action:
    """``wait_s`` counts only for ``WAIT``: ask again after it, or at once after ``wake``."""

    do: Do
    wait_s: float = 0.0


class LineWatcher:
    """Feed it what happened, ask it what to do. Times are monotonic seconds of the caller."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._next_at: float | None = None
        self._failures = 0
        self._wanted = False
        self.line = LineState.UNKNOWN

    def next_action(self, now: float) -> Action:
        """Wait, probe the line, or run a round."""
        if self._next_at is not None and now < self._next_at:
            return Action(Do.WAIT, self._next_at - now)
        return Action(Do.PROBE if self.line is LineState.DOWN and not self._wanted else Do.ROUND)

    def probed(self, now: float, reached: bool) -> None:
        """The bare connection attempt ended."""
        self._next_at = now if reached else now + PROBE_EVERY_S
        if reached:
            self.line = LineState.UNKNOWN

    def round_done(self, now: float, report: RoundReport) -> None:
        """A round ended."""
        self._wanted = False
        code = report.outcome.code
        if code in _GOOD:
            self.line, self._failures = LineState.UP, 0
            self._next_at = now + self._calm(report)
        elif code == "stopped":
            self._next_at = now + CALM_S
        elif code in _LINE:
            self._after_lost_line(now)
        else:
            self.line = LineState.UP if code != "not-believed" else LineState.DOWN
            self._failures += 1
            self._next_at = now + max(self._back_off(), report.retry_after_s or 0.0)

    def wake(self, now: float, *, by_officer: bool = False) -> None:
        """Something new waits, or the officer pressed F5. A busy server's pause is kept unless the officer
        asks; a line that is down is not tried by rounds, unless the officer asks."""
        if by_officer:
            self._wanted = True
            self._next_at = now
        elif self.line is not LineState.DOWN and not self._failures:
            self._next_at = now

    def _after_lost_line(self, now: float) -> None:
        """The first loss is probed at once; where the probe succeeds but rounds keep failing (a proxy that
        answers for a dead line), the pauses grow."""
        was_down = self.line is LineState.UNKNOWN and self._failures > 0
        self.line = LineState.DOWN
        self._failures += 1
        pause = self._back_off() if was_down else 0.0
        self._next_at = now + max(PROBE_EVERY_S, pause)

    def _calm(self, report: RoundReport) -> float:
        if report.waiting and report.outcome.code != "held-back":
            return 1.0
        wished = report.next_after_s if report.next_after_s is not None else CALM_S
        return min(LONGEST_CALM_S, max(1.0, float(wished)))

    def _back_off(self) -> float:
        """Full jitter between nothing and a doubling ceiling."""
        ceiling = min(CAP_S, BASE_S * 2.0 ** min(self._failures, 10))
        return max(1.0, float(self._jitter()) * ceiling)


def probe(url: str, timeout_s: float = 3.0) -> bool:
    """One bare TCP connection to the gateway, or to the proxy that stands before it; nothing is sent."""
    host, port = _target(url)
    try:
        dial(host, port, timeout_s, lambda: False).close()
    except (OSError, UnicodeError):
        return False
    return True


def _target(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = None if is_loopback(host) else getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(host):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
