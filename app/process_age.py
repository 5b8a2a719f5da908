"""How long this process has been running, counted from its true beginning, interpreter start included."""

from __future__ import annotations

import os
import time
from pathlib import Path

_LOADED_NS = time.monotonic_ns()


def process_age_ms() -> int:
    """Milliseconds since the process began; since this module was loaded where the system does not say."""
    return _linux_age_ms() or (time.monotonic_ns() - _LOADED_NS) // 1_000_000


def _linux_age_ms() -> int | None:
    try:
        after_name = Path("/proc/self/stat").read_text("ascii", "replace").rpartition(") ")[2]
        started_ticks = int(after_name.split()[19])
        per_second = os.sysconf("SC_CLK_TCK")
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, ValueError, IndexError, AttributeError):
        return None
    return max(1, int((now - started_ticks / per_second) * 1000))
