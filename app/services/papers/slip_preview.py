"""Form 01 of a dossier that is not accepted yet, as a PDF for the eye. Nothing is stored."""

from __future__ import annotations

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.intake.visit import Intake
from app.services.papers.slips import preview_slip


def preview_pdf(desk: Desk, by: Officer, intake: Intake) -> bytes:
    """One A5 sheet of the slip as it would be; raises what ``reckon`` raises."""
    from app.printing.paper import Paper
    from app.printing.receipt_slip import draw_receipt_slip

    return draw_receipt_slip(preview_slip(desk, by, intake), paper=Paper.A5)
