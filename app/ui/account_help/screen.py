"""Hỗ trợ tài khoản: from card scan to the take-home card, with nothing kept that was not consented to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose, HelpState
from app.domain.citizen_qr import looks_like_card, parse_citizen_qr
from app.domain.citizen_qr import person_of as person_of_card
from app.domain.people import Person
from app.errors import AppError
from app.services.help import account_help as service
from app.services.help.account_help import Case
from app.text import t
from app.ui.account_help.loading import OpenCases, open_cases
from app.ui.account_help.printing import CardPrinting
from app.ui.account_help.saving import Saved, card_pages, save_visit
from app.ui.account_help.view import HelpView
from app.ui.account_help.visit import (
    Visit,
    after_saving,
    begin,
    is_same_citizen,
    is_touched,
    is_unsaved,
    person_of,
)
from app.ui.account_help.words import saved_words, step_title, unsaved_words
from app.ui.background import HELP, OUTBOX
from app.ui.screen import Context, KeyAct, Screen
from app.ui.widgets import Tone

Result = TypeVar("Result")
_DRAW_PAUSE_MS = 120
_CHANGES = frozenset({HELP, OUTBOX})


class AccountHelpScreen(Screen):
    """``shown`` takes a scanned card, a ``Person`` or ``{"case": id}``; ``None`` goes on as it was."""

    name = "account_help"
    title = t("Hỗ trợ tài khoản")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.visit: Visit | None = None
        self._left_unsaved: list[Visit] = []
        self._saving = False
        self._printing = CardPrinting(context, self)
        self.view = HelpView(self, self._today())
        self._draw_pause = QTimer(self, singleShot=True, interval=_DRAW_PAUSE_MS)
        self._draw_pause.timeout.connect(self._draw_card)
        self._wire_pages()
        self._wire_visit()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.save)

    def _wire_pages(self) -> None:
        view = self.view
        view.start.searched.connect(lambda _text: self._ask_cases())
        view.start.opened.connect(self.open_case)
        view.start.typed_asked.connect(self.type_person)
        view.start.waiting.clicked.connect(self._go_back_to_unsaved)
        view.typed.given.connect(self.help)
        view.typed.left.connect(self.back_out)
        view.save.clicked.connect(self.save)
        view.following.clicked.connect(self.next_citizen)
        view.proxy.clicked.connect(lambda: self._choose_outcome(HelpState.BY_PROXY))

    def _wire_visit(self) -> None:
        page = self.view.visit
        for changed in (
            page.person.phone_changed,
            page.obstacles.changed,
            page.obstacles.note_changed,
            page.next.changed,
        ):
            changed.connect(self._on_fields)
        page.person.phone.entered.connect(self._to_consent)
        page.obstacles.note.entered.connect(lambda: page.next.day.setFocus())
        page.next.outcome.entered.connect(self._to_consent)
        page.consent.ticked.connect(self._on_tick)
        page.consent.withdrawn.connect(self._withdraw)
        page.consent.done.connect(lambda: self.view.save.setFocus(Qt.FocusReason.TabFocusReason))
        page.preview.print_button.clicked.connect(self.save)

    # ---- what the window calls

    def shown(self, argument: object) -> None:
        """Opens a card, a person or a case; else the page as it was."""
        if isinstance(argument, str) and looks_like_card(argument):
            self.take_card(argument)
        elif isinstance(argument, Person):
            self.help(argument)
        elif isinstance(argument, dict) and isinstance(argument.get("case"), str):
            self.open_case(argument["case"])
        self._ask_cases()
        self._show_page()

    def reload(self, kinds: frozenset[str]) -> None:
        """Cases changed, here or by the province."""
        if kinds & _CHANGES:
            self._ask_cases()

    def keys(self) -> tuple[KeyAct, ...]:
        """F10 next citizen, Ctrl+P the card, Esc back out and keep what was typed."""
        return (
            KeyAct("F10", self.next_citizen, t("Người tiếp theo")),
            KeyAct("Ctrl+P", self.look_or_print, t("Phiếu mang về")),
            KeyAct("Ctrl+S", self.save, t("Lưu và in phiếu mang về")),
            KeyAct("Esc", self.back_out, t("Quay lại, giữ phần đã gõ")),
        )

    def take_card(self, text: str) -> bool:
        """A card scanned here begins or goes on with a visit."""
        try:
            card = parse_citizen_qr(text, self._today())
        except AppError as error:
            self._tell(error)
            return True
        self.help(person_of_card(card), tuple(warning.text for warning in card.warnings))
        return True

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def first_focus(self) -> QWidget | None:
        """The search field while nobody is chosen, else the first chip."""
        view = self.view
        if view.page() is view.visit:
            return view.visit.obstacles.first_chip()
        return (view.start.field if view.page() is view.start else view.typed.name).line

    # ---- acts

    def help(self, person: Person, warnings: tuple[str, ...] = ()) -> None:
        """Begins with this citizen, or goes on with an open case of the same identity."""
        desk, by = self.context.runtime.desk, self.context.officer
        if self.visit is not None and is_same_citizen(self.visit, person):
            self._show_page()
            return
        self._put_away()
        self._run(
            lambda: service.find_open_case(desk, by, person.id_value),
            lambda case: self._begin(person, case, warnings),
        )

    def open_case(self, case_id: str) -> None:
        """Goes on with a case of the list."""
        desk, by = self.context.runtime.desk, self.context.officer
        self._put_away()
        self._run(
            lambda: service.show_case(desk, by, case_id),
            lambda case: self._begin(person_of(case), case, ()),
        )

    def type_person(self, name: str) -> None:
        """A citizen without a card."""
        self.view.show_page(self.view.typed)
        self.view.typed.start(name)
        self._say()

    def save(self) -> None:
        """Stores what consent allows and prints the card; a second press while it runs does nothing."""
        page = self.view.visit
        if self.visit is None or self._saving or self.view.page() is not page:
            return
        page.clear_errors()
        if not page.can_be_read():
            return
        visit = self.visit = page.read(self.visit)
        desk, by = self.context.runtime.desk, self.context.officer
        self._set_saving(True)
        self.context.background.run(
            lambda: save_visit(desk, by, visit),
            lambda saved: self._saved(visit, saved),
            self._not_saved,
            owner=self,
            changes=_CHANGES,
        )

    def next_citizen(self) -> None:
        """F10: the page is free for the next; what is unsaved can be gone back to."""
        self._put_away()
        self.view.show_page(self.view.start)
        self._show_page()
        self._ask_cases()
        self.view.start.field.line.setFocus()

    def back_out(self) -> None:
        """Esc: the card away, the field empty, or back to the start with everything typed kept."""
        view = self.view
        if view.page() is view.visit and view.visit.shows_card_alone():
            view.visit.toggle_card()
        elif view.page() is view.start and view.start.field.text():
            view.start.field.clear()
            self._ask_cases()
        elif view.page() is not view.start:
            self.next_citizen()

    def look_or_print(self) -> None:
        """Ctrl+P: narrow, the card first; else save and print, or print again."""
        page = self.view.visit
        if self.view.page() is not page or (not page.shows_card_alone() and page.toggle_card()):
            return
        self.save()

    # ---- the start page

    def _ask_cases(self) -> None:
        desk, by, text = self.context.runtime.desk, self.context.officer, self.view.start.field.text()
        self.context.background.run(
            lambda: open_cases(desk, by, text), self._show_cases, self._tell, owner=self, latest="cases"
        )

    def _show_cases(self, found: OpenCases) -> None:
        self.view.start.set_cases(found.lines)
        self.view.visit.next.set_today(self._today(), found.calendar)
        self.view.typed.today = self._today()
        words = t("Tuần này: {n} lượt hỗ trợ, {m} người đã đăng nhập được")
        self.status_changed.emit([words.format(n=found.week.total, m=found.week.signed_in)])

    def _put_away(self) -> None:
        """Leaves the citizen in front; somebody unsaved can be gone back to from the start page."""
        if self.visit is not None:
            visit = self.view.visit.read(self.visit)
            self._left_unsaved += [visit] if is_touched(visit) else []
        self.visit = None

    def _go_back_to_unsaved(self) -> None:
        if self._left_unsaved:
            self._take_up(self._left_unsaved.pop())

    # ---- the visit

    def _begin(self, person: Person | None, case: Case | None, warnings: tuple[str, ...]) -> None:
        self._take_up(begin(person, case, self.context.runtime.desk.clock.now(), warnings))

    def _take_up(self, visit: Visit) -> None:
        page, start = self.view.visit, self.view.start
        self.visit = visit
        start.news.hide()
        start.field.clear()
        page.take_up(visit)
        self._show_visit()
        self._show_page()
        page.obstacles.focus_first()
        page.from_the_top()

    def _show_visit(self) -> None:
        if self.visit is not None:
            self.view.visit.show_visit(self.visit, self.context.officer.name)
            self._say()
            self._draw_pause.start()

    def _show_page(self) -> None:
        view = self.view
        view.start.set_waiting(self._left_unsaved)
        if self.visit is not None:
            view.show_page(view.visit)
            view.save.setEnabled(not self._saving)
        elif view.page() is view.visit:
            view.show_page(view.start)
        self._say()

    def _say(self) -> None:
        """Subtitle, and what the action bar tells of this visit."""
        bar, visit = self.view.bar, self.visit
        if self.view.page() is not self.view.visit or visit is None:
            self.subtitle_changed.emit("")
            bar.set_idle(t("Chưa chọn ai. Không đồng ý lưu thì vẫn được hướng dẫn đầy đủ."))
            return
        self.subtitle_changed.emit(step_title(visit.outcome))
        unsaved = is_unsaved(visit)
        self.view.save.set_text(t("Lưu và in phiếu mang về") if unsaved else t("In lại phiếu mang về"))
        if unsaved:
            bar.set_idle(unsaved_words(visit))
        else:
            bar.set_saved(*saved_words(visit))

    def _to_consent(self) -> None:
        if not self.view.visit.to_consent():
            self.view.save.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_fields(self) -> None:
        if self.visit is not None:
            self.visit = self.view.visit.read(self.visit)
            self._show_visit()

    def _on_tick(self, purpose: ConsentPurpose, on: bool) -> None:
        if self.visit is None:
            return
        ticked = {each: at for each, at in self.visit.ticked.items() if each is not purpose}
        if on:
            ticked[purpose] = self.context.runtime.desk.clock.now()
        self.visit = replace(self.view.visit.read(self.visit), ticked=ticked)
        self._show_visit()

    def _withdraw(self, purpose: ConsentPurpose) -> None:
        desk, by = self.context.runtime.desk, self.context.officer
        case_id = self.visit.case_id if self.visit is not None else None
        if case_id is not None:
            self._run(lambda: service.withdraw_consent(desk, by, case_id, purpose), self._withdrawn, _CHANGES)

    def _withdrawn(self, case: Case) -> None:
        """What rested on the consent is gone from the screen too."""
        visit = self.visit
        if visit is None or visit.case_id != case.id:
            return
        outcome = visit.outcome if case.tracked else case.state
        self.visit = replace(visit, case=case, phone=case.phone or "", outcome=outcome)
        self.view.visit.person.set_phone(case.phone or "")
        self._show_visit()

    def _choose_outcome(self, state: HelpState) -> None:
        if self.visit is not None:
            self.visit = replace(self.view.visit.read(self.visit), outcome=state)
            self._show_visit()

    # ---- saving and the card

    def _draw_card(self) -> None:
        visit, desk, by = self.visit, self.context.runtime.desk, self.context.officer
        if visit is not None:
            self.context.background.run(
                lambda: card_pages(desk, by, visit), self._show_card, owner=self, latest="card"
            )

    def _show_card(self, pages: list[QImage]) -> None:
        self.view.visit.preview.set_pages(pages)

    def _set_saving(self, saving: bool) -> None:
        self._saving = saving
        self.view.save.setEnabled(not saving and self.view.page() is self.view.visit)

    def _saved(self, visit: Visit, saved: Saved) -> None:
        """The officer may have gone on to the next citizen meanwhile."""
        self._set_saving(False)
        self._left_unsaved = [each for each in self._left_unsaved if each.opened_at != visit.opened_at]
        self.view.start.set_waiting(self._left_unsaved)
        if self.visit is not None and self.visit.opened_at == visit.opened_at:
            now = self.context.runtime.desk.clock.now()
            self.visit = after_saving(visit, saved.case, now)
            self.view.visit.take_up(self.visit)
            self._show_visit()
            self.view.following.setFocus(Qt.FocusReason.OtherFocusReason)
        self._printing.print(saved, self._not_printed)

    def _not_saved(self, error: AppError) -> None:
        self._set_saving(False)
        self._tell(error)

    def _not_printed(self, error: AppError) -> None:
        self.view.bar.set_saved(t("Chưa in được"), error.title, tone=Tone.AMBER, icon="printer")
        self._tell(error)

    # ---- small things

    def _today(self) -> date:
        return self.context.runtime.desk.clock.now().astimezone(VIETNAM).date()

    def _run(
        self,
        call: Callable[[], Result],
        done: Callable[[Result], None],
        changes: frozenset[str] = frozenset(),
    ) -> None:
        self.context.background.run(call, done, self._tell, owner=self, changes=changes)

    def _tell(self, error: AppError) -> None:
        """Where the officer looks: beside the fields, or above the search."""
        if self.view.page() is self.view.visit and self.visit is not None:
            self.view.visit.show_error(error)
            return
        self.view.start.tell(error.title, error.next_step)
        self.view.show_page(self.view.start)
