"""The certified-copy lane: one line a job, its fee, its number in the day book (NĐ 23/2015).

Numbers run without a gap per year and book; a book a desk, since two desks without a line cannot share
one count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.domain.copy_fee import copy_fee
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.intake import CARD, FreePaper, Intake
from app.services.reception import Received, receive_within
from app.text import t

PROCEDURE = "2.000815"
"""Chứng thực bản sao từ bản chính."""


@dataclass(frozen=True)
class CopyJob:
    """One original to certify: its name, its pages, how many copies the citizen takes."""

    request_id: str
    owner: Person
    paper: str
    pages: int
    copies: int
    source: str = CARD
    at: datetime | None = None


@dataclass(frozen=True)
class Certified:
    """A job taken in. ``register_no``: its line in the day book, as ``số/quyển``."""

    id: str
    number: str
    register_no: str
    fee_vnd: int | None
    due_at: datetime | None


def certify(desk: Desk, by: Officer, job: CopyJob) -> Certified:
    """Take in one job with fee and day-book number, in one commit; the same request twice is one job.

    Raises ``RuleError`` for pages, copies, or what the person's fields break.
    """
    by.require(Permission.RECEIVE)
    paper = require_text(job.paper, "paper")
    if not paper:
        raise RuleError("paper-name", t("Chưa ghi tên giấy tờ."), t("Gõ tên bản chính."), field="paper")
    at = job.at or desk.clock.now()
    version = desk.reference.catalogue.version_for(PROCEDURE, at.date())
    rule = version.fees[0]
    fee = copy_fee(rule, job.pages, job.copies)
    intake = Intake(
        request_id=job.request_id,
        procedure_code=PROCEDURE,
        owner=job.owner,
        source=job.source,
        all_required=True,
        free_papers=(FreePaper(paper),),
        received_at=job.at,
        fee_amounts={} if fee is None else {rule.code: fee},
    )
    with desk.store.write() as connection:
        received, numbers = receive_within(connection, desk, by, intake)
        if received.already:
            return _stored(connection, received)
        book, line = numbers.day_book_line(at.date())
        numbers.keep()
        connection.execute(
            insert(tables.certified_copy).values(
                id=new_id(),
                dossier_id=received.id,
                book=book,
                line=line,
                paper=paper,
                pages=job.pages,
                copies=job.copies,
                fee_vnd=fee,
                at=at,
            )
        )
        return _certified(received, book, line, fee)


def _stored(connection: Connection, received: Received) -> Certified:
    row = connection.execute(
        select(tables.certified_copy).where(tables.certified_copy.c.dossier_id == received.id)
    ).one()
    return _certified(replace(received), row.book, row.line, row.fee_vnd)


def _certified(received: Received, book: str, line: int, fee: int | None) -> Certified:
    return Certified(received.id, received.number, f"{line}/{book}", fee, received.due_at)
