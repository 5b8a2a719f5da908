"""The whole window on a real desk behind a real door, and what the full lock leaves in this process."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from app import keys
from app.bootstrap import DeskDoor
from app.clock import Clock, FixedClock
from app.services.desk import audit_key_of
from app.services.people.access import officer_by_login
from app.settings import Settings
from app.ui import start
from app.ui.lock.frame import Frame
from app.ui.lock.page import LockedPage
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.theme import set_up_look
from app.ui.widgets import Mode
from tests.support.desk import ENVIRON, MONDAY, demo_password, desk_folder
from tests.ui.shell_rig import wait_for

HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@dataclass
class RigDoor(DeskDoor):
    """The real door; ``sync`` stands in for the line, ``defects`` keeps what was reported."""

    data: Path
    clock: Clock
    environ: dict[str, str] = field(default_factory=lambda: dict(ENVIRON))
    sync: Callable[[], Any] | None = None
    defects: list[BaseException] = field(default_factory=list)
    demo: bool = True

    def __post_init__(self) -> None:
        super().__init__(self.data, self.clock, self.environ)

    def open(self, phrase: str = "") -> Runtime:
        """Without a line, unless the test has one."""
        runtime = super().open(phrase)
        runtime.sync = self.sync() if self.sync is not None else None
        runtime.report_defect = self.defects.append
        runtime.settings = Settings()
        runtime.desk = replace(runtime.desk, profile=replace(runtime.desk.profile, demo=self.demo))
        return runtime

    def report_defect(self, defect: BaseException) -> None:
        """Kept for the test."""
        self.defects.append(defect)


@dataclass
class Whole:
    """The frame under test."""

    frame: Frame
    door: RigDoor

    @property
    def work(self) -> MainWindow:
        """The workspace, while there is one."""
        assert self.frame.work is not None
        return self.frame.work

    @property
    def page(self) -> LockedPage:
        """The locked page, while there is one."""
        assert self.frame.locked is not None
        return self.frame.locked

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as the keyboard sends it."""
        QTest.keyClick(self.frame.windowHandle(), key, held)
        QApplication.processEvents()

    def lock(self) -> None:
        """Ctrl+Shift+L, and everything has ended."""
        self.press(Qt.Key.Key_L, HELD)
        assert wait_for(self.frame.is_shut, 10_000)

    def unlock(self, password: str = "", login: str = "", code: str = "") -> None:
        """By the keys alone: phrase, who, password."""
        if self.door.needs_phrase():
            assert wait_for(self.page.card.phrase.line.hasFocus)
            QTest.keyClicks(self.page.card.phrase.line, ENVIRON[keys.PASSPHRASE])
            self.press(Qt.Key.Key_Return)
        if login:
            self.page.card.login.line.selectAll()
            QTest.keyClicks(self.page.card.login.line, login)
        if self.page.card.login.line.hasFocus():
            self.press(Qt.Key.Key_Return)
        QTest.keyClicks(self.page.card.password.line, password or demo_password())
        self.press(Qt.Key.Key_Return)
        assert wait_for(lambda: self.frame.work is not None or self.page.card.enter.isEnabled(), 10_000)
        if self.frame.work is not None:
            self.settle()

    def settle(self) -> None:
        """Until the worker has nothing left."""
        for _ in range(3):
            assert wait_for(self.work.background.is_idle, 10_000)


@contextmanager
def a_frame(
    tmp_path: Path,
    *,
    sync: Any = None,
    login: str = "canbo",
    clock: Clock | None = None,
    counted: bool = False,
    demo: bool = True,
) -> Iterator[Whole]:
    """The whole window, shown, with somebody at work. ``counted``: holders of its keys will be counted;
    ``demo=False``: a desk that locks by itself."""
    set_up_look(start.application(), mode=Mode.LIGHT)
    _others.clear()
    folder = desk_folder(tmp_path)
    for secret in secrets_of(folder) if counted else ():
        _others.extend(secret.found())  # every test's desk is a copy of one: what earlier tests left behind
    door = RigDoor(folder, clock or FixedClock(MONDAY), sync=sync, demo=demo)
    frame = Frame(door, door.open(), copies=False)
    whole = Whole(frame, door)
    try:
        frame.show()
        QTest.qWaitForWindowExposed(frame)
        frame.windowHandle().requestActivate()
        assert QTest.qWaitForWindowActive(frame)
        if login:
            whole.work.work_as(officer_by_login(whole.work.runtime.desk, login))
            whole.settle()
        yield whole
        assert door.defects == []
    finally:
        frame.close()
        if frame.work is not None:
            door.shut(frame.work.runtime)
        frame.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_files(folder: Path) -> list[str]:
    """Files of the store that this process holds open."""
    names = []
    for each in Path("/proc/self/fd").iterdir():
        try:
            names.append(str(each.readlink()))
        except OSError:
            continue
    return sorted(name for name in names if name.startswith(str(folder)) and "desk.db" in name)


_others: list[object] = []


def batched(objects: list[object], size: int = 5000) -> Iterator[list[object]]:
    """Some at a time: asking for each one's referents by itself takes ten times as long."""
    for first in range(0, len(objects), size):
        yield objects[first : first + size]


class Secret:
    """A key the test itself does not hold: only as a mask."""

    _MASK = 0x5A

    def __init__(self, key: bytes) -> None:
        self._masked = tuple(byte ^ self._MASK for byte in key)

    def holders(self) -> int:
        """How many objects of this process hold the key, as bytes or in hex, wherever they are; those that
        earlier tests left are not counted."""
        known = {id(each) for each in _others}
        return sum(id(each) not in known for each in self.found())

    def found(self) -> list[object]:
        """The objects themselves."""
        gc.collect()
        plain = bytes(byte ^ self._MASK for byte in self._masked)
        written = plain.hex()
        found: dict[int, object] = {}
        for some in batched(gc.get_objects()):
            for each in gc.get_referents(*some):
                if not isinstance(each, (str, bytes, bytearray)) or each is plain or each is written:
                    continue
                if isinstance(each, str):
                    held = len(each) >= len(written) and written in each.lower()
                else:
                    held = plain in each
                if held:
                    found[id(each)] = each
        return list(found.values())


def secrets_of(folder: Path) -> tuple[Secret, Secret]:
    """The key of the store and that of the audit chain, masked."""
    key = keys.open_key(folder, ENVIRON)
    return Secret(key), Secret(audit_key_of(key))


def texts_on_screen() -> str:
    """All that any widget of this process shows or holds."""
    texts = []
    for widget in QApplication.allWidgets():
        if isinstance(widget, (QLabel, QLineEdit)):
            texts.append(widget.text())
        elif isinstance(widget, QPlainTextEdit):
            texts.append(widget.toPlainText())
        texts += [widget.windowTitle(), widget.accessibleName(), widget.toolTip()]
    return "\n".join(texts)


def visible(widget: QWidget | None) -> bool:
    """Whether it can be seen."""
    return widget is not None and widget.isVisible()
