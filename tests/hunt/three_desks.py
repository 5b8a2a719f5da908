"""Three desks, two gateways, bad lines, a stick, restores and clock jumps; plain rules at every step.

    python -m tests.hunt.three_desks --steps 400 --seed 7 [--plant NAME]

Two desks of a commune stand at their office gateway, which relays to the province; the third, of another
unit, at the province itself. ``World`` offers the steps; a seed (here) or hypothesis (``test_three_desks``)
chooses them. ``--plant`` puts a known mistake into the program; the rules must then find it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from sqlalchemy import select

from app.clock import FixedClock
from app.errors import AppError
from app.models import tables
from app.models.epochs import RESTORED, open_epoch
from app.province import feed
from app.province.bundle_desk import import_file
from app.province.tables import desks, dossiers, events, numbers, streams
from app.province.upward import relay, told
from app.province.upward.links import all_links
from app.province.upward.rounds import run_round as office_round
from app.province.upward.wire import Wire
from app.sync.bundle_in import take_receipt
from app.sync.bundle_out import export_bundles
from app.sync.enrolment import enrol
from app.sync.round import run_round
from tests.province.upward.rig import UNIT, Rig, Served, running
from tests.support import desk_store as made
from tests.support import fault_proxy as bad

OTHER = "H60.15.9"
PLANTS = ("office-says-accepted", "new-order", "verdict-before-answer", "silent-feed")
_STEPS: tuple[tuple[str, int], ...] = (
    ("receive", 24),
    ("go_on", 22),
    ("hand_over", 6),
    ("together", 5),
    ("sync", 26),
    ("office", 14),
    ("stick", 5),
    ("save", 4),
    ("restore", 3),
    ("jump", 3),
)
_CUSTODIANS_ALONE = ("dossier.progress", "dossier.completed", "dossier.transferred")


@dataclass
class Side:
    """One desk, its line, its gateway, and the hunt's own memory of it."""

    name: str
    unit: str
    folder: Path
    gateway: Served
    proxy: bad.FaultProxy
    clock: FixedClock
    desk: Any
    made_events: set[str] = field(default_factory=set)
    copy: Path | None = None


