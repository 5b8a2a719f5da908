"""A program of ours that dies leaves nothing of its memory; one without the guard does, on this system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and core files of Linux")
PROGRAM = """
import os, sys
from pathlib import Path
from app.bootstrap import main
if sys.argv[1] == "ours":
    main(["--version"])
print(next(line for line in Path("/proc/self/limits").read_text().splitlines() if "core" in line))
sys.stdout.flush()
os.abort()
"""


def _unlimited() -> None:
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def die(folder: Path, which: str) -> tuple[list[str], list[str]]:
    """The limit as the kernel tells it, and the files left in the folder it died in."""
    folder.mkdir()
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, which],
        cwd=folder,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin"},
        preexec_fn=_unlimited,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -6, done.stderr
    limit = next(line for line in done.stdout.splitlines() if line.startswith("Max core file size"))
    return limit.split()[4:6], [each.name for each in folder.iterdir()]


@linux
def test_a_program_of_ours_that_dies_leaves_no_core(tmp_path: Path) -> None:
    limit, left = die(tmp_path / "ours", "ours")
    assert limit in (["1", "1"], ["0", "0"]) and left == []


@linux
def test_the_search_can_find(tmp_path: Path) -> None:
    limit, left = die(tmp_path / "bare", "bare")
    plain = not Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/"))
    if limit[0] in ("0", "1") or not plain:
        pytest.skip("this system writes no core beside a program")
    assert left
