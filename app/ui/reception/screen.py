"""Screen Tiếp nhận: from the card to the slip on one page (SCREENS, "One visit").

The empty counter, the visit and the large slip are three pages; what was typed is always kept as a draft
before one is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.citizen_qr import parse_citizen_qr
from app.domain.dossier_status import Status
from app.errors import RuleError
from app.services.drafts import Draft, drop_draft, load_draft, new_draft_id
from app.services.finding.search import find
from app.services.intake.guidance import Guided
from app.services.intake.reception import Received
from app.text import t
from app.ui.background import DOSSIERS, DRAFTS
from app.ui.dossiers.opening import OpenDossier
from app.ui.draft_keeper import DraftKeeper
from app.ui.reception import edits, work
from app.ui.reception.bar import ReceptionBar
from app.ui.reception.form import Form, body_of, form_of, with_card
from app.ui.reception.intake_page import focus
from app.ui.reception.slip_page import SlipPage
from app.ui.reception.slip_printing import SlipPrinting
from app.ui.reception.start_page import StartPage
from app.ui.reception.visit import Visit
from app.ui.reception.words import accepted_words, sentence
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import px

_LARGE_WIDTH = 1600
_MOST_FOUND = 8
_AROUND = 40
"""Room kept above and below the field with the focus: its label, and a sentence below."""


class ReceptionScreen(Screen):
    """One visit at a time; leaving it keeps the draft.

    ``shown`` takes ``None`` (again while the counter is empty: type a person by hand),
    ``{"procedure": code}``, ``{"card": text}`` or ``{"draft": id}``.
    """

    name = "reception"
    title = t("Tiếp nhận hồ sơ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._desk, self._by = context.runtime.desk, context.officer
        self._shown = False
        self._drafts, self._received_today = 0, 0
        self._accepted: tuple[str, str] = ("", "")
        self._served: tuple[Form, Received] | None = None
        self._stays = False
        self.start = StartPage()
        self.visit = Visit(context, self)
        self.page = self.visit.page
        self.slip_page = SlipPage()
        self.bar = ReceptionBar()
        self._stack = QStackedWidget()
        self._keeper = DraftKeeper(
            context,
            work.SCREEN,
            lambda: (self.visit.form or Form(""), self.visit.places.here()),
            body_of,
            self,
        )
        self._printing = SlipPrinting(context, self)
        self._build()
        self._wire()
        self._load_start()

    # what the window asks

    def shown(self, argument: object) -> None:
        again, self._shown = self._shown, True
        wanted = argument if isinstance(argument, dict) and not self.visit.accepting.busy else {}
        if "card" in wanted:
            self.take_card(str(wanted["card"]))
        elif "draft" in wanted:
            self.open_draft(str(wanted["draft"]))
        elif "procedure" in wanted:
            self._start_with(str(wanted["procedure"]))
        elif again and self.visit.form is None:
            self.type_by_hand()
        elif self.visit.form is None:
            self._load_start()
        self._tell()

    def hidden(self) -> None:
        self._shown = False
        self._keeper.save()

    def reload(self, kinds: frozenset[str]) -> None:
        if self.visit.form is None and kinds & {DOSSIERS, DRAFTS}:
            self._load_start()

    def keys(self) -> tuple[KeyAct, ...]:
        return (
            KeyAct("F6", self.guide, t("In hướng dẫn bổ sung")),
            KeyAct("F7", self.ask_leader, t("Lãnh đạo cho nhận thiếu")),
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
        if self.visit.form is None:
            return self.start.search
        places = self.visit.places
        return places.widget(places.here()) or self.visit.next_field()

    def take_card(self, text: str) -> bool:
        """Put the card's person into the form; a visit of somebody else stays as a draft."""
        now = self._desk.clock.now()
        try:
            card = parse_citizen_qr(text, now.date())
        except RuleError as refused:
            say = self.start.say if self.visit.form is None else self.page.say_trouble
            say(refused.title, refused.next_step)
            return True
        if self.visit.accepting.busy:
            return True
        self.visit.places.let_go()
        form = self.visit.form
        if not self.visit.may_take(card.personal_id):
            self._end_visit()
            form = None
        self._open(with_card(form or Form(new_draft_id()), card, f"{now:%H:%M}"))
        self.visit.go_on()
        return True

    # acts of the officer

    def type_by_hand(self) -> None:
        """A visit without a card: the person's fields."""
        self._open(Form(new_draft_id()))
        self.visit.edit_person("person.name")

    def open_draft(self, draft_id: str) -> None:
        """Reopen a draft at the field where it was left."""
        self.visit.places.let_go()
        self._end_visit()
        self.context.background.run(
            partial(load_draft, self._desk, self._by, draft_id),
            self._reopen,
            lambda error: self.start.say(error.title, error.next_step),
            owner=self,
        )

    def add_for_person(self) -> None:
        """Ctrl+N: one more dossier for the same citizen: after this one, or after the one just stored."""
        if self.visit.form is not None:
            self._stays = True
            self.accept()
        elif self._served is not None:
            self._go_on_with(*self._served)

    def accept(self) -> None:
        """F9: store, make the slip, print, clear for the next. Twice or held it is still one dossier."""
        if self.visit.form is not None:
            self._stack.setCurrentWidget(self.page)  # what is refused is shown there, not behind the slip
        self._sent(self.visit.accept())

    def guide(self) -> None:
        """F6: what lacks goes to the citizen in writing; no dossier, nothing to the province."""
        self._stack.setCurrentWidget(self.page if self.visit.form is not None else self.start)
        self._sent(self.visit.guide())

    def ask_leader(self) -> None:
        """F7: a leader may agree to what lacks."""
        self._stack.setCurrentWidget(self.page if self.visit.form is not None else self.start)
        self.visit.ask_leader()

    def register_only(self) -> None:
        """Ctrl+G: the citizen came and lacks papers; accepted or refused later."""
        if self.visit.refusal:
            self._sent(self.visit.register_only())

    def _sent(self, sent: bool) -> None:
        if sent:
            self.bar.accept.setEnabled(False)
            self._keeper.forget()

    def next_citizen(self) -> None:
        """F10: this one stays as a draft, the counter is free."""
        if self.visit.form is not None and not self.visit.accepting.busy:
            self._leave()

    def back(self) -> None:
        """Esc: one step back; the draft stays."""
        form = self.visit.form
        if self._stack.currentWidget() is self.slip_page:
            self._stack.setCurrentWidget(self.start if form is None else self.page)
            focus(self.first_focus() or self.start.search)
        elif form is None:
            self.start.clear()
        elif self.visit.accepting.busy or self.visit.close_popup():
            return
        elif self.visit.asking.is_open:
            self.visit.asking.back()
        elif self.visit.refusal.overriding:
            self.visit.refusal.close_override()
        elif self.page.on_person_page and not form.person.is_blank:
            self.visit.finish_person()
        else:
            self._leave()

    def show_slip(self) -> None:
        """Ctrl+P: the slip large; with nothing open the one printed last."""
        if self.visit.form is not None:
            if self.visit.slip:
                self._show_large(t("Phiếu hẹn (mẫu 01), chưa tiếp nhận"), self.visit.slip, stored=False)
            return
        last = self._printing.last
        if last is not None and last.paper is not None:
            title = t("Phiếu hẹn {number}").format(number=last.number)
            self.context.background.run(
                partial(work.pages_of, last.paper.pdf, _LARGE_WIDTH),
                lambda pages: self._show_large(title, pages, stored=True),
                owner=self,
                latest="last slip",
            )

    # opening and leaving

    def _open(self, form: Form) -> None:
        fresh = self.visit.form is None or self.visit.form.request_id != form.request_id
        self._served = None
        if fresh:
            self._stays = False
        self.start.say("")
        self.visit.open(form)
        self._stack.setCurrentWidget(self.page)
        if fresh:
            self.bar.show_work()
            self.bar.set_together(form.together_count)
        self._tell()

    def _reopen(self, draft: Draft) -> None:
        self._open(form_of(draft.body))
        self.bar.show_saved(draft.saved_at, self._draft_meaning())
        if not self.visit.reopen_at(draft.focus):
            self.visit.go_on()

    def _start_with(self, code: str) -> None:
        new = self.visit.form is None
        if new:
            self._open(Form(new_draft_id()))
        self.visit.choose(code)
        if new:
            self.visit.edit_person("person.name")

    def _leave(self) -> None:
        self.visit.places.let_go()
        sheet = self._end_visit()
        self._clear()
        if sheet:
            self.start.say(*self._accepted)

    def _end_visit(self) -> bool:
        """What is open stays as a draft; of a visit with several dossiers the sheet is printed."""
        form = self.visit.form
        if form is None or not form.together or form.procedure:
            self._keeper.save()
        else:
            self._keeper.forget()
            self.context.background.run(
                partial(drop_draft, self._desk, self._by, form.request_id),
                owner=self,
                changes=frozenset({DRAFTS}),
            )
        if form is None or form.together_count < 2:
            return False
        self._accepted = (t("Xong lượt {count} hồ sơ").format(count=form.together_count), "")
        self._printing.print_other(
            partial(work.sheet_of, first=form.together), t("Phiếu chung của lượt nộp"), t("đã in phiếu chung")
        )
        return True

    def _go_on_with(self, form: Form, received: Received) -> None:
        """The same citizen, the next procedure."""
        self._open(edits.next_of(form, new_draft_id(), received.id, received.number))
        self.visit.go_on()

    def _clear(self) -> None:
        self._keeper.forget()
        self.visit.close()
        self._stack.setCurrentWidget(self.start)
        self.start.clear()
        self.bar.show_start(self._drafts)
        self._load_start()
        focus(self.start.search)
        self._tell()

    def _load_start(self) -> None:
        self.context.background.run(
            partial(work.load_start, self._desk, self._by), self._show_start, owner=self, latest="start"
        )

    def _show_start(self, start: work.Start) -> None:
        self._drafts, self._received_today = len(start.drafts), start.received_today
        self.start.show_drafts(start.drafts, start.procedures)
        reprint = self._printing.last is not None
        self.start.show_recent(start.recent, start.received_today, can_reprint=reprint)
        if self.visit.form is None:
            self.bar.show_start(self._drafts)
        self._tell()

    # after acceptance

    def _on_stored(self, received: Received) -> None:
        self.context.background.hurry()
        self._accepted = accepted_words(received)
        form, stays = self.visit.form, self._stays
        self._clear()
        strong, words = self._accepted
        printed = received.status != Status.NEW
        self.start.say(strong, f"{words} · {t('đang in phiếu')}" if printed else words, more=True)
        if printed:
            self._printing.print_slip(received.id, received.number)
        if form is not None:
            self._served = form, received
            if stays or form.together:
                self._go_on_with(form, received)

    def _on_guided(self, guided: Guided) -> None:
        self._accepted = (t("Đã hướng dẫn, số {number}").format(number=guided.number), "")
        self._clear()
        self.start.say(self._accepted[0], t("đang in phiếu hướng dẫn"))
        self._printing.print_other(
            partial(work.guidance_of, guidance_id=guided.id),
            t("Phiếu hướng dẫn {number}").format(number=guided.number),
            t("đã in phiếu hướng dẫn"),
        )

    def _on_stayed(self) -> None:
        self.bar.accept.setEnabled(True)
        self._keeper.changed()

    def _on_printed(self, words: str, printed: bool) -> None:
        strong, due = self._accepted
        said = " · ".join(part for part in (due, words) if part)
        self.start.say(strong, said, more=self._served is not None)
        if self.visit.form is None:
            self._load_start()
        elif not printed:
            self.page.say_trouble(strong, words)
        self._tell()

    def _show_large(self, title: str, pages: Sequence[QImage], *, stored: bool) -> None:
        self.slip_page.show_slip(title, pages, stored=stored)
        self._stack.setCurrentWidget(self.slip_page)
        self.slip_page.setFocus()

    def _print_last(self) -> None:
        last = self._printing.last
        if last is not None:
            self._accepted = (t("Phiếu {number}").format(number=last.number), "")
            self._printing.print_slip(last.dossier_id, last.number)
            self.back()

    def _search(self, text: str) -> None:
        self.context.background.run(
            partial(find, self._desk, self._by, text, _MOST_FOUND),
            lambda found: self.start.offer(found.results),
            owner=self,
            latest="search",
        )

    def _open_dossier(self, dossier_id: str) -> None:
        self._keeper.save()
        self.go.emit(Destination("dossier", OpenDossier(dossier_id, back=self.name)))

    def _open_visits(self, number: str) -> None:
        self._keeper.save()
        self.go.emit(Destination("dossiers", number))

    # words around the page

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.visit.form is not None and self.page.isAncestorOf(new):
            self._keeper.save()
            self._tell()
            QTimer.singleShot(0, self, self._keep_focus_in_sight)

    def _keep_focus_in_sight(self) -> None:
        """A field that has just come into the page is scrolled to."""
        here = QApplication.focusWidget()
        above = here.parentWidget() if here is not None and self.page.isAncestorOf(here) else None
        while above is not None and here is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(here, 0, px(_AROUND))
            above = above.parentWidget()

    def _on_saved(self, at: datetime) -> None:
        if self.visit.form is not None and not self.visit.accepting.busy:
            self.bar.show_saved(at, self._draft_meaning())

    def _tell(self) -> None:
        self.bar.mean(self._draft_meaning())
        if not self._shown:
            return
        words = t("Lượt thứ {n} hôm nay") if self.visit.form else t("Sẵn sàng cho lượt {n}")
        self.subtitle_changed.emit(words.format(n=self._received_today + 1))
        self.status_changed.emit([words for words in (self._status_words(),) if words])

    def _status_words(self) -> str:
        if self.visit.form is None:
            return " · ".join(part for part in self._accepted if part)
        if self.visit.refusal:
            return t("Còn thiếu {count} giấy tờ bắt buộc").format(count=len(self.visit.refusal.missing))
        where = self.page.field_words(self.visit.places.here().partition("/")[0])
        return t("Đang ở: {where}").format(where=where) if where else ""

    def _draft_meaning(self) -> str:
        if self.visit.refusal:
            return t("Chưa có gì mất, chưa gửi đi đâu.")
        return t("Mất điện cũng mở lại đúng ô này.")

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
        start, visit = self.start, self.visit
        start.hand_asked.connect(self.type_by_hand)
        start.draft_asked.connect(self.open_draft)
        start.dossier_asked.connect(self._open_dossier)
        start.reprint_asked.connect(self.show_slip)
        start.more_asked.connect(self.add_for_person)
        start.search_asked.connect(self._search)
        visit.changed.connect(self._keeper.changed)
        visit.told.connect(self._tell)
        visit.stored.connect(self._on_stored)
        visit.stayed.connect(self._on_stayed)
        visit.guided.connect(self._on_guided)
        visit.dossier_asked.connect(self._open_dossier)
        visit.visits_asked.connect(self._open_visits)
        self.page.slip.enlarge_asked.connect(self.show_slip)
        self._wire_refusal()
        self._keeper.saved.connect(self._on_saved)
        self._keeper.failed.connect(lambda error: self.bar.show_unsaved(sentence(error)))
        self._printing.said.connect(self._on_printed)
        self.slip_page.print_asked.connect(self._print_last)
        self.bar.accept.clicked.connect(self.accept)
        self.bar.next.clicked.connect(self.next_citizen)
        self.bar.leave.clicked.connect(self.back)
        self.bar.view.clicked.connect(self.show_slip)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _wire_refusal(self) -> None:
        column = self.page.refusal
        column.guidance_asked.connect(self.guide)
        column.leader_asked.connect(self.ask_leader)
        column.register_asked.connect(self.register_only)
        column.override.finished.connect(self.accept)
        self._key("Ctrl+G", self.register_only)
        self._key("Ctrl+K", self.visit.ask_paper)
        self._key("Ctrl+N", self.add_for_person)
        self._key("Ctrl+T", self.visit.copy_earlier)

    def _key(self, key: str, call: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(call)
