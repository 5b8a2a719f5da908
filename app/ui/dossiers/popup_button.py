"""A button that opens a list of choices under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets import Button, Choice, PopupList, Size


class PopupButton(Button):
    """``chosen(str)`` carries the key taken. Space or a click opens; arrows, Enter and Esc go to the list."""

    chosen = Signal(str)

    def __init__(self, text: str, *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon=icon, size=Size.SMALL, parent=parent)
        self._choices: tuple[Choice, ...] = ()
        self._popup: PopupList | None = None
        self._current: str | None = None
        self.clicked.connect(self._open_or_close)

    def set_choices(self, choices: Sequence[Choice], current: str | None = None) -> None:
        """Offers other choices; an open list follows."""
        self._choices, self._current = tuple(choices), current
        if self._popup is not None and self._popup.isVisible():
            self._popup.show_choices(self._choices, current)

    def popup(self) -> PopupList:
        """The list, made at its first use."""
        if self._popup is None:
            self._popup = PopupList(self)
            self._popup.chosen.connect(self.chosen)
        return self._popup

    def _open_or_close(self) -> None:
        if self.popup().isVisible():
            self.popup().hide()
        else:
            self.popup().show_choices(self._choices, self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup is None or not self._popup.take_key(event):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._popup is not None:
            self._popup.hide()
