"""An audit log is tampered with at random places; each time the exact row, or the anchor, must be named.

``python -m tests.hunt.tamper PLACES CLEAN SEED`` runs the full hunt and prints its figures; the suite runs a
small fixed share. The tamperer holds the store's key and knows how the chain is made; what he lacks is the
key of the chain. ``CLEAN`` logs are written by the program alone and must raise no alarm.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.clock import FixedClock
from app.domain.roles import Officer
from app.models import tables
from app.models.database import STORE_FILE, Store
from app.models.head_mark import FILE
from app.services.audit.verify import Anchor, AnchorKind, AuditVerdict, Misfit, verify_audit
from app.services.desk import Desk
from app.services.recording import FIRST_MAC, AuditEnd, Recorder, audit_end, audit_mac
from tests.support.desk import MONDAY, make_desk, officer

COLUMNS = ("seq", "at", "officer_id", "act", "record_kind", "record_id", "fields", "mac")
ACTS = ("read", "receive", "print", "read_visits", "pay", "sign_in", "help_step")
KINDS = ("dossier", "help_case", "officer", "setting", "payment")
FIELDS = ("phone", "address", "status", "form_01", "ô trống", 'có "nháy"', "gạch\\chéo")
LENGTH, SHOTS, SHOWN = 160, 8, 16
Named = tuple[int | None, AnchorKind | None, Misfit | None]
"""What must be told: the first broken row; the anchor it falls short of and how."""


@dataclass(frozen=True)
class Shot:
    """The desk's files as they once were, and how far the log had come."""

    folder: Path
    end: AuditEnd


class Evidence:
    """A log of the program's own making with pictures of its earlier states."""

    def __init__(self, room: Path, seed: int) -> None:
        self.room = room
        rng = random.Random(f"{seed}/log")
        desk = make_desk(room / "made")
        self.desk, self.by = desk, officer(desk)
        self.shots: list[Shot] = []
        while (end := end_of(desk)).seq < LENGTH:
            if end.seq > (len(self.shots) + 1) * LENGTH // (SHOTS + 1):
                self._shoot()
            work(desk, self.by, rng)
        self.last = Shot(self._shoot(), end)
        self.shots = self.shots[:-1]

    def copy(self) -> Desk:
        """The same desk in a folder of its own, store closed and opened anew."""
        folder = Path(tempfile.mkdtemp(dir=self.room))
        shutil.copytree(self.last.folder, folder, dirs_exist_ok=True)
        return opened(self.desk, folder)

    def _shoot(self) -> Path:
        folder = self.room / f"shot{len(self.shots)}"
        folder.mkdir()
        with self.desk.store.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        self.desk.store.dispose()  # folds the log of the store into it
        for name in (STORE_FILE, FILE):
            shutil.copy(self.desk.folder / name, folder)
        self.shots.append(Shot(folder, end_of(self.desk)))
        return folder


def work(desk: Desk, by: Officer, rng: random.Random) -> None:
    """One commit with one to four entries of the program's own."""
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    clock.at += timedelta(milliseconds=rng.randrange(-2_000, 90_000))
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, clock.now())
        for _ in range(rng.randint(1, 4)):
            fields = rng.sample(FIELDS, rng.randint(0, 3))
            recorder.audit(rng.choice(ACTS), rng.choice(KINDS), f"{rng.getrandbits(64):016x}", fields)


def end_of(desk: Desk) -> AuditEnd:
    """How far the log has come."""
    with desk.store.read() as connection:
        return audit_end(connection)


def opened(desk: Desk, folder: Path) -> Desk:
    """The desk over the files of another folder."""
    return replace(desk, folder=folder, store=Store(folder / STORE_FILE, desk.store.key))


# ---- ways to tamper; each gives what must be named


