"""Which journey of mobile registration a dossier belongs to, read while it is received."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from app.models.counter_tables import field_session


def session_for(connection: Connection, procedure_code: str, at: datetime | None) -> str | None:
    """The open journey, or the one that a given time of reception falls in, where it registers that
    procedure; else ``None``."""
    c = field_session.c
    query = select(c.id, c.procedures).order_by(c.opened_at.desc()).limit(1)
    if at is None:
        query = query.where(c.closed_at.is_(None))
    else:
        query = query.where(c.opened_at <= at, c.closed_at.is_(None) | (c.closed_at >= at))
    row = connection.execute(query).first()
    return row.id if row is not None and procedure_code in row.procedures else None
