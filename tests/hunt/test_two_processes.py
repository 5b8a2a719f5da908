"""Two programs on one desk: whatever the order of their acts, numbers are unique and books have no gap.

The full hunt: ``python -m tests.hunt.test_two_processes COUNT SEED``.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path

import pytest

from tests.hunt.driver import CARD, CERTIFY, RECEIVE, Counter, end, examine, say
from tests.support import desk as desks

MISSING = ("receive", "--procedure", "1.001193", "--card", CARD)


@pytest.mark.parametrize("seed", [3])
def test_any_interleaving_gives_each_number_once(tmp_path: Path, seed: int) -> None:
    interleave(tmp_path, random.Random(seed), 24)


def interleave(folder: Path, dice: random.Random, steps: int) -> int:
    """Two batches that run at the same time, each act's line written without waiting for the other's."""
    counter = Counter(desks.desk_folder(folder))
    pair = (counter.talk(), counter.talk())
    stored: list[str] = []
    for _ in range(steps):
        both = [_line(dice, stored) for _ in pair]
        for batch, line in zip(pair, both, strict=True):
            assert batch.stdin is not None
            batch.stdin.write(json.dumps(line).encode() + b"\n")
            batch.stdin.flush()
        for batch in pair:
            assert batch.stdout is not None
            answer = json.loads(batch.stdout.readline())
            assert answer["exit"] in (0, 3), answer
            stored += [answer["number"]] if "id" in answer else []
    assert say(pair[0], "audit", "verify") == {
        "rows": _rows(pair[1]),
        "ok": True,
        "first_broken": None,
        "exit": 0,
    }
    assert [end(batch) for batch in pair] == [0, 0]
    assert sorted(examine(counter.folder).numbers.values()) == sorted(stored)
    return len(stored)


def _rows(batch: object) -> int:
    answer = say(batch, "audit", "verify")  # type: ignore[arg-type]
    assert answer is not None
    return int(answer["rows"])


def _line(dice: random.Random, stored: list[str]) -> list[str]:
    acts = ("start", "complete", "return", "withdraw", "stop")
    choice = dice.randrange(6)
    if choice < 2 or not stored:
        return list(RECEIVE)
    if choice == 2:
        return list(CERTIFY)
    if choice == 3:
        return [*(MISSING if dice.random() < 0.5 else RECEIVE), *(["--register-only"] * dice.randrange(2))]
    return ["do", dice.choice(stored), dice.choice(acts), "--reason", "theo yêu cầu"]


if __name__ == "__main__":
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        with tempfile.TemporaryDirectory() as place:
            made = interleave(Path(place), random.Random(seed + number), 60)
        print(f"seed {seed + number}: {made} dossiers from two processes, each number once", flush=True)
