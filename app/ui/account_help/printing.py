"""The take-home card on paper: what is kept is noted, what may not be kept is printed and forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.errors import AppError, CircumstanceError
from app.services.papers.slips import note_printed
from app.text import t
from app.ui.account_help.saving import Saved
from app.ui.screen import Context


class CardPrinting:
    """Hands the card to the printer and writes down what became of it."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self._context, self._owner = context, owner

    def print(self, saved: Saved, failed: Callable[[AppError], None]) -> None:
        """``failed`` gets a sentence that says what is kept and how to print it later."""
        self._context.printer.print_pdf(
            saved.pdf,
            t("Phiếu mang về"),
            lambda queue: self._note(saved, queue, ok=True),
            lambda error: self._not_printed(saved, error, failed),
        )

    def _note(self, saved: Saved, queue: str, *, ok: bool) -> None:
        paper, desk, by = saved.paper, self._context.runtime.desk, self._context.officer
        if paper is not None:
            self._context.background.run(
                lambda: note_printed(desk, by, paper.job_id, queue, ok=ok), owner=self._owner
            )

    def _not_printed(self, saved: Saved, error: AppError, failed: Callable[[AppError], None]) -> None:
        self._note(saved, self._context.runtime.settings.printer, ok=False)
        if saved.paper is None:
            next_step = t("Chưa đồng ý lưu nên phiếu không giữ lại. Bật máy in rồi bấm Ctrl+P.")
        else:
            next_step = t("Lượt này đã lưu, phiếu đã giữ lại. Bật máy in rồi bấm Ctrl+P.")
        failed(CircumstanceError("card-not-printed", error.title, next_step))
