"""``python -m tests.hunt.leaks KILLS SEED``: deaths and searches; 1 where a citizen lay in the clear.

``--kind NAME``: one kind of run alone (by commas); ``--no-trace``: without asking strace which files were
written; ``--no-printing``: without a print service.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hunt.power.build import shim


def main() -> int:
    """Plants first, then the deaths, then every place a day writes to."""
    read = argparse.ArgumentParser(prog="python -m tests.hunt.leaks")
    read.add_argument("kills", type=int)
    read.add_argument("seed", type=int)
    read.add_argument("--kind", default="")
    read.add_argument("--no-trace", action="store_true")
    read.add_argument("--no-printing", action="store_true")
    asked = read.parse_args()
    if "power-shim" not in os.environ.get("LD_PRELOAD", ""):
        environ = {
            **os.environ,
            "LD_PRELOAD": str(shim()),
            "MOTCUA_FAILPOINT": "",
            "QT_QPA_PLATFORM": "offscreen",
        }
        os.execve(sys.executable, [sys.executable, "-m", "tests.hunt.leaks", *sys.argv[1:]], environ)
    from tests.hunt.leaks import traced
    from tests.hunt.leaks.child import Room
    from tests.hunt.leaks.hunt import KINDS, ground, hunt, told
    from tests.hunt.leaks.plants import PLANTS
    from tests.hunt.leaks.search import search_files

    began = time.monotonic()
    blind = []
    for plant in PLANTS:
        with TemporaryDirectory() as name:
            plant(Path(name))
            blind += [] if search_files(Path(name)) else [plant.__name__]
    print(f"plants found: {len(PLANTS) - len(blind)} of {len(PLANTS)}", *blind)
    kinds = tuple(kind for kind in KINDS if not asked.kind or kind in asked.kind.split(","))
    with ground(printing=not asked.no_printing) as on:
        figures = hunt(on, asked.kills, asked.seed, lambda words: print(words, file=sys.stderr), kinds)
    print("\n".join(told(figures)))
    outside: set[str] = set()
    if traced.is_there() and not asked.no_trace:
        os.environ.pop("LD_PRELOAD", None)
        with TemporaryDirectory() as name:
            count, outside = traced.a_day(Room(Path(name)).furnish())
        print(f"{count} traced processes wrote outside the searched folders: {sorted(outside) or 'nothing'}")
    print(
        f"seed {asked.seed}: {figures.deaths} deaths, {len(figures.found)} findings,"
        f" {time.monotonic() - began:.0f} s"
    )
    return 1 if blind or figures.found or outside else 0


if __name__ == "__main__":
    sys.exit(main())