def change(rng: random.Random, case: Case) -> Named:
    """One column of one entry says something else."""
    seq, column = case.place(rng), rng.choice(COLUMNS)
    if column == "seq":
        case.sql("UPDATE audit SET seq = ? WHERE seq = ?", case.rows + rng.randint(1, 50), seq)
        return seq, None, None
    old = case.value(column, seq)
    new = other_value(rng, column, old)
    case.sql(f"UPDATE audit SET {column} = ? WHERE seq = ?", new, seq)
    return seq, None, None


def delete(rng: random.Random, case: Case) -> Named:
    """Entries are taken out, the hole left open or closed."""
    seq, count = case.place(rng, before_end=4), rng.randint(1, 3)
    case.sql("DELETE FROM audit WHERE seq BETWEEN ? AND ?", seq, seq + count - 1)
    if rng.random() < 0.5:
        case.move(seq + count, -count)
    return seq, None, None


def swap(rng: random.Random, case: Case) -> Named:
    """Two entries change places, whole or without their MACs."""
    first, second = sorted(rng.sample(range(1, case.rows + 1), 2))
    names = COLUMNS[1:] if rng.random() < 0.5 else COLUMNS[1:-1]
    one, other = case.row(first, names), case.row(second, names)
    if one == other:  # two entries that say the same cannot be told apart, nor need they be
        return change(rng, case)
    sets = ", ".join(f"{name} = ?" for name in names)
    case.sql(f"UPDATE audit SET {sets} WHERE seq = ?", *other, first)
    case.sql(f"UPDATE audit SET {sets} WHERE seq = ?", *one, second)
    return first, None, None


