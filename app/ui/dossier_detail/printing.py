"""The papers of one dossier: printed anew, or looked at as they were printed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.services.finding.dossier_detail import DossierDetail
from app.services.papers import evidence, slips
from app.services.papers import forms as papers
from app.services.papers.slips import MadePaper
from app.ui.background import DOSSIERS
from app.ui.dossier_detail.prints import FORM, paper_name
from app.ui.printer import page_images
from app.ui.screen import Context

_DOTS = 1240
"""Dots across a sheet on screen: A4 at 150 dots an inch."""


class SlipPrinting:
    """Printed implies stored: the sheet is kept before the printer sees it."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self._context, self._owner = context, owner

    def print_form(
        self,
        dossier_id: str,
        form: str,
        done: Callable[[MadePaper, str], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Draws the next copy, keeps it, hands it to the printer and notes what became of it."""
        context = self._context
        runtime, by = context.runtime, context.officer

        def make() -> MadePaper:
            if form == FORM:
                return slips.make_slip(runtime.desk, by, dossier_id, runtime.settings.slip_paper)
            if form == evidence.FORM:
                return evidence.print_evidence(runtime.desk, by, dossier_id)
            return papers.make_paper(runtime.desk, by, dossier_id, form)

        def made(paper: MadePaper) -> None:
            def printed(queue: str) -> None:
                self._note(paper, queue, ok=True)
                done(paper, form)

            def broke(error: AppError) -> None:
                self._note(paper, "", ok=False)
                failed(error)

            name = paper_name(form)
            context.printer.print_pdf(paper.pdf, f"{name[0].upper()}{name[1:]}", printed, broke)

        context.background.run(
            make,
            made,
            failed,
            owner=self._owner,
            changes=frozenset({DOSSIERS}),
        )

    def look(
        self,
        dossier: DossierDetail,
        done: Callable[[list[QImage]], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """The latest sheet, as it was."""
        jobs = [job.job_id for job in dossier.prints if job.form == FORM]
        desk, by = self._context.runtime.desk, self._context.officer
        if jobs:
            self._context.background.run(
                lambda: page_images(slips.kept_paper(desk, by, jobs[-1]), _DOTS),
                done,
                failed,
                owner=self._owner,
            )

    def _note(self, paper: MadePaper, queue: str, *, ok: bool) -> None:
        runtime, by = self._context.runtime, self._context.officer
        self._context.background.run(
            lambda: slips.note_printed(runtime.desk, by, paper.job_id, queue, ok=ok),
            owner=self._owner,
            changes=frozenset({DOSSIERS}),
        )
