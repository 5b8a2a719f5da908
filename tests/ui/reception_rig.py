"""Reception on a real desk by real key events, every key counted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.desk_screens import Window, settle

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"


class Keys:
    """The officer's hands. ``count`` is how many keys were pressed."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.count = 0

    def press(self, *keys: Qt.Key) -> None:
        """Keys of fields, to whatever has the focus; F9, F10, Esc and Ctrl+P by the window's own list."""
        for key in keys:
            self.count += 1
            if key in _SCREEN_KEYS:
                acts = {act.key: act.call for act in tuple(self.window.screen.keys())}
                acts[_SCREEN_KEYS[key]]()
            else:
                target = QApplication.focusWidget()
                assert target is not None, "nothing has the focus"
                QTest.keyClick(target, key)

    def ctrl(self, key: Qt.Key) -> None:
        """A key of the screen itself with Ctrl, by way of Qt's shortcuts."""
        self.count += 1
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        QTest.keyClick(target, key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Plain letters and digits, one key each."""
        for letter in text:
            self.press(Qt.Key(ord(letter.upper())))

    def rest(self) -> None:
        """Wait for the worker."""
        settle(self.window.screen.context.background)


_SCREEN_KEYS = {
    Qt.Key.Key_F6: "F6",
    Qt.Key.Key_F7: "F7",
    Qt.Key.Key_F9: "F9",
    Qt.Key.Key_F10: "F10",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_P: "Ctrl+P",
}


def use(window: Window) -> Keys:
    """Give the window the keyboard, as the main window does."""
    window.activateWindow()
    first = window.screen.first_focus()
    assert first is not None
    first.setFocus()
    QApplication.processEvents()
    return Keys(window)
