"""Hỗ trợ tài khoản: from card scan to the take-home card, with nothing kept that was not consented to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose, HelpState
from app.domain.citizen_qr import looks_like_card, parse_citizen_qr, person_of
from app.domain.people import Person
from app.domain.roles import Officer
from app.domain.working_calendar import WorkingCalendar
from app.errors import AppError
from app.services import account_help as service
from app.services.account_help import Case, CaseLine
from app.services.desk import Desk
from app.services.slips import note_printed
from app.services.today import HelpWeek, today
from app.text import t
from app.ui.account_help.saving import Saved, card_pages, save_visit
from app.ui.account_help.view import HelpView
from app.ui.account_help.visit import Visit, after_saving, begin, is_touched, is_unsaved
from app.ui.account_help.words import step_title
from app.ui.background import HELP, OUTBOX
from app.ui.screen import Context, KeyAct, Screen
from app.ui.widgets import Tone

_DRAW_PAUSE_MS = 120


@dataclass(frozen=True)
class _Cases:
    lines: tuple[CaseLine, ...]
    week: HelpWeek
    calendar: WorkingCalendar


class AccountHelpScreen(Screen):
    """``shown`` takes a scanned card, a ``Person`` or ``{"case": id}``; ``None`` goes on as it was."""

    name = "account_help"
    title = t("Hỗ trợ tài khoản")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.visit: Visit | None = None
        self._left_unsaved: list[Visit] = []
        self._saving = False
        self._last: Saved | None = None
        self.view = HelpView(self, self._today())
        self._draw_pause = QTimer(self, singleShot=True, interval=_DRAW_PAUSE_MS)
        self._draw_pause.timeout.connect(self._draw_card)
        self._wire()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.save)

    def _wire(self) -> None:
        view, page = self.view, self.view.visit
        view.start.searched.connect(lambda _text: self._ask_cases())
        view.start.opened.connect(self.open_case)
        view.start.typed_asked.connect(self.type_person)
        view.start.waiting.clicked.connect(self._go_back_to_unsaved)
        view.typed.given.connect(self.help)
        view.typed.left.connect(self.back_out)
        page.person.phone_changed.connect(self._on_fields)
        page.obstacles.changed.connect(self._on_fields)
        page.obstacles.note_changed.connect(self._on_fields)
        page.obstacles.note.entered.connect(lambda: page.next.day.setFocus())
        page.next.changed.connect(self._on_fields)
        page.next.outcome.entered.connect(self._to_consent)
        page.consent.ticked.connect(self._on_tick)
        page.consent.withdrawn.connect(self._withdraw)
        page.consent.done.connect(lambda: view.save.setFocus(Qt.FocusReason.TabFocusReason))
        page.preview.print_button.clicked.connect(self.save)
        view.save.clicked.connect(self.save)
        view.following.clicked.connect(self.next_citizen)
        view.proxy.clicked.connect(lambda: self._choose_outcome(HelpState.BY_PROXY))

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
        if kinds & {HELP, OUTBOX} and self.visit is None:
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
        self.help(person_of(card), tuple(warning.text for warning in card.warnings))
        return True

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def first_focus(self) -> QWidget | None:
        """The search field while nobody is chosen, else the first chip."""
        page = self.view.page()
        if page is self.view.start:
            return self.view.start.field.line
        if page is self.view.typed:
            return self.view.typed.name.line
        return self._first_of_visit()

    # ---- acts

    def help(self, person: Person, warnings: tuple[str, ...] = ()) -> None:
        """Begins with this citizen, or goes on with an open case of the same identity."""
        desk, by = self.context.runtime.desk, self.context.officer
        if self.visit is not None and _same(self.visit, person):
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
            lambda case: self._begin(_person_of(case), case, ()),
        )

    def type_person(self, name: str) -> None:
        """A citizen without a card."""
        self.view.show_page(self.view.typed)
        self.view.typed.start(name)
        self._say()

    def save(self) -> None:
        """Stores what consent allows and prints the card; a second press while it runs does nothing."""
        visit = self._read_fields()
        if visit is None or self._saving:
            return
        self.view.visit.clear_errors()
        if not self._fields_can_be_read():
            return
        desk, by = self.context.runtime.desk, self.context.officer
        self._saving = True
        self.view.save.setEnabled(False)
        self.context.background.run(
            lambda: save_visit(desk, by, visit),
            lambda saved: self._saved(visit, saved),
            self._not_saved,
            owner=self,
            changes=frozenset({HELP, OUTBOX}),
        )

    def next_citizen(self) -> None:
        """F10: the page is free for the next; what is unsaved can be gone back to."""
        self._put_away()
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
        if self.view.page() is not self.view.visit:
            return
        if self.view.visit.toggle_card() and self.view.visit.shows_card_alone():
            return
        self.save()

    # ---- inside

    def _today(self) -> date:
        return self.context.runtime.desk.clock.now().astimezone(VIETNAM).date()

    def _run(self, call, done, changes: frozenset[str] = frozenset()) -> None:  # type: ignore[no-untyped-def]
        self.context.background.run(call, done, self._tell, owner=self, changes=changes)

    def _ask_cases(self) -> None:
        desk, by, text = self.context.runtime.desk, self.context.officer, self.view.start.field.text()
        self.context.background.run(
            lambda: _cases(desk, by, text), self._show_cases, self._tell, owner=self, latest="help-cases"
        )

    def _show_cases(self, found: _Cases) -> None:
        self.view.start.set_cases(found.lines)
        self.view.visit.next.set_today(self._today(), found.calendar)
        self.view.typed.today = self._today()
        words = t("Tuần này: {n} lượt hỗ trợ, {m} người đã đăng nhập được")
        self.status_changed.emit([words.format(n=found.week.total, m=found.week.signed_in)])

    def _begin(self, person: Person | None, case: Case | None, warnings: tuple[str, ...]) -> None:
        now = self.context.runtime.desk.clock.now()
        self._take_up(begin(person, case, now, warnings))

    def _take_up(self, visit: Visit) -> None:
        page = self.view.visit
        self.visit, self._last = visit, None
        page.clear_errors()
        page.consent.ask_withdrawal(None)
        page.obstacles.close_up()
        page.obstacles.note.set_text(visit.note)
        page.person.set_phone(visit.phone)
        page.next.set_day(visit.next_visit)
        self.view.start.news.hide()
        self.view.start.field.clear()
        self._show_visit()
        self._show_page()
        first = self._first_of_visit()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        page.from_the_top()

    def _show_visit(self) -> None:
        visit, page = self.visit, self.view.visit
        assert visit is not None
        page.person.set_visit(visit)
        page.obstacles.set_state(visit.outcome, visit.obstacles)
        page.next.set_visit(visit)
        page.consent.set_visit(visit, self.context.officer.name)
        self._say()
        self._draw_pause.start()

    def _show_page(self) -> None:
        view = self.view
        view.start.set_waiting(self._left_unsaved)
        if self.visit is not None:
            view.show_page(view.visit)
        elif view.page() is view.visit or view.page() is view.typed:
            view.show_page(view.start)
        self._say()

    def _say(self) -> None:
        """Subtitle and what the action bar tells of this visit."""
        bar, visit = self.view.bar, self.visit
        if self.view.page() is not self.view.visit or visit is None:
            self.subtitle_changed.emit("")
            bar.set_idle(t("Chưa chọn ai. Không đồng ý lưu thì vẫn được hướng dẫn đầy đủ."))
            return
        self.subtitle_changed.emit(step_title(visit.outcome))
        self.view.save.set_text(
            t("Lưu và in phiếu mang về") if is_unsaved(visit) else t("In lại phiếu mang về")
        )
        if visit.saved_at is not None and not is_unsaved(visit):
            bar.set_saved(*self._saved_words(visit))
        elif visit.keeps_something:
            times = visit.case.visits if visit.case else 1
            bar.set_idle(t("Chưa lưu. Gặp lần {n}.").format(n=times))
        else:
            bar.set_idle(t("Chưa lưu. Chưa đồng ý thì chỉ đếm một lượt."))

    def _saved_words(self, visit: Visit) -> tuple[str, str]:
        assert visit.saved_at is not None and visit.case is not None
        at = f"{visit.saved_at.astimezone(VIETNAM):%H:%M:%S}"
        if visit.case_id is None:
            return t("Đã đếm lượt này {at}").format(at=at), t("Không lưu tên, không gửi tỉnh")
        if not visit.tracked:
            return t("Đã lưu {at}").format(at=at), t("Không lưu tiến trình")
        return t("Đã lưu {at}").format(at=at), t("Gặp lần {n}").format(n=visit.case.visits)

    def _first_of_visit(self) -> QWidget | None:
        chips = self.view.visit.obstacles.chips
        chip = chips.layout().itemAt(0) if chips.layout() is not None else None  # type: ignore[union-attr]
        return chip.widget() if chip is not None else None

    def _to_consent(self) -> None:
        rows = self.view.visit.consent.rows.values()
        target = next((row.box for row in rows if not row.given()), self.view.save)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        if target is not self.view.save:
            self.view.visit.column.ensureWidgetVisible(target)

    def _read_fields(self) -> Visit | None:
        """The visit with what stands in the fields now."""
        visit, page = self.visit, self.view.visit
        if visit is None:
            return None
        self.visit = replace(
            visit,
            phone=visit.kept_phone or page.person.phone.value() or "",
            obstacles=page.obstacles.chosen(),
            note=page.obstacles.note.text(),
            next_visit=page.next.day.value(),
            outcome=page.next.chosen(),
        )
        return self.visit

    def _fields_can_be_read(self) -> bool:
        page = self.view.visit
        fields = [page.next.day] + ([page.person.phone] if page.person.phone.isVisibleTo(self) else [])
        wrong = [field for field in fields if not field.read()]
        for field in wrong[:1]:
            field.setFocus()
            page.column.ensureWidgetVisible(field)
        self._read_fields()
        return not wrong

    def _on_fields(self) -> None:
        if self._read_fields() is not None:
            self._show_visit()

    def _on_tick(self, purpose: ConsentPurpose, on: bool) -> None:
        visit = self._read_fields()
        if visit is None:
            return
        ticked = {each: at for each, at in visit.ticked.items() if each is not purpose}
        if on:
            ticked[purpose] = self.context.runtime.desk.clock.now()
        self.visit = replace(visit, ticked=ticked)
        self._show_visit()

    def _withdraw(self, purpose: ConsentPurpose) -> None:
        visit, desk, by = self._read_fields(), self.context.runtime.desk, self.context.officer
        if visit is None or visit.case_id is None:
            return
        case_id = visit.case_id
        self._run(
            lambda: service.withdraw_consent(desk, by, case_id, purpose),
            self._withdrawn,
            changes=frozenset({HELP, OUTBOX}),
        )

    def _withdrawn(self, case: Case) -> None:
        if self.visit is not None and self.visit.case_id == case.id:
            phone = case.phone or ""
            self.visit = replace(self.visit, case=case, phone=phone)
            if not case.tracked:
                self.visit = replace(self.visit, outcome=case.state)
            self.view.visit.person.set_phone(phone)
            self._show_visit()

    def _choose_outcome(self, state: HelpState) -> None:
        visit = self._read_fields()
        if visit is not None:
            self.visit = replace(visit, outcome=state)
            self._show_visit()

    def _draw_card(self) -> None:
        visit, desk, by = self.visit, self.context.runtime.desk, self.context.officer
        if visit is not None:
            self.context.background.run(
                lambda: card_pages(desk, by, visit), self._show_card, owner=self, latest="help-card"
            )

    def _show_card(self, pages: list[QImage]) -> None:
        self.view.visit.preview.set_pages(pages)

    def _saved(self, visit: Visit, saved: Saved) -> None:
        self._saving = False
        self.view.save.setEnabled(self.view.page() is self.view.visit)
        now = self.context.runtime.desk.clock.now()
        settled = after_saving(visit, saved.case, now)
        self._left_unsaved = [each for each in self._left_unsaved if each is not visit]
        if self.visit is visit or (self.visit is not None and self.visit.opened_at == visit.opened_at):
            self.visit, self._last = settled, saved
            self.view.visit.obstacles.note.clear()
            self._show_visit()
        self._print(saved)

    def _not_saved(self, error: AppError) -> None:
        self._saving = False
        self.view.save.setEnabled(self.view.page() is self.view.visit)
        self._tell(error)

    def _print(self, saved: Saved) -> None:
        self.context.printer.print_pdf(
            saved.pdf,
            t("Phiếu mang về"),
            lambda queue: self._printed(saved, queue, ok=True),
            lambda error: self._not_printed(saved, error),
        )

    def _printed(self, saved: Saved, queue: str, *, ok: bool) -> None:
        paper, desk, by = saved.paper, self.context.runtime.desk, self.context.officer
        if paper is not None:
            self._run(lambda: note_printed(desk, by, paper.job_id, queue, ok=ok), None)

    def _not_printed(self, saved: Saved, error: AppError) -> None:
        self._printed(saved, self.context.runtime.settings.printer, ok=False)
        if saved.paper is None:
            kept = t("Chưa đồng ý lưu nên phiếu không giữ lại. Bật máy in rồi bấm Ctrl+P.")
        else:
            kept = t("Lượt này đã lưu, phiếu đã giữ lại. Bật máy in rồi bấm Ctrl+P.")
        self.view.bar.set_saved(t("Chưa in được"), error.title, tone=Tone.AMBER, icon="printer")
        self.view.visit.show_error(AppError("not-printed", error.title, kept))

    def _tell(self, error: AppError) -> None:
        if self.view.page() is self.view.visit:
            self.view.visit.show_error(error)
        else:
            self.view.start.tell(error.title, error.next_step)
            if self.view.page() is not self.view.start:
                self.view.show_page(self.view.start)

    def _put_away(self) -> None:
        """Leaves the citizen in front; somebody unsaved can be gone back to from the start page."""
        visit = self._read_fields()
        if visit is not None and is_touched(visit):
            self._left_unsaved = [*self._left_unsaved, visit]
        self.visit = None

    def _go_back_to_unsaved(self) -> None:
        if self._left_unsaved:
            *rest, visit = self._left_unsaved
            self._left_unsaved = rest
            self._take_up(visit)


def _cases(desk: Desk, by: Officer, text: str) -> _Cases:
    lines = service.list_cases(desk, by, text, open_only=True)
    return _Cases(lines, today(desk, by).help_week, desk.reference.calendar)


def _same(visit: Visit, person: Person) -> bool:
    known = visit.person
    return known is not None and (known.id_value, known.name) == (person.id_value, person.name)


def _person_of(case: Case) -> Person | None:
    from app.domain.people import IdKind, Sex

    if case.name is None:
        return None
    return Person(
        name=case.name,
        id_kind=IdKind.PERSONAL_NUMBER if case.personal_id else IdKind.NONE,
        id_value=case.personal_id,
        birth_date=case.birth_date,
        sex=Sex(case.sex) if case.sex else None,
    )
