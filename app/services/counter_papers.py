"""The counter's own papers drawn and kept like a slip: guidance slip, sheet of a visit of several dossiers."""

from __future__ import annotations

from app.domain.roles import Officer, Permission
from app.services import group_intake, guidance, slips
from app.services.desk import Desk
from app.services.slips import MadePaper


def make_guidance_paper(desk: Desk, by: Officer, guidance_id: str) -> MadePaper:
    """Draw the guidance slip, keep the PDF, note the printing ("In lại lần n" from the second on).

    Raises ``NotFoundError`` "no-guidance".
    """
    by.require(Permission.PRINT)
    from app.printing.guidance_slip import draw_guidance_slip

    content = guidance.guidance_content(desk, by, guidance_id)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=guidance_id,
        form=guidance.FORM,
        form_set="",
        pdf=draw_guidance_slip(content),
        copy_no=content.copy_no,
        record_kind="guidance",
    )


def make_group_paper(desk: Desk, by: Officer, group_id: str) -> MadePaper:
    """Draw the sheet of a visit, keep the PDF, note the printing ("In lại lần n" from the second on).

    Raises ``NotFoundError`` "no-group".
    """
    by.require(Permission.PRINT)
    from app.printing.group_sheet import draw_group_sheet

    content = group_intake.group_sheet(desk, by, group_id)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=group_id,
        form=group_intake.FORM,
        form_set="",
        pdf=draw_group_sheet(content),
        copy_no=content.copy_no,
        record_kind="intake_group",
    )