class World:
    """Everything that can happen, and the rules that hold whatever happened."""

    def __init__(self, folder: Path, rig: Rig, stack: ExitStack) -> None:
        self.folder, self.rig = folder, rig
        self.findings: list[str] = []
        self.serial = 0
        self.calm = False
        self.fault: bad.Fault | None = None
        self.up = stack.enter_context(bad.FaultProxy(rig.province.url))
        self.sides = [
            self._side(stack, "a", rig.office, UNIT),
            self._side(stack, "b", rig.office, UNIT),
            self._side(stack, "c", rig.province, OTHER),
        ]
        for line in (self.up, *(side.proxy for side in self.sides)):
            line.decide = self._decide
        for side in self.sides:
            run_round(side.desk, sleep=lambda _: None)

    def close(self) -> None:
        """Close every store."""
        for side in self.sides:
            side.desk.store.dispose()

    def _side(self, stack: ExitStack, name: str, gateway: Served, unit: str) -> Side:
        proxy = stack.enter_context(bad.FaultProxy(gateway.url))
        clock = FixedClock(gateway.clock.now())
        folder = self.folder / f"desk-{name}"
        desk = made.make_sync_desk(folder, clock)
        enrol(desk, proxy.url, gateway.code(f"quay-{name}", unit))
        return Side(name, unit, folder, gateway, proxy, clock, desk)

    def _decide(self, _method: str, _path: str) -> bad.Fault | None:
        fault, self.fault = self.fault, None
        return None if self.calm else fault

    # steps

    def receive(self, who: int, _what: int) -> None:
        """A dossier with a number of the desk's own."""
        side = self.sides[who % 3]
        self.serial += 1
        received = made.receive(side.desk, self.serial, break_payload=self.serial % 19 == 0)
        side.made_events.add(received.event_id)

    def go_on(self, who: int, what: int) -> None:
        """The next step of any dossier this desk can see, its own or another desk's."""
        side = self.sides[who % 3]
        row = self._some_dossier(side, what)
        if row is None:
            return
        kinds = ("dossier.progress", "dossier.withdrawn", "dossier.completed", "dossier.returned")
        kind = kinds[what // 7 % len(kinds)]
        payload = {
            "dossier.progress": {"note": "Thẩm tra"},
            "dossier.withdrawn": {"reason": "Công dân xin rút", "requested_by": "owner"},
            "dossier.completed": {"results": []},
            "dossier.returned": {"method": "counter", "recipient_name": "Trần Thị Ví Dụ"},
        }[kind]
        self._act(side, row, kind, payload)

    def together(self, who: int, what: int) -> None:
        """Two desks of the office on one dossier, one after the other, before the office's next round."""
        first, second = (0, 1) if who % 2 else (1, 0)
        self.receive(first, what)
        for each in (first, second):
            self.sync(each, 0)
        side = self.sides[second]
        with side.desk.store.read() as connection:
            d = tables.dossier.c
            query = select(d.id, d.number, d.provisional_number).order_by(d.row_no.desc()).limit(1)
            row = connection.execute(query).one_or_none()
        if row is not None:
            self._act(side, row, "dossier.progress", {"note": "Thẩm tra"})
            self.sync(second, 0)

    def hand_over(self, who: int, what: int) -> None:
        """Custody to the other unit, or taken over from it."""
        side = self.sides[who % 3]
        row = self._some_dossier(side, what)
        if row is None:
            return
        own, other = (UNIT, OTHER) if side.unit == UNIT else (OTHER, UNIT)
        units = ({"code": own, "name": own}, {"code": other, "name": other})
        if what % 2:
            kind, (giver, taker) = "dossier.transferred", units
        else:
            kind, (taker, giver) = "dossier.custody_accepted", units
        self._act(side, row, kind, {"from_unit": giver, "to_unit": taker})

    def sync(self, who: int, what: int) -> None:
        """A round of a desk; a fault somewhere on the way."""
        self._arm(what)
        run_round(self.sides[who % 3].desk, sleep=lambda _: None)

    def office(self, _who: int, what: int) -> None:
        """A round of the office gateway; a fault somewhere on the way."""
        self._arm(what)
        with self.rig.office.store.read() as db:
            [link] = all_links(db)
        report = office_round(
            self.rig.office.store, self.rig.office.clock, link, wire=Wire(self.up.url, stall_s=5.0)
        )
        if self.calm and report.trouble is not None:
            self.findings.append(f"the office ends a round with {report.trouble} on a good line")

    def stick(self, who: int, what: int) -> None:
        """What waits goes on a stick to the desk's gateway; the receipt may be lost."""
        side = self.sides[who % 3]
        target = self.folder / f"stick-{self.serial}-{what}" / "goi.bundle"
        target.parent.mkdir(exist_ok=True)
        try:
            exported = export_bundles(side.desk, target, made.OFFICER)
            for file in exported.files:
                taken = import_file(side.gateway.db_url, Path(file), key=side.gateway.key)
                if what % 3:
                    take_receipt(side.desk, Path(str(taken["receipt"])))
        except AppError as refused:
            if refused.code not in ("nothing-to-carry", "bundle-nothing", "not-enrolled", "bundle-gap"):
                self.refusals = [*getattr(self, "refusals", []), refused.code]

    def save(self, who: int, _what: int) -> None:
        """A raw copy of the desk as it stands."""
        side = self.sides[who % 3]
        side.desk.store.dispose()
        side.copy = self.folder / f"copy-{side.name}"
        shutil.rmtree(side.copy, ignore_errors=True)
        shutil.copytree(side.folder, side.copy)

    def restore(self, who: int, _what: int) -> None:
        """The older copy takes the desk's place; what only the lost PC knew is gone and not asked for."""
        side = self.sides[who % 3]
        if side.copy is None:
            return
        side.desk.store.dispose()
        shutil.rmtree(side.folder)
        shutil.copytree(side.copy, side.folder)
        side.desk = made.reopen(side.folder, side.clock)
        with side.desk.store.write() as connection:
            open_epoch(connection, side.clock, RESTORED)
            here = set(connection.execute(select(tables.event.c.event_id)).scalars())
        with side.gateway.store.read() as db:
            there = set(db.execute(select(events.c.event_id)).scalars())
        side.made_events &= here | there

    def jump(self, who: int, what: int) -> None:
        """A desk's clock jumps, up to three years on or one back."""
        self.sides[who % 3].clock.advance(timedelta(days=what % 1460 - 365))

    # help

    def _arm(self, what: int) -> None:
        faults: tuple[Callable[[], bad.Fault | None], ...] = (
            lambda: None,
            lambda: None,
            bad.drop_answer,
            bad.refuse,
            bad.duplicate,
            bad.captive_portal,
            lambda: bad.cut_answer(what % 400 + 1),
            lambda: bad.cut_request(what % 900),
            lambda: bad.unavailable(0, 503),
        )
        self.fault = None if self.calm else faults[what % len(faults)]()

    def _some_dossier(self, side: Side, what: int) -> Any:
        with side.desk.store.read() as connection:
            d = tables.dossier.c
            rows = connection.execute(select(d.id, d.number, d.provisional_number).order_by(d.row_no)).all()
        return rows[what % len(rows)] if rows else None

    def _act(self, side: Side, row: Any, kind: str, payload: dict[str, Any]) -> None:
        dossier = made.Received(row.id, row.number or row.provisional_number, "")
        side.made_events.add(made.act(side.desk, dossier, kind, payload))

    # rules

    def check(self) -> None:
        """What holds at every moment: nothing shows as sent that is not; no number twice; custody."""
        with self.rig.province.store.read() as db:
            above = {
                row.holds_id: row for row in db.execute(select(events).where(events.c.holds_id.is_not(None)))
            }
            codes = list(db.execute(select(dossiers.c.code)).scalars())
            given = list(db.execute(select(numbers.c.code)).scalars())
        if len(codes) != len(set(codes)) or len(given) != len(set(given)):
            self.findings.append("a number twice at the province")
        for side in self.sides:
            c = tables.event.c
            with side.desk.store.read() as connection:
                sent = connection.execute(select(c.event_id).where(c.verdict == "accepted")).scalars()
                for event_id in sent:
                    if event_id not in above or above[event_id].verdict != "accepted":
                        self.findings.append("shown as sent, and the province has not accepted it")
        self._custody(sorted(above.values(), key=lambda row: row.row_id))

    def _custody(self, rows: list[Any]) -> None:
        """Who held a dossier when each accepted step was taken, reckoned again from the events alone."""
        holder: dict[str, str] = {}
        for row in rows:
            if row.verdict != "accepted" or row.subject_kind != "dossier":
                continue
            unit = row.unit_code
            if row.type == "dossier.received" or row.type == "dossier.custody_accepted":
                holder[row.subject_id] = unit
            elif row.type in _CUSTODIANS_ALONE and holder.get(row.subject_id) != unit:
                self.findings.append(f"{row.type} by a unit that does not hold the dossier")

    def settle(self) -> None:
        """Good lines, everybody syncs until nothing moves; then both ends are compared."""
        self.calm, self.fault = True, None
        for _ in range(3):
            for side in self.sides:
                run_round(side.desk, sleep=lambda _: None)
            self.office(0, 0)
        for side in self.sides:
            report = run_round(side.desk, sleep=lambda _: None)
            if not report.reconciled:
                self.findings.append(f"desk {side.name}: {report.outcome.code} on a good line")
        self.check()
        self._everything_once()
        self._same_states()

    def _everything_once(self) -> None:
        with self.rig.province.store.read() as db:
            above = db.execute(select(events.c.holds_id, events.c.verdict)).all()
            chains = {row.epoch: (row.received_through, row.chain) for row in db.execute(select(streams))}
        verdicts = {row.holds_id: row.verdict for row in above if row.holds_id}
        for side in self.sides:
            lost = side.made_events - verdicts.keys()
            if lost:
                self.findings.append(f"desk {side.name}: {len(lost)} events are not at the province")
            with side.desk.store.read() as connection:
                here = connection.execute(select(tables.event.c.event_id, tables.event.c.verdict)).all()
                mine = connection.execute(select(tables.stream)).mappings().all()
            for row in here:
                if row.verdict != verdicts.get(row.event_id):
                    self.findings.append(
                        f"desk {side.name}: {row.verdict} here, {verdicts.get(row.event_id)} there"
                    )
            last = max(mine, key=lambda row: row["position"])
            if last["last_seq"] and chains.get(last["epoch"]) != (last["last_seq"], last["chain"]):
                self.findings.append(f"desk {side.name}: the chains differ")

    def _same_states(self) -> None:
        """The office's dossiers are the province's; the desks of the commune all have them."""
        columns = ("dossier_id", "status", "custodian_code", "code")
        with self.rig.province.store.read() as db:
            above = {row.dossier_id: row for row in db.execute(select(*(dossiers.c[n] for n in columns)))}
        if self._order(self.rig.office) != self._order(self.rig.province):
            self.findings.append("acts on a dossier went up in another order than they were taken in")
        with self.rig.office.store.read() as db:
            for row in db.execute(select(*(dossiers.c[name] for name in columns))):
                if row.dossier_id in above and tuple(row) != tuple(above[row.dossier_id]):
                    self.findings.append("the office and the province tell a dossier differently")
            slots = list(db.execute(select(desks.c.unit_code, desks.c.slot)))
        if len(slots) != len(set(slots)):
            self.findings.append("two desks with one slice")

    def _order(self, gateway: Served) -> dict[str, list[str]]:
        """By dossier, the office's events in the order the gateway took them in."""
        sent: dict[str, list[str]] = {}
        with gateway.store.read() as db:
            columns = (events.c.subject_id, events.c.event_id)
            query = select(*columns).where(events.c.unit_code == UNIT, events.c.subject_kind == "dossier")
            query = query.where(events.c.holds_id.is_not(None))
            for row in db.execute(query.order_by(events.c.row_id)):
                sent.setdefault(row.subject_id, []).append(row.event_id)
        return sent


@contextmanager
def world() -> Iterator[World]:
    """A fresh world in a scratch folder."""
    with TemporaryDirectory(prefix="three-desks-") as scratch, ExitStack() as stack:
        folder = Path(scratch)
        rig = stack.enter_context(running(folder / "gateways"))
        made_world = World(folder, rig, stack)
        try:
            yield made_world
        finally:
            made_world.close()


def steps(seed: int, count: int) -> Iterator[tuple[str, int, int]]:
    """Steps from a seed."""
    chance = random.Random(seed)
    names, weights = zip(*_STEPS, strict=True)
    for _ in range(count):
        yield chance.choices(names, weights)[0], chance.randrange(3), chance.randrange(1_000_000)


def hunt(seed: int, count: int, plant: str | None = None, tally: Counter[str] | None = None) -> list[str]:
    """One run; what was found. ``tally``: verdicts at the province and steps are counted into it."""
    with planted(plant), world() as here:
        for name, who, what in steps(seed, count):
            getattr(here, name)(who, what)
            here.check()
            if here.findings:
                return here.findings
        here.settle()
        if tally is not None:
            with here.rig.province.store.read() as db:
                tally.update(db.execute(select(events.c.verdict)).scalars())
        return here.findings


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """The program with one known mistake in it."""
    with ExitStack() as stack:
        if name == "office-says-accepted":
            stack.enter_context(mock.patch.object(told, "veiled", lambda _db, verdicts: list(verdicts)))
        elif name == "new-order":
            real = relay._unsent

            def shuffled(unit: str) -> Any:
                return real(unit).order_by(None).order_by(events.c.stream_id.desc(), events.c.desk_seq)

            stack.enter_context(mock.patch.object(relay, "_unsent", shuffled))
        elif name == "verdict-before-answer":
            stack.enter_context(mock.patch.object(relay, "_where", _skips))
        elif name == "silent-feed":
            stack.enter_context(mock.patch.object(feed, "tell_units", lambda *a, **k: None))
        yield


def _skips(_db: Any, row: Any, _state: Any) -> tuple[int, str | None]:
    """How far the office holds a stream, taken for how far the province does."""
    return row.received_through, None


def main(argv: list[str]) -> int:
    """0 where nothing was found, or where a planted mistake was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=PLANTS)
    asked = parser.parse_args(argv)
    started = time.monotonic()
    tally: Counter[str] = Counter()
    found = hunt(asked.seed, asked.steps, asked.plant, tally)
    seconds = time.monotonic() - started
    told_of = ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.items()))
    print(f"seed {asked.seed}: up to {asked.steps} steps, {seconds:.0f} s, {told_of}; {len(found)} findings")
    for each in found[:20]:
        print(" ", each)
    return int(bool(found) != bool(asked.plant))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
