"""One visit: the form and the page that shows it. Every change goes through the form, then to the page.

What only reads reference data in memory (one procedure of thousands, the ticks) is done at once, so that
keys typed ahead find their place; everything that touches the store runs on the worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.domain.catalogue import ProcedureVersion
from app.domain.typed_date import parse_typed_date
from app.errors import AppError, RuleError
from app.services.finding.search import Hit
from app.services.intake.visit import Intake
from app.text import t
from app.ui.reception import edits, work
from app.ui.reception.accepting import Accepting
from app.ui.reception.form import Form
from app.ui.reception.intake_page import IntakePage, focus
from app.ui.reception.look_ahead import LookAhead
from app.ui.reception.paper_asking import PaperAsking
from app.ui.reception.paper_rows import first_of
from app.ui.reception.person_fields import PersonFields
from app.ui.reception.places import Places
from app.ui.reception.refusal import Refusal
from app.ui.reception.words import same_words, sentence
from app.ui.screen import Context
from app.ui.widgets import Choice

_MOST_CHOICES = 8


class Visit(QObject):
    """``changed()`` something to keep as a draft; ``told()`` the words around the page may differ;
    ``stored(Received)``; ``guided(Guided)``; ``stayed()`` acceptance did not happen;
    ``dossier_asked(id)``; ``visits_asked(number)``."""

    changed = Signal()
    told = Signal()
    stored = Signal(object)
    stayed = Signal()
    guided = Signal(object)
    dossier_asked = Signal(str)
    visits_asked = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._desk = context, context.runtime.desk
        self.form: Form | None = None
        self.slip: Sequence[QImage] = ()
        self._version: ProcedureVersion | None = None
        self._same: tuple[Hit, ...] = ()
        self._last_visit: Hit | None = None
        self.page = IntakePage(self._find_procedure, self._today, self._parse_due)
        self.places = Places(self.page)
        self.accepting = Accepting(context, self)
        self.refusal = Refusal(context, self.page, lambda: (self.form, self._version), self)
        self._ahead = LookAhead(context, lambda: self.form, self)
        self.asking = PaperAsking(self.page, lambda: (self.form, self._version), self._today, self)
        self._wire()

    def open(self, form: Form) -> None:
        """Show this form; its person is looked up."""
        if self.form is None or self.form.request_id != form.request_id:
            self._forget()
        self.form = form
        if form.procedure:
            self._take_version(form.procedure)
        self.page.show_person_page(False)
        self._show()
        self._changed()
        self._ahead.person()

    def close(self) -> None:
        """No form is open any more."""
        self.form = None
        self._ahead.stop()
        self._forget()

    def may_take(self, personal_id: str) -> bool:
        """Whether a card of this number belongs to the visit now open."""
        form = self.form
        if form is None:
            return False
        there = form.person.id_value.replace(" ", "")
        awaited = (form.proxy and form.owner.is_blank) or (form.couple and form.second.is_blank)
        return not there or there == personal_id or awaited

    def edit_person(self, field: str) -> None:
        """The person's fields, at one of them."""
        self.page.show_person_page(True)
        self._show()
        self.places.go(field) or self.places.go("person.name")

    def finish_person(self) -> None:
        """The person is typed: on to the procedure."""
        self.page.show_person_page(False)
        self._show()
        self._ahead.person()
        self._ahead.soon()
        self.go_on()

    def go_on(self) -> None:
        """To where typing goes next."""
        focus(self.next_field())

    def next_field(self) -> QWidget:
        """Where typing goes next."""
        if self.page.on_person_page:
            return self.page.person_page.person.name
        if self.form is None or not self.form.procedure:
            return self.page.papers.procedure
        return self.page.papers.papers()

    def choose(self, code: str) -> None:
        """Take this procedure."""
        if self.form is None or not self._take_version(code) or self._version is None:
            return
        self.form = edits.with_procedure(self.form, self._version)
        self._same = ()
        self.asking.close()
        self.refusal.forget()
        self.accepting.begin_anew()
        self.page.due.same.setVisible(False)
        self._changed()
        self._show()
        focus(self.page.papers.papers())

    def copy_earlier(self) -> None:
        """Ctrl+T: the people and the procedure of the citizen's last dossier."""
        form, last = self.form, self._last_visit
        if form is None or last is None or form.procedure or self.accepting.busy:
            return
        desk, by = self._desk, self._context.officer
        self._context.background.run(
            partial(work.copy_earlier, desk, by, last.number),
            partial(self._on_earlier, form.request_id),
            lambda error: self.page.say_trouble(error.title, error.next_step),
            owner=self,
            latest="earlier",
        )

    def _on_earlier(self, request_id: str, earlier: Intake) -> None:
        if self.form is None or self.form.request_id != request_id or self.form.procedure:
            return
        self._put(edits.with_earlier(self.form, earlier))
        self.page.show_person_page(False)
        self._show()
        self.choose(earlier.procedure_code)

    def close_popup(self) -> bool:
        """Close an open list; whether there was one."""
        people = self.page.person_page
        communes = [fields.commune for fields in people.people()]
        for field in (self.page.papers.procedure, *communes):
            if field.popup().isVisible():
                field.popup().hide()
                return True
        return False

    def accept(self) -> bool:
        """F9; whether the form went to the worker."""
        intake = self._ready_intake()
        if intake is None or self.form is None:
            return False
        if not self.refusal.overriding:
            self.accepting.accept(intake, first=self.form.together)
            return True
        if not self.form.override_note.strip():
            said = t("Chưa ghi vì sao nhận khi còn thiếu. Ghi ngắn gọn, dân và tỉnh sẽ đọc.")
            self.places.show_error("override_note", said)
            return False
        overridden = replace(intake, override=self.form.override_note)
        self.accepting.accept(overridden, self.refusal.leader(), self.form.together)
        return True

    def register_only(self) -> bool:
        """Ctrl+G: only that the citizen came; whether the form went to the worker."""
        intake = self._ready_intake(needs_due=False)
        if intake is None or self.form is None:
            return False
        self.accepting.accept(replace(intake, register_only=True), first=self.form.together)
        return True

    def guide(self) -> bool:
        """F6: what lacks, in writing; whether it went to the worker."""
        if self.form is None or not self.accepting.pressed():
            return False
        self.page.say_trouble("")
        if not self._phone_read() or not self._complete_enough(self.form):
            return False
        self.asking.close()
        order = self.refusal.guidance()
        if order is None:
            self._say_nothing_lacks()
            return False
        self.accepting.guide(order)
        return True

    def ask_leader(self) -> None:
        """F7: a leader may agree to what lacks."""
        if self.form is not None and not self.accepting.busy:
            self.page.say_trouble("")
            self.page.show_person_page(False)
            self.asking.close()
            if self.refusal.begin_without():
                self._after_tick()
                self.refusal.open_override()
            else:
                self._say_nothing_lacks()

    def reopen_at(self, field: str) -> bool:
        """A draft goes on at the field it was left in; whether it is there."""
        name, _, row = field.partition("/")
        if name in self.page.refusal.override.fields():
            self.ask_leader()
        elif name in self.page.panel.fields() and not self.asking.open(row):
            return False
        return self.places.go(field)

    def _ready_intake(self, *, needs_due: bool = True) -> Intake | None:
        """What reception is handed, or ``None`` after saying what is not filled in yet."""
        if self.form is None or not self.accepting.pressed():
            return None
        self.page.say_trouble("")
        if not self._phone_read() or not self._complete_enough(self.form):
            return None
        form = self.form
        if self.asking.stop_at_unfinished():
            return None
        self.asking.close()
        if not needs_due and not form.due.strip():
            form = replace(form, manual_due=False)
        try:
            return self._ahead.intake(form)
        except AppError as refused:
            self._on_refused(refused)
            return None

    def _say_nothing_lacks(self) -> None:
        self.page.say_trouble(
            t("Không thiếu giấy tờ bắt buộc nào."),
            t("Bỏ dấu giấy công dân chưa có rồi bấm lại, hoặc bấm F9 để nhận."),
        )

    def _phone_read(self) -> bool:
        if self.form is None or not self.page.due.phone.read():
            self.places.go("phone")
            return False
        self._put(replace(self.form, phone=self.page.due.phone.value() or ""))
        return True

    # the form changes

    def _put(self, form: Form) -> None:
        if form != self.form:
            self.form = form
            self._changed()

    def _changed(self) -> None:
        self.changed.emit()
        self._ahead.soon()

    def _on_text(self, name: str, value: str) -> None:
        if self.form is not None:
            self._put(edits.with_text(self.form, name, value, self._desk.reference.units))
            if name == "proxy":
                self._show_papers()

    def ask_paper(self) -> None:
        """Ctrl+K: the paper of the row is held already, or another stands for it."""
        paper = self.page.papers.checks.current_id()
        if self.form is not None and paper and not self.accepting.busy and not self.page.on_person_page:
            self.asking.open(paper)

    def _on_paper_asked(self, form: Form) -> None:
        self._put(form)
        if self.refusal:
            self._after_tick()
        else:
            self._show_papers()

    def _on_toggled(self, paper: str, ticked: bool) -> None:
        if self.form is not None and self._version is not None:
            by_hand, before = paper in self.form.free, self.form.otherwise
            self._put(edits.with_paper(self.form, self._version, paper, ticked))
            if by_hand:
                self._show_papers()
            elif self.refusal:
                self._after_tick()
            elif paper in before:
                self._show_papers()
            self.asking.follow()

    def _on_free_paper(self, name: str) -> None:
        if self.form is not None:
            self._put(edits.with_free_paper(self.form, name))
            self._show_papers()

    def _on_list_accepted(self) -> None:
        if self.form is not None and self._version is not None:
            self._put(edits.with_list_accepted(self.form, self._version))
            focus(self.page.due.first())

    def _on_manual(self, manual: bool) -> None:
        if self.form is not None:
            self._put(replace(self.form, manual_due=manual))
            self._show()

    def _take_version(self, code: str) -> bool:
        try:
            self._version = self._desk.reference.catalogue.version_for(code, self._today())
        except AppError as refused:
            self.page.papers.procedure.set_error(sentence(refused))
            return False
        return True

    # the page follows

    def _forget(self) -> None:
        self._version, self._same, self.slip = None, (), ()
        self._last_visit = None
        self.asking.close()
        self.refusal.forget()
        self.accepting.begin_anew()
        self.places.forget()
        self.places.clear_errors()
        page = self.page
        page.papers.show_none()
        page.say_trouble("")
        page.person.show_known(None, None)
        page.due.same.setVisible(False)
        page.due.show_outlook(None)
        page.due.phone.set_unit("")
        page.slip.show_nothing(t("Phiếu hiện ra khi đã chọn thủ tục."))
        for fields in page.person_page.people():
            fields.show_candidates((), "")

    def _show(self) -> None:
        if self.form is not None:
            self.page.person.show_form(self.form)
            self.page.person_page.show_form(self.form, self._unit_words)
            self._show_papers()
            self.page.due.show_form(self.form)

    def _show_papers(self) -> None:
        if self.form is not None and self._version is not None and self.form.procedure:
            lacking = [first_of(entry) for entry in self.refusal.missing]
            self.page.papers.show_procedure(self._version, self.form, lacking)

    def _on_known(self, known: work.Known) -> None:
        form = self.form
        if form is None:
            return
        visits, match = known.visits, known.match
        self._last_visit = visits.last
        self.page.person.show_known(visits if form.person.id_value else None, match)
        choices = [Choice(unit.code, unit.name, unit.province_name) for unit in match.candidates]
        self.page.person_page.person.show_candidates(choices, match.sentence)
        if visits.address is not None and not form.person.address:
            self._on_text("person.address", visits.address.as_written)
        if visits.phone and not form.phone and not self.page.due.phone.text():
            self._on_text("phone", visits.phone)
            self.page.due.phone.set_value(visits.phone)
        if visits.phone and self.form is not None and self.form.phone == visits.phone:
            self.page.due.phone.set_unit(t("như lần trước"))
        self._show()

    def _on_outlook(self, outlook: work.Outlook | None) -> None:
        self.page.due.show_outlook(outlook.reckoned if outlook else None)
        if outlook is not None and outlook.same:
            self._show_same(outlook.same)

    def _on_slip(self, pages: Sequence[QImage] | None) -> None:
        if pages and not self.refusal:
            self.slip = pages
            self.page.slip.show_pages(pages)

    def _show_same(self, hits: tuple[Hit, ...]) -> None:
        self._same = hits
        notice = self.page.due.same
        notice.set_notice(notice.kind(), *same_words(hits))
        notice.setVisible(True)

    # acceptance refused

    def _complete_enough(self, form: Form) -> bool:
        if self._version is None or not form.procedure:
            said = t("Chưa chọn thủ tục. Gõ tên thường gọi, ví dụ ks.")
            return not self.places.show_error("procedure", said)
        if not form.holder.name.strip():
            said = t("Chưa có họ tên. Gõ họ tên như trên giấy tờ.")
            self.page.show_person_page(True)
            return not self.places.show_error("owner.name" if form.proxy else "person.name", said)
        return True

    def _on_asked(self, hits: tuple[Hit, ...]) -> None:
        self._show_same(hits)
        if self.refusal:
            self.page.say_trouble(*same_words(hits))
        self.stayed.emit()

    def _on_refused(self, refused: AppError) -> None:
        self.stayed.emit()
        self.page.refusal.override.password.clear()
        if isinstance(refused, RuleError) and refused.missing:
            self.refusal.begin(refused)
            self._after_tick()
            return
        proxy = self.form is not None and self.form.proxy
        field = self.places.refused(refused.field or "", proxy=proxy)
        if not field or not self.places.show_error(field, sentence(refused)):
            self.page.say_trouble(refused.title, refused.next_step)

    def _after_tick(self) -> None:
        lacks = self.refusal.update()
        if lacks:
            self.slip = ()
        self._show_papers()
        if lacks:
            self.refusal.mark_rows()
        else:
            self._ahead.soon()
        self.told.emit()

    # questions of the page

    def _find_procedure(self, text: str) -> Sequence[Choice]:
        reference = self._desk.reference
        found = reference.catalogue.find(text, used=reference.used, limit=_MOST_CHOICES, day=self._today())
        return [Choice(v.code, v.short_name, f"{v.code} · {v.field}"[:40]) for v in found]

    def _find_communes(self, fields: PersonFields, text: str) -> None:
        call = partial(work.find_communes, self._desk, text)
        self._context.background.run(call, fields.offer_communes, owner=self, latest="commune")

    def _unit_words(self, code: str) -> str:
        unit = self._desk.reference.units.get(code) if code else None
        return unit.name if unit else ""

    def _today(self) -> date:
        return self._desk.clock.now().date()

    def _parse_due(self, text: str) -> date:
        return parse_typed_date(text, self._today(), "due")

    def _wire(self) -> None:
        page, papers, due = self.page, self.page.papers, self.page.due
        page.person.edit_asked.connect(self.edit_person)
        page.person.copy_asked.connect(self.copy_earlier)
        page.person.visits_asked.connect(
            lambda: self.visits_asked.emit(self.form.person.id_value if self.form else "")
        )
        papers.chosen.connect(self.choose)
        papers.toggled.connect(self._on_toggled)
        papers.added.connect(self._on_free_paper)
        papers.accepted.connect(self._on_list_accepted)
        papers.entered.connect(self.go_on)
        papers.other_asked.connect(self.ask_paper)
        self.asking.changed.connect(self._on_paper_asked)
        papers.checks.row_changed.connect(lambda _row: self.told.emit())
        due.edited.connect(self._on_text)
        due.manual_asked.connect(self._on_manual)
        due.same_asked.connect(lambda: self.dossier_asked.emit(self._same[0].id))
        override = page.refusal.override
        override.edited.connect(self._on_text)
        override.left.connect(self.refusal.close_override)
        people = page.person_page
        people.edited.connect(self._on_text)
        people.left.connect(self._on_person_left)
        people.finished.connect(self.finish_person)
        for fields in people.people():
            fields.commune_asked.connect(partial(self._find_communes, fields))
        self._ahead.known.connect(self._on_known)
        self._ahead.outlook.connect(self._on_outlook)
        self._ahead.pages.connect(self._on_slip)
        self.accepting.stored.connect(self.stored)
        self.accepting.asked.connect(self._on_asked)
        self.accepting.guided.connect(self.guided)
        self.accepting.refused.connect(self._on_refused)

    def _on_person_left(self, name: str) -> None:
        if name in ("person.id_value", "person.address"):
            self._ahead.person()
