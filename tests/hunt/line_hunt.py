"""Many faulty requests between several desks and one gateway, restores of older copies among them.

    python -m tests.hunt.line_hunt --faults 2000 --seed 7 [--desks 4] [--plant NAME]

Every step comes from the seed. At the end the line is good again, every desk syncs, and plain rules are
asked of both sides: nothing lost, nothing doubled, both tell the same, no number twice. ``--plant`` puts a
known mistake into the program for the run; the hunt must then find something.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from sqlalchemy import insert, select, update

from app.failpoints import PlannedFailure
from app.models import tables
from app.models.sync_state import refresh_sync_state
from app.protocol.ids import new_id
from app.protocol.parts import FileRef, Identifier, Party, ProcedureRef, Subject, UnitRef
from app.protocol.payloads import DossierReceived
from app.province.tables import changes as province_changes
from app.province.tables import dossiers, events
from app.services.desk import DeskProfile
from app.services.numbering import NumberGiver
from app.sync import receiver
from app.sync.enrolment import enrol
from app.sync.marks import SENDING, drop_mark, write_mark
from app.sync.province import Province
from app.sync.round import run_round
from tests.support import desk_store as made
from tests.support import fault_proxy as bad
from tests.support.gateway import Gateway, running_gateway

PLANTS = ("ack-before-effect", "new-key-per-retry", "cursor-before-rows", "number-after-restore")
RATE = 0.3
"""Requests that meet a fault."""
STORM = 0.15
"""Rounds in which every answer to a push is lost."""


@dataclass
class Side:
    """One desk with its bad line and the hunt's own memory of it."""

    folder: Path
    proxy: bad.FaultProxy
    unit: str
    desk: Any
    client_id: str = ""
    made_events: set[str] = field(default_factory=set)
    open_dossiers: list[tuple[str, str]] = field(default_factory=list)
    copy: Path | None = None
    keys: dict[str, str] = field(default_factory=dict)
    storm: bool = False
    crashes: int = 0


@dataclass
class Found:
    """What the hunt says at its end."""

    seed: int
    actions: int = 0
    requests: int = 0
    faults: int = 0
    restores: int = 0
    crashes: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)


