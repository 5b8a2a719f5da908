"""Who signs certifications, and the line of history that says what went into the book under whose name.

The signer of a line is fixed when the line is taken in: the book of last month does not change when
another leader comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.recording import Recorder

BOOKED = "certify"
"""History line of a dossier that was written into a book of certifications."""


@dataclass(frozen=True)
class Signer:
    """Name and title as the book's column has them; empty leaves room for a hand."""

    name: str = ""
    title: str = ""


UNNAMED = Signer()
"""Signed by a hand that the program does not name."""


def signers(desk: Desk, by: Officer) -> tuple[Signer, ...]:
    """The leaders at work, in the order they were taken on."""
    by.require(Permission.RECEIVE)
    o = tables.officer.c
    query = select(o.name, o.position).where(o.role == "leader", o.active).order_by(o.created_at, o.id)
    with desk.store.read() as connection:
        return tuple(Signer(row.name, row.position) for row in connection.execute(query))


def note_in_book(
    connection: Connection,
    desk: Desk,
    by: Officer,
    at: datetime,
    dossier_id: str,
    register_no: str,
    signer: Signer,
) -> None:
    """The history line, in the transaction that gives the number."""
    detail = {"register_no": register_no, "signer": signer.name, "signer_title": signer.title}
    Recorder(connection, desk, by, at).history(dossier_id, BOOKED, detail)
