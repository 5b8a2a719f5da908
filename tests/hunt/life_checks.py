"""What must hold of the real store after each act: read by plain SQL beside the services."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema_rs

from app.clock import from_wire
from app.protocol import contract
from app.protocol.chain import chain_next, chain_start, event_digest
from app.services.audit.verify import verify_audit
from app.services.desk import Desk
from tests.hunt import plain_calendar as wall
from tests.hunt.life_model import Judgement, Life
from tests.support.desk import officer

Row = tuple[Any, ...]
_DUE_TOLD = {
    "dossier.received": "due_at",
    "dossier.supplement_received": "new_due_at",
    "dossier.due_date_changed": "new_due_at",
}


class BrokenError(AssertionError):
    """The program and the model differ; the words say where and how to see it again."""


@dataclass
class History:
    """One dossier under way. ``rows``: its history as last read; ``script``: what was tried."""

    number: str
    id: str
    code: str
    life: Life
    left: int = 0
    rows: list[Row] = field(default_factory=list)
    script: list[str] = field(default_factory=list)


@cache
def _contract() -> Any:
    return jsonschema_rs.validator_for(contract.schema("Event"))


class Checks:
    """Remembers how far the store had come and compares each act with what the model says of it."""

    def __init__(self, desk: Desk, seed: str) -> None:
        self._desk, self._seed = desk, seed
        self._raw: Any = desk.store._engine.raw_connection().driver_connection
        self._books: dict[str, int] = {}
        self._told: dict[str, list[Row]] = {}
        self._chain = self.read("SELECT chain FROM stream")[0][0]
        self._look()

    def read(self, query: str, *values: object) -> list[Row]:
        """Rows as they lie in the store."""
        return list(self._raw.execute(query, values).fetchall())

    def expect(self, script: list[str], what: str, found: object, plain: object) -> None:
        """Raise ``BrokenError`` where the store and the model differ."""
        if found != plain:
            raise self.broken(script, f"{what}: {found!r}, by the model {plain!r}")

    def broken(self, script: list[str], words: str) -> BrokenError:
        """The failure with the seed and the whole life so far."""
        return BrokenError("\n  ".join([f"seed {self._seed}: {words}", *script]))

    def untouched(self, script: list[str]) -> None:
        """Nothing at all was committed since the last act that was done."""
        self.expect(script, "store untouched by a refusal", self._version(), self._seen)

    def next_line(self, book: str, line: int, script: list[str]) -> None:
        """A book goes on without a gap."""
        self._books[book] = self._books.get(book, 0) + 1
        self.expect(script, f"line of book {book}", line, self._books[book])

    def own_unit(self) -> str:
        """The code by which the desk's own commune holds a dossier."""
        return str(self.read("SELECT coalesce(agency_code, unit_code) FROM desk")[0][0])

    def outside(self, one: History) -> None:
        """Something the desk did not do itself was written (a change of the province)."""
        one.rows = self._told[one.id] = self._history(one)
        self._look()

    def compare(self, one: History, verdict: Judgement, signers: Collection[str | None]) -> None:
        """The dossier is where the model has it; its records are one act longer, the old ones untouched."""
        self._compare_dossier(one)
        before, script = (self._event, self._audit, self._line), one.script
        rows = self._history(one)
        new = rows[len(one.rows) :]
        self.expect(script, "history before", rows[: len(one.rows)], one.rows)
        self.expect(script, "history added", tuple(line[2] for line in new), verdict.lines)
        self.expect(script, "time of the lines", {_when(line[3]) for line in new}, {verdict.at})
        one.rows = self._told[one.id] = rows
        self._look()
        added = (self._event - before[0], self._audit - before[1], self._line - before[2])
        plain = (len(verdict.events), 1, len(new))
        self.expect(script, "events, audit rows, history lines added", added, plain)
        self._check_events(one, verdict, signers, before[0])

    def _compare_dossier(self, one: History) -> None:
        life = one.life
        names = "status", "due_at", "supplement_rounds", "ended_at", "returned_at", "received_at"
        row = self.read(f"SELECT {', '.join(names)}, custodian_unit FROM dossier WHERE id = ?", one.id)[0]
        found = (row[0], _when(row[1]), row[2], *(_when(moment) for moment in row[3:6]))
        model = (life.status, life.due, life.rounds, life.ended, life.returned, life.received)
        for name, real, plain in zip(names, found, model, strict=True):
            self.expect(one.script, name, real, plain)
        self.expect(one.script, "held here", row[6] == self.own_unit(), life.here)

    def _check_events(
        self, one: History, verdict: Judgement, signers: Collection[str | None], after: int
    ) -> None:
        new = self.read(
            "SELECT desk_seq, type, body, digest, chain FROM event WHERE desk_seq > ? ORDER BY desk_seq",
            after,
        )
        self.expect(one.script, "events", tuple(row[1] for row in new), verdict.events)
        for place, row in enumerate(new, after + 1):
            event = json.loads(row[2])
            self._check_link(one.script, place, row, event)
            expect, script = self.expect, one.script
            expect(script, "time of the event", from_wire(event["occurred_at"]), verdict.at)
            expect(script, "subject", event["subject"]["id"], one.id)
            expect(script, "approval allowed", event["actor"].get("approved_by") in signers, True)
            expect(script, "contract", [fault.message for fault in _contract().iter_errors(event)], [])
            self._check_payload(one, event)

    def _check_link(self, script: list[str], place: int, row: Row, event: dict[str, Any]) -> None:
        seq, _, _, digest, chain = row
        self._chain = chain_next(self._chain, event_digest(event))
        self.expect(script, "place in the stream", (seq, event["desk_seq"]), (place, place))
        self.expect(script, "digest", (event["digest"], digest), (event_digest(event),) * 2)
        self.expect(script, "chain", (chain, event["chain"]), (self._chain, self._chain))

    def _check_payload(self, one: History, event: dict[str, Any]) -> None:
        payload = event["payload"]
        told = _DUE_TOLD.get(event["type"])
        if told is not None:
            self.expect(one.script, "due date told", _when(payload.get(told)), one.life.due)
        receipt = payload.get("receipt")
        if receipt:
            year = str(wall.local_day(one.life.last).year)
            self.expect(one.script, "receipt book", receipt["serial"][-4:], year)
            self.next_line(receipt["serial"], int(receipt["number"]), one.script)

    def read_all_again(self) -> None:
        """The whole desk: stream, audit chain, every history as it was when it was written."""
        script = ["the desk read again"]
        self.expect(script, "audit chain", verify_audit(self._desk, officer(self._desk)).ok, True)
        chain = chain_start(self.read("SELECT epoch FROM stream")[0][0])
        events = self.read("SELECT desk_seq, body, chain FROM event ORDER BY desk_seq")
        for place, (seq, body, kept) in enumerate(events, 1):
            chain = chain_next(chain, event_digest(json.loads(body)))
            self.expect(script, "stream", (seq, kept), (place, chain))
        lines: dict[str, list[Row]] = {}
        for row in self.read("SELECT * FROM history ORDER BY id"):
            lines.setdefault(row[1], []).append(row)
        self.expect(script, "histories", lines, self._told)
        self.expect(script, "store", self.read("PRAGMA integrity_check")[0][0], "ok")

    def _look(self) -> None:
        row = self.read(
            "SELECT (SELECT max(desk_seq) FROM event), (SELECT coalesce(max(seq), 0) FROM audit),"
            " (SELECT coalesce(max(id), 0) FROM history)"
        )[0]
        self._event, self._audit, self._line = (int(end) for end in row)
        self._seen = self._version()

    def _version(self) -> int:
        """Changes whenever another connection committed anything at all to the store."""
        return int(self._raw.execute("PRAGMA data_version").fetchone()[0])

    def _history(self, one: History) -> list[Row]:
        return self.read("SELECT * FROM history WHERE dossier_id = ? ORDER BY id", one.id)


def _when(value: str | None) -> datetime | None:
    return None if value is None else from_wire(value)
