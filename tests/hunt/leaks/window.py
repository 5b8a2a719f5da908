"""The window by keys with marker citizens: reception, copies, help, a draft left half, screens, the lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt

from app.bootstrap import open_runtime
from app.clock import VIETNAM, SystemClock
from app.ui.main_window import MainWindow
from app.ui.start import application
from app.ui.theme import set_up_look
from app.ui.visit import Counter
from app.ui.widgets import Mode
from tests.hunt.leaks import markers as m
from tests.support.desk import officer

OPENING = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)


class DayClock(SystemClock):
    """The clock of the PC, set to a working Monday morning."""

    def __init__(self) -> None:
        super().__init__()
        self._shift = OPENING - SystemClock.now(self)

    def now(self) -> datetime:
        """Its time."""
        return super().now() + self._shift


def at_the_window(folder: Path) -> Callable[[], int]:
    """The work of one process."""
    return lambda: _work(folder)


def _work(folder: Path) -> int:
    set_up_look(application(off_screen=True), mode=Mode.LIGHT)
    runtime = open_runtime(folder, DayClock())
    window = MainWindow(runtime)
    window.show()
    counter = Counter(window, officer(runtime.desk))
    window.work_as(counter.officer)
    hands = counter.hands
    hands.settle()
    _tell("signed in")
    hands.press(Qt.Key.Key_F2)
    counter.receive(m.CARD, "ks", m.PHONE)
    _tell("received")
    counter.help_account(m.CARD, m.PHONE)
    _tell("helped")
    hands.press(Qt.Key.Key_F12)
    hands.scan(m.CARD)
    hands.type("ks")
    _tell("copies half typed")
    hands.press(Qt.Key.Key_F2)
    hands.scan(m.CARD)
    hands.type(m.PHONE)
    hands.live(1500)
    _tell("a draft left half")
    for place in ("dossiers", "today", "procedures", "sync", "prints", "settings"):
        counter.open_place(place)
        hands.type("xuyen")
        _tell(place)
    window.lock()
    hands.settle()
    _tell("locked")
    window.close()
    runtime.desk.close()
    return 0


def _tell(what: str) -> None:
    os.write(1, what.encode() + b"\n")
