"""Thirty days offline, small: 28 MB of scans over a thin line with cuts, the real window open.

The whole of it, with 2 GB, and how fluid the window stays: ``python -m tests.bench.bench_thirty_days``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

OF_THE_MACHINE = {"p99 at most 50 ms", "no gap over 200 ms", "events in the first session"}
"""Judged in the bench on a quiet machine, not beside other tests."""


def test_events_first_then_every_scan_whole_and_little_twice() -> None:
    size = ["--events", "40", "--megabytes", "28", "--factor", "400", "--cut-every", "2400"]
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_thirty_days", *size, "--rest", "1", "--at-most", "300"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=600,
        check=False,
    )
    assert told.stdout, told.stderr[-2000:]
    found = json.loads(told.stdout)
    assert set(found["missed"]) <= OF_THE_MACHINE, found
    assert found["scans"] == 20 and found["scan_bytes"] > 20_000_000
    assert found["line"]["cuts"] > 0 and found["closing_s"] < 3
