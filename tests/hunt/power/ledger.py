"""What the desk was heard to say, and whether the disk still says it after the death."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.models.database import STORE_FILE, connect
from app.protocol.chain import chain_next, chain_start, event_digest
from app.services.safety.check import check_desk
from app.services.safety.key_change import key_that_opens
from tests.support.desk import ENVIRON

ONCE = (
    ("dossier", "provisional_number"),
    ("dossier", "number"),
    ("dossier", "register_book || '/' || register_no"),
    ("certified_copy", "book || '/' || line"),
    ("payment", "book || '/' || number"),
    ("guidance", "book || '/' || line"),
    ("print_job", "subject_id || '/' || form || '/' || copy_no"),
)
BOOKS = (
    ("dossier", "register_book", "register_no"),
    ("certified_copy", "book", "line"),
    ("payment", "book", "number"),
    ("guidance", "book", "line"),
)


class BrokenPromise(AssertionError):  # noqa: N818
    """Something acknowledged is gone, or half of something is there."""


@dataclass
class Heard:
    """One dossier as answered. ``acts``: acknowledged, by name; ``doubtful``: asked, no yes heard."""

    number: str
    status: int
    acts: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)


@dataclass
class Ledger:
    """All that was acknowledged on one desk, over all its deaths."""

    dossiers: dict[str, Heard] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    guided: set[str] = field(default_factory=set)
    certified: set[str] = field(default_factory=set)
    fills: int = 0
    papers: list[Path] = field(default_factory=list)
    open_receptions: int = 0
    died_receptions: int = 0
    stored_though_refused: int = 0

    def heard(self, line: Sequence[str], answer: Mapping[str, Any] | None) -> None:
        """Note one command and its answer; ``None``: the desk died over it."""
        told = answer is not None and answer["exit"] == 0
        if answer is not None and answer["exit"] not in (0, 3, 5):
            raise BrokenPromise(f"{list(line)} was answered {answer}")
        if told:
            assert answer is not None
            self._yes(line, answer)
        elif answer is None or answer["exit"] == 5:
            self._perhaps(line, died=answer is None)

    def _yes(self, line: Sequence[str], answer: Mapping[str, Any]) -> None:
        act = line[0]
        if act == "receive":
            self.dossiers[answer["id"]] = Heard(answer["number"], answer["status"])
        elif act == "certify":
            self.dossiers[answer["id"]] = Heard(answer["number"], 2)
            self.certified.add(answer["register_no"])
        elif act == "do":
            one = self._find(line[1])
            one.status = answer["status"]
            one.acts[line[2]] += 1
        elif act == "receipt" and line[1] == "take":
            self.receipts.add(answer["receipt"])
        elif act == "guide":
            self.guided.add(answer["number"])
        elif act == "eform":
            self.fills += 1

    def _perhaps(self, line: Sequence[str], *, died: bool) -> None:
        if line[0] == "do":
            self._find(line[1]).doubtful[line[2]] += 1
        elif line[0] in ("receive", "certify"):
            self.open_receptions += 1
            self.died_receptions += died

    def _find(self, number: str) -> Heard:
        return next(one for one in self.dossiers.values() if one.number == number)


def check(folder: Path, ledger: Ledger) -> None:
    """Everything that was acknowledged is there, nothing is there by half. Raises ``BrokenPromise``."""
    checked = check_desk(folder, ENVIRON)
    if not checked.ok:
        raise BrokenPromise(f"check: {[(each.kind, each.name) for each in checked.problems]}")
    raw = connect(folder / STORE_FILE, key_that_opens(folder, ENVIRON))
    try:
        _whole(raw)
        _there(raw, ledger)
        _printed(raw, ledger)
    finally:
        raw.close()


def _whole(raw: Any) -> None:
    for table, what in ONCE:
        twice = raw.execute(
            f"SELECT {what} FROM {table} WHERE {what} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        ).fetchall()
        _require(not twice, f"{table}: {what} twice: {twice}")
    for table, book, line in BOOKS:
        gaps = raw.execute(
            f"SELECT {book}, count(*), max({line}) FROM {table} GROUP BY 1 HAVING count(*) <> max({line})"
        ).fetchall()
        _require(not gaps, f"{table}: gaps {gaps}")
    unqueued = raw.execute(
        "SELECT id FROM dossier d WHERE status <> 1 AND NOT EXISTS"
        " (SELECT 1 FROM event e WHERE e.dossier_id = d.id)"
    ).fetchall()
    _require(not unqueued, f"stored, not queued: {unqueued}")
    naked = raw.execute(
        "SELECT id FROM dossier d WHERE NOT EXISTS (SELECT 1 FROM party p WHERE p.dossier_id = d.id)"
        " OR NOT EXISTS (SELECT 1 FROM history h WHERE h.dossier_id = d.id)"
    ).fetchall()
    _require(not naked, f"dossiers by half: {naked}")
    check_stream(raw)


def check_stream(raw: Any) -> None:
    """Every event in its place, digest and chain right, the end as noted. Raises ``BrokenPromise``."""
    streams = raw.execute("SELECT epoch, last_seq, chain FROM stream").fetchall()
    for epoch, last, end in streams:
        chain, place = chain_start(epoch), 0
        rows = raw.execute(
            "SELECT desk_seq, body, digest, chain FROM event WHERE epoch = ? ORDER BY desk_seq", (epoch,)
        )
        for place, (seq, body, digest, kept) in enumerate(rows.fetchall(), 1):
            _require(seq == place and event_digest(json.loads(body)) == digest, f"event {seq}")
            chain = chain_next(chain, digest)
            _require(chain == kept, f"chain at {seq}")
        _require((place, chain) == (last, end), f"stream ends at {last}, events at {place}")


def _there(raw: Any, ledger: Ledger) -> None:
    rows = {
        key: (number, status)
        for key, number, status in raw.execute(
            "SELECT id, coalesce(number, provisional_number), status FROM dossier"
        ).fetchall()
    }
    gone = set(ledger.dossiers) - set(rows)
    _require(not gone, f"acknowledged dossiers lost: {gone}")
    for key, one in ledger.dossiers.items():
        number, status = rows[key]
        _require(number == one.number, f"{one.number} became {number}")
        found = Counter(
            dict(
                raw.execute(
                    "SELECT act, count(*) FROM history WHERE dossier_id = ? GROUP BY 1", (key,)
                ).fetchall()
            )
        )
        for act, count in one.acts.items():
            _require(found[act] >= count, f"{number}: {act} acknowledged {count}, stored {found[act]}")
        if not one.doubtful:
            _require(status == one.status, f"{number}: status {status}, told {one.status}")
            for act in set(one.acts) - {"pay", "accept"}:
                _require(found[act] == one.acts[act], f"{number}: {act} more often than told")
        one.status = status
    extra = len(rows) - len(ledger.dossiers)
    _require(0 <= extra <= ledger.open_receptions, f"{extra} dossiers nobody asked for")
    ledger.stored_though_refused = max(0, extra - ledger.died_receptions)
    stored = {f"{book}-{no}" for book, no in raw.execute("SELECT book, number FROM payment").fetchall()}
    _require(ledger.receipts <= stored, f"receipts lost: {ledger.receipts - stored}")
    lines = raw.execute("SELECT count(*) FROM guidance").fetchone()[0]
    _require(lines >= len(ledger.guided), "guidance lost")
    fills = raw.execute("SELECT count(*) FROM history WHERE act = 'eform'").fetchone()[0]
    _require(fills >= ledger.fills, f"declarations: told {ledger.fills}, stored {fills}")
    copies = {f"{no}/{book}" for book, no in raw.execute("SELECT book, line FROM certified_copy").fetchall()}
    _require(ledger.certified <= copies, f"day book lines lost: {ledger.certified - copies}")


def _printed(raw: Any, ledger: Ledger) -> None:
    """Printed implies stored; a paper is whole."""
    kept = {sha for (sha,) in raw.execute("SELECT sha256 FROM stored_file").fetchall()}
    for paper in ledger.papers:
        if paper.exists():
            content = paper.read_bytes()
            _require(content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF"), "half a paper")
            _require(hashlib.sha256(content).hexdigest() in kept, f"printed, not stored: {paper.name}")


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise BrokenPromise(words)
