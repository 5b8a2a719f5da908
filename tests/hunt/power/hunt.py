"""Desks that work, die and work again; after every death all that was acknowledged is looked for."""

from __future__ import annotations

import random
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app import keys
from app.models.database import STORE_FILE, Store, connect
from app.models.migrate import run_migrations
from app.models.schema_version import HEAD, KNOWN
from app.services.safety.check import check_desk
from tests.hunt.driver import CERTIFY, RECEIVE
from tests.hunt.power import key_life, rig
from tests.hunt.power.build import ROOM
from tests.hunt.power.cut import cut_power, read_log, snapshot
from tests.hunt.power.keeping import TERMS, Keeping
from tests.hunt.power.key_life import a_key_change
from tests.hunt.power.ledger import BrokenPromise, Ledger, check
from tests.hunt.power.line import a_line, province
from tests.hunt.power.work import GUIDE, Work
from tests.support import desk as desks

OLD = KNOWN[0]
ACTS = 14
DEATHS_A_DESK = 8


@dataclass
class Figures:
    """What was done to how many."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def deaths(self) -> int:
        """Processes killed: as they were, torn, or with the power."""
        return self.counts["killed"] + self.counts["power cut"]

    @property
    def failures(self) -> int:
        """Writes, syncs and renamings that failed or were torn."""
        return self.counts["failing calls"] + self.counts["torn writes"]

    def tally(self) -> str:
        """So far, in one line: a long run that is cut short has said what it did."""
        return (
            f"{self.deaths} deaths, {self.failures} failing or torn calls, {len(self.broken)} broken promises"
        )

    def lines(self) -> list[str]:
        """For people."""
        return [f"{name}: {count}" for name, count in sorted(self.counts.items())]


class Desk:
    """One desk on a disk of its own, with all that was heard of it."""

    def __init__(self, place: Path, dice: random.Random, figures: Figures, plant: str) -> None:
        self.disk, self.side, self.room = place / "disk", place / "side", place / "room"
        for folder in (self.disk, self.side, self.room, self.disk / "out"):
            folder.mkdir(parents=True)
        self.folder = self.disk / "desk"
        self.dice, self.figures, self.plant = dice, figures, plant
        self.ledger = Ledger()
        self.keeping = Keeping()
        self.backed_up = False
        self.story: list[str] = []
        self.work = Work(self.ledger, dice, self.room, self.disk / "out")

    def death(self, *, leader: bool | None = None) -> None:
        """Work until the plug is pulled or the disk gives up. ``leader``: by chance unless told."""
        fails = self.dice.random() < 0.4
        fault = rig.draw_failure(self.dice) if fails else rig.draw_death(self.dice)
        leader = self.dice.random() < 0.15 if leader is None else leader
        before = snapshot(self.disk)
        self.story.append(str(fault))
        child = self.start(["--data", str(self.folder), "batch"], fault, leader=leader)
        for _ in range(self.dice.randint(3, ACTS)):
            line = self.work.line(leader=leader)
            answer = child.ask(line)
            self.story.append(f"  {line[:4]} -> {answer}"[:300])
            bare = line[2:] if line[0] == "--as" else line
            self.figures.counts["acts acknowledged"] += bool(answer and answer["exit"] == 0)
            self.figures.counts["acts refused by the disk"] += bool(answer and answer["exit"] == 5)
            self.ledger.heard(bare, answer)
            if bare[0] == "retention":
                self.figures.counts["retention runs asked"] += 1
                self.figures.counts["retention runs acknowledged"] += bool(answer and answer["exit"] == 0)
                self.keeping.heard(answer)
            if answer is None:
                break
            if answer["exit"] == 0 and bare[0] == "backup":
                self.backed_up = True
        self.finish(child.end(), before, died_by_cut=True if fails else self.dice.random() < 0.7)

    def start(self, argv: Sequence[str], fault: rig.Fault, *, leader: bool = False) -> rig.Child:
        """A child on this disk."""
        rig.clear(self.side)
        return rig.Child(argv, self.disk, self.side, fault, leader=leader, plant=self.plant)

    def finish(self, code: int, before: dict[int, dict[str, tuple[int, bool]]], *, died_by_cut: bool) -> None:
        """Count what happened and take away what a power cut takes."""
        if code not in (0, 3, 5, -9):
            raise BrokenPromise(f"the process ended with {code}")
        counts = self.figures.counts
        planted = [each for each in read_log(self.side) if each.op == "X"]
        torn = sum(each.size == rig.How.TEAR for each in planted)
        counts["torn writes"] += torn
        counts["failing calls"] += sum(each.size in (rig.How.FAIL, rig.How.SHORT) for each in planted)
        if died_by_cut:
            counts["power cut"] += 1
            counts["calls lost or torn by the cut"] += cut_power(self.disk, self.side, before, self.dice)
        elif code == -9:
            counts["killed"] += 1
        else:
            counts["ran through"] += 1

    def look(self) -> None:
        """Raise ``BrokenPromise`` where something heard is gone."""
        check(self.folder, self.ledger)
        self.keeping.check(self.folder)
        self.figures.counts["looked through"] += 1
        if self.backed_up and self.dice.random() < 0.2:
            self._restores()

    def _restores(self) -> None:
        into = self.room / "restored"
        child = rig.Child(
            [
                "--data",
                str(self.folder),
                "--json",
                "restore",
                str(self.disk / "out" / "quay.mcbackup"),
                "--into",
                str(into),
            ],
            self.room / "nowhere",
            self.side,
            rig.Fault(rig.How.NOTHING),
        )
        answer, code = child.hear(), child.end()
        if code or not check_desk(into, desks.ENVIRON).ok:
            raise BrokenPromise(f"an acknowledged backup does not restore: {answer}")
        shutil.rmtree(into)
        self.figures.counts["backups restored"] += 1


def a_life(desk: Desk) -> None:
    """A desk of today's schema and its deaths."""
    _live(desk, DEATHS_A_DESK)
    desk.figures.counts["receptions refused by the disk and stored"] += desk.ledger.stored_though_refused


