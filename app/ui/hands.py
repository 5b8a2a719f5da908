"""Hands at the keyboard, for the demonstration and the pictures: the same key events as a person's.

A scan is typed as a keyboard scanner types it; nothing is put into a field by any other way.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import CircumstanceError
from app.text import t

SCANNER_GAP_MS = 8
_STILL_MS = 40
_AFTER_SCAN_MS = 80
"""The keys of a scan are stamped as a scanner spaces them; nobody types before the last of them."""
_KEYS = {"\r": Qt.Key.Key_Return, "|": Qt.Key.Key_Bar, " ": Qt.Key.Key_Space}


class Hands:
    """Types into one window that is shown; counts each key, those of a scan apart.

    ``is_idle`` says whether the window's workers have nothing left.
    """

    def __init__(self, window: QWidget, is_idle: Callable[[], bool]) -> None:
        self._window, self._is_idle = window, is_idle
        self.pressed = 0
        self.scans = 0

    def scan(self, text: str) -> None:
        """A card under the scanner, with the Enter scanners end with."""
        at_ms = round(monotonic() * 1000)
        for char in text + "\r":
            _send(self._window, _KEYS.get(char, Qt.Key.Key_unknown), char, at_ms)
            at_ms += SCANNER_GAP_MS
        self.scans += 1
        self.live(max(0, at_ms - round(monotonic() * 1000)) + _AFTER_SCAN_MS)
        self.settle()

    def type(self, text: str) -> None:
        """Letters and digits without marks, one key each, as slowly as a person."""
        for char in text:
            self.press(Qt.Key(ord(char.upper())), char)

    def press(self, key: Qt.Key, char: str = "", *, ctrl: bool = False) -> None:
        """One key, by way of the window's shortcuts."""
        from PySide6.QtTest import QTest

        self.pressed += 1
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        text = char or {Qt.Key.Key_Return: "\r", Qt.Key.Key_Space: " "}.get(key, "")
        if text and not ctrl:
            _send(self._window, key, text, round(monotonic() * 1000))
            self.live(60)  # longer than a scanner's pause, so that it is a person's key
        else:
            QTest.keyClick(self._window.windowHandle(), key, held)
        self.settle()

    def live(self, ms: int) -> None:
        """Let the window live for a while."""
        end = monotonic() + ms / 1000
        while monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    def settle(self) -> None:
        """Until the workers are idle and stay so for a moment."""
        still_since = monotonic()
        end = still_since + 30
        while monotonic() - still_since < _STILL_MS / 1000:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if not self._is_idle():
                still_since = monotonic()
            if monotonic() > end:
                raise _stuck(t("Cửa sổ bận quá 30 giây."))

    def wait(self, happened: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Until it happened. Raises ``CircumstanceError`` "window-waits" saying ``what`` did not."""
        end = monotonic() + seconds
        while not happened():
            if monotonic() > end:
                raise _stuck(what)
            self.live(20)


def _send(window: QWidget, key: Qt.Key, text: str, at_ms: int) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(at_ms)
        QApplication.sendEvent(window.windowHandle(), event)


def _stuck(what: str) -> CircumstanceError:
    return CircumstanceError("window-waits", what, t("Xem nhật ký rồi chạy lại."))
