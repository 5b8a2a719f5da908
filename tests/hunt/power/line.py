"""The line and the stick while the power fails: sent once, answered once, whatever dies in between."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app import keys
from app.models.database import STORE_FILE, connect
from app.province.bundle_desk import import_file
from app.province.tables import dossiers as at_province
from app.services.safety.check import check_desk
from tests.hunt.driver import RECEIVE
from tests.hunt.power import rig
from tests.hunt.power.cut import snapshot
from tests.hunt.power.ledger import BrokenPromise, check_stream
from tests.support.desk import ENVIRON
from tests.support.gateway import Gateway, running_gateway

if TYPE_CHECKING:
    from tests.hunt.power.hunt import Desk

DEATHS = 6
SPEAKING = (0, 3, 5, 6)
"""Exit codes of an act on the line: done, a rule, the disk, the line."""


class _Province:
    """The one gateway of a hunt, started when the first desk needs it."""

    def __init__(self) -> None:
        self.ends = ExitStack()
        self.place = Path()
        self._running: Gateway | None = None

    def gateway(self) -> Gateway:
        """Started."""
        if self._running is None:
            self._running = self.ends.enter_context(running_gateway(self.place / "province"))
        return self._running

    def forget(self) -> None:
        """The hunt is over."""
        self.ends.close()
        self._running = None


_PROVINCE = _Province()


@contextmanager
def province(place: Path) -> Iterator[None]:
    """Where the gateway of a hunt may lie; it ends with the hunt."""
    _PROVINCE.place = place
    try:
        yield
    finally:
        _PROVINCE.forget()


def a_line(desk: Desk) -> None:
    """A desk of its own, enrolled; rounds and bundles are cut; at last all is with the province, once."""
    gateway = _PROVINCE.gateway()
    _enrolled(desk, gateway)
    usb = desk.disk / "usb"
    usb.mkdir()
    for number in range(DEATHS):
        _a_death(desk, gateway, usb, number)
        _look(desk)
    _settled(desk, gateway)


def _a_death(desk: Desk, gateway: Gateway, usb: Path, number: int) -> None:
    fault = rig.draw_failure(desk.dice) if desk.dice.random() < 0.3 else rig.draw_death(desk.dice)
    fails = fault.how >= rig.How.FAIL
    before = snapshot(desk.disk)
    desk.story.append(str(fault))
    child = desk.start(["--data", str(desk.folder), "batch"], fault)
    for step in _steps(desk.dice, usb, number):
        answer = _said(desk, child, step(gateway) if callable(step) else step)
        if answer is None:
            break
    desk.finish(child.end(), before, died_by_cut=fails or desk.dice.random() < 0.7)


Step = list[str] | Callable[[Gateway], list[str]]


def _steps(dice: random.Random, usb: Path, number: int) -> Iterator[Step]:
    yield list(RECEIVE)
    if dice.random() < 0.5:
        yield ["sync"]
        yield list(RECEIVE)
        yield ["sync"]
        return
    bundle = usb / f"goi-{number}.bundle"
    yield ["bundle", "export", str(bundle)]
    yield lambda gateway: ["bundle", "receipt", str(_imported(gateway, bundle))]
    if dice.random() < 0.5:
        yield ["sync"]


def _imported(gateway: Gateway, bundle: Path) -> str:
    """At the province's desk; a bundle that was never finished is none."""
    return str(import_file(gateway.db_url, bundle)["receipt"]) if bundle.exists() else str(bundle)


def _said(desk: Desk, child: rig.Child, line: list[str]) -> dict[str, Any] | None:
    answer = child.ask(line)
    desk.story.append(f"  {line[:3]} -> {answer}"[:300])
    counts = desk.figures.counts
    counts["acts on the line"] += line[0] != "receive"
    if answer is None:
        counts[f"died over {line[0]} {line[1] if line[0] == 'bundle' else ''}".strip()] += (
            line[0] != "receive"
        )
    elif answer["exit"] not in (*SPEAKING, 4):
        raise BrokenPromise(f"{line[:2]} was answered {json.dumps(answer, ensure_ascii=False)}")
    else:
        counts["acts on the line done"] += line[0] != "receive" and answer["exit"] == 0
    if line[0] == "receive":
        desk.ledger.heard(line, answer)
    return answer


def _look(desk: Desk) -> None:
    """The desk is whole, its stream too, and nothing acknowledged is gone; what other desks of the unit took
    in may be here as well, without an event of this desk."""
    checked = check_desk(desk.folder, ENVIRON)
    if not checked.ok:
        raise BrokenPromise(f"check: {[(each.kind, each.name) for each in checked.problems]}")
    raw = connect(desk.folder / STORE_FILE, keys.open_key(desk.folder, ENVIRON))
    try:
        check_stream(raw)
        rows = raw.execute(
            "SELECT id, provisional_number FROM dossier UNION SELECT id, number FROM dossier"
        ).fetchall()
    finally:
        raw.close()
    told = {(key, one.number) for key, one in desk.ledger.dossiers.items()}
    if told - set(rows):
        raise BrokenPromise(f"acknowledged dossiers lost: {told - set(rows)}")
    desk.figures.counts["looked through"] += 1


def _enrolled(desk: Desk, gateway: Gateway) -> None:
    made = desk.start(["--data", str(desk.folder), "--json", "init", "--demo"], rig.Fault(rig.How.NOTHING))
    made.hear()
    if made.end():
        raise AssertionError("no desk")
    code = gateway.enrolment_code(f"quay-{desk.dice.randrange(10**12)}", unit="02221")
    child = desk.start(["--data", str(desk.folder), "batch"], rig.Fault(rig.How.NOTHING))
    answer = child.ask(["enrol", "--url", gateway.url, "--code", code])
    if child.end() or answer is None or answer["exit"]:
        raise AssertionError(f"not enrolled: {answer}")


def _settled(desk: Desk, gateway: Gateway) -> None:
    """With an honest disk two rounds end it: both sides alike, every dossier at the province once."""
    child = desk.start(["--data", str(desk.folder), "batch"], rig.Fault(rig.How.NOTHING))
    answer = child.ask(["sync"])
    if answer is None or answer["exit"] or not answer["reconciled"]:
        answer = child.ask(["sync"])
    shown = [child.ask(["show", one.number]) for one in desk.ledger.dossiers.values()]
    if child.end() or answer is None or answer["exit"] or not answer["reconciled"] or answer["waiting"]:
        raise BrokenPromise(f"the line does not settle: {answer}")
    if any(each is None or each["exit"] for each in shown):
        raise BrokenPromise("acknowledged dossiers are not found by their number")
    with gateway.store() as store, store.read() as db:
        there = list(db.execute(select(at_province.c.dossier_id)).scalars())
    lost = set(desk.ledger.dossiers) - set(there)
    if lost or len(there) != len(set(there)):
        raise BrokenPromise(f"at the province: {len(lost)} dossiers missing of {len(desk.ledger.dossiers)}")
    desk.figures.counts["lines settled"] += 1
