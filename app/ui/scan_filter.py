"""Catches a card scan wherever the cursor stands, before it reaches a field.

A keyboard scanner types like a person, only faster. The detector of the domain tells them apart; until it
is sure, keys pass, and what leaked into a text field is put back as it was. Digits on anything that is not
a text field wait for a moment, since there they would already act (tick a paper).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.domain.scan_burst import FAST_MS, ScanDetector, ScanStep, ScanStepKind

_POLL_MS = 30
_FRESH_MS = 1000
_ENTER_KEYS = ("\r", "\n")


class ScanFilter(QObject):
    """Install on the application. ``scanned(str)`` carries the card's text, ready to be parsed."""

    scanned = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._detector = ScanDetector()
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._look)
        self._before: tuple[QLineEdit, str, int] | None = None
        self._last_ms = 0
        self._held: list[tuple[QWidget, QKeyEvent]] = []
        self._release = QTimer(self)
        self._release.setSingleShot(True)
        self._release.timeout.connect(self._let_go)
        self._replaying = False
        self._offset: int | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or self._replaying:
            return False
        if not isinstance(watched, QWidget) or not isinstance(event, QKeyEvent):
            return False
        if watched is not QApplication.focusWidget() and watched.focusProxy() is None:
            focus = QApplication.focusWidget()
            if focus is not None:
                return False
        char = event.text()
        if not char or len(char) != 1:
            return False
        return self._take(watched, event, char)

    def _take(self, target: QWidget, event: QKeyEvent, char: str) -> bool:
        at_ms = int(event.timestamp()) or self._now()
        if at_ms - self._last_ms > FAST_MS * 3:
            self._remember(target)
        self._last_ms = at_ms
        keep = False
        for step in self._detector.feed(char, at_ms):
            keep = self._act(step) or keep
        if keep:
            return True
        if self._acts_at_once(target, char):
            self._held.append((target, event.clone()))
            self._release.start(FAST_MS + 10)
            return True
        if self._held:
            self._let_go()
        return False

    def _act(self, step: ScanStep) -> bool:
        if step.kind is ScanStepKind.PASS:
            return False
        if step.kind is ScanStepKind.STARTED:
            self._take_back()
            self._poll.start()
        elif step.kind is ScanStepKind.COMPLETE:
            self._poll.stop()
            text = step.text
            QTimer.singleShot(0, self, lambda: self.scanned.emit(text))
        return True

    def _look(self) -> None:
        step = self._detector.poll(self._now())
        if step is not None:
            self._act(step)

    def _remember(self, target: QWidget) -> None:
        field = target if isinstance(target, QLineEdit) else None
        self._before = (field, field.text(), field.cursorPosition()) if field else None

    def _take_back(self) -> None:
        """What the first keys of the scan did is undone: text restored, waiting digits forgotten."""
        self._held.clear()
        self._release.stop()
        if self._before is not None:
            field, words, cursor = self._before
            field.setText(words)
            field.setCursorPosition(cursor)

    def _acts_at_once(self, target: QWidget, char: str) -> bool:
        types = isinstance(target, (QLineEdit, QTextEdit, QPlainTextEdit))
        return not types and (char.isdigit() or char == "|")

    def _let_go(self) -> None:
        """Give the waiting keys to where they were meant for: a person typed them."""
        held, self._held = self._held, []
        self._replaying = True
        try:
            for target, event in held:
                QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False

    def _now(self) -> int:
        from time import monotonic_ns

        return monotonic_ns() // 1_000_000
