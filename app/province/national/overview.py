"""What the operator watches of the portal: what waits, what is held and why, the last success. No citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.province.national import queue, reasons
from app.province.national.reasons import Reason
from app.province.national.tables import national_dossiers as rows
from app.province.national.tables import national_facts
from app.province.tables import dossiers
from app.province.times import from_ms

SHOWN = 50


@dataclass(frozen=True)
class Standing:
    """Counts of dossiers. ``retrying``: waiting after a failure; until ``paused_until`` nothing is called."""

    waiting: int
    retrying: int
    held: int
    done: int
    last_success: datetime | None
    paused_until: datetime | None
    oldest_waiting: datetime | None


@dataclass(frozen=True)
class HeldLine:
    """One dossier that is held."""

    dossier_id: str
    code: str
    unit_code: str
    since: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class RetryLine:
    """One dossier whose last call failed. ``trouble``: the kind of failure."""

    dossier_id: str
    code: str
    unit_code: str
    trouble: str
    tries: int
    next_try: datetime


def standing(db: Connection, now: datetime) -> Standing:
    """Counted now."""
    counts = {
        row.state: row.many
        for row in db.execute(select(rows.c.state, func.count().label("many")).group_by(rows.c.state))
    }
    retrying = db.execute(
        select(func.count()).select_from(rows).where(rows.c.state == "waiting", rows.c.trouble.is_not(None))
    ).scalar()
    oldest = db.execute(
        select(func.min(dossiers.c.changed_at))
        .join(rows, rows.c.dossier_id == dossiers.c.dossier_id)
        .where(rows.c.state == "waiting")
    ).scalar()
    success = db.execute(select(func.max(rows.c.succeeded_at))).scalar()
    pause = from_ms(queue.paused_until(db))
    return Standing(
        waiting=counts.get("waiting", 0),
        retrying=int(retrying or 0),
        held=counts.get("held", 0),
        done=counts.get("done", 0),
        last_success=None if success is None else from_ms(success),
        paused_until=pause if pause > now else None,
        oldest_waiting=None if oldest is None else from_ms(oldest),
    )


def is_used(db: Connection) -> bool:
    """Whether the portal has ever been connected."""
    return db.execute(select(national_facts.c.name).limit(1)).first() is not None


def held_lines(db: Connection, limit: int = SHOWN) -> list[HeldLine]:
    """Held dossiers, those held longest first."""
    found = db.execute(
        select(rows, dossiers.c.code, dossiers.c.unit_code)
        .join(dossiers, dossiers.c.dossier_id == rows.c.dossier_id)
        .where(rows.c.state == "held")
        .order_by(rows.c.trouble_since, rows.c.dossier_id)
        .limit(limit)
    )
    return [
        HeldLine(
            row.dossier_id,
            row.code,
            row.unit_code,
            None if row.trouble_since is None else from_ms(row.trouble_since),
            reasons.from_text(row.reasons),
        )
        for row in found
    ]


def retry_lines(db: Connection, limit: int = SHOWN) -> list[RetryLine]:
    """Dossiers whose last call failed, the next to be tried first."""
    found = db.execute(
        select(rows, dossiers.c.code, dossiers.c.unit_code)
        .join(dossiers, dossiers.c.dossier_id == rows.c.dossier_id)
        .where(rows.c.state == "waiting", rows.c.trouble.is_not(None))
        .order_by(rows.c.not_before, rows.c.dossier_id)
        .limit(limit)
    )
    return [
        RetryLine(row.dossier_id, row.code, row.unit_code, row.trouble, row.tries, from_ms(row.not_before))
        for row in found
    ]


def reason_counts(db: Connection) -> dict[Reason, int]:
    """How many dossiers each missing thing holds, the most first."""
    counts: dict[Reason, int] = {}
    texts = db.execute(
        select(rows.c.reasons, func.count().label("many"))
        .where(rows.c.state == "held")
        .group_by(rows.c.reasons)
    )
    for row in texts:
        for reason in reasons.from_text(row.reasons):
            counts[reason] = counts.get(reason, 0) + int(row.many)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