def a_retention(desk: Desk) -> None:
    """The same where time flies: the office lets go of what is past its term, again and again."""
    desk.work.runs = 0.3
    desk.ledger.open_receptions = desk.ledger.died_receptions = 1
    _live(desk, DEATHS_A_DESK - 2, "with papers", years=1, leader=True)
    let_go = sum(len(names) for names in desk.keeping.gone.values())
    desk.figures.counts["things told as let go, and gone"] += let_go


def _live(
    desk: Desk, deaths: int, template: str = "termed", *, years: float = 0.25, leader: bool | None = None
) -> None:
    shutil.copytree(_made[template], desk.folder)
    for _ in range(deaths):
        if desk.dice.random() < years:
            desk.keeping.make_old(desk.folder, desk.dice)
        desk.death(leader=leader)
        if desk.dice.random() < 0.75:
            desk.look()
    desk.look()


def a_migration(desk: Desk) -> None:
    """An old desk with dossiers is opened by the new program, again and again, until it is new."""
    shutil.copytree(old_desk(), desk.folder)
    rows = counted(desk.folder)
    desk.ledger.open_receptions = rows["dossier"]
    for _ in range(4):
        before = snapshot(desk.disk)
        fault = draw(desk.dice, 6)
        child = desk.start(["--data", str(desk.folder), "batch"], fault)
        answer = child.ask(["find", "hường"])
        desk.finish(child.end(), before, died_by_cut=fault.how >= rig.How.FAIL or desk.dice.random() < 0.7)
        desk.figures.counts["migrations cut"] += answer is None or answer["exit"] != 0
        found = counted(desk.folder)
        read, rows["audit"] = found["audit"] - rows["audit"], found["audit"]
        if {name: count for name, count in found.items() if name in rows} != rows or read not in (0, 1):
            raise BrokenPromise(f"rows {rows} became {found}, {read} readings noted")
        version = schema(desk.folder)
        desk.figures.counts[f"after a cut migration: {version}"] += 1
        if version not in (OLD, HEAD) or ("eform" in found) != (version == HEAD):
            raise BrokenPromise(f"half a migration: {version}")
        copy = desk.folder / "backups" / f"before-migration-from-{OLD}.db"
        if version == HEAD:
            _whole_copy(copy, desk.folder)
            break
    child = desk.start(["--data", str(desk.folder), "batch"], rig.Fault(rig.How.NOTHING))
    answer = child.ask(["find", "hường"])
    child.end()
    if answer is None or answer["exit"] or answer["count"] != 2:
        raise BrokenPromise(f"after the migration: {answer}")
    desk.look()


def a_restore(desk: Desk) -> None:
    """A backup is restored beside a desk while the power fails: whole or not at all."""
    backup, into = desk.disk / "out" / "quay.mcbackup", desk.disk / "new"
    shutil.copyfile(backup_file(), backup)
    for _ in range(3):
        before = snapshot(desk.disk)
        argv = ["--data", str(into), "--json", "restore", str(backup), "--into", str(into)]
        _build(desk, argv, into, before, "restores cut", dossiers=2)
        if into.exists():
            break


