"""Papers whose printing failed: kept whole, shown in one list, printed again as they are.

The row of the printing itself is the queue, so closing the program loses nothing. A paper leaves the list
when it is printed, when a later copy of it was made, or when an officer no longer needs it on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select, update

from app.domain.roles import Officer, Permission
from app.errors import NotFoundError
from app.models import tables
from app.services.desk import Desk
from app.services.recording import Recorder
from app.text import t

MOST = 200
"""Rows of one answer; the oldest come first, so that none is forgotten."""


@dataclass(frozen=True)
class WaitingPaper:
    """One paper that did not come out. ``number`` and ``name`` are empty where it belongs to no dossier;
    ``printer``: the queue it was sent to, or empty."""

    job_id: int
    form: str
    copy_no: int
    made_at: datetime
    printer: str
    dossier_id: str | None
    number: str
    name: str


def waiting_papers(desk: Desk, by: Officer) -> tuple[WaitingPaper, ...]:
    """What is still to be printed, the oldest first, at most ``MOST``."""
    by.require(Permission.PRINT)
    job, dossier, party = tables.print_job, tables.dossier, tables.party
    later = tables.print_job.alias("later")
    replaced = exists().where(
        and_(later.c.subject_id == job.c.subject_id, later.c.form == job.c.form, later.c.id > job.c.id)
    )
    statement = (
        select(job, dossier.c.number, dossier.c.provisional_number, party.c.full_name)
        .select_from(
            job.outerjoin(dossier, dossier.c.id == job.c.dossier_id).outerjoin(
                party, and_(party.c.dossier_id == dossier.c.id, party.c.role == "owner")
            )
        )
        .where(job.c.state == "failed", ~replaced)
        .order_by(job.c.id)
        .limit(MOST)
    )
    with desk.store.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return tuple(
        WaitingPaper(
            job_id=row["id"],
            form=row["form"],
            copy_no=row["copy_no"],
            made_at=row["made_at"],
            printer=row["printer"],
            dossier_id=row["dossier_id"],
            number=row["number"] or row["provisional_number"] or "",
            name=row["full_name"] or "",
        )
        for row in rows
    )


def need_no_paper(desk: Desk, by: Officer, job_id: int) -> None:
    """Take a paper off the list; the PDF stays kept and can be printed from its dossier.

    Raises ``NotFoundError`` "no-paper".
    """
    by.require(Permission.PRINT)
    job = tables.print_job
    with desk.store.write() as connection:
        changed = connection.execute(
            update(job).where(job.c.id == job_id, job.c.state == "failed").values(state="kept")
        ).rowcount
        if changed != 1:
            raise NotFoundError("no-paper", t("Bản in này không còn chờ."), t("Mở lại danh sách chờ in."))
        Recorder(connection, desk, by, desk.clock.now()).audit("print_dropped", "print_job", str(job_id))
