"""Thu tiền – quỹ: what was taken today, one receipt cancelled, the box counted, the day sheet printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.errors import AppError
from app.services.money.cash_day import (
    CashCount,
    CashDay,
    cash_day,
    count_cash,
    make_cash_sheet,
    make_fee_note,
)
from app.services.money.payments import Receipt, cancel_receipt
from app.services.papers.slips import MadePaper, note_printed
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.cash.view import CashView
from app.ui.cash.words import day_words, difference_words, dong
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind


class CashScreen(Screen):
    """``shown`` takes a day, or ``None`` for today."""

    name = "cash"
    title = t("Thu tiền – quỹ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._desk, self._by = context.runtime.desk, context.officer
        self._day: date | None = None
        self._state: CashDay | None = None
        self._busy = False
        self.view = CashView(self)
        self._wire()

    # ---- what the window asks

    def shown(self, argument: object) -> None:
        """Loads the day."""
        if isinstance(argument, date):
            self._day = argument
        self.load()

    def reload(self, kinds: frozenset[str]) -> None:
        """Money was taken at another place of the window."""
        if DOSSIERS in kinds:
            self.load()

    def keys(self) -> tuple[KeyAct, ...]:
        """F4 note, F6 cancel, F9 count, Ctrl+P sheet, Esc back."""
        return (
            KeyAct("F4", self.print_note, t("In biên nhận")),
            KeyAct("F6", self.ask_cancel, t("Hủy biên nhận")),
            KeyAct("F9", self.save_count, t("Lưu kiểm quỹ")),
            KeyAct("Ctrl+P", self.print_sheet, t("In bảng kê ngày")),
            KeyAct("Esc", self.leave, t("Để lại")),
        )

    def first_focus(self) -> QWidget | None:
        """The receipts, or the counting where there are none."""
        has_rows = self._state is not None and bool(self._state.receipts)
        return self.view.table if has_rows else self.view.count.first()

    def set_narrow(self, narrow: bool) -> None:
        """Fewer columns."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    # ---- acts

    def load(self) -> None:
        """Asks the worker for the day."""
        day, desk, by = self.day, self._desk, self._by
        self.context.background.run(
            lambda: cash_day(desk, by, day), self._show, self._failed, owner=self, latest="cash"
        )

    def go_days(self, days: int) -> None:
        """Another day; never one that has not come."""
        wanted = self.day + timedelta(days=days)
        if wanted <= self._today():
            self._day = wanted
            self.view.news.hide()
            self.view.ask(None)
            self.view.count.clear()
            self.load()

    def ask_cancel(self) -> None:
        """The small form for the row picked."""
        receipt = self.picked
        if receipt is not None and receipt.stands and not self._busy:
            self.view.news.hide()
            self.view.ask(receipt)

    def leave(self) -> None:
        """Back to the counting."""
        if not self.view.asking.isHidden():
            self.view.ask(None)
            self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """Cancels the receipt asked about; once, however often it is pressed."""
        receipt, desk, by = self.view.asking.receipt, self._desk, self._by
        if receipt is None or self._busy or self.view.asking.isHidden():
            return
        reason = self.view.asking.reason.text()
        self._work(
            lambda: cancel_receipt(desk, by, receipt.id, reason), self._cancelled, self.view.asking.say
        )

    def save_count(self) -> None:
        """Keeps the counting; while a receipt is being cancelled F9 does nothing."""
        if self._busy or not self.view.asking.isHidden():
            return
        notes, reason = self.view.count.notes(), self.view.count.reason.text()
        day, desk, by = self.day, self._desk, self._by
        if notes is not None:
            self._work(lambda: count_cash(desk, by, day, notes, reason), self._counted, self._not_counted)

    def print_sheet(self) -> None:
        """The day sheet, as the day stands."""
        day, desk, by = self.day, self._desk, self._by
        self._print(lambda: make_cash_sheet(desk, by, day), t("Bảng kê thu tiền"))

    def print_note(self) -> None:
        """The note of the row picked."""
        receipt, desk, by = self.picked, self._desk, self._by
        if receipt is not None:
            self._print(lambda: make_fee_note(desk, by, receipt.id), t("Biên nhận thu tiền"))

    @property
    def day(self) -> date:
        """The day shown."""
        return self._day or self._today()

    @property
    def picked(self) -> Receipt | None:
        """The receipt of the current row."""
        key = self.view.table.current_key()
        receipts = self._state.receipts if self._state is not None else ()
        return next((each for each in receipts if each.id == key), None)

    # ---- inside

    def _wire(self) -> None:
        view = self.view
        view.before.clicked.connect(lambda: self.go_days(-1))
        view.after.clicked.connect(lambda: self.go_days(1))
        view.cancel.clicked.connect(self.ask_cancel)
        view.note.clicked.connect(self.print_note)
        view.sheet.clicked.connect(self.print_sheet)
        view.table.selection_changed.connect(lambda: view.show_picked(self.picked))
        view.table.opened.connect(lambda _row: self._open())
        view.count.save_asked.connect(self.save_count)
        view.asking.asked.connect(self.cancel)
        view.asking.left.connect(self.leave)
        for key, days in (("Alt+Left", -1), ("Alt+Right", 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.go_days, days))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), view.asking)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.cancel)

    def _work(
        self, call: Callable[[], object], done: Callable[[object], None], failed: Callable[[AppError], None]
    ) -> None:
        self._set_busy(True)

        def ended(result: object) -> None:
            self._set_busy(False)
            done(result)

        def refused(error: AppError) -> None:
            self._set_busy(False)
            failed(error)

        self.context.background.run(call, ended, refused, owner=self, changes=frozenset({DOSSIERS, OUTBOX}))

    def _cancelled(self, result: object) -> None:
        assert isinstance(result, Receipt)
        self.view.ask(None)
        self.view.tell(
            NoticeKind.OK,
            t("Đã hủy biên nhận {label}.").format(label=result.label),
            t("Trả lại {amount} cho người nộp; khoản này trở lại chưa thu.").format(
                amount=dong(result.amount_vnd)
            ),
        )
        self.context.background.hurry()
        self.view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _counted(self, result: object) -> None:
        assert isinstance(result, CashCount)
        self.view.count.clear()
        words = difference_words(result.difference_vnd)
        self.view.tell(
            NoticeKind.OK,
            t("Đã lưu kiểm quỹ: đếm được {amount}, {words}.").format(
                amount=dong(result.counted_vnd), words=words
            ),
            t("In bảng kê ngày để ký."),
        )
        self.view.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_counted(self, error: AppError) -> None:
        if not self.view.count.say(error):
            self._failed(error)

    def _print(self, make: Callable[[], MadePaper], name: str) -> None:
        if self._busy:
            return
        self._work(make, partial(self._hand_on, name), self._failed)

    def _hand_on(self, name: str, made: object) -> None:
        assert isinstance(made, MadePaper)

        def printed(queue: str) -> None:
            self._note(made, queue, ok=True)
            self.view.tell(NoticeKind.OK, t("Đã in {name}.").format(name=name[:1].lower() + name[1:]))

        def broke(error: AppError) -> None:
            self._note(made, "", ok=False)
            self._failed(error)

        self.context.printer.print_pdf(made.pdf, name, printed, broke)

    def _note(self, made: MadePaper, queue: str, *, ok: bool) -> None:
        desk, by = self._desk, self._by
        self.context.background.run(partial(note_printed, desk, by, made.job_id, queue, ok=ok), owner=self)

    def _show(self, state: CashDay) -> None:
        if state.day != self.day:
            return
        self._state = state
        today = self._today()
        self.view.show_day(state, day_words(state.day, today), last=state.day >= today)
        self.view.show_picked(self.picked)
        self.status_changed.emit(
            [t("Tiền mặt phải có {amount}").format(amount=dong(state.totals.expected_vnd))]
        )

    def _failed(self, error: AppError) -> None:
        self.view.tell(NoticeKind.WARN, error.title, error.next_step)

    def _open(self) -> None:
        receipt = self.picked
        if receipt is not None:
            self.go.emit(Destination("dossier", receipt.dossier_id))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.view.asking.set_busy(busy)
        self.view.count.save.setEnabled(not busy)

    def _today(self) -> date:
        return self._desk.clock.now().astimezone(VIETNAM).date()