class Hunt:
    """One run from one seed."""

    def __init__(self, folder: Path, gateway: Gateway, seed: int, desks: int) -> None:
        self.random = random.Random(seed)
        self.folder, self.gateway = folder, gateway
        self.found = Found(seed)
        self.numbers: dict[str, str] = {}
        self.serial = 0
        self.quiet = False
        self.sides: list[Side] = []
        self.stack = ExitStack()
        for n in range(desks):
            self.sides.append(self._side(n))

    def _side(self, n: int) -> Side:
        proxy = self.stack.enter_context(bad.FaultProxy(self.gateway.url))
        unit = f"H77.{self.found.seed % 1000}.{n // 2 + 1}"
        folder = self.folder / f"desk-{n}"
        desk = made.make_sync_desk(folder)
        given = enrol(desk, proxy.url, self.gateway.enrolment_code(f"quay-{self.found.seed}-{n}", unit))
        side = Side(folder, proxy, unit, desk, given.desk_id)
        line_random = random.Random(f"{self.found.seed}-{n}")
        proxy.decide = lambda method, path: self._fault(side, line_random, path)
        return side

    def _fault(self, side: Side, chance: random.Random, path: str) -> bad.Fault | None:
        if self.quiet:
            return None
        if side.storm and path.startswith("/v1/push"):
            return bad.drop_answer()
        if chance.random() > RATE:
            return None
        return chance.choice(
            (
                bad.refuse(),
                bad.drop_answer(),
                bad.cut_request(chance.randrange(0, 1500)),
                bad.cut_answer(chance.randrange(1, 600)),
                bad.duplicate(),
                bad.captive_portal(),
                bad.unavailable(0, chance.choice((429, 503))),
                bad.truncated(b'{"epoch":'),
            )
        )

    def run(self, faults: int, deadline: float) -> Found:
        """Act until so many requests met a fault, then make peace and ask the rules."""
        started = time.monotonic()
        while self._count_faults() < faults and time.monotonic() < deadline and not self.found.findings:
            self.found.actions += 1
            side = self.random.choice(self.sides)
            self.random.choices(
                (self._receive, self._go_on, self._sync, self._save, self._restore),
                weights=(30, 15, 45, 6, 4),
            )[0](side)
        self.quiet = True
        for side in (*self.sides, *self.sides):
            self._sync(side)
        self._ask()
        self.found.requests = sum(len(side.proxy.seen) for side in self.sides)
        self.found.faults = self._count_faults()
        self.found.crashes = sum(side.crashes for side in self.sides)
        self.found.seconds = time.monotonic() - started
        for side in self.sides:
            side.desk.store.dispose()
        self.stack.close()
        return self.found

    def _count_faults(self) -> int:
        return sum(1 for side in self.sides for seen in list(side.proxy.seen) if seen.fault)

    def _receive(self, side: Side) -> None:
        self.serial += 1
        desk = side.desk
        now = desk.clock.now()
        file = self._scan(side) if self.random.random() < 0.15 else None
        with desk.store.write() as connection:
            row = connection.execute(select(tables.desk)).mappings().one()
            profile = DeskProfile(
                row["id"],
                row["unit_code"],
                made.UNIT_NAME,
                "",
                row["agency_code"],
                row["desk_no"],
                row["name"],
                True,
            )
            giver = NumberGiver(connection, profile)
            given = giver.number(now)
            giver.keep()
            number, dossier_id = given.printed, new_id()
            name = f"Người Thử {self.serial}"
            made._insert_dossier(connection, dossier_id, number, self.serial, name, "1.001193", now, now)
            if given.official:
                connection.execute(
                    update(tables.dossier)
                    .where(tables.dossier.c.id == dossier_id)
                    .values(number=number, provisional_number=None)
                )
            payload = self._filing(name, now, file, provisional=given.official is None).as_wire()
            if self.random.random() < 0.05:
                payload["owner"] = {"kind": "citizen", "full_name": name, "identifiers": []}
            subject = Subject("dossier", dossier_id, number)
            event_id = made.add_event(
                connection, desk.clock, "dossier.received", subject, payload, dossier_id
            )
        side.made_events.add(event_id)
        side.open_dossiers.append((dossier_id, number))
        if self.numbers.setdefault(number, dossier_id) != dossier_id:
            self.found.findings.append(f"number given twice: {number}")

    def _filing(self, name: str, now: Any, file: FileRef | None, *, provisional: bool) -> DossierReceived:
        from app.protocol.parts import Component

        paper = Component(new_id(), "KQ0001", "Giấy", "original", 1, digitised=file is not None, file=file)
        return DossierReceived(
            procedure=ProcedureRef("1.001193", 1),
            channel="counter",
            submitted_at=now,
            received_at=now,
            due_at=now,
            abstract="Đăng ký khai sinh",
            owner=Party(name, [Identifier("personal_number", "008198000017")]),
            handling_unit=UnitRef(made.GSO, made.UNIT_NAME),
            components=[paper],
            provisional=provisional,
        )

    def _scan(self, side: Side) -> FileRef:
        content = b"%PDF-1.7\n" + self.random.randbytes(self.random.randrange(100, 60_000))
        sha256 = side.desk.files.put(content)
        with side.desk.store.write() as connection:
            connection.execute(
                insert(tables.stored_file).values(
                    sha256=sha256,
                    size=len(content),
                    media_type="application/pdf",
                    purpose="component",
                    created_at=side.desk.clock.now(),
                )
            )
        return FileRef(sha256, len(content), "application/pdf", "giay.pdf")

    def _go_on(self, side: Side) -> None:
        if not side.open_dossiers:
            return
        dossier_id, number = self.random.choice(side.open_dossiers)
        with side.desk.store.write() as connection:
            subject = Subject("dossier", dossier_id, number)
            payload = {"note": "Thẩm tra"}
            event_id = made.add_event(
                connection, side.desk.clock, "dossier.progress", subject, payload, dossier_id
            )
            refresh_sync_state(connection, dossier_id)
        side.made_events.add(event_id)

    def _sync(self, side: Side) -> None:
        side.storm = self.random.random() < STORM
        crash = not self.quiet and self.random.random() < 0.1
        real = receiver.apply_change

        def crashing(taken: Any) -> bool:
            side.crashes += 1
            raise PlannedFailure(28, "planned")

        with self._watched(side), mock.patch.object(receiver, "apply_change", crashing if crash else real):
            try:
                run_round(side.desk, sleep=lambda _: None)
            except Exception as failure:
                if "lanned" not in repr(failure) + repr(failure.__cause__):
                    raise

    @contextmanager
    def _watched(self, side: Side) -> Iterator[None]:
        """One key, one body; what was sent before is repeated under its key, so that the stored answer comes
        back and never a duplicate."""
        real = Province.push

        def push(province: Province, body: bytes, key: str) -> Any:
            digest = hashlib.sha256(body).hexdigest()
            if side.keys.setdefault(key, digest) != digest:
                self.found.findings.append("one key for two bodies")
            answer = real(province, body, key)
            if any(each.verdict == "duplicate" for each in answer.verdicts):
                self.found.findings.append("a repeated run went under another key")
            return answer

        with mock.patch.object(Province, "push", push):
            yield

    def _save(self, side: Side) -> None:
        """A raw copy of the desk as it stands."""
        side.desk.store.dispose()
        target = self.folder / f"{side.folder.name}-copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(side.folder, target)
        side.copy = target

    def _restore(self, side: Side) -> None:
        """The older copy takes the desk's place. What only the lost PC knew is gone, and is not asked for."""
        if side.copy is None:
            return
        from app.models.epochs import RESTORED, open_epoch

        side.desk.store.dispose()
        shutil.rmtree(side.folder)
        shutil.copytree(side.copy, side.folder)
        side.desk = made.reopen(side.folder)
        with side.desk.store.write() as connection:
            open_epoch(connection, side.desk.clock, RESTORED)
            here = set(connection.execute(select(tables.event.c.event_id)).scalars())
            known = set(connection.execute(select(tables.dossier.c.id)).scalars())
        with self.gateway.store() as store, store.read() as db:
            mine = events.c.desk_id == side.client_id
            there = set(db.execute(select(events.c.event_id).where(mine)).scalars())
        side.made_events &= here | there
        side.open_dossiers = [each for each in side.open_dossiers if each[0] in known]
        self.found.restores += 1

    def _ask(self) -> None:
        """The rules."""
        say = self.found.findings.append
        with self.gateway.store() as store, store.read() as db:
            held = db.execute(select(events.c.event_id, events.c.holds_id, events.c.desk_id)).all()
            verdict_there = dict(
                db.execute(
                    select(events.c.holds_id, events.c.verdict).where(events.c.holds_id.is_not(None))
                ).all()
            )
            codes = list(db.execute(select(dossiers.c.code)).scalars())
            feed = db.execute(select(province_changes)).all()
        there = {row.holds_id for row in held if row.holds_id}
        if len(codes) != len(set(codes)):
            say("two dossiers with one number at the province")
        for side in self.sides:
            c = tables.event.c
            with side.desk.store.read() as connection:
                here = connection.execute(select(c.event_id, c.type, c.verdict)).all()
                taken = set(connection.execute(select(tables.change.c.change_id)).scalars())
            lost = side.made_events - there
            if lost:
                say(f"{len(lost)} events made and not at the province")
            own = {row.event_id for row in held if row.desk_id == side.client_id}
            if own - {row.event_id for row in here}:
                say("the province has events of this desk that it does not have")
            for row in here:
                if row.verdict is None and row.type != "stream.opened":
                    say("an event without a verdict on a good line")
                elif row.verdict is not None and verdict_there.get(row.event_id) != row.verdict:
                    say(f"verdict {row.verdict} here, {verdict_there.get(row.event_id)} there")
            missed = [
                row.change_id
                for row in feed
                if row.except_desk != side.client_id
                and (row.desk_id == side.client_id or (row.desk_id is None and row.unit_code == side.unit))
                and row.change_id not in taken
            ]
            if missed:
                say(f"{len(missed)} changes of the province never taken in")


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """The program with one known mistake in it."""
    with ExitStack() as stack:
        if name is not None:
            _PLANT[name](stack)
        yield


