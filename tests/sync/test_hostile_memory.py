"""The desk's memory while a province answers with malice; all calls: ``tests.bench.bench_hostile_memory``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel for the peak")
def test_no_answer_takes_a_hundred_megabytes() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_hostile_memory", "--json", "--only", "snapshot,piece"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    found = json.loads(told.stdout)
    assert found["missed"] == [] and found["operations"] == 2
    assert max(found["most_mb"].values()) < 100
