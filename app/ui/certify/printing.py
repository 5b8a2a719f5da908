"""The lane's papers on their way to the printer; what became of each is noted, nothing here can lose one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.services.papers.slips import MadePaper, note_printed
from app.ui.certify.words import sentence
from app.ui.screen import Context


class LanePrinting(QObject):
    """``said(str, bool)``: a paper's name and that it was printed, or why it was not."""

    said = Signal(str, bool)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def print(self, paper: MadePaper, name: str) -> None:
        """Hands a kept paper on; ``name`` stands in the queue and holds no citizen's name."""
        self._context.printer.print_pdf(
            paper.pdf,
            name,
            lambda queue: self._done(paper, name, queue),
            lambda error: self._failed(paper, error),
        )

    def _done(self, paper: MadePaper, name: str, queue: str) -> None:
        self._note(paper, queue, ok=True)
        self.said.emit(name[:1].lower() + name[1:], True)

    def _failed(self, paper: MadePaper, error: AppError) -> None:
        self._note(paper, "", ok=False)
        self.said.emit(sentence(error), False)

    def _note(self, paper: MadePaper, queue: str, *, ok: bool) -> None:
        desk, by = self._context.runtime.desk, self._context.officer
        self._context.background.run(partial(note_printed, desk, by, paper.job_id, queue, ok=ok), owner=self)
