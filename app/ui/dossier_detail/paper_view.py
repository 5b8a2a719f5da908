"""The slip as it was printed, on the whole column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage

from app.text import t
from app.ui.widgets import Button, Card, PaperPreview, Size


class PaperView(Card):
    """``close_button`` and Esc put it away."""

    def __init__(self) -> None:
        super().__init__(t("Giấy hẹn (mẫu 01)"))
        self.close_button = Button(t("Đóng"), cap="Esc", size=Size.SMALL)
        self.add_act(self.close_button)
        self.preview = PaperPreview(name=t("Giấy hẹn (mẫu 01)"))
        self.full.addWidget(self.preview, 1)

    def set_pages(self, pages: Sequence[QImage]) -> None:
        """Shows the sheets."""
        self.preview.set_pages(pages)
