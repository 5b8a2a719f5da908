"""A visit that lacks papers: what is named, and the ways on from there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.catalogue import ProcedureVersion
from app.errors import RuleError
from app.services.intake.guidance import GuidanceOrder, missing_items
from app.services.intake.overrides import lacking
from app.services.people.delegation import may_lead
from app.text import t
from app.ui.reception import work
from app.ui.reception.form import Form
from app.ui.reception.intake_page import IntakePage, focus
from app.ui.reception.paper_rows import first_of, missing_of, missing_points
from app.ui.screen import Context


class Refusal(QObject):
    """``missing``: what lacks, ids, a one-of group as ``a|b``. ``told()``: the words around may differ."""

    told = Signal()

    def __init__(
        self,
        context: Context,
        page: IntakePage,
        look: Callable[[], tuple[Form | None, ProcedureVersion | None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._page, self._look = context, page, look
        self.missing: tuple[str, ...] = ()
        self._error: RuleError | None = None
        self._leads: bool | None = None

    def __bool__(self) -> bool:
        """Whether papers are missing and named."""
        return self._error is not None

    @property
    def overriding(self) -> bool:
        """Whether a leader's word is being typed."""
        return self._error is not None and self._page.refusal.overriding

    def forget(self) -> None:
        """Another form or procedure."""
        self._error, self.missing = None, ()
        self._page.refusal.show_override(False)
        self._page.show_refusal(False)

    def begin(self, error: RuleError) -> None:
        """Acceptance was refused: name what lacks."""
        self._error = error
        self.update()
        self._page.refusal.show_override(False)
        focus(self._page.papers.checks)

    def begin_without(self) -> bool:
        """The same before anybody pressed F9; whether anything lacks."""
        form, version = self._look()
        missing = missing_of(version, form) if form is not None and version is not None else ()
        if version is None or not missing:
            return False
        if self._error is None:
            self.begin(lacking(version, missing))
        return True

    def update(self) -> bool:
        """After a tick; whether anything still lacks."""
        form, version = self._look()
        if form is None or version is None or self._error is None:
            return False
        self.missing = missing_of(version, form)
        page = self._page
        if not self.missing:
            self.forget()
            return False
        page.refusal.show_refusal(self._error, missing_points(version, form, self.missing))
        page.refusal.override.show_form(form)
        page.show_refusal(True)
        page.slip.show_nothing(t("Phiếu hiện ra khi hồ sơ đủ giấy tờ bắt buộc."))
        return True

    def mark_rows(self) -> None:
        """The rows that lack stand out in the list."""
        self._page.papers.checks.set_missing([first_of(entry) for entry in self.missing])

    # a leader's word

    def open_override(self) -> None:
        """The leader's word in place of the ways on."""
        if not self.begin_without():
            return
        column = self._page.refusal
        if not column.overriding:
            column.show_override(True)
            column.override.set_leads(bool(self._leads))
            self._ask_who_leads()
        form, _version = self._look()
        if form is not None:
            column.override.show_form(form)
        focus(column.override.note)

    def close_override(self) -> None:
        """Nobody agrees: back to the ways on."""
        self._page.refusal.show_override(False)
        focus(self._page.papers.checks)

    def leader(self) -> work.Leader | None:
        """Who is to sign in beside; ``None`` where the officer answers himself."""
        override = self._page.refusal.override
        if not override.needs_leader:
            return None
        return work.Leader(override.login.text(), override.password.text())

    def _ask_who_leads(self) -> None:
        desk, by = self._context.runtime.desk, self._context.officer
        self._context.background.run(partial(may_lead, desk, by), self._on_leads, owner=self)

    def _on_leads(self, leads: bool) -> None:
        self._leads = leads
        self._page.refusal.override.set_leads(leads)

    # guidance in writing

    def guidance(self) -> GuidanceOrder | None:
        """What the citizen is told to bring; ``None`` where nothing lacks."""
        form, version = self._look()
        if not self.begin_without() or form is None or version is None:
            return None
        return GuidanceOrder(
            request_id=form.request_id,
            procedure_code=version.code,
            items=missing_items(version, self.missing),
            person=form.person.name,
            phone=self._page.due.phone.value() or "",
        )
