"""Papers of the lane that belong to no single dossier: kept, counted and noted like every other."""

from __future__ import annotations

from sqlalchemy import insert

from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.recording import Recorder
from app.services.slips import MadePaper, note_file

FORM_SET = "1"


def keep_print(
    desk: Desk, by: Officer, *, subject: str, form: str, pdf: bytes, copy_no: int, record: str
) -> MadePaper:
    """Keep a drawn paper and write its printing job; ``record``: what the audit says was printed."""
    by.require(Permission.PRINT)
    from app.printing.document import page_count

    sha256 = desk.files.put(pdf)
    now = desk.clock.now()
    with desk.store.write() as connection:
        note_file(connection, sha256, len(pdf), "application/pdf", "print", now)
        job = connection.execute(
            insert(tables.print_job).values(
                dossier_id=None,
                subject_id=subject,
                form=form,
                form_set=FORM_SET,
                copy_no=copy_no,
                made_at=now,
                officer_id=by.id,
                sha256=sha256,
                state="kept",
            )
        ).inserted_primary_key
        assert job is not None
        Recorder(connection, desk, by, now).audit("print", record, subject, (f"form_{form}",))
    return MadePaper(int(job[0]), pdf, form, FORM_SET, copy_no, page_count(pdf), sha256)
