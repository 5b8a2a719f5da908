"""One run from one seed: acts at the desks, rounds over a bad line, peace, and the rules."""

from __future__ import annotations

import logging
import random
import resource
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from sqlalchemy import select, update

from app.failpoints import PlannedFailure
from app.logs import IdsOnly
from app.models import tables
from app.province import operator
from app.province import tables as p
from app.sync import receiver
from app.sync.enrolment import enrol
from app.sync.round import run_round
from tests.hunt.line.fate import fail, fate
from tests.hunt.line.machines import Elsewhere, HuntGateway
from tests.hunt.line.nursery import Nursery
from tests.hunt.line.plants import planted
from tests.hunt.line.rules import ask_at_the_end, ask_on_the_way, ask_privacy, read_province
from tests.hunt.line.side import HASTY, Side, patient
from tests.hunt.line.tls import TlsGround
from tests.hunt.line.weather import HOW_OFTEN, MOODS, fault_of, handshake_fault
from tests.support import desk_store as made
from tests.support.fault_proxy import Fault, FaultProxy

CRASH = 0.15
"""Rounds in which taking in a change fails."""
FAIL = 0.15
"""Rounds in which the disk fails at a failpoint."""
DOOM = 0.12
"""Rounds in a process that is killed at a failpoint; most of them (``ANSWERED``) once a push is answered: a
process that lives stores the answer after a failure, so only a kill shows what was kept and what not."""
ANSWERED = 0.7
DEEP = "patchy"
"""The line's mood where a failpoint decides: on a worse one few rounds would get to any."""
DRAMA = 0.5
"""Restores that lose a citizen's dossier nobody else has heard of, and are followed by the next citizen."""
LOOK_EVERY = 2
"""Acts between two looks at what must hold at any moment."""
PEACE = 6
"""Rounds in which every desk must have come to rest on a good line."""
MOST_MEMORY_KIB = 120 * 1024
_ACTS = (35, 15, 40, 5, 4, 2)
_NEVER = ("stream-forked", "difference", "desk-suspended", "credentials-refused", "clock-wrong")
"""How no round may end, whatever the line does."""


@dataclass
class Found:
    """What a run says at its end. ``faults``: how often each class of fault was met."""

    seed: int
    tls: bool = False
    actions: int = 0
    rounds: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    doomed: Counter[str] = field(default_factory=Counter)
    events: int = 0
    files: int = 0
    restores: int = 0
    crashes: int = 0
    kills: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)


