"""How a paper of the list is there: asked beside the list, for one paper at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal

from app.domain.catalogue import ProcedureVersion
from app.ui.reception import edits
from app.ui.reception.form import Form
from app.ui.reception.intake_page import IntakePage, focus
from app.ui.reception.other_way import OtherWay, unfinished
from app.ui.reception.words import sentence


class PaperAsking(QObject):
    """``changed(Form)`` with the paper as it is now."""

    changed = Signal(object)

    def __init__(
        self,
        page: IntakePage,
        look: Callable[[], tuple[Form | None, ProcedureVersion | None]],
        today: Callable[[], date],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page, self._look, self._today = page, look, today
        self._before: Form | None = None
        panel = page.panel
        panel.edited.connect(self._on_edited)
        panel.finished.connect(self.finish)
        panel.left.connect(self.back)

    @property
    def is_open(self) -> bool:
        """Whether a paper is being asked about."""
        return bool(self._page.panel.paper)

    def open(self, paper: str) -> bool:
        """Ask about this paper; whether the catalogue knows it."""
        form, version = self._look()
        rule = next((r for r in version.components if r.id == paper), None) if version else None
        if form is None or rule is None:
            return False
        self._before = form
        panel = self._page.panel
        panel.clear_errors()
        panel.show_paper(paper, rule.short_name or rule.name, form.otherwise.get(paper, OtherWay()))
        self._page.show_panel(True)
        focus(panel.way)
        return True

    def close(self) -> None:
        """Nothing is asked any more."""
        self._page.panel.paper = ""
        self._page.show_panel(False)

    def back(self) -> None:
        """Esc: the paper as it was before."""
        form, before, paper = self._look()[0], self._before, self._page.panel.paper
        if form is not None and before is not None:
            self.changed.emit(edits.with_paper_of(form, before, paper))
        self._to_list()

    def finish(self) -> None:
        """Enter: back to the list, once all of it is typed."""
        form, _version = self._look()
        if form is not None and self.is_open and not self._show_unfinished(form, self._page.panel.paper):
            self._to_list()

    def stop_at_unfinished(self) -> bool:
        """F9: the first paper of which something is still to be typed is opened at that field."""
        form, _version = self._look()
        for paper in form.ticked if form is not None else ():
            if form is None or unfinished(form.otherwise.get(paper), self._today()) is None:
                continue
            if self._page.panel.paper == paper or self.open(paper):
                return self._show_unfinished(form, paper)
        return False

    def follow(self) -> None:
        """The list changed: a paper cleared there is asked about no more."""
        form, _version = self._look()
        paper = self._page.panel.paper
        if form is None or (paper and paper in form.otherwise and paper not in form.ticked):
            self.close()

    def _show_unfinished(self, form: Form, paper: str) -> bool:
        lacking = unfinished(form.otherwise.get(paper), self._today())
        if lacking is None:
            return False
        widget = self._page.panel.fields()[lacking.field or "paper_source"]
        focus(widget)
        set_error = getattr(widget, "set_error", None)
        if set_error is not None:
            set_error(sentence(lacking))
        return True

    def _to_list(self) -> None:
        paper = self._page.panel.paper
        self.close()
        checks = self._page.papers.checks
        focus(checks)
        if paper in [item.id for item in checks.items()]:
            checks.set_current(paper)

    def _on_edited(self, name: str, value: str) -> None:
        form, version = self._look()
        panel = self._page.panel
        if form is None or version is None or not panel.paper:
            return
        form = edits.with_way(form, version, panel.paper, name, value)
        self.changed.emit(form)
        if name == "way":
            rule = next(r for r in version.components if r.id == panel.paper)
            panel.show_paper(panel.paper, rule.short_name or rule.name, form.otherwise[panel.paper])
