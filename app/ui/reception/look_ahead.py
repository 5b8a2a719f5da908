"""What is found out while the form is filled in: earlier visits, due date, fees, the slip. The worker
answers; an answer to a form that is gone is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from app.errors import AppError
from app.services.intake.visit import Intake
from app.ui.reception import work
from app.ui.reception.form import Form, finished_papers, intake_of
from app.ui.screen import Context

_LOOK_PAUSE_MS = 60
_PREVIEW_PAUSE_MS = 250
_PREVIEW_WIDTH = 1080


class LookAhead(QObject):
    """``known(Known)``, ``outlook(Outlook or None)``, ``pages(list[QImage])``, all of the form now open."""

    known = Signal(object)
    outlook = Signal(object)
    pages = Signal(object)

    def __init__(self, context: Context, form: Callable[[], Form | None], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._form = context, form
        self._desk, self._by = context.runtime.desk, context.officer
        self._look, self._preview = QTimer(self), QTimer(self)
        for timer, call in ((self._look, self._look_now), (self._preview, self._preview_now)):
            timer.setSingleShot(True)
            timer.timeout.connect(call)

    def soon(self) -> None:
        """Something changed: reckon soon, draw the slip when typing rests."""
        if not self._look.isActive():
            self._look.start(_LOOK_PAUSE_MS)
        self._preview.start(_PREVIEW_PAUSE_MS)

    def stop(self) -> None:
        """The form is gone."""
        self._look.stop()
        self._preview.stop()

    def person(self) -> None:
        """Ask for earlier visits and the present commune."""
        form = self._form()
        if form is not None:
            text = form.person
            call = partial(work.know, self._desk, self._by, text.id_value, text.address, text.issue_date)
            self._context.background.run(
                call, partial(self._tell, self.known, form.request_id), owner=self, latest="known"
            )

    def intake(self, form: Form) -> Intake:
        """The form as reception is handed it. Raises what ``intake_of`` raises."""
        return intake_of(form, self._desk.reference, self._desk.clock.now())

    def _look_now(self) -> None:
        form, intake = self._readable()
        if form is not None and intake is not None:
            self._context.background.run(
                partial(work.look_ahead, self._desk, self._by, intake),
                partial(self._tell, self.outlook, form.request_id),
                lambda _error: self._tell(self.outlook, form.request_id, None),
                owner=self,
                latest="outlook",
            )

    def _preview_now(self) -> None:
        form, intake = self._readable()
        if form is not None and intake is not None:
            self._context.background.run(
                partial(work.preview, self._desk, self._by, intake, _PREVIEW_WIDTH),
                partial(self._tell, self.pages, form.request_id),
                owner=self,
                latest="preview",
            )

    def _readable(self) -> tuple[Form | None, Intake | None]:
        """The form with what of it can be read; a due date, count or paper still
        being typed is left out."""
        form = self._form()
        if form is None or not form.procedure:
            return None, None
        typed = finished_papers(form, self._desk.clock.now().date())
        by_rule = replace(typed, manual_due=False)
        for attempt in (typed, by_rule, replace(typed, fee_counts={}), replace(by_rule, fee_counts={})):
            try:
                return form, self.intake(attempt)
            except AppError:
                continue
        return form, None

    def _tell(self, signal: SignalInstance, request_id: str, answer: object) -> None:
        form = self._form()
        if form is not None and form.request_id == request_id:
            signal.emit(answer)
