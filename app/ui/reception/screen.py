"""Screen Tiếp nhận: from the card to the slip on one page (SCREENS, "One visit").

The form is the only truth; parts show it and report changes. Everything that touches the store runs on
the worker; what only reads reference data in memory (a procedure of 2 700, the ticks) is done at once, so
that keys typed ahead find their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.domain.catalogue import Channel, Detail, ProcedureVersion
from app.domain.citizen_qr import parse_citizen_qr
from app.domain.typed_date import parse_typed_date
from app.errors import AppError, RuleError
from app.protocol.ids import new_id
from app.services.drafts import Draft, load_draft
from app.services.intake import Intake
from app.services.search import find
from app.text import t
from app.ui.background import DOSSIERS, DRAFTS, OUTBOX
from app.ui.dossiers.opening import OpenDossier
from app.ui.reception import work
from app.ui.reception.bar import ReceptionBar
from app.ui.reception.draft_keeper import DraftKeeper
from app.ui.reception.form import Form, form_of, intake_of, with_card
from app.ui.reception.intake_page import IntakePage, focus
from app.ui.reception.paper_rows import first_of, missing_of, missing_points, standing
from app.ui.reception.slip_page import SlipPage
from app.ui.reception.slip_printing import SlipPrinting
from app.ui.reception.start_page import StartPage
from app.ui.reception.words import accepted_words, same_words, sentence
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import Choice, px

_PREVIEW_PAUSE_MS = 250
_LOOK_PAUSE_MS = 60
_SECOND_PRESS_MS = 350
"""F9 held down repeats faster than this; a person pressing it again does not."""
_PREVIEW_WIDTH = 1080
_LARGE_WIDTH = 1600


class ReceptionScreen(Screen):
    """One visit at a time; leaving it keeps the draft."""

    name = "reception"
    title = t("Tiếp nhận hồ sơ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._desk, self._by = context.runtime.desk, context.officer
        self._form: Form | None = None
        self._version: ProcedureVersion | None = None
        self._known: work.Known | None = None
        self._same: tuple[Any, ...] = ()
        self._same_shown = False
        self._missing: tuple[str, ...] = ()
        self._refused: RuleError | None = None
        self._accepting = False
        self._shown = False
        self._take_first = False
        self._pages: Sequence[QImage] = ()
        self._drafts = 0
        self._received_today = 0
        self._accepted: tuple[str, str] = ("", "")
        self._since_f9 = QElapsedTimer()
        self.start = StartPage()
        self.page = IntakePage(self._find_procedure, self._today, self._parse_due)
        self.slip_page = SlipPage()
        self.bar = ReceptionBar()
        self._stack = QStackedWidget()
        self._keeper = DraftKeeper(context, lambda: (self._form or Form(""), self._focus_name()), self)
        self._printing = SlipPrinting(context, self)
        self._look_timer, self._preview_timer = QTimer(self), QTimer(self)
        self._build()
        self._wire()
        self._load_start()

    # what the window asks

    def shown(self, argument: object) -> None:
        again, self._shown = self._shown, True
        wanted = argument if isinstance(argument, dict) else {}
        if "card" in wanted:
            self.take_card(str(wanted["card"]))
        elif "draft" in wanted:
            self.open_draft(str(wanted["draft"]))
        elif "procedure" in wanted:
            self._start_with(str(wanted["procedure"]))
        elif again and self._form is None:
            self.type_by_hand()
        elif self._form is None:
            self._load_start()
        self._tell()

    def hidden(self) -> None:
        self._shown = False
        self._keeper.save()

    def reload(self, kinds: frozenset[str]) -> None:
        if self._form is None and kinds & {DOSSIERS, DRAFTS}:
            self._load_start()

    def keys(self) -> tuple[KeyAct, ...]:
        return (
            KeyAct("F9", self.accept, t("Tiếp nhận và in phiếu")),
            KeyAct("F10", self.next_citizen, t("Người tiếp theo")),
            KeyAct("Esc", self.back, t("Để lại nháp")),
            KeyAct("Ctrl+P", self.show_slip, t("Xem phiếu")),
        )

    def set_narrow(self, narrow: bool) -> None:
        for part in (self.start, self.page, self.bar):
            part.set_narrow(narrow)

    def first_focus(self) -> QWidget | None:
        if self._stack.currentWidget() is self.slip_page:
            return self.slip_page
        if self._form is None:
            return self.start.search
        return self._widget_of(self._focus_name()) or self._next_field()

    def take_card(self, text: str) -> bool:
        """Put the card's person into the form; a visit of somebody else stays as a draft."""
        now = self._desk.clock.now()
        try:
            card = parse_citizen_qr(text, now.date())
        except RuleError as refused:
            self._say_refused_card(refused)
            return True
        _leave_field()
        self._let_go_of_field()
        form = self._form
        if form is not None and not self._may_take(form, card.personal_id):
            self._keeper.save()
            form = None
        self._open(with_card(form or Form(new_id()), card, f"{now:%H:%M}"))
        self._look_up_person()
        self._go_to_next()
        return True

    # acts of the officer

    def type_by_hand(self) -> None:
        """A visit without a card: the person's fields."""
        self._open(Form(new_id()))
        self._edit_person("person.name")

    def open_draft(self, draft_id: str) -> None:
        """Reopen a draft at the field where it was left."""
        self._let_go_of_field()
        self._keeper.save()
        self.context.background.run(
            partial(load_draft, self._desk, self._by, draft_id),
            self._reopen,
            lambda error: self.start.say(error.title, error.next_step),
            owner=self,
        )

    def next_citizen(self) -> None:
        """F10: this one stays as a draft, the counter is free."""
        if not self._accepting:
            self._leave()

    def back(self) -> None:
        """Esc: one step back; the draft stays."""
        if self._stack.currentWidget() is self.slip_page:
            self._show_page(self.page if self._form else self.start)
            self._restore_focus()
        elif self._close_popup() or self._accepting:
            return
        elif self._form is not None and self.page.on_person_page and not self._form.person.is_blank:
            self._finish_person()
        elif self._form is not None:
            self._leave()
        else:
            self.start.search.clear()
            self.start.say("")

    def show_slip(self) -> None:
        """Ctrl+P: the slip large; with nothing open the one printed last."""
        if self._form is not None and self._pages:
            self.slip_page.show_slip(t("Phiếu hẹn (mẫu 01), chưa tiếp nhận"), self._pages, stored=False)
            self._show_page(self.slip_page)
            self.slip_page.setFocus()
        elif self._form is None and self._printing.last is not None:
            self._show_last()

    def accept(self) -> None:
        """F9: store, make the slip, print, clear for the next. Twice or held it is still one dossier."""
        soon = self._since_f9.isValid() and self._since_f9.elapsed() < _SECOND_PRESS_MS
        self._since_f9.restart()
        form = self._form
        if form is None or self._accepting or (soon and self._same_shown):
            return
        self.page.say_trouble("")
        if not self.page.due.phone.read():
            self._to_field("phone")
            return
        self._change(phone=self.page.due.phone.value() or "")
        try:
            intake = self._intake()
        except AppError as refused:
            self._refuse(refused)
            return
        if not self._complete_enough():
            return
        self._accepting = True
        self.bar.accept.setEnabled(False)
        self._keeper.forget()
        self.context.background.run(
            partial(work.accept, self._desk, self._by, intake, although_same=self._same_shown),
            self._on_accepted,
            self._on_refused,
            owner=self,
            changes=frozenset({DOSSIERS, OUTBOX, DRAFTS}),
        )

    # opening and leaving

    def _open(self, form: Form, *, field: str = "") -> None:
        fresh = self._form is None or self._form.request_id != form.request_id
        if fresh:
            self._forget_view()
        self._form = form
        if form.procedure:
            self._take_version(form.procedure)
        self._show_page(self.page)
        self.page.show_person_page(False)
        self._show_form()
        if fresh:
            self.bar.show_work()
        self._keeper.changed()
        self._look_ahead_soon()

    def _let_go_of_field(self) -> None:
        """What is in the field now belongs to the form now open, not to the one that comes."""
        here = QApplication.focusWidget()
        if here is not None and self.page.isAncestorOf(here):
            here.clearFocus()

    def _forget_view(self) -> None:
        self._version, self._known, self._same, self._same_shown = None, None, (), False
        self._missing, self._refused, self._pages = (), None, ()
        self._last_focus = ""
        self.page.papers.show_none()
        self.page.show_refusal(False)
        self.page.say_trouble("")
        self.page.due.same.setVisible(False)
        self.page.due.show_outlook(None)
        self.page.due.phone.set_unit("")
        self.page.slip.show_nothing(t("Phiếu hiện ra khi đã chọn thủ tục."))
        for fields in (self.page.person_page.person, self.page.person_page.owner):
            fields.show_candidates((), "")
        for widget in self.page.fields().values():
            clear = getattr(widget, "set_error", None)
            if clear is not None:
                clear(None)

    def _leave(self) -> None:
        self._let_go_of_field()
        self._keeper.save()
        self._clear()

    def _clear(self) -> None:
        self._keeper.forget()
        self._form = None
        self._look_timer.stop()
        self._preview_timer.stop()
        self._forget_view()
        self._show_page(self.start)
        self.start.search.clear()
        self.bar.show_start(self._drafts)
        self._load_start()
        focus(self.start.search)
        self._tell()

    def _reopen(self, draft: Draft) -> None:
        self._open(form_of(draft.body))
        self.bar.show_saved(draft.saved_at, self._draft_meaning())
        self._look_up_person()
        self._go_to(draft.focus)

    def _start_with(self, code: str) -> None:
        form = self._form
        if form is None:
            self._open(Form(new_id()))
            self._edit_person("person.name")
        self._choose(code)
        if form is not None:
            self._go_to_next()

    def _load_start(self) -> None:
        self.context.background.run(
            partial(work.load_start, self._desk, self._by), self._show_start, owner=self, latest="start"
        )

    def _show_start(self, start: work.Start) -> None:
        self._drafts, self._received_today = len(start.drafts), start.received_today
        self.start.show_drafts(start.drafts, dict(work.short_names(self._desk, start.drafts)))
        self.start.show_recent(
            start.recent, start.received_today, can_reprint=self._printing.last is not None
        )
        if self._form is None:
            self.bar.show_start(self._drafts)
        self._tell()
        self._offer_waiting_procedure()

    # the person

    def _may_take(self, form: Form, personal_id: str) -> bool:
        there = form.person.id_value.replace(" ", "")
        return not there or there == personal_id or (form.proxy and form.owner.is_blank)

    def _edit_person(self, field: str) -> None:
        self.page.show_person_page(True)
        self._show_form()
        widget = self.page.fields().get(field)
        focus(widget if widget is not None else self.page.person_page.person.name)

    def _finish_person(self) -> None:
        self.page.show_person_page(False)
        self._show_form()
        self._look_up_person()
        self._look_ahead_soon()
        self._go_to_next()

    def _look_up_person(self) -> None:
        form = self._form
        if form is None:
            return
        person = form.person
        self.context.background.run(
            partial(work.know, self._desk, self._by, person.id_value, person.address, person.issue_date),
            partial(self._on_known, form.request_id),
            owner=self,
            latest="known",
        )

    def _on_known(self, request_id: str, known: work.Known) -> None:
        form = self._form
        if form is None or form.request_id != request_id:
            return
        self._known = known
        seen = known.visits.last is not None
        self.page.person.show_known(known.visits if form.person.id_value else None, known.match)
        candidates = [Choice(u.code, u.name, u.province_name) for u in known.match.candidates]
        said = known.match.sentence
        self.page.person_page.person.show_candidates(candidates, said)
        if seen and not form.person.address and known.visits.address is not None:
            self._change_person("address", known.visits.address.as_written)
        if seen and known.visits.phone and not form.phone and not self.page.due.phone.text():
            self._change(phone=known.visits.phone)
            self.page.due.phone.set_value(known.visits.phone)
            self.page.due.phone.set_unit(t("như lần trước"))
        self._show_form()

    def _say_refused_card(self, refused: RuleError) -> None:
        if self._form is None:
            self.start.say(refused.title, refused.next_step)
        else:
            self.page.say_trouble(refused.title, refused.next_step)

    # the procedure and its papers

    def _find_procedure(self, text: str) -> Sequence[Choice] | None:
        found = self._desk.reference.catalogue.find(text, limit=8, day=self._today())
        return [Choice(v.code, v.short_name, f"{v.code} · {v.field}"[:40]) for v in found]

    def _offer_waiting_procedure(self) -> None:
        self._take_first = False

    def _choose(self, code: str) -> None:
        form = self._form
        if form is None or not self._take_version(code):
            return
        version = self._version
        assert version is not None
        manual = version.detail is Detail.INDEX or version.time_limit(Channel.COUNTER).amount is None
        self._form = replace(form, procedure=version.code, answers={}, free=(), manual_due=manual)
        self._form = replace(self._form, ticked=standing(version, self._form))
        self._missing, self._refused, self._same, self._same_shown = (), None, (), False
        self.page.show_refusal(False)
        self.page.due.same.setVisible(False)
        self._changed()
        self._show_form()
        focus(self.page.papers.papers())

    def _take_version(self, code: str) -> bool:
        try:
            self._version = self._desk.reference.catalogue.version_for(code, self._today())
        except AppError as refused:
            self.page.papers.procedure.set_error(sentence(refused))
            return False
        return True

    def _on_toggled(self, paper: str, ticked: bool) -> None:
        form, version = self._form, self._version
        if form is None or version is None:
            return
        if paper in form.free:
            self._form = replace(form, free=tuple(name for name in form.free if name != paper))
            self._changed()
            self._show_form()
            return
        order = [rule.id for rule in version.components]
        wanted = set(form.ticked) | {paper} if ticked else set(form.ticked) - {paper}
        answers = {key: value for key, value in form.answers.items() if key != paper}
        self._form = replace(form, ticked=tuple(i for i in order if i in wanted), answers=answers)
        self._changed()
        if self._refused is not None:
            self._show_refusal()

    def _on_free(self, name: str) -> None:
        form = self._form
        if form is not None and name not in form.free:
            self._form = replace(form, free=(*form.free, name))
            self._changed()
            self._show_form()

    def _on_papers_accepted(self) -> None:
        """Enter on the list: what is not ticked and hangs on a condition does not apply."""
        form, version = self._form, self._version
        if form is None or version is None:
            return
        asked = {
            rule.id: False
            for rule in version.components
            if rule.mandatory.value == "conditional" and rule.known_by is None and rule.id not in form.ticked
        }
        self._form = replace(form, answers=asked)
        self._changed()
        focus(self.page.due.first())

    def _complete_enough(self) -> bool:
        """Name what is missing before anything is stored."""
        form, version = self._form, self._version
        if form is None or version is None:
            self._to_field("procedure")
            self.page.papers.procedure.set_error(t("Chưa chọn thủ tục. Gõ tên thường gọi, ví dụ ks."))
            return False
        if not form.holder.name.strip():
            self._edit_person("owner.name" if form.proxy else "person.name")
            group = self.page.person_page.owner if form.proxy else self.page.person_page.person
            group.name.set_error(t("Chưa có họ tên. Gõ họ tên như trên giấy tờ."))
            return False
        return True

    # what follows from the form

    def _changed(self) -> None:
        self._keeper.changed()
        self._look_ahead_soon()

    def _change(self, **members: object) -> None:
        if self._form is not None:
            changed = replace(self._form, **members)  # type: ignore[arg-type]
            if changed != self._form:
                self._form = changed
                self._changed()

    def _change_person(self, field: str, value: str, whose: str = "person") -> None:
        form = self._form
        if form is None:
            return
        person = getattr(form, whose)
        if field == "commune":
            unit = self._desk.reference.units.get(value) if value else None
            person = replace(person, commune=value, province=unit.province_code if unit else "")
        else:
            person = replace(person, **{field: value})
        self._change(**{whose: person})

    def _on_edited(self, name: str, value: str) -> None:
        whose, _, field = name.partition(".")
        if field:
            self._change_person(field, value, whose)
        elif name == "proxy":
            self._change(proxy=bool(value))
            self._show_papers()
        elif name == "phone":
            self._change(phone=value.replace(" ", "") if value.replace(" ", "").isdigit() else value)
        else:
            self._change(**{name: value})

    def _on_manual(self, manual: bool) -> None:
        self._change(manual_due=manual)
        self._show_form()

    def _show_form(self) -> None:
        form = self._form
        if form is None:
            return
        self.page.person.show_form(form)
        self.page.person_page.show_form(form, self._unit_words)
        self._show_papers()
        self.page.due.show_form(form)

    def _show_papers(self) -> None:
        if self._form is not None and self._version is not None and self._form.procedure:
            lacking = [first_of(entry) for entry in self._missing]
            self.page.papers.show_procedure(self._version, self._form, lacking)

    def _unit_words(self, code: str) -> str:
        unit = self._desk.reference.units.get(code) if code else None
        return unit.name if unit else ""

    def _look_ahead_soon(self) -> None:
        if not self._look_timer.isActive():
            self._look_timer.start(_LOOK_PAUSE_MS)
        self._preview_timer.start(_PREVIEW_PAUSE_MS)

    def _look_ahead(self) -> None:
        intake = self._quiet_intake()
        form = self._form
        if intake is None or form is None:
            return
        self.context.background.run(
            partial(work.look_ahead, self._desk, self._by, intake),
            partial(self._on_outlook, form.request_id),
            lambda error: self.page.due.show_outlook(None),
            owner=self,
            latest="outlook",
        )

    def _on_outlook(self, request_id: str, outlook: work.Outlook) -> None:
        form = self._form
        if form is None or form.request_id != request_id:
            return
        self.page.due.show_outlook(outlook.reckoned)
        self._same = outlook.same
        if outlook.same and not self._same_shown:
            self._show_same(asked=False)

    def _preview(self) -> None:
        intake = self._quiet_intake()
        form = self._form
        if intake is None or form is None or self._refused is not None:
            return
        width = round(_PREVIEW_WIDTH * self.devicePixelRatioF())
        self.context.background.run(
            partial(work.preview, self._desk, self._by, intake, width),
            partial(self._on_preview, form.request_id),
            owner=self,
            latest="preview",
        )

    def _on_preview(self, request_id: str, pages: list[QImage] | None) -> None:
        form = self._form
        if form is not None and form.request_id == request_id and pages and self._refused is None:
            self._pages = pages
            self.page.slip.show_pages(pages)

    def _quiet_intake(self) -> Intake | None:
        if self._form is None or not self._form.procedure:
            return None
        try:
            return self._intake()
        except AppError:
            try:
                return self._intake(replace(self._form, manual_due=False))
            except AppError:
                return None

    def _intake(self, form: Form | None = None) -> Intake:
        wanted = form or self._form
        assert wanted is not None
        return intake_of(wanted, self._desk.reference, self._desk.clock.now())

    # accepting

    def _on_accepted(self, accepted: work.Accepted) -> None:
        self._accepting = False
        if accepted.received is None:
            self._same = accepted.same
            self.bar.accept.setEnabled(True)
            self._show_same(asked=True)
            self._keeper.changed()
            return
        received = accepted.received
        self.context.background.hurry()
        self._accepted = accepted_words(received)
        strong, words = self._accepted
        self._clear()
        self.start.say(strong, f"{words} · {t('đang in phiếu')}")
        self._printing.print_slip(received.id, received.number)

    def _on_printed(self, words: str, _printed: bool) -> None:
        strong, due = self._accepted
        self.start.say(strong, " · ".join(part for part in (due, words) if part))
        self._load_start()
        self._tell()

    def _on_refused(self, refused: AppError) -> None:
        self._accepting = False
        self.bar.accept.setEnabled(True)
        self._keeper.changed()
        self._refuse(refused)

    def _refuse(self, refused: AppError) -> None:
        if isinstance(refused, RuleError) and refused.missing:
            self._refused = refused
            self._show_refusal()
            focus(self.page.papers.checks)
            return
        field = self._field_of(refused.field or "")
        if field and self._to_field(field):
            set_error = getattr(self.page.fields()[field], "set_error", None)
            if set_error is not None:
                set_error(sentence(refused))
                return
        self.page.say_trouble(refused.title, refused.next_step)

    def _field_of(self, field: str) -> str:
        """The field on screen that a refusal names."""
        form = self._form
        named = {"reason": "due_reason", "personal_id": "id_value", "component": "papers"}
        name = named.get(field, field)
        if name in self.page.fields():
            return name
        proxy = form is not None and form.proxy
        whose = "person" if name.startswith("submitter_") or not proxy else "owner"
        name = f"{whose}.{name.removeprefix('submitter_')}"
        if name.endswith(".phone"):
            return "phone"
        return name if name in self.page.fields() else ""

    def _show_refusal(self) -> None:
        form, version, refused = self._form, self._version, self._refused
        if form is None or version is None or refused is None:
            return
        self._missing = missing_of(version, form)
        if not self._missing:
            self._refused = None
            self.page.show_refusal(False)
            self.bar.mean(self._draft_meaning())
            self._show_papers()
            self._look_ahead_soon()
            self._tell()
            return
        self.page.refusal.show_refusal(refused, missing_points(version, form, self._missing))
        self.page.show_refusal(True)
        self.bar.mean(self._draft_meaning())
        self.page.slip.show_nothing(t("Phiếu hiện ra khi hồ sơ đủ giấy tờ bắt buộc."))
        self._pages = ()
        self._show_papers()
        self.page.papers.checks.set_missing([first_of(entry) for entry in self._missing])
        self._tell()

    def _show_same(self, *, asked: bool) -> None:
        title, body = same_words(self._same)
        self.page.due.same.set_notice(self.page.due.same.kind(), title, body)
        self.page.due.same.setVisible(True)
        self._same_shown = self._same_shown or asked

    def _open_same(self) -> None:
        if self._same:
            self._keeper.save()
            self.go.emit(Destination("dossier", OpenDossier(self._same[0].id, back=self.name)))

    # slips

    def _show_last(self) -> None:
        from app.ui.printer import page_images

        last = self._printing.last
        if last is None or last.paper is None:
            return
        self.context.background.run(
            partial(page_images, last.paper.pdf, _LARGE_WIDTH),
            lambda pages: self._show_last_pages(last.number, pages),
            owner=self,
            latest="last slip",
        )

    def _show_last_pages(self, number: str, pages: Sequence[QImage]) -> None:
        if self._form is None:
            title = t("Phiếu hẹn {number}").format(number=number)
            self.slip_page.show_slip(title, pages, stored=True)
            self._show_page(self.slip_page)
            self.slip_page.setFocus()

    def _print_last(self) -> None:
        last = self._printing.last
        if last is not None:
            self._accepted = (t("Phiếu {number}").format(number=last.number), "")
            self._printing.print_slip(last.dossier_id, last.number)
            self.back()

    # focus

    def _focus_name(self) -> str:
        here = QApplication.focusWidget()
        if here is None or self._form is None:
            return self._last_focus
        for name, widget in self.page.fields().items():
            if widget is here or widget.isAncestorOf(here) or widget.focusProxy() is here:
                self._last_focus = name
                if name == "papers":
                    self._last_focus = f"papers/{self.page.papers.checks.current_id() or ''}"
                return self._last_focus
        return self._last_focus

    _last_focus = ""

    def _widget_of(self, name: str) -> QWidget | None:
        return self.page.fields().get(name.partition("/")[0])

    def _go_to(self, name: str) -> None:
        field, _, row = name.partition("/")
        widget = self.page.fields().get(field)
        if widget is None:
            self._go_to_next()
            return
        self._to_field(field)
        if field == "papers" and row in [item.id for item in self.page.papers.checks.items()]:
            self.page.papers.checks.set_current(row)

    def _to_field(self, name: str) -> bool:
        widget = self.page.fields().get(name)
        if widget is None:
            return False
        self.page.show_person_page(name.startswith(("person.", "owner.")) or name in ("proxy", "relation"))
        focus(widget)
        return True

    def _next_field(self) -> QWidget:
        form = self._form
        if form is None:
            return self.start.search
        if self.page.on_person_page:
            return self.page.person_page.person.name
        if not form.procedure:
            return self.page.papers.procedure
        return self.page.papers.papers()

    def _go_to_next(self) -> None:
        focus(self._next_field())

    def _restore_focus(self) -> None:
        focus(self.first_focus() or self.start.search)

    def _close_popup(self) -> bool:
        for field in (self.page.papers.procedure, self.start.search, *self._commune_fields()):
            if field.popup().isVisible():
                field.popup().hide()
                return True
        return False

    def _commune_fields(self) -> tuple[Any, ...]:
        page = self.page.person_page
        return (page.person.commune, page.owner.commune)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or self._form is None or not self.page.isAncestorOf(new):
            return
        self._keeper.save()
        self._tell()

    # words around the page

    def _tell(self) -> None:
        if not self._shown:
            return
        turn = self._received_today + 1
        words = t("Lượt thứ {n} hôm nay") if self._form else t("Sẵn sàng cho lượt {n}")
        self.subtitle_changed.emit(words.format(n=turn))
        self.status_changed.emit(self._status_words())

    def _status_words(self) -> list[str]:
        if self._form is None:
            return [" · ".join(part for part in self._accepted if part)] if self._accepted[0] else []
        if self._refused is not None:
            count = len(self._missing)
            return [t("Còn thiếu {count} giấy tờ bắt buộc").format(count=count)]
        where = self.page.field_words(self._focus_name().partition("/")[0])
        return [t("Đang ở: {where}").format(where=where)] if where else []

    def _draft_meaning(self) -> str:
        if self._refused is not None:
            return t("Chưa có gì mất, chưa gửi đi đâu.")
        return t("Mất điện cũng mở lại đúng ô này.")

    def _today(self) -> date:
        return self._desk.clock.now().date()

    def _parse_due(self, text: str) -> date:
        return parse_typed_date(text, self._today(), "due")

    def _show_page(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)

    def _build(self) -> None:
        for page in (self.start, self.page, self.slip_page):
            self._stack.addWidget(page)
        self._stack.setMinimumSize(1, 1)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(16), px(12), px(16), px(12))
        holder.addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(holder, 1)
        column.addWidget(self.bar)
        self.bar.show_start(0)

    def _wire(self) -> None:
        for timer, call in ((self._look_timer, self._look_ahead), (self._preview_timer, self._preview)):
            timer.setSingleShot(True)
            timer.timeout.connect(call)
        self._wire_start()
        self._wire_page()
        self._keeper.saved.connect(self._on_saved)
        self._keeper.failed.connect(lambda error: self.bar.show_unsaved(sentence(error)))
        self._printing.said.connect(self._on_printed)
        self.slip_page.print_asked.connect(self._print_last)
        for button, call in (
            (self.bar.accept, self.accept),
            (self.bar.next, self.next_citizen),
            (self.bar.leave, self.back),
            (self.bar.view, self.show_slip),
        ):
            button.clicked.connect(call)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _wire_start(self) -> None:
        self.start.hand_asked.connect(self.type_by_hand)
        self.start.draft_asked.connect(self.open_draft)
        self.start.dossier_asked.connect(
            lambda key: self.go.emit(Destination("dossier", OpenDossier(key, back=self.name)))
        )
        self.start.reprint_asked.connect(self.show_slip)
        self.start.search_asked.connect(self._search)

    def _wire_page(self) -> None:
        page = self.page
        page.person.edit_asked.connect(self._edit_person)
        page.person.visits_asked.connect(self._show_visits)
        page.papers.chosen.connect(self._choose)
        page.papers.toggled.connect(self._on_toggled)
        page.papers.added.connect(self._on_free)
        page.papers.accepted.connect(self._on_papers_accepted)
        page.papers.entered.connect(self._on_procedure_entered)
        page.papers.checks.row_changed.connect(lambda _row: self._tell())
        page.due.edited.connect(self._on_edited)
        page.due.manual_asked.connect(self._on_manual)
        page.due.same_asked.connect(self._open_same)
        page.due.finished.connect(lambda: focus(self.bar.accept))
        page.slip.enlarge_asked.connect(self.show_slip)
        page.refusal.leave_asked.connect(self._leave)
        page.refusal.other_asked.connect(lambda: self._to_field("procedure"))
        people = page.person_page
        people.edited.connect(self._on_edited)
        people.left.connect(self._on_person_left)
        people.finished.connect(self._finish_person)
        for fields in (people.person, people.owner):
            fields.commune_asked.connect(partial(self._find_communes, fields))

    def _on_procedure_entered(self) -> None:
        if self._version is not None:
            focus(self.page.papers.papers())

    def _on_person_left(self, name: str) -> None:
        if name in ("person.id_value", "person.address"):
            self._look_up_person()

    def _find_communes(self, fields: Any, text: str) -> None:
        self.context.background.run(
            partial(work.find_communes, self._desk, text), fields.offer_communes, owner=self, latest="commune"
        )

    def _search(self, text: str) -> None:
        self.context.background.run(
            partial(find, self._desk, self._by, text, 8),
            lambda found: self.start.offer(found.results),
            owner=self,
            latest="search",
        )

    def _show_visits(self) -> None:
        known = self._known
        if known is None or known.visits.last is None or self._form is None:
            return
        self._keeper.save()
        self.go.emit(Destination("dossiers", self._form.person.id_value))

    def _on_saved(self, at: datetime) -> None:
        if self._form is not None and not self._accepting:
            self.bar.show_saved(at, self._draft_meaning())


def _leave_field() -> None:
    """A field being typed in says what it holds now, not after the card's person has taken its place."""
    field = QApplication.focusWidget()
    if field is not None:
        field.clearFocus()
