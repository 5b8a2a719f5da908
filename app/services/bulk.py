"""The three records of many acts in one commit, row for row as ``Recorder`` writes them singly.

Heads of stream and audit chain are read once, rows are gathered, and ``flush`` writes them table by table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.models import tables
from app.models.search_index import search_body
from app.models.tables import SEARCH_TABLE
from app.protocol.parts import ClockEvidence
from app.services.intake.reception import TakenIn
from app.services.recording import AuditEnd, Recorder, StreamHead, audit_end, current_stream

_ORDER = (
    tables.dossier,
    tables.party,
    tables.component,
    tables.fee,
    tables.event,
    tables.history,
    tables.audit,
)

_UNTOUCHED = {"supplement_rounds": 0, "ended_at": None, "returned_at": None}
"""Columns that reception leaves to the table and acts may fill: one insert names the same for all rows."""


@dataclass
class Batch:
    """What one transaction will write. Nothing is stored before ``flush``."""

    connection: Connection
    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    searches: list[dict[str, Any]] = field(default_factory=list)
    fresh: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    used: Counter[str] = field(default_factory=Counter)
    evidence: ClockEvidence | None = None

    def __post_init__(self) -> None:
        self.stream = current_stream(self.connection)
        self.audit = audit_end(self.connection)
        self._row_no = self.connection.execute(select(func.max(tables.dossier.c.row_no))).scalar_one() or 0

    def take(self, taken: TakenIn) -> None:
        """One dossier with all its parts."""
        self._row_no += 1
        row: dict[str, Any] = {"row_no": self._row_no, **_UNTOUCHED, **taken.dossier}
        self.fresh[row["id"]] = row
        self.rows[tables.dossier].append(row)
        self.rows[tables.party] += [dict(each) for each in taken.parties]
        self.rows[tables.component] += [dict(each) for each in taken.papers]
        self.rows[tables.fee] += [dict(each) for each in taken.fees]
        self.searches.append({"row": self._row_no, "body": search_body(row, taken.parties)})
        self.used[row["procedure_code"]] += 1

    def change(self, dossier_id: str, columns: Mapping[str, Any]) -> None:
        """Columns of a dossier that an act changes."""
        row = self.fresh.get(dossier_id)
        (self.changed[dossier_id] if row is None else row).update(columns)

    def flush(self) -> None:
        """Write everything."""
        execute = self.connection.execute
        for table in _ORDER:
            if self.rows[table]:
                execute(insert(table), self.rows[table])
        if self.searches:
            execute(text(f"INSERT INTO {SEARCH_TABLE} (rowid, body) VALUES (:row, :body)"), self.searches)
        for names, changes in self._changes_by_columns().items():
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
            key = tables.dossier.c.id == bindparam("changed_id")
            execute(update(tables.dossier).where(key).values(columns), changes)
        for code, count in self.used.items():
            grown = tables.procedure_use.c.count + count
            statement = upsert(tables.procedure_use).values(code=code, count=count)
            execute(statement.on_conflict_do_update(index_elements=["code"], set_={"count": grown}))
        ours = tables.stream.c.epoch == self.stream.epoch
        head = {"last_seq": self.stream.last_seq, "chain": self.stream.chain}
        execute(update(tables.stream).where(ours).values(head))

    def _changes_by_columns(self) -> dict[tuple[str, ...], list[dict[str, Any]]]:
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for dossier_id, columns in self.changed.items():
            values = {f"new_{name}": value for name, value in columns.items()}
            groups[tuple(sorted(columns))].append({"changed_id": dossier_id, **values})
        return groups


@dataclass(frozen=True)
class BatchRecorder(Recorder):
    """A recorder whose rows go to a batch."""

    batch: Batch = field(kw_only=True)

    def _insert(self, table: Table, row: Mapping[str, Any]) -> None:
        self.batch.rows[table].append(dict(row))
        if table is tables.audit:
            self.batch.audit = AuditEnd(row["seq"], row["mac"])

    def _stream_head(self) -> StreamHead:
        return self.batch.stream

    def _move_stream(self, head: StreamHead) -> None:
        self.batch.stream = head

    def _audit_end(self) -> AuditEnd:
        return self.batch.audit

    def _now_waiting(self, dossier_id: str) -> None:
        self.batch.change(dossier_id, {"sync_state": "waiting"})

    def _clock_evidence(self) -> ClockEvidence:
        if self.batch.evidence is None:
            self.batch.evidence = super()._clock_evidence()
        return replace(self.batch.evidence, monotonic_ms=self.desk.clock.monotonic_ms())
