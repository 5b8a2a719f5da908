"""The window: sign-in over a workspace of rail, header, screens and status bar.

It knows no screen by its code: the registry loads each when it is first shown. Work never runs here.
"""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.clock import VIETNAM
from app.domain.roles import Officer, Permission, Role
from app.services.drafts import open_drafts
from app.services.people.delegation import may_lead
from app.text import t
from app.ui.absence import Absence
from app.ui.background import Background
from app.ui.defect_notice import DefectNotice
from app.ui.lock.evening import Evening
from app.ui.ports import LightState, Runtime
from app.ui.printer import Printer
from app.ui.registry import PLACES, make_screen, opens, place, rail_items
from app.ui.scan_filter import ScanFilter
from app.ui.screen import Context, Destination, Screen
from app.ui.sign_in.page import SignInPage
from app.ui.widgets import Header, Light, NavRail, StatusBar, current, is_narrow, theme

WIDTH, HEIGHT = 1366, 696
LEAST_WIDTH, LEAST_HEIGHT = 800, 400
_IDLE_LOOK_MS = 15_000
_LISTEN_MS = 1_500
"""After the window is there to work with: a bus of the system may be slow to answer."""
_SCREEN_KEYS = ("F1", "F4", "F6", "F7", "F8", "F9", "F10", "Ctrl+P", "Ctrl+F", "Ctrl+Z", "Ctrl+S", "Esc")
_ROLES = {
    Role.RECEPTION: "Tiếp nhận",
    Role.PROCESSING: "Xử lý",
    Role.LEADER: "Lãnh đạo",
    Role.ADMINISTRATOR: "Quản trị",
    Role.AUDITOR: "Kiểm tra",
}
_LIGHTS = {
    "ok": Light.OK,
    "waiting": Light.WAITING,
    "offline": Light.OFFLINE,
    "attention": Light.ATTENTION,
}


