"""The lane laid out: citizen, row, list at left; sums and acts at right; one action bar."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.text import t
from app.ui.certify.entry_row import EntryRow, RowHint
from app.ui.certify.lines_card import LinesCard
from app.ui.certify.person_row import PersonRow
from app.ui.certify.side import Side
from app.ui.widgets import (
    ActionBar,
    Button,
    Kind,
    Notice,
    NoticeKind,
    NoticeLine,
    ScrollColumn,
    Size,
    px,
)

_LIST_ROWS = 180


class LaneView:
    """Built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self.person, self.entry, self.lines, self.side = PersonRow(), EntryRow(), LinesCard(), Side()
        self.hint = RowHint()
        self.news = Notice(NoticeKind.OK, "")
        self.again = self.news.add_act(t("In lại bảng kê"), icon="printer", cap="Ctrl+P")
        self.stamps = self.news.add_act(t("In lời chứng"), icon="stamp")
        self.waiting = NoticeLine("", icon="save", link=t("Mở lại"))
        self.bar = ActionBar()
        self.leave = self.bar.add_button(Button(t("Để lại nháp"), cap="Esc", size=Size.BIG))
        self.following = self.bar.add_button(Button(t("Người tiếp theo"), cap="F10", size=Size.BIG))
        self.accept = self.bar.add_button(
            Button(t("Vào sổ và in"), Kind.PRIMARY, icon="stamp", cap="F9", size=Size.BIG)
        )
        self.left = QWidget()
        self._build(holder)
        self.news.hide()
        self.waiting.hide()
        self.set_narrow(False)

    def _build(self, holder: QWidget) -> None:
        self._column = QVBoxLayout(self.left)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self.news, self.waiting, self.person, self.entry, self.hint):
            self._column.addWidget(part)
        self._column.addWidget(self.lines, 1)
        content = QWidget()
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._across.addWidget(self.left, 1)
        self._across.addWidget(self.side)
        whole = QVBoxLayout(holder)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(ScrollColumn(content), 1)
        whole.addWidget(self.bar)

    def set_narrow(self, narrow: bool) -> None:
        """One column, fewer words."""
        directions = QBoxLayout.Direction
        self._across.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.side.set_narrow(narrow)
        self.hint.setVisible(not narrow)
        self.leave.set_text(t("Để lại") if narrow else t("Để lại nháp"))
        self.following.setVisible(not narrow)
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self._column.setSpacing(px(8))
        self.lines.setMinimumHeight(px(_LIST_ROWS))
