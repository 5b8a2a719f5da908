"""Where a round meets its end: each failpoint it passes may be the one, whatever points it passes.

with fate(chance.random(), fail) as met:      # or ``kill_noting(path)`` in a process of its own
    run_round(desk)
met                                           # ["before_commit"], or [] where the round lived
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from app import failpoints
from app.failpoints import PlannedFailure

_EVERYWHERE = ("before_commit", "after_commit", "after_head_mark")
"""Points of every commit; all others are a step of the line, or of a file."""
_NEAR = 8
"""So many passes after such a step belong to it: its own commits."""
_CHANCE_NEAR, _CHANCE = 0.1, 0.04


def fail(name: str) -> None:
    """The disk is full here."""
    raise PlannedFailure(28, f"planned failure at {name}")


def kill_noting(path: Path) -> Callable[[str], None]:
    """The power goes here; ``path`` will say where."""

    def kill(name: str) -> None:
        path.write_text(name, encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)

    return kill


@contextmanager
def fate(seed: float, end: Callable[[str], None], start: str = "", reach: int = 8) -> Iterator[list[str]]:
    """``end`` is called at most once, at one of the points passed within; which, is in the list.

    ``start``: at this point or one of the next, ``reach`` of them in all, each as likely as the other.
    """
    chance, met, near = random.Random(seed), list[str](), 0
    left = chance.randrange(reach) if start else -1
    begun = False

    def hit(name: str) -> None:
        nonlocal near, left, begun
        near = near - 1 if name in _EVERYWHERE else _NEAR
        begun = begun or name == start
        if start:
            now = begun and left == 0
            left -= begun
        else:
            now = chance.random() < (_CHANCE_NEAR if near >= 0 else _CHANCE)
        if now and not met:
            met.append(name)
            end(name)

    with mock.patch.object(failpoints, "hit", hit):
        yield met
