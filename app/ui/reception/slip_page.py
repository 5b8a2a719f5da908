"""The slip over the whole page. Esc goes back; Enter prints one that is stored."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.text import t
from app.ui.widgets import Button, Card, Kind, PaperPreview


class SlipPage(QWidget):
    """``print_asked()`` is Enter or the button, offered only for a stored dossier's slip."""

    print_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = False
        self.card = Card(t("Phiếu hẹn (mẫu 01)"))
        self.print_button = Button(t("In lại phiếu"), Kind.TINTED, icon="printer", cap="Enter")
        self.print_button.clicked.connect(self._print)
        self.card.add_act(self.print_button)
        self.preview = PaperPreview(name=t("Phiếu hẹn"))
        self.card.body.addWidget(self.preview, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_slip(self, title: str, pages: Sequence[QImage], *, stored: bool) -> None:
        """Show these pages; ``stored`` offers to print again."""
        self._stored = stored
        self.card.set_title(title)
        self.print_button.setVisible(stored)
        self.preview.set_pages(pages)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._print()
        else:
            super().keyPressEvent(event)

    def _print(self) -> None:
        if self._stored:
            self.print_asked.emit()
