"""Lãnh đạo: Enter shows what is signed, F9 signs it and goes on to the next, F6 sends it back with words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.typed_date import parse_typed_date
from app.errors import AppError
from app.services.finding.grid import Preset
from app.services.people.approvals import Approval, approve, decline
from app.services.people.delegation import delegate, end_delegation
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossiers.dates import local_day
from app.ui.dossiers.opening import OpenDossier
from app.ui.leader.loading import Loaded, load
from app.ui.leader.view import LeaderParts
from app.ui.leader.words import act_title
from app.ui.screen import Context, Destination, KeyAct, Screen


class LeaderScreen(Screen):
    """For who leads, by role or by delegation."""

    name = "leader"
    title = t("Lãnh đạo")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._loaded: Loaded | None = None
        self._busy = False
        self.view = LeaderParts(self, self._parse_day)
        view = self.view
        view.waiting.opened.connect(lambda _id: self.open_current())
        view.waiting.moved.connect(lambda _id: self._follow())
        view.late.opened.connect(self._open_dossier)
        view.is_late.clicked.connect(lambda: self.go.emit(Destination("dossiers", Preset.OVERDUE)))
        view.unsaid.clicked.connect(lambda: self.go.emit(Destination("dossiers", Preset.OVERDUE)))
        view.open.clicked.connect(lambda: self.go.emit(Destination("dossiers", Preset.WORKING)))
        view.to_sign.clicked.connect(self.open_current)
        view.signing.signed.connect(self._sign)
        view.signing.declined.connect(self._decline)
        view.signing.left.connect(self.close_task)
        view.signing.opened.connect(self._open_signed)
        view.stand_in.asked.connect(self._ask_delegation)
        view.stand_in.ended.connect(self._end_delegation)
        view.delegating.given.connect(self._delegate)
        view.delegating.left.connect(self.close_task)
        view.again.clicked.connect(self.load)

    def shown(self, argument: object) -> None:
        """What waits at this moment."""
        self.view.news.hide()
        self.load()

    def reload(self, kinds: frozenset[str]) -> None:
        """A dossier changed, or somebody asked for a signature."""
        if kinds & {DOSSIERS, OUTBOX}:
            self.load()

    def keys(self) -> tuple[KeyAct, ...]:
        """F9 signs, F6 sends back, Esc backs out."""
        return (
            KeyAct("F9", self.sign, t("Ký việc đang mở")),
            KeyAct("F6", self.send_back, t("Trả lại kèm lý do")),
            KeyAct("Esc", self.go_back, t("Đóng việc đang mở")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # outside the window's own keys
            self.go_back()
            return
        super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The list, so that Enter opens the first."""
        return self.view.waiting.table

    def set_narrow(self, narrow: bool) -> None:
        """One column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def load(self) -> None:
        """Asks the worker for the day."""
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: load(desk, by), self._show, self._failed, owner=self, latest="leader"
        )

    def open_current(self) -> None:
        """Enter: what the current row would have signed."""
        laid = self._current()
        if laid is not None:
            self.view.signing.show_laid(laid)
            self.view.show_signing()
            self.status_changed.emit([t("F9 ký"), t("F6 trả lại"), t("Esc đóng")])
            if not self.view.waiting.table.isVisible():
                self.view.signing.sign.setFocus()

    def sign(self) -> None:
        """F9: nothing is signed that is not in sight, so it opens first."""
        if self.view.shows_signing():
            self.view.signing.ask_sign()
        else:
            self.open_current()

    def send_back(self) -> None:
        """F6: opens, asks for words, sends."""
        if not self.view.shows_signing():
            self.open_current()
        if self.view.shows_signing():
            self.view.signing.ask_decline()

    def go_back(self) -> None:
        """Esc."""
        if self.view.shows_signing():
            self.view.signing.step_back()
        else:
            self.close_task()

    def close_task(self) -> None:
        """Back to lists and loads."""
        self.view.show_all()
        self.status_changed.emit([])
        self.view.waiting.table.setFocus()

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        by = self.context.officer
        self.view.set_view(loaded.view, by, may_delegate=bool(loaded.deputies))
        if self.view.shows_signing():
            self._follow()

    def _follow(self) -> None:
        """What is open follows the row; with no row left there is nothing to sign."""
        if not self.view.shows_signing() or self._busy:
            return
        laid = self._current()
        if laid is None:
            self.close_task()
        else:
            self.view.signing.show_laid(laid)

    def _current(self) -> Approval | None:
        if self._loaded is None:
            return None
        key = self.view.waiting.table.current_key()
        waiting = self._loaded.view.waiting
        return next((laid for laid in waiting if laid.id == key), None)

    def _sign(self) -> None:
        laid = self.view.signing.laid()
        if laid is None or self._busy:
            return
        desk, by, which = self.context.runtime.desk, self.context.officer, laid.id
        words = t("Đã ký: {act}.").format(act=act_title(laid.order.act))
        self._decide(lambda: approve(desk, by, which), words, laid)

    def _decline(self, words: str) -> None:
        laid = self.view.signing.laid()
        if laid is None or self._busy:
            return
        desk, by, which = self.context.runtime.desk, self.context.officer, laid.id
        said = t("Đã trả lại cho {name}.").format(name=laid.asked_by)
        self._decide(lambda: decline(desk, by, which, words), said, laid)

    def _decide(self, call: Callable[[], object], words: str, laid: Approval) -> None:
        self._set_busy(True)
        self.context.background.run(
            call,
            lambda _done: self._decided(words, laid),
            self._refused,
            owner=self,
            changes=frozenset({DOSSIERS, OUTBOX}),
        )

    def _decided(self, words: str, laid: Approval) -> None:
        self._set_busy(False)
        self.view.tell(words, t("{name}, số {number}").format(name=laid.owner_name, number=laid.number))
        self.load()
        self.context.background.hurry()

    def _refused(self, error: AppError) -> None:
        self._set_busy(False)
        self.view.signing.say(error)
        self.load()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.view.signing.set_busy(busy)

    def _failed(self, error: AppError) -> None:
        self.view.say_failure(error)

    def _open_dossier(self, dossier_id: str) -> None:
        self.go.emit(Destination("dossier", OpenDossier(dossier_id, back=self.name)))

    def _open_signed(self) -> None:
        laid = self.view.signing.laid()
        if laid is not None:
            self._open_dossier(laid.dossier_id)

    def _parse_day(self, text: str) -> date:
        return parse_typed_date(text, local_day(self.context.runtime.desk.clock.now()), "day")

    def _ask_delegation(self) -> None:
        if self._loaded is not None:
            today = local_day(self.context.runtime.desk.clock.now())
            self.view.show_delegating()
            self.view.delegating.ask(self._loaded.deputies, today)

    def _delegate(self, deputy: str, first: date, last: date, reason: str) -> None:
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: delegate(desk, by, deputy, first, last, reason),
            lambda given: self._delegated(t("Đã ủy quyền cho {name}.").format(name=given.deputy_name)),
            self.view.delegating.say,
            owner=self,
        )

    def _end_delegation(self, which: str) -> None:
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: end_delegation(desk, by, which),
            lambda given: self._delegated(t("Đã rút ủy quyền của {name}.").format(name=given.deputy_name)),
            self._failed,
            owner=self,
        )

    def _delegated(self, words: str) -> None:
        self.close_task()
        self.view.tell(words)
        self.load()
