"""The window itself: the workspace while the store is open, the locked page while it is not (I21).

The full lock drops the whole workspace: screens, workers and sync end, the store is closed, its key
forgotten, and with the phrase it was opened by. What still ends (a backup, a paper on its way to the
printer) is waited for behind the page, which shows nothing of anybody.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QPixmapCache
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from app.text import t
from app.ui.lock.door import Door, KeyOrder, NewWords
from app.ui.lock.page import LockedPage, Opened
from app.ui.main_window import HEIGHT, LEAST_HEIGHT, LEAST_WIDTH, WIDTH, MainWindow, newest_draft
from app.ui.ports import Runtime
from app.ui.safekeeping import Safekeeping
from app.ui.screen import Destination

_LOOK_MS = 50
_BY_ID = frozenset({"dossier", "settings"})
"""Screens that are opened by an id or by the name of a part."""


class Frame(QWidget):
    """One a desk. ``runtime``: the open store, or ``None`` where somebody has to be asked for its phrase."""

    def __init__(self, door: Door, runtime: Runtime | None, *, copies: bool = True) -> None:
        super().__init__()
        self._door, self._copies = door, copies
        self.work: MainWindow | None = None
        self.locked: LockedPage | None = None
        self._place: Destination | None = None
        self._login = ""
        self._order: KeyOrder | None = None
        self._ending: MainWindow | None = None
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._close_store)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.resize(WIDTH, HEIGHT)
        self.setWindowTitle(t("Một Cửa Xã"))
        if runtime is not None:
            self.admit(runtime)
        else:
            self._show_locked(t("Gõ cụm mật khẩu để mở kho dữ liệu của quầy."))

    def admit(self, runtime: Runtime) -> MainWindow:
        """The workspace on an open store."""
        window = MainWindow(runtime)
        self.work = window
        window.shutting.connect(self.shut)
        window.shut_for.connect(self.change_key)
        window.sign_in.offer_shutting()
        self.setWindowTitle(window.windowTitle())
        if self._copies:
            Safekeeping(runtime, window.background, lambda words: window.status.set_left(words), window)
        self._show(window)
        return window

    def shut(self, why: str = "") -> None:
        """The full lock; asked again, nothing more happens."""
        window, self.work = self.work, None
        if window is None:
            return
        if window.officer is not None:
            self._place, self._login = _without_words(window), window.officer.login
        self._ending = window
        self._show_locked(why).closing()
        window.leave()
        QApplication.clipboard().clear()
        self._look.start()
        self._close_store()

    def change_key(self, order: KeyOrder) -> None:
        """The full lock, another key, and back in: who ordered it has just given his password."""
        self._order = order
        self.shut(t("Đang đổi khóa dữ liệu. Đừng tắt máy; nếu mất điện, dữ liệu vẫn nguyên."))

    def is_shut(self) -> bool:
        """Whether no store is open behind this window."""
        return self.work is None and self._ending is None

    def closeEvent(self, event: QCloseEvent) -> None:
        for window in (self.work, self._ending):
            if window is not None:
                window.close()
        if self.locked is not None:
            self.locked.leave()
        event.accept()

    def _close_store(self) -> None:
        window = self._ending
        if window is None or not window.background.ended():
            return
        self._look.stop()
        window.background.close()
        self._ending = None
        self._pages.removeWidget(window)
        self._door.shut(window.runtime)
        window.deleteLater()
        del window
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QPixmapCache.clear()
        gc.collect()
        order, self._order = self._order, None
        if self.locked is not None and order is not None:
            self.locked.change_key(order)
        elif self.locked is not None:
            self.locked.closed()

    def _show_locked(self, why: str) -> LockedPage:
        page = LockedPage(self._door, self._login, why)
        self.locked = page
        page.opened.connect(self._welcome)
        self._show(page)
        return page

    def _welcome(self, opened: Opened) -> None:
        """Back to where it was, for who was there; anybody else begins at his own place."""
        page, self.locked = self.locked, None
        window = self.admit(opened.runtime)
        if page is not None:
            page.leave()
            self._pages.removeWidget(page)
            page.deleteLater()
        place = self._place if opened.officer.login == self._login else None
        if opened.words:
            place = Destination("settings", NewWords(opened.words))
        self._place = None
        if opened.first_time:
            window.lock()
            window.sign_in.ask_new_password(opened.officer, opened.password)
            return
        window.work_as(opened.officer)
        if place is not None:
            draft = newest_draft(opened.runtime, opened.officer) if place.screen == "reception" else None
            window.go_to(Destination("reception", {"draft": draft}) if draft else place)
            window.place_shown = Destination(place.screen)  # words told once are held by nobody else

    def _show(self, page: QWidget) -> None:
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        page.setFocus()


def _without_words(window: MainWindow) -> Destination | None:
    """Where the officer was, as ids alone: no search text, no card stays behind the lock."""
    shown, place = window.screen_shown, window.place_shown
    if shown is None or place is None:
        return None
    opening = getattr(shown, "opening", None)
    if callable(opening):
        return Destination(shown.name, opening())
    kept = place.argument if place.screen in _BY_ID and isinstance(place.argument, str) else None
    return Destination(shown.name, kept)