def put_in(rng: random.Random, case: Case) -> Named:
    """An entry nobody made, in the middle (the rest moves on), before the first or after the end."""
    where = rng.choice(("middle", "middle", "copy", "before", "end"))
    like = case.row(case.place(rng), COLUMNS[1:])
    if where == "before":
        seq = -rng.randint(0, 9)
    elif where == "end":
        seq = case.rows + rng.randint(1, 9)
    else:
        seq = case.place(rng)
        case.move(seq, 1)
        if where == "copy":  # the row that stood there, twice: the second is the one too many
            like = case.row(seq + 1, COLUMNS[1:])
    values = list(like)
    if where != "copy":
        values[1] = f"{rng.getrandbits(64):016x}"
    case.sql(f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES (?,?,?,?,?,?,?,?)", seq, *values)
    if where == "copy":
        return seq + 1, None, None
    return min(seq, case.rows + 1), None, None


def rechain(rng: random.Random, case: Case) -> Named:
    """An entry changed or taken out and every MAC after it made anew with a key that is not the chain's."""
    seq = case.place(rng, before_end=2)
    key = rng.choice((b"", rng.randbytes(32), case.desk.store.key))
    if rng.random() < 0.5:
        case.sql("UPDATE audit SET record_id = 'another' WHERE seq = ?", seq)
    else:
        case.sql("DELETE FROM audit WHERE seq = ?", seq)
        case.move(seq + 1, -1)
    with case.desk.store.write() as connection:
        rechain_from(connection, key, seq)
    return seq, None, None


def cut_tail(rng: random.Random, case: Case) -> Named:
    """The newest entries are gone."""
    last = case.place(rng, before_end=1)
    case.sql("DELETE FROM audit WHERE seq > ?", last)
    return last + 1, AnchorKind.MARK, Misfit.SHORT


def older_file(rng: random.Random, case: Case) -> Named:
    """The store of some days ago in the place of today's, the mark left as it is."""
    shot = case.put_back(rng, STORE_FILE)
    return shot.end.seq + 1, AnchorKind.MARK, Misfit.SHORT


def older_folder(rng: random.Random, case: Case) -> Named:
    """Store and mark of some days ago: only what was printed tells."""
    shot = case.put_back(rng, STORE_FILE, FILE)
    assert verify_audit(case.desk, case.by).ok, "without an anchor outside nothing can be told"
    case.print_end()
    return shot.end.seq + 1, AnchorKind.PRINTED, Misfit.SHORT


def older_folder_that_went_on(rng: random.Random, case: Case) -> Named:
    """Store and mark of some days ago, then worked on beyond today's end."""
    case.put_back(rng, STORE_FILE, FILE)
    while end_of(case.desk).seq <= case.rows:
        work(case.desk, case.by, rng)
    assert verify_audit(case.desk, case.by).ok, "without an anchor outside nothing can be told"
    case.print_end()
    return case.rows, AnchorKind.PRINTED, Misfit.OTHER


def mark_gone(rng: random.Random, case: Case) -> Named:
    """The newest entries are gone and the mark with them."""
    case.sql("DELETE FROM audit WHERE seq > ?", case.place(rng, before_end=1))
    (case.desk.folder / FILE).unlink()
    return None, AnchorKind.MARK, Misfit.GONE


Way = Callable[[random.Random, "Case"], Named]
WAYS: tuple[Way, ...] = (
    change,
    delete,
    swap,
    put_in,
    rechain,
    cut_tail,
    older_file,
    change,
    rechain,
    older_folder,
    older_folder_that_went_on,
    mark_gone,
)


class Case:
    """One copy in the tamperer's hands."""

    def __init__(self, evidence: Evidence) -> None:
        self.desk, self.by = evidence.copy(), evidence.by
        self.rows = evidence.last.end.seq
        self._evidence = evidence
        self._printed: list[Anchor] = []
        self.sql("DROP TRIGGER audit_never_changes")
        self.sql("DROP TRIGGER audit_is_kept")

    def verdict(self) -> AuditVerdict:
        """What is told of the copy when it is opened anew."""
        self.desk.store.dispose()
        return verify_audit(self.desk, self.by, self._printed)

    def print_end(self) -> None:
        """The end of the untouched log, as the foot of a page shows it."""
        end = self._evidence.last.end
        self._printed.append(Anchor(end.seq, end.mac[:SHOWN]))

    def put_back(self, rng: random.Random, *names: str) -> Shot:
        """Files of an earlier state in the place of today's."""
        shot = rng.choice(self._evidence.shots)
        self.desk.store.dispose()
        for stray in self.desk.folder.glob(f"{STORE_FILE}-*"):
            stray.unlink()
        for name in names:
            shutil.copy(shot.folder / name, self.desk.folder)
        return shot

    def place(self, rng: random.Random, before_end: int = 0) -> int:
        """A random entry, at least so many before the last."""
        return rng.randint(1, self.rows - before_end)

    def sql(self, statement: str, *values: Any) -> None:
        """One statement past the program."""
        with self.desk.store.write() as connection:
            connection.exec_driver_sql(statement, values)

    def move(self, first: int, by: int) -> None:
        """Renumber the entries from ``first`` on, none of them twice on the way."""
        far = 1_000_000
        self.sql("UPDATE audit SET seq = seq + ? WHERE seq >= ?", far, first)
        self.sql("UPDATE audit SET seq = seq - ? WHERE seq >= ?", far - by, far)

    def row(self, seq: int, names: Sequence[str]) -> tuple[Any, ...]:
        """Columns of an entry as they are stored."""
        with self.desk.store.read() as connection:
            asked = f"SELECT {', '.join(names)} FROM audit WHERE seq = ?"
            return tuple(connection.exec_driver_sql(asked, (seq,)).one())

    def value(self, column: str, seq: int) -> str:
        """One column of an entry as it is stored."""
        return str(self.row(seq, (column,))[0])

    def close(self) -> None:
        """Throw the copy away."""
        self.desk.store.dispose()
        shutil.rmtree(self.desk.folder, ignore_errors=True)


def other_value(rng: random.Random, column: str, old: str) -> str:
    """Something else of the same kind, one sign of it, or another spelling of it."""
    ways: list[Callable[[], str]] = [
        lambda: _one_sign(rng, old),
        lambda: old + rng.choice((" ", "\u200b", "x")),
        lambda: old[:-1],
    ]
    if column == "at":
        ways += [lambda: old.replace("+07:00", "+07:00:00"), lambda: old.replace("2026", "2025")]
    if column == "fields":
        ways += [lambda: '["another"]', lambda: old.replace("[", "[ ", 1), lambda: "null"]
    if column == "mac":
        ways += [old.upper, lambda: f"{rng.getrandbits(256):064x}"]
    while (new := rng.choice(ways)()) == old:
        pass
    return new


def rechain_from(connection: Connection, key: bytes, seq: int) -> None:
    """Every MAC from an entry on made anew with a key."""
    c = tables.audit.c
    previous = connection.execute(tables.audit.select().where(c.seq == seq - 1)).mappings().first()
    end = previous["mac"] if previous else FIRST_MAC
    for row in connection.execute(tables.audit.select().where(c.seq >= seq).order_by(c.seq)).mappings().all():
        body = {name: row[name] for name in row if name != "mac"}
        end = audit_mac(key, end, body)
        connection.execute(tables.audit.update().where(c.seq == row["seq"]).values(mac=end))


def hunt(places: int, seed: int, room: Path) -> Counter[str]:
    """So many places, in turn over the ways; how many of each were named exactly."""
    evidence = Evidence(room, seed)
    named: Counter[str] = Counter()
    for number in range(places):
        way = WAYS[number % len(WAYS)]
        case = Case(evidence)
        try:
            due = way(random.Random(f"{seed}/{number}"), case)
            verdict = case.verdict()
            anchor = verdict.anchor
            told = (
                verdict.first_broken,
                anchor.kind if anchor else None,
                anchor.misfit if anchor else None,
            )
            assert not verdict.ok, f"seed {seed}, place {number}: {way.__name__} was not noticed"
            assert told == due, f"seed {seed}, place {number}: {way.__name__} is {due}, told {told}"
            named[way.__name__] += 1
        finally:
            case.close()
    evidence.desk.close()
    return named


def clean(logs: int, seed: int, room: Path) -> int:
    """So many logs as the program writes them, closed and opened on the way, some clocks running backwards;
    no alarm may be raised, whatever was printed on the way. Gives how many entries there were."""
    made = make_desk(room / "clean")
    by, entries = officer(made), 0
    made.store.dispose()
    for number in range(logs):
        rng = random.Random(f"{seed}/clean/{number}")
        folder = Path(tempfile.mkdtemp(dir=room))
        for name in (STORE_FILE, FILE):
            shutil.copy(made.folder / name, folder)
        desk = opened(replace(made, clock=FixedClock(MONDAY)), folder)
        printed = []
        for _ in range(rng.randint(1, 12)):
            work(desk, by, rng)
            if rng.random() < 0.3:
                end = end_of(desk)
                printed.append(Anchor(end.seq, end.mac[:SHOWN]))
            if rng.random() < 0.1:
                desk.store.dispose()
        verdict = verify_audit(desk, by, printed)
        assert verdict.ok, f"seed {seed}, clean log {number}: {verdict}"
        entries += verdict.rows
        desk.store.dispose()
        shutil.rmtree(folder)
    return entries


def _one_sign(rng: random.Random, old: str) -> str:
    if not old:
        return "x"
    at = rng.randrange(len(old))
    return old[:at] + rng.choice("0123456789abcdefáđ") + old[at + 1 :]


def main() -> None:
    """The full hunt."""
    places, logs, seed = (int(each) for each in sys.argv[1:4])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="motcua-tamper-") as room:
        named = hunt(places, seed, Path(room))
        for way, count in sorted(named.items()):
            print(f"{way:26} {count} of {count} named exactly")
        print(f"{places} places, seed {seed}, {time.monotonic() - started:.0f} s", flush=True)
        entries = clean(logs, seed, Path(room))
        print(f"{logs} clean logs, {entries} entries, no alarm, {time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    main()
