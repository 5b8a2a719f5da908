"""Chi tiết hồ sơ: one dossier, read with a record of who read it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.services.slips import MadePaper
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossier_detail.loading import Loaded, load
from app.ui.dossier_detail.printing import SlipPrinting
from app.ui.dossier_detail.view import DossierView
from app.ui.dossiers.opening import OpenDossier
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind


class DossierScreen(Screen):
    """``shown`` takes a dossier id or an ``OpenDossier``."""

    name = "dossier"
    title = t("Chi tiết hồ sơ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._opening = OpenDossier()
        self._loaded: Loaded | None = None
        self._printing = SlipPrinting(context, self)
        self.view = DossierView(self)
        acts = self.view.acts
        acts.print.clicked.connect(self.print_slip)
        acts.look.clicked.connect(self.look_at_slip)
        acts.back.clicked.connect(self.go_back)
        self.view.neighbours.before.clicked.connect(lambda: self.step(-1))
        self.view.neighbours.after.clicked.connect(lambda: self.step(1))
        self.view.paper.close_button.clicked.connect(self.go_back)
        self.view.proposals.sync_asked.connect(lambda: self.go.emit(Destination("sync")))
        for key, call in (
            ("Esc", self.go_back),
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
        self.view.show_paper(False)
        self.view.news.hide()
        self._load(audited=True)

    def reload(self, kinds: frozenset[str]) -> None:
        """The dossier may have changed: drawn anew, which is no new reading."""
        if kinds & {DOSSIERS, OUTBOX}:
            self._load(audited=False)

    def keys(self) -> tuple[KeyAct, ...]:
        """Ctrl+P prints."""
        return (KeyAct("Ctrl+P", self.print_slip, t("In giấy hẹn")),)

    def first_focus(self) -> QWidget | None:
        """The one blue button."""
        return self.view.acts.print

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
            self.view.news.hide()
            self.view.show_paper(False)
            self._load(audited=True)

    def go_back(self) -> None:
        """Esc: the sheet away first, then back to the list."""
        if self.view.shows_paper():
            self.view.show_paper(False)
        elif self._opening.back == "dossiers" and self._opening.numbers:
            self.go.emit(Destination("dossiers", self._opening))
        else:
            self.go.emit(Destination(self._opening.back))

    def print_slip(self) -> None:
        """The next copy of the slip; a second press while one is on its way does nothing."""
        if self._loaded is None or not self.view.acts.print.isEnabled():
            return
        self.view.acts.print.setEnabled(False)
        self._printing.print_again(self._opening.dossier_id, self._printed, self._not_printed)

    def look_at_slip(self) -> None:
        """The latest sheet on screen."""
        if self._loaded is not None:
            self._printing.look(self._loaded.dossier, self._show_pages, self._failed)

    def _load(self, *, audited: bool) -> None:
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
        self.status_changed.emit(self._status())

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

    def _printed(self, paper: MadePaper) -> None:
        self.view.acts.print.setEnabled(True)
        again = paper.copy_no - 1
        words = t("Đã in lại lần {count}.").format(count=again) if again else t("Đã in giấy hẹn.")
        self.view.tell(NoticeKind.OK, words)

    def _not_printed(self, error: AppError) -> None:
        self.view.acts.print.setEnabled(True)
        self._failed(error)

    def _failed(self, error: AppError) -> None:
        self.view.say_failure(error)
