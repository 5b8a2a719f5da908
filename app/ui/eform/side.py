"""Beside the form: the paper as it will be printed, and what the officer is told about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage

from app.domain.eform.filling import Filled
from app.domain.eform.form import Level
from app.text import t
from app.ui.widgets import Card, Label, PaperPreview, Tone, Type

_MOST = 4


class SideCard(Card):
    """``set_pages`` and ``set_state``."""

    def __init__(self) -> None:
        super().__init__(t("Bản in"))
        self.whole = PaperPreview(name=t("Bản in tờ khai"), whole=True)
        self.large = PaperPreview(name=t("Bản in tờ khai"))
        for paper in (self.whole, self.large):
            self.full.addWidget(paper, 1)
        self.large.hide()
        self._words = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.foot.addWidget(self._words)

    def set_pages(self, pages: Sequence[QImage]) -> None:
        """Shows another state of the paper."""
        self.set_hint(t("{count} trang").format(count=len(pages)))
        for paper in (self.whole, self.large):
            paper.set_pages(pages)

    def set_state(self, filled: Filled) -> None:
        """How much is missing, and what concerns the whole form."""
        lines = []
        if filled.missing:
            lines.append(t("Còn {count} mục phải điền.").format(count=len(filled.missing)))
        else:
            lines.append(t("Đã đủ các mục phải điền."))
        about = [issue.sentence for issue in filled.warnings if not issue.field or issue.level is Level.NOTE]
        self._words.setText("\n".join([*lines, *dict.fromkeys(about)][: _MOST + 1]))

    def set_large(self, large: bool) -> None:
        """As wide as the card and scrolled, where it stands alone; else the whole sheet at once."""
        self.whole.setVisible(not large)
        self.large.setVisible(large)