def a_beginning(desk: Desk) -> None:
    """A desk is made while the power fails: whole or not at all."""
    into = desk.disk / "new"
    for _ in range(3):
        _build(
            desk,
            ["--data", str(into), "--json", "init", "--demo"],
            into,
            snapshot(desk.disk),
            "beginnings cut",
            0,
        )
        if into.exists():
            break


def draw(dice: random.Random, scale: int) -> rig.Fault:
    """A fault of longer work than an act; syncs and names are few there too."""
    fault = rig.draw_failure(dice, scale) if dice.random() < 0.3 else rig.draw_death(dice, scale)
    return fault if fault.classes & rig.WRITES else replace(fault, at=fault.at % 40 + 1)


def _build(
    desk: Desk,
    argv: list[str],
    into: Path,
    before: dict[int, dict[str, tuple[int, bool]]],
    name: str,
    dossiers: int,
) -> None:
    fault = draw(desk.dice, desk.dice.choice((1, 3)))
    child = desk.start(argv, fault)
    answer = child.hear()
    done = answer is not None and "error" not in answer
    desk.finish(child.end(), before, died_by_cut=fault.how >= rig.How.FAIL or desk.dice.random() < 0.7)
    desk.figures.counts[name] += not done
    if done and not into.exists():
        raise BrokenPromise("told as made, and gone")
    if into.exists():
        checked = check_desk(into, desks.ENVIRON)
        if not checked.ok:
            raise BrokenPromise(
                f"half a desk: {[(each.kind, each.name) for each in checked.problems]} told {done}"
            )
        if dossiers and counted(into)["dossier"] != dossiers:
            raise BrokenPromise("a desk without its dossiers")


def counted(folder: Path) -> dict[str, int]:
    """Rows by table."""
    raw = connect(folder / STORE_FILE, keys.open_key(folder, desks.ENVIRON))
    try:
        tables = [
            name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        plain = [name for name in tables if not name.startswith(("sqlite_", "search", "alembic"))]
        return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in plain}
    finally:
        raw.close()


def schema(folder: Path) -> str:
    """The schema's version."""
    raw = connect(folder / STORE_FILE, keys.open_key(folder, desks.ENVIRON))
    try:
        return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        raw.close()


def _whole_copy(copy: Path, folder: Path) -> None:
    if not copy.exists():
        raise BrokenPromise("migrated, and the copy of before is gone")
    raw = connect(copy, keys.open_key(folder, desks.ENVIRON))
    try:
        if (
            raw.execute("PRAGMA cipher_integrity_check").fetchall()
            or raw.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
        ):
            raise BrokenPromise("migrated, and the copy of before is torn")
    finally:
        raw.close()


_made: dict[str, Path] = {}


def templates(place: Path) -> None:
    """An old desk with two dossiers, and a backup of a desk with two."""
    folder = place / "template"
    shutil.copytree(desks._template()[0], folder)
    side = place / "template-side"
    side.mkdir()
    child = rig.Child(["--data", str(folder), "batch"], place / "nowhere", side, rig.Fault(rig.How.NOTHING))
    received = child.ask(RECEIVE)
    assert received is not None
    slip = ["slip", received["number"], "--form", "01", "--out", str(place / "slip.pdf")]
    backup = ["backup", str(place / "quay.mcbackup")]
    made = [received, child.ask(CERTIFY), child.ask(slip), child.ask(backup)]
    assert all(answer and answer["exit"] == 0 for answer in made), made
    assert child.end() == 0
    _made["termed"] = _termed(place, side)
    _made["with papers"] = _with_papers(place, side)
    keyed = place / "keyed"
    shutil.copytree(folder, keyed)
    key_life.template(keyed)
    key_life.remember(keyed, desks._template()[1].recovery_words)
    store = Store(folder / STORE_FILE, keys.open_key(folder, desks.ENVIRON))
    run_migrations(store, f"-{len(KNOWN) - 1}")
    store.dispose()
    _made.update(old=folder, backup=place / "quay.mcbackup")


def _termed(place: Path, side: Path) -> Path:
    """A desk whose office has set every term that the program leaves to it."""
    folder = place / "termed"
    shutil.copytree(desks._template()[0], folder)
    nothing = rig.Fault(rig.How.NOTHING)
    child = rig.Child(["--data", str(folder), "batch"], place / "nowhere", side, nothing, leader=True)
    term = ("--count", "24", "--unit", "months", "--basis", "Quyết định của UBND xã")
    made = [child.ask(["--as", "quantri", "retention", "set", kind, *term]) for kind in TERMS]
    assert all(answer and answer["exit"] == 0 for answer in made), made
    assert child.end() == 0
    return folder


