"""What is past its term goes and stays gone, what is not stays; whatever dies in the midst of the run."""

from __future__ import annotations

import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.models.database import STORE_FILE, connect
from app.models.files import FileStore
from app.protocol.ids import new_id
from app.services.safety.key_change import key_that_opens
from tests.hunt.power.ledger import BrokenPromise
from tests.support.desk import ENVIRON

RUN = ["--as", "quantri", "retention", "run"]
TERMS = ("prints", "guidance")
"""Kinds without a term until the office sets one."""
LONG_AGO = "2020-01-02T08:00:00.000+07:00"
_SECONDS = 1_577_900_000


@dataclass
class Keeping:
    """By kind and id: ``old``: past its term, not yet told as let go; ``gone``: told. ``young``: drafts that
    stay, with their bodies; ``drafts``: how many there ever were; ``runs``: acknowledged, by their time."""

    old: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    young: dict[str, str] = field(default_factory=dict)
    drafts: int = 0
    again: set[str] = field(default_factory=set)
    """Old papers printed anew, byte for byte, after a cut had taken their first printing: they stay."""
    runs: list[str] = field(default_factory=list)

    def make_old(self, folder: Path, dice: random.Random) -> None:
        """Years go by over some of what is there; the disk is an honest one meanwhile."""
        raw = connect(folder / STORE_FILE, key_that_opens(folder, ENVIRON))
        try:
            officer = raw.execute("SELECT id FROM officer LIMIT 1").fetchone()[0]
            for number in range(3):
                self._draft(raw, officer, old=number < 2)
            papers = raw.execute("SELECT sha256 FROM print_job").fetchall()
            self._age(raw, "prints", papers, "UPDATE print_job SET made_at = ? WHERE sha256 = ?", dice)
            lines = raw.execute("SELECT id FROM guidance WHERE person <> ''").fetchall()
            self._age(raw, "guidance", lines, "UPDATE guidance SET at = ? WHERE id = ?", dice)
        finally:
            raw.close()
        self._log(folder)

    def _draft(self, raw: Any, officer: str, *, old: bool) -> None:
        draft, body = new_id(), json.dumps({"person": {"full_name": "Lò Thị Nháp"}})
        self.drafts += 1
        if old:
            self.old["drafts"].add(draft)
        else:
            self.young[draft] = body
        at = LONG_AGO if old else "2099-01-02T08:00:00.000+07:00"
        row = (draft, "reception", officer, at, "name", body)
        raw.execute(
            "INSERT INTO draft (id, screen, officer_id, saved_at, focus, body) VALUES (?,?,?,?,?,?)", row
        )

    def _age(self, raw: Any, kind: str, rows: list[Any], words: str, dice: random.Random) -> None:
        fresh = sorted({name for (name,) in rows} - self.old[kind] - self.gone[kind])
        for name in fresh:
            if dice.random() < 0.6:
                raw.execute(words, (LONG_AGO, name))
                self.old[kind].add(name)

    def _log(self, folder: Path) -> None:
        logs = folder / "logs"
        logs.mkdir(exist_ok=True)
        name = f"crash-{new_id()}.json"
        (logs / name).write_text("{}")
        os.utime(logs / name, (_SECONDS, _SECONDS))
        self.old["logs"].add(name)

    def heard(self, answer: Mapping[str, Any] | None) -> None:
        """A run was answered; ``None``: the desk died over it."""
        if answer is None or answer["exit"] == 5:
            return
        if answer["exit"]:
            raise BrokenPromise(f"a retention run was answered {answer}")
        self.runs.append(answer["at"])
        for kind in self.old:
            if not answer["left"].get(kind):
                self.gone[kind] |= self.old[kind]
                self.old[kind] = set()

    def check(self, folder: Path) -> None:
        """Raises ``BrokenPromise``."""
        key = key_that_opens(folder, ENVIRON)
        raw = connect(folder / STORE_FILE, key)
        try:
            out = {
                "drafts": self._drafts(raw),
                "guidance": self._guidance(raw),
                "prints": self._prints(raw, FileStore(folder / "files", key)),
            }
            self._audited(raw, out)
        finally:
            raw.close()
        back = [name for name in self.gone["logs"] if (folder / "logs" / name).exists()]
        _require(not back, f"{len(back)} logs let go are there")

    def _drafts(self, raw: Any) -> int:
        there = dict(raw.execute("SELECT id, body FROM draft").fetchall())
        _require(not self.gone["drafts"] & set(there), "a draft let go is there")
        lost = [draft for draft, body in self.young.items() if there.get(draft) != body]
        _require(not lost, f"{len(lost)} drafts within their term are gone")
        return self.drafts - len(there)

    def _guidance(self, raw: Any) -> int:
        rows = raw.execute("SELECT id, person, phone FROM guidance").fetchall()
        half = [line for line, person, phone in rows if (person == "") != (phone == "")]
        _require(not half, f"{len(half)} lines of guidance erased by half")
        blank = {line for line, person, _ in rows if person == ""}
        _require(self.gone["guidance"] <= blank, "who a guidance slip was for is there again")
        _require(blank <= self.gone["guidance"] | self.old["guidance"], "guidance within its term is erased")
        return len(blank)

    def _prints(self, raw: Any, files: FileStore) -> int:
        purposes = dict(raw.execute("SELECT sha256, purpose FROM stored_file").fetchall())
        erased = {sha for sha, purpose in purposes.items() if purpose == "erased"}
        jobs = raw.execute("SELECT sha256, made_at FROM print_job").fetchall()
        printed = {sha for sha, _ in jobs}
        self.again |= (self.gone["prints"] | self.old["prints"]) & {sha for sha, at in jobs if at != LONG_AGO}
        self.gone["prints"] -= self.again
        self.old["prints"] -= self.again
        _require(self.gone["prints"] | self.old["prints"] <= printed, "that a paper was printed is lost")
        _require(self.gone["prints"] <= erased, "a paper let go is kept")
        known = self.gone["prints"] | self.old["prints"] | self.again
        _require(erased <= known, "a paper within its term is let go")
        back = [sha for sha in self.gone["prints"] if files.has(sha)]
        _require(not back, f"the bytes of {len(back)} papers let go are there")
        return len(erased)

    def _audited(self, raw: Any, out: Mapping[str, int]) -> None:
        told: Counter[str] = Counter()
        for (name,) in raw.execute("SELECT record_id FROM audit WHERE act = 'let_go'").fetchall():
            kind, _, count = name.partition(":")
            told[kind] += int(count)
        for kind, count in out.items():
            made_again = len(self.again) if kind == "prints" else 0
            _require(
                count <= told[kind] <= count + made_again,
                f"{kind}: {count} let go, {told[kind]} told by the audit",
            )
        runs = {at for (at,) in raw.execute("SELECT at FROM retention_run").fetchall()}
        _require({_stored(at) for at in self.runs} <= runs, "a retention run told is lost")


def _stored(at: str) -> str:
    """A time of an answer as the store writes it: always with milliseconds."""
    return at if "." in at else at.replace("+07:00", ".000+07:00")


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise BrokenPromise(words)
