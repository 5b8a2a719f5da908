"""``python -m tests.hunt.line --faults 100000 --each 1000 --seed 1``: seed after seed until so many faults.

Every fifth seed runs over TLS. A line for each seed, the classes of faults at the end. Ends with 0 where
nothing was found, or, with ``--plant``, where the planted mistake was.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections import Counter

from tests.hunt.line.hunt import Found, hunt
from tests.hunt.line.nursery import SELDOM, Nursery
from tests.hunt.line.plants import PLANTS
from tests.hunt.line.weather import more_lies

TLS_EVERY = 5


def main(argv: list[str]) -> int:
    """Hunt as told."""
    gc.set_threshold(SELDOM)
    parser = argparse.ArgumentParser(prog="python -m tests.hunt.line")
    parser.add_argument("--faults", type=int, default=2000, help="in all")
    parser.add_argument("--each", type=int, default=1000, help="faults of one seed")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--desks", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--tls", action="store_true", help="every seed over TLS")
    parser.add_argument("--lies", type=int, default=1, help="how much oftener an answer is none")
    parser.add_argument("--plant", choices=PLANTS)
    asked = parser.parse_args(argv)
    more_lies(asked.lies)
    faults, outcomes, doomed, sums, findings = (
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
        0,
    )
    seed, end, nursery = asked.seed, time.monotonic() + asked.seconds, Nursery()
    started = time.monotonic()
    while faults.total() < asked.faults and time.monotonic() < end:
        found = hunt(
            seed,
            min(asked.each, asked.faults - faults.total()),
            desks=asked.desks,
            tls=asked.tls or seed % TLS_EVERY == 0,
            plant=asked.plant,
            seconds=end - time.monotonic(),
            nursery=nursery,
        )
        faults += found.faults
        outcomes += found.outcomes
        doomed += found.doomed
        sums.update(_sums(found))
        findings += len(found.findings)
        print(_line(found), flush=True)
        for finding in sorted(set(found.findings)):
            print("  !", finding, flush=True)
        seed += 1
        if asked.plant and findings:
            break
    nursery.close()
    print(f"{faults.total()} faulty requests in {time.monotonic() - started:.0f} s, {findings} findings")
    for name, counts in (
        ("faults", faults),
        ("rounds", outcomes),
        ("desk killed at", doomed),
        ("sums", sums),
    ):
        print(name, json.dumps(dict(sorted(counts.items()))))
    return int(bool(findings) != bool(asked.plant))


def _sums(found: Found) -> dict[str, int]:
    names = ("actions", "rounds", "requests", "events", "files", "restores", "crashes", "kills")
    return {name: getattr(found, name) for name in names}


def _line(found: Found) -> str:
    return (
        f"seed {found.seed}{' tls' if found.tls else ''}: {found.faults.total()} faults in {found.requests} "
        f"requests, {found.rounds} rounds, {found.events} events, {found.files} files, {found.restores} "
        f"restores, {found.kills} gateway kills, {found.doomed.total()} desk kills, {found.seconds:.0f} s, "
        f"{len(found.findings)} findings"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
