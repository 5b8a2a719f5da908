"""``python -m tests.hunt.power COUNT SEED``: COUNT deaths and their figures; 1 where a promise broke.

``--prove [NAME …]``: afterwards these planted faults, or all of them, must be found. ``--plant NAME``,
``--kind NAME``: one alone. ``--minutes M``: stop by then. ``--first N``, ``--story``: begin at a desk, tell
what it went through.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.hunt.power.build import shim


def main() -> int:
    """Start again with the shim below, then hunt."""
    asked = _asked()
    if "power-shim" not in os.environ.get("LD_PRELOAD", ""):
        environ = {**os.environ, "LD_PRELOAD": str(shim()), "MOTCUA_FAILPOINT": ""}
        os.execve(sys.executable, [sys.executable, "-m", "tests.hunt.power", *sys.argv[1:]], environ)
    from tests.hunt.power.hunt import FOUND_BY, KINDS, Hunt, ground, prove

    started = time.monotonic()
    kinds = [kind for kind in KINDS if asked.kind in ("", kind.__name__)]
    with ground() as place:
        run = Hunt(place, asked.seed, asked.plant, kinds, asked.first, asked.story)
        figures = run.run(asked.count, minutes=asked.minutes)
        print("\n".join([*figures.lines(), *figures.broken]))
        print(
            f"seed {asked.seed}: {figures.deaths} deaths, {figures.failures} failing or torn calls,"
            f" {len(figures.broken)} broken promises, {time.monotonic() - started:.0f} s",
            flush=True,
        )
        found = {} if asked.prove is None else prove(place, asked.seed, asked.prove or FOUND_BY)
    for plant, words in found.items():
        print(f"planted {plant}: {words or 'NOT FOUND'}")
    return 1 if figures.broken or not all(found.values()) else 0


def _asked() -> argparse.Namespace:
    read = argparse.ArgumentParser(prog="python -m tests.hunt.power")
    read.add_argument("count", type=int)
    read.add_argument("seed", type=int)
    read.add_argument("--plant", default="")
    read.add_argument("--kind", default="")
    read.add_argument("--first", type=int, default=0)
    read.add_argument("--minutes", type=float, default=1e9)
    read.add_argument("--story", action="store_true")
    read.add_argument("--prove", nargs="*", metavar="NAME")
    return read.parse_args()


if __name__ == "__main__":
    sys.exit(main())
