"""F9: once, however often it is pressed; and first a question where the same dossier is already open.

What ends a visit another way (guidance in writing) takes the same turn: one of them at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from app.services.intake.guidance import GuidanceOrder, Guided
from app.services.intake.visit import Intake
from app.ui.background import DOSSIERS, DRAFTS, OUTBOX
from app.ui.reception import work
from app.ui.screen import Context

SECOND_PRESS_MS = 350
"""F9 held down repeats faster than this; a person pressing it again does not."""


class Accepting(QObject):
    """``stored(Received)``, ``asked(tuple[Hit, ...])`` when the same is open, ``guided(Guided)``,
    ``refused(AppError)``."""

    stored = Signal(object)
    asked = Signal(object)
    guided = Signal(object)
    refused = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._since = QElapsedTimer()
        self._although_same = False
        self.busy = False

    def pressed(self) -> bool:
        """F9 was pressed: whether it is to be obeyed."""
        held = self._since.isValid() and self._since.elapsed() < SECOND_PRESS_MS
        self._since.restart()
        return not self.busy and not (held and self._although_same)

    def begin_anew(self) -> None:
        """Another form or procedure: what was asked of the one before does not count."""
        self._although_same = False

    def accept(self, intake: Intake, leader: work.Leader | None = None, first: str = "") -> None:
        """Store it on the worker; ``leader`` is who signs in beside to answer for what lacks; ``first``:
        the dossier its visit began with."""
        call = partial(
            work.accept, intake=intake, although_same=self._although_same, leader=leader, first=first
        )
        self._run(call, self._on_answer)

    def guide(self, order: GuidanceOrder) -> None:
        """Keep a guidance slip on the worker."""
        self._run(partial(work.guide, order=order), self._on_guided)

    def _run(self, call: Callable[..., object], done: Callable[..., None]) -> None:
        self.busy = True
        self._context.background.run(
            partial(call, self._context.runtime.desk, self._context.officer),
            done,
            self._on_refused,
            owner=self,
            changes=frozenset({DOSSIERS, OUTBOX, DRAFTS}),
        )

    def _on_answer(self, accepted: work.Accepted) -> None:
        self.busy = False
        if accepted.received is None:
            self._although_same = True
            self.asked.emit(accepted.same)
        else:
            self.stored.emit(accepted.received)

    def _on_guided(self, guided: Guided) -> None:
        self.busy = False
        self.guided.emit(guided)

    def _on_refused(self, error: object) -> None:
        self.busy = False
        self.refused.emit(error)
