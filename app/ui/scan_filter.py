"""Catches a card scan wherever the cursor stands, before it reaches a field.

A keyboard scanner types like a person, only faster. The detector of the domain tells them apart; until it
is sure, keys pass, and the text they leaked into is put back as it was. Digits on anything that is not a
text field wait for a moment, since there they would already act (tick a paper).
"""

from __future__ import annotations

from collections import deque
from time import monotonic_ns

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.domain.scan_burst import FAST_MS, ScanDetector, ScanStep, ScanStepKind
from app.ui.typed_text import TextKept, keep_text

_POLL_MS = 30
_HOLD_MS = FAST_MS + 10
_LEAK = 16
"""The most keys that pass before a scan is known: a prefix of three, twelve digits and the bar."""
_FORGET_MS = 400
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_Meta,
)
_TYPED_CONTROLS = "\r\n\t\b\x7f"
_WATCHED = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress)


class ScanFilter(QObject):
    """Install on the application. ``scanned(str)`` carries the card's text, ready to be parsed."""

    scanned = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._detector = ScanDetector()
        self._before: deque[TextKept | None] = deque(maxlen=_LEAK)
        self._held: list[tuple[QWidget, QKeyEvent]] = []
        self._replaying = False
        self._last_key_ms = 0
        self._silent_ms = 0
        self._looked_ms = 0
        self._poll = self._timer(self._look, _POLL_MS, single=False)
        self._release = self._timer(self._let_go, _HOLD_MS)
        self._forget = self._timer(self._before.clear, _FORGET_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _WATCHED or self._replaying:
            return False
        if not isinstance(event, QKeyEvent):
            if self._held and event.type() is QEvent.Type.MouseButtonPress:
                self._let_go()
            return False
        if event.key() in _MODIFIERS:
            return False
        char = _character(event)
        if event.type() is QEvent.Type.ShortcutOverride or not char:
            if self._held and not char:
                self._let_go()
            return False
        if not isinstance(watched, QWidget) or watched is not _receiver(watched):
            return False
        return self._take(watched, event, char)

    def _take(self, target: QWidget, event: QKeyEvent, char: str) -> bool:
        """Whether the key is kept from its field."""
        self._last_key_ms = int(event.timestamp()) or _now_ms()
        self._silent_ms, self._looked_ms = 0, _now_ms()
        if not self._detector.scanning:
            self._before.append(keep_text(target))
            self._forget.start()
        verdict = ScanStepKind.PASS
        for step in self._detector.feed(char, self._last_key_ms):
            self._act(step)
            verdict = step.kind
        if verdict is not ScanStepKind.PASS:
            return True
        if self._would_act(target, char):
            self._held.append((target, event.clone()))
            self._release.start()
            return True
        if self._held:
            self._let_go()
        return False

    def _act(self, step: ScanStep) -> None:
        if step.kind is ScanStepKind.STARTED:
            self._take_back(step.leaked)
            self._poll.start()
        elif step.kind is ScanStepKind.COMPLETE:
            self._poll.stop()
            text = step.text
            QTimer.singleShot(0, self, lambda: self.scanned.emit(text))

    def _look(self) -> None:
        """Silence ends a scan. A stall of this thread is not silence: keys may be waiting behind it."""
        now = _now_ms()
        self._silent_ms += min(now - self._looked_ms, 2 * _POLL_MS)
        self._looked_ms = now
        step = self._detector.poll(self._last_key_ms + self._silent_ms)
        if step is not None:
            self._act(step)

    def _take_back(self, leaked: int) -> None:
        """What the first keys of the scan did is undone: text as before them, waiting digits dropped."""
        self._held.clear()
        self._release.stop()
        kept = list(self._before)[:-1][-leaked:]
        self._before.clear()
        seen: list[QWidget] = []
        for each in kept:
            if each is not None and each.widget not in seen and isValid(each.widget):
                seen.append(each.widget)
                each.put_back()

    def _would_act(self, target: QWidget, char: str) -> bool:
        return keep_text(target) is None and (char.isdigit() or char == "|")

    def _let_go(self) -> None:
        """Give the waiting keys to where they were meant for: a person typed them."""
        held, self._held = self._held, []
        self._release.stop()
        self._replaying = True
        try:
            for target, event in held:
                if isValid(target):
                    QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False

    def _timer(self, call: object, every_ms: int, *, single: bool = True) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(single)
        timer.setInterval(every_ms)
        timer.timeout.connect(call)
        return timer


def _character(event: QKeyEvent) -> str:
    """The one character the key types; empty for keys that act (F9, arrows, Esc, Ctrl with a letter)."""
    text = event.text()
    return text if len(text) == 1 and (text >= " " or text in _TYPED_CONTROLS) else ""


def _receiver(watched: QWidget) -> QWidget:
    """Whom Qt gives the key first; its parents see the same key again when it does not want it."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    window = watched.window()
    return QApplication.focusWidget() or window.focusWidget() or window


def _now_ms() -> int:
    return monotonic_ns() // 1_000_000
