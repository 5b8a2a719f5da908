"""The audit chain read back: which row, if any, is the first that does not fit (I24)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.recording import FIRST_MAC, Recorder, audit_mac


@dataclass(frozen=True)
class AuditVerdict:
    """``first_broken``: the lowest sequence number that was changed, moved or is missing."""

    rows: int
    ok: bool
    first_broken: int | None


def verify_audit(desk: Desk, by: Officer) -> AuditVerdict:
    """Walk the whole chain. The command line calls it for any officer: it shows no entry."""
    previous, expected = FIRST_MAC, 1
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).mappings()
        count = 0
        for row in rows:
            count += 1
            body = {name: row[name] for name in row if name != "mac"}
            if row["seq"] != expected or row["mac"] != audit_mac(desk.audit_key, previous, body):
                return AuditVerdict(rows=_count(connection), ok=False, first_broken=expected)
            previous, expected = row["mac"], expected + 1
    return AuditVerdict(rows=count, ok=True, first_broken=None)


def note_read(desk: Desk, by: Officer, record_kind: str, record_id: str) -> None:
    """Record that somebody looked at a record (I23)."""
    by.require(Permission.VIEW)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("read", record_kind, record_id)


def _count(connection: object) -> int:
    from sqlalchemy import Connection, func

    assert isinstance(connection, Connection)
    return int(connection.execute(select(func.count()).select_from(tables.audit)).scalar_one())
