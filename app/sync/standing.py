"""Where the desk stands with the province, in counts: quick however much waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.clock import from_wire
from app.models.database import Store
from app.models.tables import event, gateway
from app.sync.marks import COMPLETE, read_mark
from app.sync.status import DEFERRED, REJECTED_OPEN, WAITING


@dataclass(frozen=True)
class Standing:
    """``url`` ``None``: never enrolled. ``waiting``: events without a verdict, the oldest made at
    ``oldest_at``; ``rejected``: those no correction has answered; ``complete_at``: when both sides last
    fitted."""

    url: str | None
    waiting: int
    oldest_at: datetime | None
    rejected: int
    deferred: int
    complete_at: datetime | None


def standing(store: Store) -> Standing:
    """The counts now."""
    c = event.c
    waits = WAITING
    with store.read() as connection:
        url = connection.execute(select(gateway.c.url)).scalar_one_or_none()
        waiting = connection.execute(select(func.count()).select_from(event).where(waits)).scalar_one()
        oldest = connection.execute(
            select(c.recorded_at).where(waits).order_by(c.epoch, c.desk_seq).limit(1)
        ).scalar_one_or_none()
        rejected, deferred = (
            connection.execute(select(func.count()).select_from(event).where(which)).scalar_one()
            for which in (REJECTED_OPEN, DEFERRED)
        )
        complete = read_mark(connection, COMPLETE)
    return Standing(
        url, waiting, oldest, rejected, deferred, None if complete is None else from_wire(complete)
    )