def _ack_before_effect(stack: ExitStack) -> None:
    from app.sync import sender

    real = sender._prepare

    def prepare(link: Any, held: int, after: int, again: int | None) -> Any:
        run = real(link, held, after, again)
        if run is not None:
            with link.desk.store.write() as connection:
                connection.execute(update(tables.event).where(sender._within(run)).values(verdict="accepted"))
        return run

    stack.enter_context(mock.patch.object(sender, "_prepare", prepare))


def _new_key_per_retry(stack: ExitStack) -> None:
    from app.sync import sender

    prepare = sender._prepare

    def forgetful(link: Any, held: int, after: int, again: int | None) -> Any:
        with link.desk.store.write() as connection:
            drop_mark(connection, SENDING)
        return prepare(link, held, after, again)

    stack.enter_context(mock.patch.object(sender, "_prepare", forgetful))


def _cursor_before_rows(stack: ExitStack) -> None:
    def commit(link: Any, page: Any) -> int:
        with link.desk.store.write() as connection:
            write_mark(connection, "cursor", page.next_cursor)
        with link.desk.store.write() as connection:
            return receiver.take_each(connection, page.changes, link.now())

    stack.enter_context(mock.patch.object(receiver, "_commit_page", commit))


def _number_after_restore(stack: ExitStack) -> None:
    stack.enter_context(mock.patch.object(NumberGiver, "_forgotten", lambda self, day: False))
    stack.enter_context(mock.patch.object(NumberGiver, "_mark", lambda self, day: ""))


_PLANT: dict[str, Callable[[ExitStack], None]] = dict(
    zip(
        PLANTS,
        (_ack_before_effect, _new_key_per_retry, _cursor_before_rows, _number_after_restore),
        strict=True,
    )
)


def hunt(seed: int, faults: int, *, desks: int = 4, plant: str | None = None, seconds: float = 3600) -> Found:
    """One whole run with a gateway of its own."""
    with TemporaryDirectory(prefix="line-hunt-") as scratch:
        folder = Path(scratch)
        with running_gateway(folder / "gateway", "--desk-rate", "100000") as gateway, planted(plant):
            return Hunt(folder, gateway, seed, desks).run(faults, time.monotonic() + seconds)


def main(argv: list[str]) -> int:
    """0 where nothing was found, or where a planted mistake was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desks", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--plant", choices=PLANTS)
    options = parser.parse_args(argv)
    found = hunt(
        options.seed, options.faults, desks=options.desks, plant=options.plant, seconds=options.seconds
    )
    print(
        f"seed {found.seed}: {found.actions} actions, {found.requests} requests, "
        f"{found.faults} with a fault, {found.restores} restores, {found.crashes} crashes, "
        f"{found.seconds:.0f} s, {len(found.findings)} findings"
    )
    for finding in found.findings[:20]:
        print(" ", finding)
    return int(bool(found.findings) != bool(options.plant))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
