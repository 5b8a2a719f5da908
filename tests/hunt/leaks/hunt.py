"""Desks with marker citizens that die anywhere; after each death and the next opening, all is searched."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from app.cli.batch import run_batch  # noqa: F401  # loaded before the first fork
from app.ui import main_window, visit  # noqa: F401
from tests.hunt.leaks import markers as m
from tests.hunt.leaks.child import Child, Room, batch
from tests.hunt.leaks.province import at_the_province
from tests.hunt.leaks.search import Found, search_files, search_writes
from tests.hunt.leaks.window import at_the_window
from tests.hunt.leaks.work import inputs, lines
from tests.hunt.power import rig
from tests.hunt.power.build import ROOM
from tests.hunt.power.cut import read_log
from tests.support import cups
from tests.support import desk as desks
from tests.support.gateway import Gateway, running_gateway

CALLS = {"counter": 1500, "window": 420, "line": 500, "restore": 90}
"""Calls to the disk of one run that nobody stops, about; deaths are drawn from these."""
KINDS = ("counter", "window", "counter", "line", "window", "restore", "counter", "printing")

_ALONE = {"MOTCUA_PASSWORD": ""}
"""A desk made for itself has a password of its own."""


@dataclass
class Figures:
    """What was done, what was searched, what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def deaths(self) -> int:
        """Processes killed."""
        return self.counts["killed"]


@dataclass
class Ground:
    """What all runs share."""

    place: Path
    gateway: Gateway
    backup: Path
    printing: cups.PrintService | None


@contextmanager
def ground(*, printing: bool = True) -> Iterator[Ground]:
    """A gateway, a print service, a backup full of markers."""
    rig.load()
    known = dict(os.environ)
    os.environ.update({**desks.ENVIRON, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})
    desks._template()
    try:
        with TemporaryDirectory(prefix="motcua-leaks-", dir=ROOM, ignore_cleanup_errors=True) as name:
            place = Path(name)
            with running_gateway(place / "province") as gateway:
                made = Ground(place, gateway, place / "quay.mcbackup", None)
                _first_backup(made)
                if not printing or shutil.which("cupsd") is None:
                    yield made
                    return
                with cups.print_service() as service:
                    made.printing = service
                    yield made
    finally:
        os.environ.clear()
        os.environ.update(known)


def hunt(
    on: Ground,
    kills: int,
    seed: int,
    tell: Callable[[str], None] = lambda _: None,
    kinds: Sequence[str] = KINDS,
) -> Figures:
    """Runs until so many processes were killed; a run that ends before its death counts as one alone."""
    figures = Figures()
    number = 0
    while figures.deaths < kills and number < 3 * kills + 3:
        dice = random.Random(f"{seed}/{number}")
        room = Room(on.place / f"run-{number}").furnish()
        kind = kinds[number % len(kinds)]
        if kind == "printing" and on.printing is None:
            kind = "window"
        try:
            one_run(on, room, kind, dice, figures)
        except Exception as failure:
            figures.found.append(f"run {number}, {kind}: {type(failure).__name__}: {failure}")
        shutil.rmtree(room.place, ignore_errors=True)
        number += 1
        tell(f"{figures.deaths}/{kills} deaths, {len(figures.found)} findings")
    return figures


def one_run(on: Ground, room: Room, kind: str, dice: random.Random, figures: Figures) -> None:
    """One desk, one death, two searches."""
    shutil.copytree(desks._template()[0], room.data)
    inputs(room)
    code = RUNS[kind](on, room, dice, figures)
    if code not in (0, -9, 3, 5):
        raise AssertionError(f"the process ended with {code}")
    figures.counts["killed"] += code == -9
    figures.counts[f"{kind} runs"] += 1
    where = f"{kind}, {'after the death' if code == -9 else 'after the run'}"
    _look(room, where, figures, search_writes(room.side))
    rig.clear(room.side)
    if not (room.data / "desk.json").exists():
        return
    again = Child(room, batch(room), rig.Fault(rig.How.NOTHING))
    for line in (["find", m.NAME], ["show", m.IDENTITY], ["audit", "verify"]):
        again.ask(line)
    again.end()
    _look(room, f"{kind}, after the next opening", figures, search_writes(room.side))


def _look(room: Room, where: str, figures: Figures, written: list[Found]) -> None:
    figures.counts["files searched"] += sum(path.is_file() for path in room.seen.rglob("*"))
    figures.counts["bytes written and searched"] += sum(len(each.after) for each in read_log(room.side))
    left = [path for path in room.asked.rglob("*") if path.name.endswith(".part")]
    figures.counts["parts left beside a file asked for"] += len(left)
    for found in dict.fromkeys([*search_files(room.seen), *written]):
        figures.found.append(f"{where}: {found.marker!r} ({found.dress}) in {found.where}")


def _death(kind: str, dice: random.Random) -> rig.Fault:
    how = dice.choice((rig.How.KILL_BEFORE, rig.How.KILL_AFTER, rig.How.TEAR))
    classes = rig.WRITES if how is rig.How.TEAR else rig.WRITES | rig.SYNCS | rig.NAMES
    return rig.Fault(how, classes, dice.randint(1, CALLS[kind]), part=dice.randint(0, 999))


def _counter(on: Ground, room: Room, dice: random.Random, figures: Figures) -> int:
    child = Child(room, batch(room), _death("counter", dice))
    _speak(child, room, figures)
    return child.end()


