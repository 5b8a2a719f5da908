"""``python -m tests.hunt.mutants COUNT SEED``: COUNT spoilt files, how each ended; 1 where a promise broke.

``--door NAME``: one door alone; ``--first N``: begin at a number of an earlier run.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.hunt.mutants.doors import DOORS
from tests.hunt.mutants.hunt import ground, hunt


def main() -> int:
    """Hunt and tell."""
    read = argparse.ArgumentParser(prog="python -m tests.hunt.mutants")
    read.add_argument("count", type=int)
    read.add_argument("seed", type=int)
    read.add_argument("--door", default="")
    read.add_argument("--first", type=int, default=0)
    asked = read.parse_args()
    began = time.monotonic()
    doors = tuple(door for door in DOORS if asked.door in ("", door.name))
    with ground() as template:
        figures = hunt(
            template, asked.count, asked.seed, doors, asked.first, lambda words: print(words, file=sys.stderr)
        )
    print("\n".join([*figures.lines(), *figures.findings]))
    print(
        f"seed {asked.seed}: {figures.count} mutants, {len(figures.findings)} findings, slowest"
        f" {figures.slowest_s:.1f} s ({figures.slowest}), most memory {figures.memory >> 20} MB,"
        f" {time.monotonic() - began:.0f} s"
    )
    return 1 if figures.findings else 0


if __name__ == "__main__":
    sys.exit(main())
