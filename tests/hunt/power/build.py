"""The shim, compiled where the tests run."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

SOURCE = Path(__file__).with_name("shim.c")
ROOM = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
"""A disk in memory where there is one: what counts as durable is decided by the log, not by a disk."""


@cache
def shim() -> Path:
    """The library, made once a run."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "a C compiler is needed: bash tools/setup.sh --test"
    made = Path(mkdtemp(prefix="power-shim-")) / "shim.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"], check=True)
    return made
