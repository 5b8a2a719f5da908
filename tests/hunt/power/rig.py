"""One process that has everything loaded, and its children that die: each is the real ``motcua batch``."""

from __future__ import annotations

import ctypes
import gc
import io
import json
import os
import random
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from app import bootstrap, keys, logs
from app.services import setup
from tests.hunt.power.plants import PLANTS
from tests.support import desk as desks

WRITES, SYNCS, NAMES = 1, 2, 4
EIO, ENOSPC = 5, 28


class How(IntEnum):
    """What the shim does at the chosen call."""

    NOTHING = 0
    KILL_BEFORE = 1
    KILL_AFTER = 2
    TEAR = 3
    FAIL = 4
    SHORT = 5


@dataclass(frozen=True)
class Fault:
    """``at``: the n-th call of these classes; ``again``: and every so many after it (-1: all)."""

    how: How
    classes: int = WRITES | SYNCS | NAMES
    at: int = 1
    error: int = EIO
    again: int = 0
    part: int = 500


def load() -> None:
    """Load what a batch needs, once; neither the key's derivation nor reference data touch the disk
    under test, so they are done once as well."""
    import app.cli.batch
    import app.cli.parser
    import app.models.migrate
    import app.services.eforms.declarations
    import app.services.intake.guidance
    import app.services.life
    import app.services.money.payments
    import app.services.papers.forms
    import app.services.privacy.retention
    import app.services.safety.automatic
    import app.services.safety.backup
    import app.services.safety.key_change
    import app.services.safety.recovery_sheet
    import app.services.safety.restore
    import app.sync.bundle_in
    import app.sync.bundle_out
    import app.sync.round  # noqa: F401
    from app.printing import forms, typeset  # noqa: F401

    keys._phrase_kek = cache_kek(keys._phrase_kek)  # type: ignore[assignment]
    reference = desks.reference()
    setup.Reference = lambda: reference  # type: ignore[assignment, misc]
    gc.collect()
    gc.freeze()


def cache_kek(honest: Any) -> Any:
    """Argon2id once a passphrase and salt."""

    @cache
    def reckon(phrase: str, salt: bytes, cost: tuple[tuple[str, Any], ...]) -> bytes:
        return bytes(honest(phrase, salt, dict(cost)))

    return lambda phrase, salt, cost: reckon(phrase, salt, tuple(sorted(cost.items())))


class Child:
    """``motcua --data FOLDER …`` in a process of its own, on a disk that obeys the fault."""

    def __init__(
        self,
        argv: Sequence[str],
        disk: Path,
        side: Path,
        fault: Fault,
        *,
        leader: bool = False,
        plant: str = "",
    ) -> None:
        said, to_child = os.pipe()
        from_child, answers = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(to_child)
            os.close(from_child)
            _be_the_batch(argv, disk, side, fault, (said, answers), leader=leader, plant=plant)
        os.close(said)
        os.close(answers)
        self._said = os.fdopen(to_child, "wb", buffering=0)
        self._heard = os.fdopen(from_child, "rb")

    def ask(self, line: Sequence[str]) -> dict[str, Any] | None:
        """One command of the batch and its answer; ``None``: it died over it."""
        with suppress(BrokenPipeError):
            self._said.write(json.dumps(line).encode() + b"\n")
        return self.hear()

    def hear(self) -> dict[str, Any] | None:
        """The next answer."""
        answer = self._heard.readline()
        return json.loads(answer) if answer.endswith(b"\n") else None

    def end(self) -> int:
        """No more lines; the exit code, negative where it was killed."""
        with suppress(BrokenPipeError):
            self._said.close()
        self._heard.read()
        self._heard.close()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _be_the_batch(
    argv: Sequence[str],
    disk: Path,
    side: Path,
    fault: Fault,
    pipes: tuple[int, int],
    *,
    leader: bool,
    plant: str,
) -> None:
    code = 98
    try:
        os.dup2(pipes[0], 0)
        os.dup2(pipes[1], 1)
        os.dup2(os.open(side / "stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        _tell_defects()
        os.environ.update(environ(leader=leader))
        if not leader:
            os.environ.pop("MOTCUA_PASSWORD", None)
        sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding="utf-8")
        if plant:
            PLANTS[plant]()
        arm(disk, side, fault)
        code = bootstrap.main(argv)
        sys.stdout.flush()
    except BaseException:
        code = 99
    finally:
        os._exit(code)


def _tell_defects() -> None:
    """A crash note cannot be kept on a disk that fails; the story needs it."""
    honest = logs.note_crash

    def note_crash(data: Path | None, failure: BaseException, clock: Any) -> str:
        os.write(2, "".join(traceback.format_exception(failure)).encode())
        return honest(data, failure, clock)

    logs.note_crash = note_crash


def environ(*, leader: bool) -> Mapping[str, str]:
    """No key store of the machine; the tests' passphrase; the leader signs in where asked."""
    known = {**desks.ENVIRON, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    return {**known, "MOTCUA_PASSWORD": desks.demo_password()} if leader else known


def arm(disk: Path, side: Path, fault: Fault) -> None:
    """Wake the shim, which was loaded with the process."""
    ctypes.CDLL(None).power_arm(
        str(disk).encode(),
        str(side).encode(),
        ctypes.c_int(fault.classes),
        ctypes.c_long(fault.at if fault.how else 1 << 60),
        ctypes.c_int(int(fault.how)),
        ctypes.c_int(fault.error),
        ctypes.c_long(fault.again),
        ctypes.c_long(fault.part),
    )


def clear(side: Path) -> None:
    """Forget what was noted: the disk as it is now is durable."""
    for place in side.iterdir():
        place.unlink()


def draw_death(dice: random.Random, scale: int = 1) -> Fault:
    """A kill somewhere in the next acts; ``scale``: how much longer than acts the work is."""
    how = dice.choice((How.KILL_BEFORE, How.KILL_AFTER, How.TEAR))
    if how is How.TEAR:
        return Fault(
            how, WRITES, scale * dice.randint(1, dice.choice((20, 80, 250))), part=dice.randint(0, 999)
        )
    classes = dice.choice((WRITES | SYNCS | NAMES, WRITES | SYNCS | NAMES, SYNCS, NAMES, SYNCS | NAMES))
    most = dice.choice((20, 80, 250)) if classes & WRITES else dice.choice((4, 12, 30))
    return Fault(how, classes, dice.randint(1, scale * most))


def draw_failure(dice: random.Random, scale: int = 1) -> Fault:
    """A disk that fails now and then, or is full from some moment on."""
    how = dice.choice((How.FAIL, How.FAIL, How.SHORT))
    classes = (
        dice.choice((WRITES, WRITES, SYNCS, WRITES | SYNCS | NAMES, NAMES)) if how is How.FAIL else WRITES
    )
    most = 60 if classes & WRITES else 8
    again = dice.choice((-1, dice.randint(3, 2 * most), dice.randint(3, most)))
    return Fault(
        how, classes, dice.randint(1, scale * most), dice.choice((EIO, ENOSPC)), again, dice.randint(1, 999)
    )
