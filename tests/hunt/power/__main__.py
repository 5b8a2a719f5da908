"""``python -m tests.hunt.power COUNT SEED [--plant NAME] [--kind NAME]``: COUNT deaths; 1 where a promise broke."""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.hunt.power.build import shim


def main() -> int:
    """Start again with the shim below, then hunt."""
    read = argparse.ArgumentParser(prog="python -m tests.hunt.power")
    read.add_argument("count", type=int)
    read.add_argument("seed", type=int)
    read.add_argument("--plant", default="")
    read.add_argument("--kind", default="")
    read.add_argument("--first", type=int, default=0)
    read.add_argument("--stop", action="store_true")
    asked = read.parse_args()
    if "power-shim" not in os.environ.get("LD_PRELOAD", ""):
        environ = {**os.environ, "LD_PRELOAD": str(shim()), "MOTCUA_FAILPOINT": ""}
        os.execve(sys.executable, [sys.executable, "-m", "tests.hunt.power", *sys.argv[1:]], environ)
    from tests.hunt.power.hunt import hunt

    started = time.monotonic()
    figures = hunt(asked.count, asked.seed, plant=asked.plant, kind=asked.kind, stop=asked.stop, first=asked.first)
    print("\n".join(figures.lines()))
    print("\n".join(figures.broken))
    print(
        f"seed {asked.seed}: {figures.deaths} deaths, {figures.failures} failing or torn calls,"
        f" {len(figures.broken)} broken promises, {time.monotonic() - started:.0f} s"
    )
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main())
