"""A column whose wrapped labels have settled: a label that was once narrow holds the height it needed then,
for Qt counts the least height of a label into the height it asks for, and keeps that until told anew."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets import Label


class SettledColumn(QWidget):
    """Asks every layout below again after its width has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self.settle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._again.start()

    def settle_soon(self) -> None:
        """Asks once the events now waiting are done, after the content has changed."""
        self._again.start()

    def settle(self) -> None:
        """Asks now."""
        for label in self.findChildren(Label):
            if label.wordWrap():
                label.setMinimumHeight(0)
                label.setWordWrap(True)
                label.restyle()
        for child in (*self.findChildren(QWidget), self):
            layout = child.layout()
            if layout is not None:
                layout.invalidate()
        self.updateGeometry()
