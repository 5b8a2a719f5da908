"""The search for citizens in what the program wrote: it sees each plant; a fixed small share of deaths.

The full hunt: ``python -m tests.hunt.leaks 50 SEED``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hunt.driver import ROOT
from tests.hunt.leaks.markers import dresses, markers
from tests.hunt.leaks.plants import PLANTS
from tests.hunt.leaks.search import search, search_files

HUNT = (sys.executable, "-m", "tests.hunt.leaks")


@pytest.mark.parametrize("plant", PLANTS)
def test_the_search_finds_what_is_planted(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    assert search_files(tmp_path) == []
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 64)
    assert search_files(tmp_path) == []
    plant(tmp_path)
    assert search_files(tmp_path)


@pytest.mark.parametrize("which", range(len(markers())))
def test_every_dress_of_every_marker_is_seen(which: int) -> None:
    """By number: passwords made anew in each process are among them."""
    for name, raw in dresses(markers()[which]):
        assert len(raw) < 5 or search(b"\0\x01" + raw + b"\xff", name), name


def test_a_share_of_deaths_leaves_no_citizen_in_the_clear() -> None:
    ran = subprocess.run(
        [*HUNT, "2", "5", "--no-trace", "--no-printing", "--kind", "counter,line"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 findings" in ran.stdout
    assert "2 deaths" in ran.stdout