class MainWindow(QWidget):
    """One window a desk. ``shutting(str)``: the screens are hidden and the store is to be closed as well;
    the words say why."""

    shutting = Signal(str)
    shut_for = Signal(object)
    """A ``KeyOrder`` of a screen."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        self.runtime = runtime
        self.background = Background(runtime.report_defect, runtime.sync)
        self.printer = Printer(runtime, self.background)
        self.officer: Officer | None = None
        self.place_shown: Destination | None = None
        self._screens: dict[str, Screen] = {}
        self._last_touch = runtime.desk.clock.now()
        self._day: date | None = None
        self._build()
        self._wire()
        self.setWindowTitle(
            t("Một cửa – Trung tâm Phục vụ hành chính công {unit}").format(
                unit=_in_sentence(runtime.desk.profile.unit_name)
            )
        )
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.resize(WIDTH, HEIGHT)
        self.restyle()

    @property
    def screen_shown(self) -> Screen | None:
        """The screen in front, if somebody has signed in."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Screen) else None

    def work_as(self, officer: Officer) -> None:
        """Somebody has signed in: a desk left by another starts anew, one's own goes on where it was."""
        if self.officer is not None and self.officer.id != officer.id:
            self._drop_screens()
        again = self.officer is not None and self.screen_shown is not None
        self.officer = officer
        detail = f"{self.runtime.desk.profile.name} · {t(_ROLES[officer.role])}"
        self.rail.set_officer(officer.name, detail)
        self._offer_places(officer)
        self._pages.setCurrentWidget(self._workspace)
        self._touched()
        if again:
            shown = self.screen_shown
            assert shown is not None
            _focus(shown)
        else:
            self.go_to(Destination(_first_place(officer)))
        self.background.start_network()

    def _offer_places(self, officer: Officer) -> None:
        """The rail for this officer; who signs for a leader today sees the leader's place too."""
        leads = officer.may(Permission.OVERRIDE)
        self._set_rail(officer, leads=leads)
        if not leads and officer.may(Permission.PROCESS):
            desk = self.runtime.desk
            self.background.run(
                lambda: may_lead(desk, officer), lambda may: self._offer_leading(officer, may), owner=self
            )

    def _offer_leading(self, officer: Officer, may: bool) -> None:
        if may and self.officer is officer:
            self._set_rail(officer, leads=True)

    def _set_rail(self, officer: Officer, *, leads: bool) -> None:
        audits = officer.may(Permission.READ_AUDIT)
        self.rail.set_items(rail_items(leads=leads, audits=audits, officer=officer))

    def lock(self, why: str = "") -> None:
        """Hide everything behind the sign-in page; what was typed stays as it is."""
        if self.officer is not None:
            self.sign_in.ask(self.officer.login, why)
        shown = self.screen_shown
        if shown is not None:
            shown.locked()
        self._pages.setCurrentWidget(self.sign_in)
        QApplication.clipboard().clear()

    def shut(self, why: str = "") -> None:
        """The full lock: hide everything, then ask whoever holds this window to close the store (I21)."""
        if self._pages.currentWidget() is self._workspace:
            self.lock(why)
        self.shutting.emit(why)

    def leave(self) -> None:
        """Nobody works here any more: what is typed is kept, and every worker ends in its own time."""
        self._idle.stop()
        for screen in self._screens.values():
            screen.hidden()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self._scan)
            application.removeEventFilter(self)
        self.background.stop()

    def go_to(self, destination: Destination) -> None:
        """Show a screen, and what it is to open."""
        if self.officer is None:
            return
        if not opens(place(destination.screen).rail, self.officer):
            self._say([t("Phần này dành cho vai trò khác.")])
            return
        self.place_shown = destination
        before = self.screen_shown
        screen = self._screens.get(destination.screen)
        if screen is None:
            screen = self._add_screen(destination.screen)
        if before is not None and before is not screen:
            before.hidden()
        self._stack.setCurrentWidget(screen)
        self.rail.set_current(place(destination.screen).rail)
        self.header.set_title(screen.title)
        self.header.set_search_shown(opens("dossiers", self.officer))
        self._say([])
        screen.set_narrow(is_narrow(self.size()))
        screen.shown(destination.argument)
        _focus(screen)

    def restyle(self) -> None:
        """Takes the ground colour of the look now worn."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().window)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        QTimer.singleShot(0, self, self._keep_focus_in_sight)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leave()
        self.background.close()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self._last_touch = self.runtime.desk.clock.now()
        return False

    def _fit(self) -> None:
        """Narrow or wide: the window's size counts in letters, so Ctrl + may make it narrow."""
        narrow = is_narrow(self.size())
        self.rail.set_narrow(narrow)
        self.header.set_narrow(narrow)
        shown = self.screen_shown
        if shown is not None:
            shown.set_narrow(narrow)

    def _keep_focus_in_sight(self) -> None:
        """The field being typed in never slips out of a list that became lower."""
        here = self.focusWidget()
        above = here.parentWidget() if here is not None else None
        while above is not None:
            if isinstance(above, QScrollArea) and here is not None:
                above.ensureWidgetVisible(here)
            above = above.parentWidget()

    def _build(self) -> None:
        desk = self.runtime.desk
        self.sign_in = SignInPage(desk, self.background)
        self.rail = NavRail(rail_items())
        self.header = Header()
        self.defects = DefectNotice()
        self.status = StatusBar()
        self.status.set_right(t("F1 Trợ giúp"), t("Ctrl + / Ctrl − cỡ chữ"))
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(1, 1)  # a screen out of sight asks for no room
        self._workspace = QWidget()
        right, across = QVBoxLayout(), QHBoxLayout()
        whole = QVBoxLayout(self._workspace)
        for layout in (right, across, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self.defects)
        right.addWidget(self._stack, 1)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.sign_in)
        self._pages.addWidget(self._workspace)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._pages)

    def _wire(self) -> None:
        self.sign_in.signed_in.connect(self.work_as)
        self.sign_in.shut_asked.connect(self.shut)
        self.rail.chosen.connect(lambda name: self.go_to(Destination(name)))
        self.rail.officer_clicked.connect(self.lock)
        self.header.search_changed.connect(self._search)
        self.header.search_entered.connect(self._search_entered)
        self.header.light_clicked.connect(lambda: self.go_to(Destination("sync")))
        self.defects.help_asked.connect(lambda: self.go_to(Destination("settings", "support")))
        self.background.announced.connect(self._reload)
        self.background.light_changed.connect(self._show_light)
        self.printer.slow.connect(lambda words: self._say([words]))
        self._scan = ScanFilter(self)
        self._scan.scanned.connect(self._take_card)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self._scan)
        application.installEventFilter(self)
        self._add_keys()
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._lock_when_idle)
        self._idle.start(_IDLE_LOOK_MS)
        self.absence = Absence(self)
        self.absence.away.connect(self._lock_when_away)
        self.absence.asleep.connect(self._shut_when_asleep)
        QTimer.singleShot(_LISTEN_MS, self.absence, self.absence.listen)
        self._evening = Evening(self.runtime.desk, self.background, self._shut_for_the_night, self)

    def _add_keys(self) -> None:
        for each in PLACES:
            if each.key and each.key != "F3":
                self._key(each.key, lambda name=each.name: self.go_to(Destination(name)))
        self._key("F3", self._find)
        self._key("F5", self._send_now)
        self._key("Ctrl++", lambda: self._scale(larger=True))
        self._key("Ctrl+=", lambda: self._scale(larger=True))
        self._key("Ctrl+-", lambda: self._scale(larger=False))
        self._key("Ctrl+L", self.lock)
        shut = QShortcut(QKeySequence("Ctrl+Shift+L"), self)  # also from behind the lock
        shut.activated.connect(self.shut)
        for key in _SCREEN_KEYS:
            self._key(key, lambda pressed=key: self._screen_key(pressed))

    def _key(self, key: str, call: object) -> None:
        shortcut = QShortcut(QKeySequence(key), self._workspace)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)  # works with nothing focused; off when locked
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(call)

    def _screen_key(self, key: str) -> None:
        shown = self.screen_shown
        acts = shown.keys() if shown is not None else ()
        for act in acts:
            if act.key == key:
                act.call()
                return
        if key == "F8" and shown is not None:
            self.go_to(Destination("returning"))

    def _add_screen(self, name: str) -> Screen:
        assert self.officer is not None
        context = Context(self.runtime, self.officer, self.background, self.printer)
        screen = make_screen(name, context)
        screen.go.connect(self.go_to)
        screen.shut_for.connect(self.shut_for)
        screen.subtitle_changed.connect(lambda words, of=screen: self._subtitle(of, words))
        screen.status_changed.connect(lambda words, of=screen: self._said(of, words))
        self._screens[name] = screen
        self._stack.addWidget(screen)
        return screen

    def _drop_screens(self) -> None:
        for screen in self._screens.values():
            screen.hidden()
            self._stack.removeWidget(screen)
            screen.deleteLater()
        self._screens.clear()

    def _subtitle(self, screen: Screen, words: str) -> None:
        if screen is self.screen_shown:
            self.header.set_title(screen.title, words)

    def _said(self, screen: Screen, words: list[str]) -> None:
        if screen is self.screen_shown:
            self._say(words)

    def _say(self, words: list[str]) -> None:
        self.status.set_left(self.runtime.desk.profile.name, *words)

    def _find(self) -> None:
        if self.screen_shown is not None and self.screen_shown.name != "dossiers":
            self.go_to(Destination("dossiers"))
        self.header.focus_search()

    def _search(self, text: str) -> None:
        shown = self.screen_shown
        if shown is None:
            return
        if shown.name != "dossiers":
            if not text:
                return
            self.go_to(Destination("dossiers", text))
            self.header.search.line.setFocus()
            return
        search = getattr(shown, "search", None)
        if callable(search):
            search(text)

    def _search_entered(self, text: str) -> None:
        shown = self.screen_shown
        entered = getattr(shown, "search_entered", None)
        if callable(entered):
            entered()
        else:
            self._search(text)

    def _take_card(self, text: str) -> None:
        shown = self.screen_shown
        if shown is None or self._pages.currentWidget() is not self._workspace:
            return
        if not shown.take_card(text):
            self.go_to(Destination("reception", {"card": text}))

    def _send_now(self) -> None:
        self.background.hurry()

    def _reload(self, kinds: frozenset[str]) -> None:
        shown = self.screen_shown
        if shown is not None:
            shown.reload(kinds)

    def _show_light(self, light: LightState) -> None:
        self.header.set_light(_LIGHTS[light.kind], light.words)

    def _scale(self, *, larger: bool) -> None:
        look = theme()
        (look.larger if larger else look.smaller)()
        self.runtime.change_settings(text_scale=round(look.factor * 100))

    def _touched(self) -> None:
        self._last_touch = self.runtime.desk.clock.now()

    def _lock_when_away(self) -> None:
        if self._pages.currentWidget() is self._workspace and not self.runtime.desk.profile.demo:
            self.lock(t("Máy vừa khóa màn hình nên đã khóa. Bản nháp vẫn nguyên."))

    def _shut_when_asleep(self) -> None:
        if not self.runtime.desk.profile.demo:
            self.shut(t("Máy vừa ngủ nên đã khóa và đóng kho dữ liệu. Bản nháp vẫn nguyên."))

    def _let_go_on_a_new_day(self) -> None:
        """What is past its term goes once a day: soon after the window is there, or after midnight."""
        desk = self.runtime.desk
        today = desk.clock.now().astimezone(VIETNAM).date()
        if today != self._day:
            self._day = today
            from app.services.privacy.retention import run_when_due

            self.background.run(lambda: run_when_due(desk), failed=lambda _error: None, owner=self)

    def _lock_when_idle(self) -> None:
        self.absence.look()
        self._let_go_on_a_new_day()
        if self.runtime.desk.profile.demo:
            return
        now: datetime = self.runtime.desk.clock.now()
        left_alone = (now - self._last_touch).total_seconds()
        if left_alone > self.runtime.settings.idle_lock_minutes * 60 or left_alone < -60:
            if self._pages.currentWidget() is self._workspace:
                self.lock(t("Máy để trống một lúc nên đã khóa. Bản nháp vẫn nguyên."))
            self._evening.look(lambda: self._last_touch)

    def _shut_for_the_night(self) -> None:
        self.shut(t("Đã quá giờ cuối ngày nên đã khóa và đóng kho dữ liệu. Bản nháp vẫn nguyên."))


def newest_draft(runtime: Runtime, officer: Officer) -> str | None:
    """The draft a power cut left open, to be reopened at the same field."""
    drafts = open_drafts(runtime.desk, officer, "reception")
    return drafts[0].id if drafts else None


def _first_place(officer: Officer) -> str:
    """Where the officer's own work is."""
    if officer.may(Permission.RECEIVE):
        return "reception"
    return "dossiers" if officer.may(Permission.SEARCH) else "settings"


def _focus(screen: Screen) -> None:
    target = screen.first_focus()
    if target is not None:
        target.setFocus(Qt.FocusReason.OtherFocusReason)


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]
