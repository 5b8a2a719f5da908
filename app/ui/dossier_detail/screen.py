"""Chi tiết hồ sơ: one dossier, read with a record of who read it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.deadline_words import due_words
from app.domain.dossier_status import Act
from app.errors import AppError
from app.services.life import ActDone
from app.services.papers.slips import MadePaper
from app.services.people.approvals import Approval
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossier_detail.act_specs import SPECS
from app.ui.dossier_detail.doing import ActDoing, day_parser
from app.ui.dossier_detail.laying import Laying
from app.ui.dossier_detail.loading import Loaded, load
from app.ui.dossier_detail.printing import SlipPrinting
from app.ui.dossier_detail.prints import EVIDENCE, FORM, PAPERS, paper_name
from app.ui.dossier_detail.view import DossierView
from app.ui.dossiers.opening import OpenDossier
from app.ui.eform.opening import OpenEform
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind


def focus(widget: QWidget) -> None:
    """By code, as after a key."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)


class DossierScreen(Screen):
    """``shown`` takes a dossier id or an ``OpenDossier``."""

    name = "dossier"
    title = t("Chi tiết hồ sơ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._opening = OpenDossier()
        self._loaded: Loaded | None = None
        self._did: Act | None = None
        self._fresh = False
        self._printing = SlipPrinting(context, self)
        self.view = DossierView(self, day_parser(context.runtime.desk))
        self.doing = ActDoing(context, self.view.form, self)
        self.laying = Laying(context, self.view.form, self.doing, self)
        self.laying.laid.connect(self._laid)
        acts, prints = self.view.acts, self.view.prints
        prints.print.clicked.connect(self.print_slip)
        prints.look.clicked.connect(self.look_at_slip)
        prints.paper.clicked.connect(self.print_paper)
        prints.evidence.clicked.connect(lambda: self._print(EVIDENCE))
        prints.eform.clicked.connect(self.open_eform)
        acts.back.clicked.connect(self.go_back)
        acts.chosen.connect(self.begin)
        self._wire_doing()
        self.view.neighbours.before.clicked.connect(lambda: self.step(-1))
        self.view.neighbours.after.clicked.connect(lambda: self.step(1))
        self.view.paper.close_button.clicked.connect(self.go_back)
        self.view.proposals.sync_asked.connect(lambda: self.go.emit(Destination("sync")))
        for key, call in (
            ("Alt+Left", lambda: self.step(-1)),
            ("Alt+Right", lambda: self.step(1)),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def shown(self, argument: object) -> None:
        """Opens a dossier; ``None`` draws the one that is open anew."""
        if isinstance(argument, OpenDossier):
            self._opening = argument
        elif isinstance(argument, str):
            self._opening = OpenDossier(argument)
        self._loaded = None  # until it is there, no key acts on the dossier shown before
        self.view.show_paper(False)
        self.view.news.hide()
        self.doing.leave()
        self._load(audited=True)

    def hidden(self) -> None:
        """What was typed into a form stays for its dossier."""
        self.doing.leave()

    def reload(self, kinds: frozenset[str]) -> None:
        """The dossier may have changed: drawn anew, which is no new reading."""
        if kinds & {DOSSIERS, OUTBOX}:
            self._load(audited=False)

    def keys(self) -> tuple[KeyAct, ...]:
        """Esc backs out, Ctrl+P prints the slip, F6 F7 F8 as on the buttons."""
        offered = self._loaded.offers.all if self._loaded is not None else ()
        keyed = [act for act in offered if SPECS[act].cap]
        return (
            KeyAct("Ctrl+P", self.print_slip, t("In giấy hẹn")),
            KeyAct("Ctrl+S", self.laying.ask, t("Trình lãnh đạo ký")),
            KeyAct("Esc", self.go_back, t("Quay lại, giữ phần đã gõ")),
            *(KeyAct(SPECS[act].cap, partial(self.begin, act), act.label) for act in keyed),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # outside the window's own keys
            self.go_back()
            return
        super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The form that is open, else the blue button."""
        if self.doing.act is not None:
            return self.view.form.first()
        return self.view.acts.first() or self

    def set_narrow(self, narrow: bool) -> None:
        """Papers and acts in one scrolling column."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def opening(self) -> OpenDossier:
        """Which dossier is open, and among which."""
        return self._opening

    def step(self, by: int) -> None:
        """The dossier before or after, in the list this one was opened from."""
        place = self._opening.place + by
        if 0 <= place < len(self._opening.numbers):
            self._opening = replace(self._opening, dossier_id="", place=place)
            self._loaded = None
            self.view.news.hide()
            self.view.show_paper(False)
            self.doing.leave()
            self._load(audited=True)

    def begin(self, act: Act) -> None:
        """An act chosen by button or key."""
        loaded = self._loaded
        if loaded is not None and act in loaded.offers.all and self.doing.act is not act:
            self.view.news.hide()
            self.view.show_paper(False)
            self.laying.of(loaded.dossier.id)
            self.doing.begin(loaded.dossier, act)

    def go_back(self) -> None:
        """Esc: the sheet away first, then the form, then back to the list."""
        if self.view.shows_paper():
            self.view.show_paper(False)
        elif self.doing.act is not None:
            self.doing.leave()
        elif self._opening.back == "dossiers" and self._opening.numbers:
            self.go.emit(Destination("dossiers", self._opening))
        else:
            self.go.emit(Destination(self._opening.back))

    def print_slip(self) -> None:
        """The next copy of the slip; a second press while one is on its way does nothing."""
        self._print(FORM)

    def print_paper(self) -> None:
        """The form that states the latest act."""
        self._print(self.view.prints.paper_form)

    def open_eform(self) -> None:
        """The dossier's declaration; Esc there comes back here."""
        if self._loaded is not None:
            self.go.emit(Destination("eform", OpenEform(self._loaded.dossier.id, back=self._opening)))

    def look_at_slip(self) -> None:
        """The latest sheet on screen."""
        if self._loaded is not None:
            self._printing.look(self._loaded.dossier, self._show_pages, self._failed)

    def _print(self, form: str) -> None:
        if self._loaded is not None and form and self.view.prints.print.isEnabled():
            self.view.prints.set_busy(True)
            self._printing.print_form(self._loaded.dossier.id, form, self._printed, self._not_printed)

    def _wire_doing(self) -> None:
        doing = self.doing
        doing.opened.connect(self._show_form)
        doing.closed.connect(self._show_acts)
        doing.busy_changed.connect(self._set_busy)
        doing.happened.connect(self._happened)
        doing.refused.connect(self._failed)

    def _set_busy(self, busy: bool) -> None:
        if busy:
            self.setFocus()  # a disabled button hands its focus on, and a second press would fall there
        self.view.acts.set_busy(busy)

    def _show_form(self) -> None:
        self.view.show_form(True, why=False)
        self.view.scroll.ensureWidgetVisible(self.view.form)
        self.status_changed.emit([t("Ctrl+Enter làm"), t("Esc để lại, phần đã gõ vẫn giữ")])

    def _show_acts(self) -> None:
        focused = self.view.form.isAncestorOf(QApplication.focusWidget() or self)
        self.view.show_form(False, why=self._loaded is not None and self._loaded.offers.why is not None)
        self.status_changed.emit(self._status())
        if focused:
            self.setFocus()

    def _happened(self, act: Act, done: ActDone) -> None:
        self._did = act
        before = self._loaded.dossier.due_at if self._loaded is not None else None
        moved = done.due_at is not None and done.due_at != before
        due = t("Hẹn trả {due}.").format(due=due_words(done.due_at)) if done.due_at and moved else ""
        self.view.tell(NoticeKind.OK, SPECS[act].done, due)

    def _laid(self, waits: Approval) -> None:
        self.view.tell(
            NoticeKind.OK,
            t("Đã trình lãnh đạo ký: {act}.").format(act=waits.order.act.label),
            t("Hồ sơ giữ nguyên đến khi ký."),
        )

    def _load(self, *, audited: bool) -> None:
        self._fresh = self._fresh or audited
        desk, by, opening = self.context.runtime.desk, self.context.officer, self._opening
        self.context.background.run(
            lambda: load(desk, by, opening, audited=audited),
            self._show,
            self._failed,
            owner=self,
            latest="dossier",
        )

    def _show(self, loaded: Loaded) -> None:
        self._loaded, self._opening = loaded, loaded.opening
        self.view.show_dossier(loaded)
        self.doing.settle()
        if self.doing.act is None:
            self._focus_next()
            self.status_changed.emit(self._status())
        self._did, self._fresh = None, False

    def _focus_next(self) -> None:
        """A dossier just opened: its blue button. An act just done: its paper, and else nothing, so that a
        second press falls nowhere."""
        if self._did in PAPERS:
            focus(self.view.prints.paper)
            self.view.scroll.ensureWidgetVisible(self.view.prints)
        elif self._fresh and self.hasFocus():
            focus(self.view.acts.first() or self)

    def _status(self) -> list[str]:
        count = len(self._opening.numbers)
        words = [t("Esc về danh sách")]
        if count > 1:
            here = t("Hồ sơ thứ {place} / {count}").format(place=self._opening.place + 1, count=count)
            words = [here, *words, t("Alt + mũi tên: hồ sơ trước, sau")]
        return words

    def _show_pages(self, pages: list[QImage]) -> None:
        self.view.paper.set_pages(pages)
        self.view.show_paper(True)
        self.view.paper.close_button.setFocus()

    def _printed(self, paper: MadePaper, form: str) -> None:
        self.view.prints.set_busy(False)
        again, name = paper.copy_no - 1, paper_name(form)
        words = t("Đã in lại {name} lần {count}.").format(name=name, count=again)
        self.view.tell(NoticeKind.OK, words if again else t("Đã in {name}.").format(name=name))

    def _not_printed(self, error: AppError) -> None:
        self.view.prints.set_busy(False)
        self._failed(error)

    def _failed(self, error: AppError) -> None:
        self.doing.settle()
        if self._loaded is None:
            self.view.show_nothing()
        self.view.say_failure(error)
