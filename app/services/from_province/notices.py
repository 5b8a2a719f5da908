"""What the province or this machine wants an officer to know; it stays until somebody has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update

from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.recording import Recorder


@dataclass(frozen=True)
class UnseenNotice:
    """One notice. ``severity``: urgent, error, warning or info, as it was told."""

    id: int
    at: datetime
    severity: str
    body: str


def unseen_notices(desk: Desk, by: Officer, limit: int = 50) -> tuple[UnseenNotice, ...]:
    """Those nobody has seen, what is urgent first, then the oldest."""
    by.require(Permission.SYNC)
    n = tables.notice.c
    rank = case((n.severity.in_(("urgent", "error")), 0), (n.severity == "warning", 1), else_=2)
    query = (
        select(n.id, n.at, n.severity, n.body).where(n.seen_at.is_(None)).order_by(rank, n.id).limit(limit)
    )
    with desk.store.read() as connection:
        return tuple(UnseenNotice(*row) for row in connection.execute(query))


def mark_seen(desk: Desk, by: Officer, notice_id: int) -> None:
    """An officer has read it; saying so twice changes nothing."""
    by.require(Permission.SYNC)
    n = tables.notice.c
    with desk.store.write() as connection:
        now = desk.clock.now()
        done = connection.execute(
            update(tables.notice).where(n.id == notice_id, n.seen_at.is_(None)).values(seen_at=now)
        )
        if done.rowcount:
            Recorder(connection, desk, by, now).audit("notice_seen", "notice", str(notice_id))
