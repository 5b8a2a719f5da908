"""Mutants by the thousand in processes of their own, each with limits; what went wrong, with its number."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from app import keys
from app.services import setup
from tests.hunt.mutants.doors import DOORS, Door
from tests.hunt.mutants.victim import Template, Victim, make_template
from tests.hunt.power.rig import cache_kek
from tests.support import desk as desks

HANG_S, KILL_S = 5.0, 40
MOST_MEMORY = 500 * 1024 * 1024
AT_REST = 150 * 1024 * 1024
"""What an idle desk holds; a suite's worker holds more before it is forked from."""
ADDRESS_SPACE = 6 << 30
A_PROCESS = 1000


@dataclass
class Figures:
    """How each door ended how often; what broke; the worst of time and memory."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    slowest: str = ""
    memory: int = 0

    @property
    def count(self) -> int:
        """Mutants fed."""
        return sum(self.ends.values())

    def lines(self) -> Iterator[str]:
        """For people."""
        for door in DOORS:
            own = Counter({end: count for (name, end), count in self.ends.items() if name == door.name})
            told = ", ".join(f"{end} {count}" for end, count in own.most_common(6))
            yield f"{door.name} ({sum(own.values())}): {told}"


@contextmanager
def ground() -> Iterator[Template]:
    """A scratch folder with what all workers copy; keys are derived once."""
    honest = keys._phrase_kek
    known = dict(os.environ)
    keys._phrase_kek = cache_kek(_bounded(honest))  # type: ignore[assignment]
    os.environ.update({**desks.ENVIRON, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})
    try:
        with TemporaryDirectory(prefix="motcua-mutants-", ignore_cleanup_errors=True) as room:
            yield make_template(Path(room))
    finally:
        keys._phrase_kek = honest
        os.environ.clear()
        os.environ.update(known)


def _bounded(honest: Callable[..., bytes]) -> Callable[..., bytes]:
    return honest


def hunt(
    template: Template,
    count: int,
    seed: int,
    doors: tuple[Door, ...] = DOORS,
    first: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Figures:
    """Feed so many; a process that dies is a finding, and the next begins after its last mutant."""
    figures = Figures()
    number = first
    while number < first + count:
        many = min(A_PROCESS, first + count - number)
        number = _one_process(template, range(number, number + many), seed, doors, figures)
        tell(f"{number - first}/{count}, {len(figures.findings)} findings")
    return figures


def _one_process(
    template: Template, numbers: range, seed: int, doors: tuple[Door, ...], figures: Figures
) -> int:
    heard, told = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(heard)
        _work(template, numbers, seed, doors, told)
    os.close(told)
    number, door = numbers.start, ""
    with os.fdopen(heard, "rb") as answers:
        for raw in answers:
            said = json.loads(raw)
            number, door = said["number"], said["door"]
            if "end" in said:
                number += 1
                _note(figures, said)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0:
        return numbers.stop
    figures.findings.append(f"seed {seed}, mutant {number}, {door}: the process died ({status})")
    return number + 1


def _note(figures: Figures, said: dict[str, object]) -> None:
    name, end = str(said["door"]), str(said["end"])
    figures.ends[name, end] += 1
    place = f"mutant {said['number']}, {name}"
    if said.get("what"):
        figures.findings.append(f"{place}: {said['what']}")
    took, memory = float(str(said["took"])), int(str(said["memory"]))
    figures.memory = max(figures.memory, memory)
    if took > figures.slowest_s:
        figures.slowest_s, figures.slowest = took, place
    if took > HANG_S:
        figures.findings.append(f"{place}: {took:.1f} s")
    if memory > MOST_MEMORY:
        figures.findings.append(f"{place}: {memory >> 20} MB")


def _work(template: Template, numbers: range, seed: int, doors: tuple[Door, ...], told: int) -> None:
    room = template.room / f"w{numbers.start}-{os.getpid()}"
    code = 98
    try:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        os.environ.update({"HOME": str(room / "home"), "TMPDIR": str(room / "temp")})
        for name in ("home", "temp"):
            (room / name).mkdir(parents=True)
        os.chdir(room)
        reference = desks.reference()
        setup.Reference = lambda: reference  # type: ignore[assignment, misc]
        victim = Victim(template, room)
        for number in numbers:
            _one(victim, number, seed, doors, told)
        victim.close()
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os._exit(code)


def _one(victim: Victim, number: int, seed: int, doors: tuple[Door, ...], told: int) -> None:
    dice = random.Random(f"{seed}/{number}")
    door = dice.choices(doors, [each.weight for each in doors])[0]
    said: dict[str, object] = {"number": number, "door": door.name}
    _say(told, said)
    signal.setitimer(signal.ITIMER_REAL, KILL_S)
    held = _forget_peak()
    began = time.process_time()
    try:
        end = door.feed(victim, dice)
        said |= {"end": end, "took": time.process_time() - began, "memory": _peak() - held}
        victim.look(end)
    except Exception as failure:
        kind = "FOUND " + type(failure).__name__
        what = "".join(traceback.format_exception(failure)[-4:])[-1500:]
        said |= {"took": time.process_time() - began, "memory": _peak() - held, "end": kind, "what": what}
        victim.crashes.clear()
    signal.setitimer(signal.ITIMER_REAL, 0)
    _say(told, said)


def _say(told: int, said: dict[str, object]) -> None:
    raw = json.dumps(said).encode() + b"\n"
    while raw:
        raw = raw[os.write(told, raw) :]


def _forget_peak() -> int:
    """Begin to measure; what the process held before beyond a desk at rest is not the file's doing."""
    Path("/proc/self/clear_refs").write_text("5")
    return max(0, _peak() - AT_REST)


def _peak() -> int:
    """The most memory held since it was last forgotten, in bytes."""
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmHWM:"):
            return int(row.split()[1]) * 1024
    return 0