def _speak(child: Child, room: Room, figures: Figures) -> None:
    numbers: list[str] = []
    cases: list[str] = []
    receipts: list[str] = []
    for said in lines(room, numbers, cases, receipts):
        line, answer = said, child.ask(said)
        if answer is None:
            return
        if "defect" in answer or answer.get("error", {}).get("code") == "defect":
            raise AssertionError(f"{line[:2]}: {answer}")
        if os.environ.get("LEAKS_STORY"):
            print(line[:3], answer["exit"], answer.get("error", {}).get("code"), file=sys.stderr)
        figures.counts["commands answered"] += 1
        figures.counts["commands done"] += answer["exit"] == 0
        line = line[2:] if line[0] == "--as" else line
        if line[0] == "receive" and answer["exit"] == 0:
            numbers.append(answer["number"])
        if line[:2] == ["assist", "open"] and answer["exit"] == 0:
            cases.append(answer["id"])
        if line[:2] == ["receipt", "take"] and answer["exit"] == 0:
            receipts.append(str(answer.get("receipt") or answer.get("name") or answer.get("number")))


def _window(on: Ground, room: Room, dice: random.Random, figures: Figures) -> int:
    child = Child(room, at_the_window(room.data), _death("window", dice))
    return _watched(child, dice, figures)


def _printing(on: Ground, room: Room, dice: random.Random, figures: Figures) -> int:
    assert on.printing is not None
    on.printing.behave(dice.choice(("ok", "broken", "slow 1")))
    fault = _death("window", dice) if dice.random() < 0.7 else rig.Fault(rig.How.NOTHING)
    code = _watched(Child(room, at_the_window(room.data), fault, on.printing.environment), dice, figures)
    on.printing.command("cancel", "-a", "-x")
    return code


def _watched(child: Child, dice: random.Random, figures: Figures) -> int:
    """Killed by its own fault, or by the clock."""
    timer = Timer(dice.uniform(2, 25), _kill, (child.pid,))
    timer.start()
    try:
        for raw in child._heard:
            if b"defect" in raw:
                raise AssertionError(raw.decode()[-1500:])
            figures.counts[f"at the window: {raw.decode().strip()}"] += 1
        return child.end()
    finally:
        timer.cancel()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _line(on: Ground, room: Room, dice: random.Random, figures: Figures) -> int:
    """Enrolled for itself: sent, answered with changes that name other people, bundle and receipt."""
    shutil.rmtree(room.data)
    made = Child(room, batch(room, "--json", "init", "--demo"), rig.Fault(rig.How.NOTHING))
    if made.end():
        raise AssertionError("no desk")
    code = on.gateway.enrolment_code(f"quay-{dice.randrange(10**9)}", unit="02221")
    first = Child(room, batch(room), rig.Fault(rig.How.NOTHING), _ALONE)
    enrolled = first.ask(["enrol", "--url", on.gateway.url, "--code", code])
    if first.end() or enrolled is None or enrolled["exit"]:
        raise AssertionError(f"not enrolled: {enrolled}")
    child = Child(room, batch(room), _death("line", dice), _ALONE)
    _speak_with_province(on, child, room, figures)
    return child.end()


def _speak_with_province(on: Ground, child: Child, room: Room, figures: Figures) -> None:
    received = ["receive", "--procedure", "1.001193", "--card", m.CARD, "--all-required", "--phone", m.PHONE]
    bundle = room.asked / "goi.bundle"
    for step in (received, received, ["sync"], received, ["bundle", "export", str(bundle)]):
        answer = child.ask(step)
        if answer is None:
            return
        figures.counts["commands answered"] += 1
        figures.counts["commands done"] += answer["exit"] == 0
        if step is received:
            dossier = answer
    receipt = at_the_province(on.gateway, bundle, room.asked, dossier["id"])
    for step in (["bundle", "receipt", str(receipt)], ["show", dossier["number"]], ["sync"], ["outbox"]):
        answer = child.ask(step)
        if answer is None:
            return
        figures.counts["commands answered"] += 1
        figures.counts["commands done"] += answer["exit"] == 0
    figures.counts["words of the province taken in"] += 1


def _restore(on: Ground, room: Room, dice: random.Random, figures: Figures) -> int:
    """A backup with citizens becomes a desk beside."""
    shutil.rmtree(room.data)
    argv = ("--json", "restore", str(on.backup), "--into", str(room.data))
    child = Child(room, batch(room, *argv), _death("restore", dice))
    return child.end()


def _first_backup(on: Ground) -> None:
    room = Room(on.place / "first").furnish()
    shutil.copytree(desks._template()[0], room.data)
    inputs(room)
    child = Child(room, batch(room), rig.Fault(rig.How.NOTHING))
    day = list(lines(room, ["TN-1"] * 3, [], []))
    backup = ["backup", str(room.seen / "stick" / "quay.mcbackup")]
    answers = [child.ask(line) for line in (day[0], day[1], day[4], backup)]
    assert all(answer and answer["exit"] == 0 for answer in answers), answers
    assert child.end() == 0
    shutil.copyfile(room.seen / "stick" / "quay.mcbackup", on.backup)
    shutil.rmtree(room.place)


RUNS: dict[str, Callable[[Ground, Room, random.Random, Figures], int]] = {
    "counter": _counter,
    "window": _window,
    "printing": _printing,
    "line": _line,
    "restore": _restore,
}


def told(figures: Figures) -> list[str]:
    """For people."""
    rows = [f"{name}: {count}" for name, count in sorted(figures.counts.items())]
    return [*rows, *figures.found]
