"""The slip as it will be printed, beside the form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.text import t
from app.ui.widgets import Button, Card, Drawing, EmptyState, PaperPreview, Size, px

WIDTH, TIGHT_WIDTH = 360, 264
ROOMY = 1130
"""Width of the page from which the slip has its full width: a window of 1366."""


class SlipCard(Card):
    """``enlarge_asked()`` is "Xem lớn"."""

    enlarge_asked = Signal()
    _tight = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("Phiếu hẹn (mẫu 01)"), parent=parent)
        self._enlarge = Button(t("Xem lớn"), cap="Ctrl+P", size=Size.SMALL)
        self._enlarge.clicked.connect(self.enlarge_asked)
        self.add_act(self._enlarge)
        self.preview = PaperPreview(name=t("Phiếu hẹn"))
        self._empty = EmptyState(t("Chưa có phiếu hẹn"), "", drawing=Drawing.PAPER, small=True)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.preview)
        self.body.addWidget(holder)
        self.show_nothing(t("Phiếu hiện ra khi đã chọn thủ tục."))
        self.restyle()

    def restyle(self) -> None:
        """Takes the width of the look now worn."""
        super().restyle()
        self.setFixedWidth(px(TIGHT_WIDTH if self._tight else WIDTH))

    def fit(self, page_width: int) -> None:
        """Give way to the form where the page is not wide."""
        tight = page_width < px(ROOMY)
        if tight != self._tight:
            self._tight = tight
            self.set_title(t("Phiếu hẹn") if tight else t("Phiếu hẹn (mẫu 01)"))
            self.restyle()

    def show_pages(self, pages: Sequence[QImage]) -> None:
        """Show the slip."""
        self.preview.set_pages(pages)
        self._stack.setCurrentWidget(self.preview)
        self._enlarge.setVisible(True)

    def show_nothing(self, why: str) -> None:
        """No slip for now, and why."""
        self.preview.set_pages([])
        self._empty.set_words(t("Chưa có phiếu hẹn"), why)
        self._stack.setCurrentWidget(self._empty)
        self._enlarge.setVisible(False)
