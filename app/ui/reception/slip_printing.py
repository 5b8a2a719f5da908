"""After acceptance: the slip is made, kept, printed; what became of it is noted. Nothing here can lose it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.roles import Officer
from app.errors import AppError
from app.services.desk import Desk
from app.services.papers.slips import MadePaper, note_printed
from app.text import t
from app.ui.background import DOSSIERS
from app.ui.reception.work import slip_of
from app.ui.screen import Context


@dataclass(frozen=True)
class LastSlip:
    """The slip printed last."""

    dossier_id: str
    number: str
    paper: MadePaper | None = None


class SlipPrinting(QObject):
    """``said(str, bool)`` what became of the slip, in words, and whether it was printed."""

    said = Signal(str, bool)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.last: LastSlip | None = None

    def print_slip(self, dossier_id: str, number: str) -> None:
        """Make the slip and print it; from the second time on it says "In lại lần n"."""
        if not self._is_last(dossier_id):
            self.last = LastSlip(dossier_id, number)
        self._context.background.run(
            partial(slip_of, self._context.runtime.desk, self._context.officer, dossier_id),
            lambda paper: self._made(dossier_id, number, paper),
            lambda error: self.said.emit(_kept_words(error), False),
            owner=self,
            changes=frozenset({DOSSIERS}),
        )

    def _is_last(self, dossier_id: str) -> bool:
        return self.last is not None and self.last.dossier_id == dossier_id

    def _made(self, dossier_id: str, number: str, paper: MadePaper) -> None:
        if self._is_last(dossier_id):
            self.last = LastSlip(dossier_id, number, paper)
        self._print(paper, t("Phiếu hẹn {number}").format(number=number), t("đã in phiếu"))

    def print_other(self, make: Callable[[Desk, Officer], MadePaper], name: str, said: str) -> None:
        """Another paper of the visit; ``said``: the words once it is printed."""
        self._context.background.run(
            partial(make, self._context.runtime.desk, self._context.officer),
            lambda paper: self._print(paper, name, said),
            lambda error: self.said.emit(_kept_words(error), False),
            owner=self,
        )

    def _print(self, paper: MadePaper, name: str, said: str) -> None:
        self._context.printer.print_pdf(
            paper.pdf,
            name,
            lambda queue: self._printed(paper, queue, said),
            lambda error: self._not_printed(paper, error),
        )

    def _printed(self, paper: MadePaper, queue: str, said: str) -> None:
        self._note(paper, queue, ok=True)
        again = paper.copy_no - 1
        words = said if not again else t("đã in lại lần {n}").format(n=again)
        self.said.emit(words, True)

    def _not_printed(self, paper: MadePaper, error: AppError) -> None:
        self._note(paper, "", ok=False)
        self.said.emit(_kept_words(error), False)

    def _note(self, paper: MadePaper, queue: str, *, ok: bool) -> None:
        desk, by = self._context.runtime.desk, self._context.officer
        self._context.background.run(partial(note_printed, desk, by, paper.job_id, queue, ok=ok), owner=self)


def _kept_words(error: AppError) -> str:
    return f"{error.title} {error.next_step}".strip()