class Hunt:
    """One run. ``nursery`` gives birth to its processes."""

    def __init__(
        self, folder: Path, nursery: Nursery, seed: int, *, desks: int, tls: bool, plant: str | None
    ) -> None:
        self.folder, self.nursery, self.plant = folder, nursery, plant
        self.random = random.Random(seed)
        self.found = Found(seed, tls)
        self.numbers: dict[str, str] = {}
        self.stack = ExitStack()
        self.ground = TlsGround(folder) if tls else None
        self.gateway = HuntGateway(
            folder / "gateway", nursery, self.ground.gateway if self.ground else None, plant
        )
        self.stack.callback(self.gateway.close)
        self.elsewhere = Elsewhere()
        self.stack.callback(self.elsewhere.close)
        self.log = folder / "desk.log"
        self.stack.enter_context(_logging_to(self.log))
        self.sides = [self._side(n) for n in range(desks)]

    def _side(self, n: int) -> Side:
        seed, commune = self.found.seed, n // 2
        tls = self.ground.line if self.ground else None
        proxy = self.stack.enter_context(FaultProxy(self.gateway.url, tls))
        unit, gso = f"H77.{seed % 1000}.{commune + 1}", f"0222{commune + 1}"
        side = Side(self.folder / f"desk-{n}", proxy, gso, unit, random.Random(f"{seed}-{n}"))
        side.desk = made.make_sync_desk(side.folder)
        self.stack.callback(lambda: side.desk.store.dispose())
        with side.desk.store.write() as connection:
            connection.execute(update(tables.desk).values(unit_code=gso))
        code = operator.enrolment_code(
            self.gateway.store, side.desk.clock.now(), f"quay-{seed}-{n}", side.unit
        )
        side.client_id = enrol(side.desk, proxy.url, code, self.ground.pem if self.ground else None).desk_id
        side.desk = replace(side.desk, timing=HASTY)
        line_chance = random.Random(f"line-{seed}-{n}")
        proxy.decide = lambda method, path: self._fault(side, line_chance, method, path)
        proxy.decide_handshake = lambda: handshake_fault(line_chance, side.mood)
        proxy.watch, proxy.on_late, proxy.on_kill = side.watch, side.note_late, self.gateway.kill
        return side

    def _fault(self, side: Side, chance: random.Random, method: str, path: str) -> Fault | None:
        return fault_of(chance, side.mood, method, path, self.elsewhere.url)

    def run(self, faults: int, deadline: float) -> Found:
        """Act until so many requests met a fault, then make peace and ask the rules."""
        started, memory = time.monotonic(), _memory_kib()
        random.seed(self.found.seed)
        acts = (self._receive, self._go_on, self._sync, self._save, self._restore, self._ask_keys)
        with self.stack:
            while self._met() < faults and time.monotonic() < deadline and not self.found.findings:
                self.found.actions += 1
                side = self.random.choice(self.sides)
                self.random.choices(acts, weights=_ACTS)[0](side)
                if self.found.actions % LOOK_EVERY == 0:
                    self._say(*ask_on_the_way(side, self.gateway.store))
            self._make_peace()
            self._say(*ask_at_the_end(self.sides, self._there(), self.gateway.files))
            self._say(*ask_privacy(self.sides, (self.log, self.gateway.log)))
            if self.elsewhere.visits:
                self._say("a redirect was followed")
            if any(side.proxy.spoke_over_bad_tls for side in self.sides):
                self._say("spoke over a connection with a wrong certificate")
            if _memory_kib() - memory > MOST_MEMORY_KIB:
                self._say(f"memory grew by {(_memory_kib() - memory) // 1024} MB")
            self._count(started)
        return self.found

    def _say(self, *findings: str) -> None:
        self.found.findings += findings

    def _met(self) -> int:
        return sum(side.proxy.faulty for side in self.sides)

    def _there(self) -> Any:
        return read_province(self.gateway.store)

    def _receive(self, side: Side) -> None:
        dossier_id, number = side.receive()
        if self.numbers.setdefault(number, dossier_id) != dossier_id:
            self._say("a number was given twice")

    def _go_on(self, side: Side) -> None:
        side.go_on()

    def _save(self, side: Side) -> None:
        side.save()

    def _ask_keys(self, side: Side) -> None:
        """New keys, and a round whose disk may fail from the place where they change."""
        side.ask_keys()
        self.gateway.start()
        self._failing(side, "before_keys")
        side.mood = "calm"

    def _restore(self, side: Side) -> None:
        if side.copy is None:
            return
        drama = self.random.random() < DRAMA
        if drama:
            self._receive(side)
        e = p.events.c
        with self.gateway.store.read() as db:
            there = set(db.execute(select(e.event_id).where(e.desk_id == side.client_id)).scalars())
        side.restore(there)
        self.found.restores += 1
        if drama:
            self._receive(side)

    def _sync(self, side: Side) -> None:
        self.gateway.start()
        side.mood = self.random.choices(tuple(MOODS), weights=HOW_OFTEN)[0]
        kind = self.random.random()
        if kind < DOOM:
            self._doomed(side)
        elif kind < DOOM + FAIL:
            self._failing(side)
        elif kind < DOOM + FAIL + CRASH:
            self._crashing(side)
        else:
            self._round(side)
        side.mood = "calm"

    def _round(self, side: Side) -> Any:
        """One round; ends in any way but those of ``_NEVER``. A killed gateway comes back meanwhile."""
        self.found.rounds += 1
        before = len(side.proxy.seen)
        try:
            report = run_round(side.desk, sleep=lambda _: self.gateway.start())
        except Exception as failure:
            if "lanned" not in repr(failure) + repr(failure.__cause__):
                self._say(f"a round died of {type(failure).__name__}")
                logging.getLogger("motcua").exception("a round died")
            self.found.outcomes["broke off"] += 1
            return None
        code = report.outcome.code
        self.found.outcomes[code] += 1
        met = {seen.fault for seen in side.proxy.seen[before:]}
        clock = "clock_skew" in met and code == "credentials-refused"
        dates = "old_certificate" in met and code == "clock-wrong"
        if code in _NEVER and not clock and not dates:
            self._say(f"a round ended as {code}")
        self._say(*side.suspicions)
        side.suspicions.clear()
        return report

    def _crashing(self, side: Side) -> None:
        def crash(_taken: Any) -> bool:
            self.found.crashes += 1
            raise PlannedFailure(28, "planned")

        with mock.patch.object(receiver, "apply_change", crash):
            self._round(side)

    def _failing(self, side: Side, start: str = "") -> None:
        """The disk fails once in the middle of the round; ``start``: from a failpoint on."""
        side.mood = DEEP
        with fate(self.random.random(), fail, start, reach=3) as met:
            self._round(side)
        self.found.crashes += len(met)

    def _doomed(self, side: Side) -> None:
        """The desk's process is killed in the middle of its round; it leaves word where."""
        side.mood = DEEP
        start = "after_send" if self.random.random() < ANSWERED else ""
        if start:
            self._receive(side)
        side.desk.store.dispose()
        last = self.folder / "last-point"
        pid = self.nursery.doomed_round(side.folder, self.log, self.random.random(), start, last, self.plant)
        code = self.nursery.wait(pid)
        self.found.doomed[last.read_text() if code == -9 else "lived"] += 1
        if code not in (0, -9):
            self._say("a round in a process of its own died of itself")

    def _make_peace(self) -> None:
        """A good line: everything late arrives, and every desk comes to rest."""
        self.gateway.start()
        for side in self.sides:
            side.mood = "calm"
            side.proxy.deliver_held()
            side.desk = replace(side.desk, timing=made.QUICK)
        for turn in range(PEACE):
            reports = [self._round(side) for side in self.sides]
            rest = [each and each.reconciled and not each.waiting + each.files_left for each in reports]
            if turn and all(rest):
                return
        ends = sorted({each.outcome.code if each else "broke off" for each in reports})
        self._say(f"no rest on a good line: {ends}")

    def _count(self, started: float) -> None:
        found = self.found
        for side in self.sides:
            found.requests += len(side.proxy.seen)
            found.faults.update(seen.fault for seen in side.proxy.seen if seen.fault)
            found.events += len(side.made_events)
            found.files += len(side.scans)
        found.kills = self.gateway.kills
        found.seconds = time.monotonic() - started


def hunt(
    seed: int,
    faults: int,
    *,
    desks: int = 4,
    tls: bool = False,
    plant: str | None = None,
    seconds: float = 3600,
    nursery: Nursery | None = None,
) -> Found:
    """One whole run with a gateway of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="line-hunt-", dir=_quick_disk())))
        if nursery is None:
            nursery = Nursery()
            stack.callback(nursery.close)
        stack.enter_context(planted(plant))
        stack.enter_context(patient())
        run = Hunt(folder, nursery, seed, desks=desks, tls=tls, plant=plant)
        return run.run(faults, time.monotonic() + seconds)


def _quick_disk() -> str | None:
    """Memory where there is such a folder: what a disk loses is another hunt's matter (``power``)."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


def _memory_kib() -> int:
    """The most this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class _logging_to:  # noqa: N801
    """The desk's log as the program writes it, in a file of the hunt."""

    def __init__(self, path: Path) -> None:
        self._handler = logging.FileHandler(path, encoding="utf-8", delay=True)
        self._handler.setFormatter(IdsOnly())

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self._handler)

    def __exit__(self, *_error: object) -> None:
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
