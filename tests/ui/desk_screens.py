"""A screen in a small window of its own (rail, header, status bar) on a real desk with the real workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.roles import Officer
from app.services.desk import Desk
from app.settings import Settings
from app.ui.background import Background
from app.ui.none_guard import keep_none_alive
from app.ui.ports import Runtime
from app.ui.screen import Context, Destination, Screen
from app.ui.theme import set_up_look
from app.ui.widgets import Header, Mode, NavItem, NavRail, StatusBar, is_narrow, theme
from tests.support.desk import officer

PLACES = (
    NavItem("today", "Hôm nay", "home", main=True),
    NavItem("reception", "Tiếp nhận", "inbox-down", "F2", main=True),
    NavItem("dossiers", "Hồ sơ", "folder", "F3", main=True),
    NavItem("procedures", "Thủ tục", "book", starts_group=True),
    NavItem("account_help", "Hỗ trợ tài khoản", "person-plus"),
    NavItem("sync", "Đồng bộ", "sync", "F5", main=True, starts_group=True),
)


class PaperTray:
    """A printer that takes every sheet, or none; it stands where the real one is an operating system's."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.jobs: list[tuple[bytes, str]] = []

    def print_pdf(
        self,
        pdf: bytes,
        job_name: str,
        done: Callable[..., None] | None = None,
        failed: Callable[..., None] | None = None,
    ) -> None:
        """Takes a job as ``app.ui.printer.Printer`` does."""
        self.jobs.append((pdf, job_name))
        if self.works and done is not None:
            done("khay giấy")
        elif not self.works and failed is not None:
            from app.errors import CircumstanceError

            failed(CircumstanceError("no-printer", "Máy in chưa nhận.", "Bản in đã giữ lại."))


class Window(QWidget):
    """Rail, header, screen and status bar, wired as the main window wires them."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen = screen
        self.went: list[Destination] = []
        self.said: list[str] = []
        self.rail, self.header, self.status = NavRail(PLACES), Header(), StatusBar()
        self.rail.set_current(screen.name if screen.name != "dossier" else "dossiers")
        self.rail.set_officer("Lục Thị Yến", "Quầy 2 · Tiếp nhận")
        self.header.set_title(screen.title)
        right, across, whole = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for layout in (right, across, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(screen, 1)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        screen.context.background.announced.connect(screen.reload)
        screen.go.connect(self.went.append)
        screen.subtitle_changed.connect(lambda words: self.header.set_title(screen.title, words))
        screen.status_changed.connect(self._say)
        search: Any = getattr(screen, "search", None)
        if search is not None:
            self.header.search_changed.connect(search)

    def _say(self, words: list[str]) -> None:
        self.said = words
        self.status.set_left("Quầy 2", *words)

    def fit(self, width: int, height: int) -> None:
        """The size of the window, and the narrow layout where it is due."""
        self.resize(width, height)
        narrow = is_narrow(self.size())
        for part in (self.rail, self.header, self.screen):
            part.set_narrow(narrow)


def settle(background: Background, ms: int = 0) -> None:
    """Waits until the worker has answered everything and the window has drawn it."""
    end = monotonic() + 30
    still = 0
    while still < 3:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QTest.qWait(5 + ms)
        still = still + 1 if background.is_idle() else 0
        assert monotonic() < end, "the worker did not come to rest"


@contextmanager
def a_screen(
    desk: Desk,
    kind: Callable[[Context], Screen],
    data: Path,
    *,
    argument: object = None,
    size: tuple[int, int] = (1366, 696),
    mode: Mode = Mode.LIGHT,
    factor: float = 1.0,
    by: Officer | None = None,
    printer: Any = None,
) -> Iterator[Window]:
    """The screen, shown and filled."""
    keep_none_alive()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    defects: list[BaseException] = []
    set_up_look(app, mode=mode, factor=factor)
    background = Background(defects.append)
    runtime = Runtime(desk, Settings(), None, lambda _s: None, defects.append, data, lambda: 0)
    context = Context(runtime, by or officer(desk), background, printer or PaperTray())
    window = Window(kind(context))
    try:
        window.fit(*size)
        window.show()
        window.screen.shown(argument)
        settle(background)
        yield window
        assert defects == []
    finally:
        background.close()
        window.close()
        window.deleteLater()
        QApplication.processEvents()
        theme().set_factor(1.0)
        theme().set_mode(Mode.LIGHT)


def compose(target: QWidget, text: str) -> None:
    """Vietnamese text as an input method commits it."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(target, event)
