"""Three records of one act in one commit: history (the officer reads), event (the province gets,
chained), audit (who did or read what, ids only, chained with a key).

A ``Recorder`` lives inside one write transaction of one act.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from app.clock import from_wire
from app.domain.roles import Officer
from app.models import tables
from app.models.head_mark import HEAD, Head
from app.models.sync_state import refresh_sync_state
from app.protocol.canonical import canonical_bytes
from app.protocol.events import EventDraft, Payload, build_event
from app.protocol.ids import new_id
from app.protocol.parts import Actor, ClockEvidence, Subject
from app.services.desk import Desk

FIRST_MAC = "0" * 64
ANCHOR_SIGNS = 16
"""Hex signs of a MAC that an anchor carries: what nobody finds a second log for."""


@dataclass(frozen=True)
class Recorder:
    """Writes the records of one act. ``at``: time of the act; recording time is the clock's."""

    connection: Connection
    desk: Desk
    by: Officer
    at: datetime

    def event(
        self,
        event_type: str,
        subject: Subject,
        payload: Payload | Mapping[str, object],
        *,
        dossier_id: str | None = None,
        base_version: int | None = None,
        corrects: str | None = None,
        approved_by: str | None = None,
        answers: str | None = None,
    ) -> str:
        """Append one event to the desk's stream; gives its id. It waits for the province from now on.

        ``corrects``: the refused event it stands in for; ``answers``: one it settles otherwise.
        """
        stream = self._stream_head()
        event_id = new_id()
        recorded_at = self.desk.clock.now()
        body = build_event(
            EventDraft(
                type=event_type,
                subject=subject,
                actor=self._actor(approved_by),
                occurred_at=self.at,
                payload=payload,
                base_version=base_version,
                corrects=corrects,
            ),
            event_id=event_id,
            desk_seq=stream.last_seq + 1,
            recorded_at=recorded_at,
            clock=self._clock_evidence(),
            previous_chain=stream.chain,
            audit=self._audit_end().as_anchor(),
        )
        self._insert(
            tables.event,
            {
                "event_id": event_id,
                "epoch": stream.epoch,
                "desk_seq": body["desk_seq"],
                "type": event_type,
                "schema": body["schema"],
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "dossier_id": dossier_id,
                "occurred_at": self.at,
                "recorded_at": recorded_at,
                "body": canonical_bytes(body),
                "digest": body["digest"],
                "chain": body["chain"],
                "files": body["files"],
                "corrects": corrects,
            },
        )
        self._move_stream(replace(stream, last_seq=body["desk_seq"], chain=body["chain"]))
        settled = corrects or answers
        if settled is not None:
            self._answer(settled, event_id)
        if dossier_id is not None:
            self._now_waiting(dossier_id)
        return event_id

    def history(
        self, dossier_id: str, act: str, detail: Mapping[str, Any] | None = None, event_id: str | None = None
    ) -> None:
        """One line of the dossier's history; never changed or removed afterwards."""
        self._insert(
            tables.history,
            {
                "dossier_id": dossier_id,
                "act": act,
                "at": self.at,
                "recorded_at": self.desk.clock.now(),
                "officer_id": self.by.id,
                "by_name": self.by.name,
                "detail": dict(detail or {}),
                "event_id": event_id,
            },
        )

    def audit(self, act: str, record_kind: str, record_id: str, fields: Sequence[str] = ()) -> None:
        """One link of the audit chain: who, when, act, record id and field names, never values."""
        row = audit_row(
            self.desk.audit_key,
            self._audit_end(),
            at=self.desk.clock.now(),
            officer_id=self.by.id,
            act=act,
            record=(record_kind, record_id),
            fields=fields,
        )
        self._insert(tables.audit, row)
        self.connection.info[HEAD] = Head(row["seq"], row["mac"])

    def _insert(self, table: Table, row: Mapping[str, Any]) -> None:
        self.connection.execute(insert(table).values(**row))

    def _stream_head(self) -> StreamHead:
        return current_stream(self.connection)

    def _move_stream(self, head: StreamHead) -> None:
        self.connection.execute(
            update(tables.stream)
            .where(tables.stream.c.epoch == head.epoch)
            .values(last_seq=head.last_seq, chain=head.chain)
        )

    def _audit_end(self) -> AuditEnd:
        return audit_end(self.connection)

    def _now_waiting(self, dossier_id: str) -> None:
        refresh_sync_state(self.connection, dossier_id)

    def _actor(self, approved_by: str | None) -> Actor:
        return Actor(
            officer_id=self.by.id,
            officer_name=self.by.name,
            role=self.by.wire_role,
            position=self.by.position or None,
            approved_by=approved_by,
        )

    def _clock_evidence(self) -> ClockEvidence:
        mark = self.connection.execute(
            select(tables.sync_mark.c.value).where(tables.sync_mark.c.key == "clock")
        ).scalar_one_or_none()
        clock = self.desk.clock
        return ClockEvidence(
            offset_ms=mark["offset_ms"] if mark else None,
            synced_at=from_wire(mark["synced_at"]) if mark else None,
            boot_id=clock.boot_id,
            monotonic_ms=clock.monotonic_ms(),
        )

    def _answer(self, rejected_id: str, by_event: str) -> None:
        self.connection.execute(
            update(tables.event).where(tables.event.c.event_id == rejected_id).values(answered_by=by_event)
        )


@dataclass(frozen=True)
class StreamHead:
    """End of the stream now written to."""

    epoch: str
    last_seq: int
    chain: str
    mark: str
    confirmed: bool


def current_stream(connection: Connection) -> StreamHead:
    """The stream now written to."""
    c = tables.stream.c
    row = connection.execute(
        select(c.epoch, c.last_seq, c.chain, c.mark, c.confirmed).order_by(c.position.desc()).limit(1)
    ).one()
    return StreamHead(*row)


@dataclass(frozen=True)
class AuditEnd:
    """End of the audit chain."""

    seq: int
    mac: str

    def as_anchor(self) -> dict[str, Any] | None:
        """What an event carries out of the PC (I24): the entry's number and the head of its MAC. A MAC says
        nothing to who has no key. ``None`` before the first entry."""
        return {"seq": self.seq, "mac": self.mac[:ANCHOR_SIGNS]} if self.seq else None


def audit_end(connection: Connection) -> AuditEnd:
    """The last link of the audit chain, or its beginning."""
    c = tables.audit.c
    last = connection.execute(select(c.seq, c.mac).order_by(c.seq.desc()).limit(1)).first()
    return AuditEnd(*last) if last else AuditEnd(0, FIRST_MAC)


def audit_row(
    key: bytes,
    end: AuditEnd,
    *,
    at: datetime,
    officer_id: str,
    act: str,
    record: tuple[str, str],
    fields: Sequence[str] = (),
) -> dict[str, Any]:
    """The next link of the audit chain; its MAC covers the row and the MAC before it."""
    row: dict[str, Any] = {
        "seq": end.seq + 1,
        "at": at,
        "officer_id": officer_id,
        "act": act,
        "record_kind": record[0],
        "record_id": record[1],
        "fields": list(fields),
    }
    return {**row, "mac": audit_mac(key, end.mac, row)}


def audit_mac(key: bytes, previous: str, row: Mapping[str, Any]) -> str:
    """The MAC of one audit row after the MAC before it."""
    content = canonical_bytes({**row, "at": row["at"].isoformat(timespec="milliseconds")})
    return hmac.new(key, bytes.fromhex(previous) + content, hashlib.sha256).hexdigest()
