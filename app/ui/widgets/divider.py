"""A thin line between two parts of a card."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import current


class Divider(QWidget):
    """One line of the card's colour, lying or (``upright``) standing."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._upright = upright
        grow, fixed = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        self.setSizePolicy(fixed if upright else grow, grow if upright else fixed)
        self.restyle()

    def restyle(self) -> None:
        """Takes the line width of the look now worn."""
        width = current().line_width
        if self._upright:
            self.setFixedWidth(width)
        else:
            self.setFixedHeight(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), current().card_line)
