"""The take-home card as it will be printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage

from app.text import t
from app.ui.widgets import Button, Card, Label, PaperPreview, Size, Tone, Type


class PreviewCard(Card):
    """``print_button``: the card again, or save and print where something is new."""

    def __init__(self) -> None:
        super().__init__(t("Phiếu mang về"))
        self.print_button = Button(t("In"), cap="Ctrl+P", size=Size.SMALL)
        self.add_act(self.print_button)
        self.whole = PaperPreview(name=t("Phiếu mang về"), whole=True)
        self.large = PaperPreview(name=t("Phiếu mang về"))
        for paper in (self.whole, self.large):
            self.full.addWidget(paper, 1)
        self.large.hide()
        words = t("Chữ to, khổ A5, không ghi tên và số.")
        self.foot.addWidget(Label(words, Type.LABEL, tone=Tone.SECONDARY, wrap=True))

    def set_pages(self, pages: Sequence[QImage]) -> None:
        """Shows another state of the card."""
        for paper in (self.whole, self.large):
            paper.set_pages(pages)

    def set_large(self, large: bool) -> None:
        """As wide as the card and scrolled, where it stands alone; else the whole sheet at once."""
        self.whole.setVisible(not large)
        self.large.setVisible(large)
