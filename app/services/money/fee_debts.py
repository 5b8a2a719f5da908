"""What a stored dossier owes: its fees against the receipts that stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from app.domain.fees import AT_THE_COUNTER, AskedFee, Owed, TakenPayment, owed
from app.models import tables
from app.models.life_tables import payment


def taken_until(connection: Connection, dossier_id: str, at: datetime) -> int:
    """VND taken for a dossier up to that moment and not given back by then."""
    p = payment.c
    held = or_(p.cancelled_at.is_(None), p.cancelled_at > at)
    return int(
        connection.execute(
            select(func.coalesce(func.sum(p.amount_vnd), 0)).where(
                p.dossier_id == dossier_id, p.at <= at, held
            )
        ).scalar_one()
    )


def fees_owed(connection: Connection, dossier_id: str) -> Owed:
    """Fees and receipts of one dossier; a cancelled receipt leaves its fees unpaid again."""
    f, p = tables.fee.c, payment.c
    fees = [
        AskedFee(row.id, row.name, row.amount_vnd, row.stage, row.code == AT_THE_COUNTER)
        for row in connection.execute(
            select(f.id, f.code, f.name, f.amount_vnd, f.stage)
            .where(f.dossier_id == dossier_id)
            .order_by(f.id)
        )
    ]
    taken = [
        TakenPayment(tuple(row.fee_ids), row.amount_vnd)
        for row in connection.execute(
            select(p.fee_ids, p.amount_vnd)
            .where(p.dossier_id == dossier_id, p.cancelled_at.is_(None))
            .order_by(p.at, p.book, p.number)
        )
    ]
    return owed(fees, taken)
