"""The real window on a real desk with the real workers; two plain screens stand where the places are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.clock import Clock
from app.settings import Settings
from app.ui import registry, start
from app.ui.main_window import MainWindow
from app.ui.ports import BundlesMade, LightState, ReceiptRead, Runtime, SyncStatus
from app.ui.registry import Place
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.theme import set_up_look
from app.ui.widgets import Button, CheckItem, CheckList, Field, Mode, TextArea, theme
from tests.support.desk import make_desk, officer

CARD = "008198000000|091234567|Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092021"
"""A made-up card as a scanner types it."""


class PlainScreen(Screen):
    """A line, a note, a list of papers and a button, and what was asked of it."""

    name, title = "today", "Màn thử"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.pressed: list[str] = []
        self.opened: list[object] = []
        self.narrow: bool | None = None
        self.searched: list[str] = []
        self.clicks = 0
        self.line, self.note = Field("Họ và tên"), TextArea("Ghi chú")
        self.papers = CheckList()
        self.papers.set_items([CheckItem(str(n), f"Giấy tờ {n}") for n in range(1, 7)])
        self.button = Button("Nhận")
        self.button.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        for part in (self.line, self.note, self.papers, self.button):
            column.addWidget(part)

    def shown(self, argument: object) -> None:
        """Keeps what it was asked to open."""
        self.opened.append(argument)

    def keys(self) -> tuple[KeyAct, ...]:
        """Every key of the window, noted."""
        wanted = ("F1", "F4", "F6", "F7", "F8", "F9", "F10", "Ctrl+P", "Ctrl+F", "Ctrl+S", "Esc")
        return tuple(KeyAct(key, lambda pressed=key: self.pressed.append(pressed)) for key in wanted)

    def set_narrow(self, narrow: bool) -> None:
        """Keeps which layout was asked for."""
        self.narrow = narrow

    def first_focus(self) -> QWidget | None:
        """The line."""
        return self.line

    def ticked(self) -> list[str]:
        """The papers ticked now."""
        return [item.id for item in self.papers.items() if item.checked]

    def _clicked(self) -> None:
        self.clicks += 1


class IntakeScreen(PlainScreen):
    """Stands in for the reception."""

    name, title = "reception", "Tiếp nhận thử"


class GridScreen(PlainScreen):
    """Stands in for the grid: it searches."""

    name, title = "dossiers", "Hồ sơ thử"

    def search(self, text: str) -> None:
        """Keeps what was searched."""
        self.searched.append(text)


@dataclass
class StalledLine:
    """A line whose round waits until it is told to stop, or for ``holds_s`` at most."""

    holds_s: float = 30.0
    stopped: bool = False
    hurried: int = 0
    rounds: int = 0
    steps: list[float] = field(default_factory=list)

    def step(self) -> float:
        """A round that hangs on the line."""
        self.rounds += 1
        end = monotonic() + self.holds_s
        while not self.stopped and monotonic() < end:
            sleep(0.01)
        return 5.0

    def hurry(self) -> None:
        """Counts F5."""
        self.hurried += 1

    def stop(self) -> None:
        """Leaves the round."""
        self.stopped = True

    def break_off(self) -> None:
        """Nothing of its own."""

    def pause(self, paused: bool) -> None:
        """Nothing of its own."""

    def light(self) -> LightState:
        """Grey."""
        return LightState("offline", "Mất mạng – vẫn làm việc bình thường")

    def status(self) -> SyncStatus:
        """Nothing known."""
        return SyncStatus(False, "", None, 0, 0, 0, None, False, "")

    def outbox(self) -> tuple[Any, ...]:
        """Nothing waits."""
        return ()

    def export_bundle(self, target: Path, officer_id: str) -> BundlesMade:
        """Nothing to carry."""
        return BundlesMade((), 0)

    def take_receipt(self, source: Path) -> ReceiptRead:
        """Nothing in it."""
        return ReceiptRead(0, 0, 0)


@dataclass
class Shell:
    """The window under test and what its runtime was told."""

    window: MainWindow
    saved: list[Settings]
    defects: list[BaseException]

    @property
    def screen(self) -> PlainScreen:
        """The screen in front."""
        shown = self.window.screen_shown
        assert isinstance(shown, PlainScreen)
        return shown

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as the keyboard sends it: to whatever has the focus, by way of the shortcuts."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)
        QApplication.processEvents()

    def settle(self) -> None:
        """Until the database worker is idle."""
        end, still = monotonic() + 30, 0
        while still < 3:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            QTest.qWait(5)
            still = still + 1 if self.window.background.is_idle() else 0
            assert monotonic() < end


PLAIN = (
    Place("today", "tests.ui.shell_rig:PlainScreen", "today"),
    Place("reception", "tests.ui.shell_rig:IntakeScreen", "reception", "F2"),
    Place("dossiers", "tests.ui.shell_rig:GridScreen", "dossiers", "F3"),
    Place("sync", "tests.ui.shell_rig:PlainScreen", "sync"),
)


@contextmanager
def a_window(
    tmp_path: Path,
    monkeypatch: Any,
    *,
    clock: Clock | None = None,
    sync: Any = None,
    settings: Settings | None = None,
    real_screens: bool = False,
    signed_in: bool = True,
    demo: bool = True,
) -> Iterator[Shell]:
    """The window, shown and signed in as canbo."""
    app = start.application()
    set_up_look(app, mode=Mode.LIGHT)
    if not real_screens:
        monkeypatch.setattr(registry, "PLACES", PLAIN)
    desk = make_desk(tmp_path, clock)
    if not demo:
        from dataclasses import replace

        desk = replace(desk, profile=replace(desk.profile, demo=False))
    saved: list[Settings] = []
    defects: list[BaseException] = []
    runtime = Runtime(
        desk, settings or Settings(), sync, saved.append, defects.append, tmp_path / "desk", lambda: 0
    )
    window = MainWindow(runtime)
    shell = Shell(window, saved, defects)
    try:
        window.show()
        QTest.qWaitForWindowExposed(window)
        window.windowHandle().requestActivate()
        assert QTest.qWaitForWindowActive(window)
        if signed_in:
            window.work_as(officer(desk))
        QApplication.processEvents()
        yield shell
        assert defects == []
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        desk.close()
        theme().set_factor(1.0)
        theme().set_mode(Mode.LIGHT)


_KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "|": Qt.Key.Key_Bar, " ": Qt.Key.Key_Space}


def type_at(window: QWidget, text: str, gaps_ms: int | Sequence[int], *, start_ms: int = 1_000_000) -> int:
    """Types with the events' own times ``gaps_ms`` apart, as the window system would; the last time."""
    handle, at_ms = window.windowHandle(), start_ms
    for place, char in enumerate(text):
        code = _KEYS.get(char, Qt.Key(ord(char.upper())) if char.isascii() else Qt.Key.Key_unknown)
        shift = char == "|" or (char.isalpha() and char.isupper())
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        if shift:
            _send(handle, QEvent.Type.KeyPress, Qt.Key.Key_Shift, held, "", at_ms)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            _send(handle, kind, code, held, char, at_ms)
        at_ms += gaps_ms if isinstance(gaps_ms, int) else gaps_ms[place % len(gaps_ms)]
    return at_ms


def type_really(window: QWidget, text: str, gap_ms: int) -> None:
    """The same, with the time really passing between the keys."""
    began = monotonic()
    for place, char in enumerate(text):
        while monotonic() - began < place * gap_ms / 1000:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        type_at(window, char, 0, start_ms=round(monotonic() * 1000))


def wait_for(done: Callable[[], bool], ms: int = 3000) -> bool:
    """Lets the window live until ``done`` or the time is over."""
    end = monotonic() + ms / 1000
    while not done() and monotonic() < end:
        QTest.qWait(5)
    return done()


def go(shell: Shell, name: str) -> None:
    """Shows a screen."""
    shell.window.go_to(Destination(name))
    QApplication.processEvents()


def _send(
    handle: object, kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier, text: str, at_ms: int
) -> None:
    event = QKeyEvent(kind, key, held, text)
    event.setTimestamp(at_ms)
    QApplication.sendEvent(handle, event)