def _with_papers(place: Path, side: Path) -> Path:
    """The same with a dossier, printings of it and guidance given."""
    folder = place / "with-papers"
    shutil.copytree(_made["termed"], folder)
    child = rig.Child(["--data", str(folder), "batch"], place / "nowhere", side, rig.Fault(rig.How.NOTHING))
    received = child.ask(RECEIVE)
    assert received is not None
    out = str(place / "other.pdf")
    slip = ["slip", received["number"], "--form", "01", "--out", out]
    made = [child.ask(each) for _ in range(4) for each in (slip, [*GUIDE, "--out", out])]
    assert all(answer and answer["exit"] == 0 for answer in made), made
    assert child.end() == 0
    return folder


def old_desk() -> Path:
    """A desk of the first schema."""
    return _made["old"]


def backup_file() -> Path:
    """A backup of two dossiers."""
    return _made["backup"]


KINDS = (
    *(a_life, a_life, a_life, a_life, a_life),
    *(a_key_change, a_key_change, a_retention, a_retention),
    *(a_line, a_migration, a_restore, a_beginning),
)


FOUND_BY = {
    "normal": a_life,
    "no-fsync": a_life,
    "no-folder-sync": a_life,
    "print-first": a_life,
    "half-migration": a_migration,
    "torn-restore": a_restore,
    "early-key": a_key_change,
    "unsynced-erasure": a_retention,
}
"""Which kind of life shows a planted fault."""


@contextmanager
def ground() -> Iterator[Path]:
    """Everything loaded and the templates made; where desks may lie."""
    rig.load()
    with TemporaryDirectory(prefix="power-", dir=ROOM) as name:
        place = Path(name).resolve()
        templates(place)
        with province(place):
            yield place


@dataclass
class Hunt:
    """Desk after desk. ``plant``: a fault in every child; ``kinds``: the lives to choose from; ``first``:
    the number of the first desk; ``story``: tell what a desk with a broken promise went through."""

    place: Path
    seed: int
    plant: str = ""
    kinds: Sequence[Callable[[Desk], None]] = KINDS
    first: int = 0
    story: bool = False
    figures: Figures = field(default_factory=Figures)

    def run(self, deaths: int, *, minutes: float = 1e9, stop: bool = False) -> Figures:
        """Until so many deaths, or the time is up; ``stop``: or a promise is broken."""
        end = time.monotonic() + minutes * 60
        number = self.first
        while self.figures.deaths < deaths and time.monotonic() < end:
            self._one(number)
            number += 1
            if not stop and not (number - self.first) % 10:
                print(f"{number - self.first} desks, {self.figures.tally()}", flush=True)
            if self.figures.broken and stop:
                break
        self.figures.counts["desks"] = number - self.first
        return self.figures

    def _one(self, number: int) -> None:
        dice = random.Random(f"{self.seed}/{number}")
        life = dice.choice(self.kinds)
        place = self.place / f"{self.plant}{number}"
        desk = Desk(place, dice, self.figures, self.plant)
        deaths = self.figures.deaths
        try:
            life(desk)
        except BrokenPromise as broken:
            self._broken(desk, f"{self.seed}/{number} {life.__name__}: {broken}")
        except Exception:
            self._broken(desk, f"{self.seed}/{number} {life.__name__}: {traceback.format_exc(limit=-6)}")
        self.figures.counts[f"{life.__name__}: desks"] += 1
        self.figures.counts[f"{life.__name__}: deaths"] += self.figures.deaths - deaths
        shutil.rmtree(place, ignore_errors=True)

    def _broken(self, desk: Desk, words: str) -> None:
        self.figures.broken.append(words)
        if self.story:
            notes = [note.read_text("utf-8", "replace") for note in desk.side.glob("stderr")]
            print("\n".join([*desk.story[-30:], *notes, words]), flush=True)


def prove(place: Path, seed: int, plants: Iterable[str], deaths: int = 120) -> dict[str, str]:
    """By planted fault: what was found, or nothing."""
    found = {}
    for plant in plants:
        broken = Hunt(place, seed, plant, (FOUND_BY[plant],)).run(deaths, stop=True).broken
        found[plant] = broken[0] if broken else ""
    return found
