"""Random lives of dossiers on real desks, judged act by act by ``life_model``.

    python -m tests.hunt.life_machine --histories 10000 --seed 1

One history is one dossier from its arrival through some ten to twenty tried acts, lawful and not, by
officers of every role, at clocks that run, jump ahead, run back, and stand on weekends, holidays, Tết and
New Year's Eve. Many histories live on one desk side by side, so that their events share one stream. After
every act: a refusal changed nothing in the store; a success is what the model says, to the minute; what
history held before is untouched; the act has its events, its history lines, one audit row. A desk ends
with its whole stream, audit chain, books and histories read again.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hunt import life_chance as chance
from tests.hunt.life_checks import BrokenError, History
from tests.hunt.life_desk import Figures, LifeDesk

PER_DESK = 250
SIDE_BY_SIDE = 6


def run(desk: LifeDesk, rng: random.Random, histories: int, *, alone: bool = False) -> Figures:
    """Walk so many histories on the desk, some side by side, then read all of it again.

    ``alone``: no other unit ever answers a transfer.
    """
    open_now: list[History] = []
    while histories or open_now:
        while histories and len(open_now) < SIDE_BY_SIDE:
            histories -= 1
            open_now.append(_arrive(desk, rng))
        one = rng.choice(open_now)
        _step(desk, rng, one, alone)
        one.left -= 1
        if not one.left:
            desk.figures.ends[one.life.status] += 1
            open_now.remove(one)
    desk.checks.read_all_again()
    return desk.figures


def _arrive(desk: LifeDesk, rng: random.Random) -> History:
    desk.figures.histories += 1
    at = chance.first_moment(rng)
    if rng.random() < 0.15:
        desk.refused_arrival(at, *chance.bad_arrival(rng, at))
    if rng.random() < 0.1:
        pages, copies = rng.choice((1, 2, 3, 40)), rng.choice((1, 2, 9))
        one = desk.certify(at, pages, copies, in_utc=rng.random() < 0.3)
    else:
        one = desk.arrive(chance.arrival(rng, at))
    one.left = rng.randint(6, 18)
    return one


def _step(desk: LifeDesk, rng: random.Random, one: History, alone: bool) -> None:
    if not alone and one.life.pending and one.life.here and rng.random() < 0.25:
        desk.taken_elsewhere(one)
        return
    if not one.life.here and one.life.pending is None and rng.random() < 0.15:
        desk.brought_back(one)
        return
    order, login = chance.order(rng, one.life)
    now = chance.clock_beside(rng, order.at)
    desk.attempt(one, order, login, now, in_utc=rng.random() < 0.25)


def walk(histories: int, seed: int) -> Iterator[tuple[int, Figures]]:
    """Walk them desk by desk; gives after each desk how many histories are done, and the figures so far."""
    total = Figures()
    place = 0
    while total.histories < histories:
        total.add(one_desk(min(PER_DESK, histories - total.histories), f"{seed}.{place}"))
        place += 1
        yield total.histories, total


def one_desk(histories: int, seed: str) -> Figures:
    """The histories of one desk, by its own seed: what a failure names."""
    folder = Path(tempfile.mkdtemp(prefix="life-", dir=_quick_place()))
    try:
        desk = LifeDesk(folder, seed)
        try:
            return run(desk, random.Random(seed), histories)
        finally:
            desk.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quick_place() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the machine and print what it did."""
    parser = argparse.ArgumentParser(description="Random lives of dossiers, judged by a plain model.")
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desk", help="only this desk: the seed that a failure named, such as 1.7")
    args = parser.parse_args(argv)
    started = time.monotonic()
    total = Figures()
    try:
        if args.desk:
            total = one_desk(PER_DESK, args.desk)
        else:
            for done, total in walk(args.histories, args.seed):
                print(f"{done} histories, {total.tried} acts, {time.monotonic() - started:.0f} s", flush=True)
    except BrokenError as broken:
        print(broken, file=sys.stderr)
        return 1
    print(json.dumps(_report(total, time.monotonic() - started), ensure_ascii=False, indent=1))
    return 0


def _report(total: Figures, seconds: float) -> dict[str, object]:
    return {
        "histories": total.histories,
        "acts_tried": total.tried,
        "done": total.done,
        "refused": total.refused,
        "seconds": round(seconds, 1),
        "acts": dict(total.acts.most_common()),
        "refusals": dict(total.reasons.most_common()),
        "ends": {str(status): total.ends[status] for status in sorted(total.ends)},
    }


if __name__ == "__main__":
    raise SystemExit(main())
