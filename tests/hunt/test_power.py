"""A fixed small share of the hunt below SQLite, and each planted fault found.

The full hunt: ``python -m tests.hunt.power COUNT SEED``.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.hunt.driver import ROOT
from tests.hunt.power.plants import PLANTS


def test_no_promise_breaks_and_every_planted_fault_is_found() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.hunt.power", "16", "3", "--prove"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 broken promises" in ran.stdout
    assert ran.stdout.count("planted ") == len(PLANTS)
    assert "NOT FOUND" not in ran.stdout
