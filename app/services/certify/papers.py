"""Papers of a batch: the citizen's sheet, the words of attestation, the pages of the book."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.domain.copy_sheet import CopySheet, CopySheetLine
from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError
from app.models import tables
from app.models.life_tables import payment
from app.services.certify.stamps import confirm_note, stamps
from app.services.desk import Desk
from app.services.papers.slips import MadePaper, keep_paper, next_copy, slip_head
from app.text import t

SHEET = "copy-sheet"
STAMPS = "copy-stamps"


def copy_sheet(desk: Desk, by: Officer, dossier_ids: Sequence[str], copy_no: int = 1) -> CopySheet:
    """What the sheet says of stored dossiers of one citizen. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.PRINT)
    c, d = tables.certified_copy.c, tables.dossier.c
    query = (
        select(tables.certified_copy, d.number, d.provisional_number, d.status, d.received_at, d.due_at)
        .add_columns(d.due_reason, d.owner_name, tables.officer.c.name)
        .join(tables.dossier, d.id == c.dossier_id)
        .join(tables.officer, tables.officer.c.id == d.officer_id)
        .where(c.dossier_id.in_(list(dossier_ids)))
        .order_by(d.row_no)
    )
    paid = select(func.coalesce(func.sum(payment.c.amount_vnd), 0)).where(
        payment.c.dossier_id.in_(list(dossier_ids)), payment.c.cancelled_at.is_(None)
    )
    with desk.store.read() as connection:
        rows = connection.execute(query).mappings().all()
        if not rows:
            raise NotFoundError("no-dossier", t("Không tìm thấy hồ sơ này."), t("Kiểm tra lại số hồ sơ."))
        first = rows[0]
        return CopySheet(
            head=slip_head(connection, desk, serial=""),
            name=first["owner_name"],
            received_at=first["received_at"],
            due_at=first["due_at"],
            due_reason=first["due_reason"],
            handed_over=all(row["status"] == Status.RETURNED for row in rows),
            paid_vnd=int(connection.execute(paid).scalar_one()),
            lines=tuple(
                CopySheetLine(
                    row["paper"],
                    row["pages"],
                    row["copies"],
                    row["fee_vnd"],
                    f"{row['line']}/{row['book']}",
                    row["number"] or row["provisional_number"],
                )
                for row in rows
            ),
            officer_name=first["name"],
            copy_no=copy_no,
            demo=desk.profile.demo,
        )


def make_copy_sheet(desk: Desk, by: Officer, dossier_ids: Sequence[str]) -> MadePaper:
    """Draw the sheet, keep it, note the printing; the PDF is durable before its row (I1)."""
    from app.printing.copy_stamp import draw_copy_sheet

    subject = f"batch:{dossier_ids[0]}"
    with desk.store.read() as connection:
        copy_no = next_copy(connection, subject, SHEET)
    pdf = draw_copy_sheet(copy_sheet(desk, by, dossier_ids, copy_no))
    return _kept(desk, by, subject, SHEET, pdf, copy_no)


def make_stamps(desk: Desk, by: Officer, dossier_ids: Sequence[str]) -> MadePaper:
    """The words of attestation of these dossiers on paper, kept like any other."""
    from app.printing.copy_stamp import draw_stamps

    subject = f"batch:{dossier_ids[0]}"
    with desk.store.read() as connection:
        copy_no = next_copy(connection, subject, STAMPS)
    found = stamps(desk, by, dossier_ids)
    pdf = draw_stamps(found, desk.clock.now(), confirm_note(), demo=desk.profile.demo)
    return _kept(desk, by, subject, STAMPS, pdf, copy_no)


def _kept(desk: Desk, by: Officer, subject: str, form: str, pdf: bytes, copy_no: int) -> MadePaper:
    by.require(Permission.PRINT)
    return keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=subject,
        form=form,
        form_set="1",
        pdf=pdf,
        copy_no=copy_no,
        record_kind="batch",
    )
