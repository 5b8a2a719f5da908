"""The layout of Hôm nay, wide and narrow."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.text import t
from app.ui.today.acts import BigActs
from app.ui.today.due_chart import due_card
from app.ui.today.figures import Figures
from app.ui.today.first_table import FirstCard
from app.ui.today.help_card import HelpCard
from app.ui.today.month_chart import month_card
from app.ui.widgets import Drawing, EmptyState, Notice, NoticeKind, ScrollColumn, px

_SIDE = 404
_SIDE_SMALL = 330
_ROOMY = 1110
"""Content this wide has room for subtitles."""


class TodayView:
    """Acts, figures, two charts, the to-do list and account help; built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self.acts, self.figures = BigActs(), Figures()
        self.due, self.months = due_card(), month_card()
        self.first, self.help = FirstCard(), HelpCard()
        self.failure = Notice(NoticeKind.WARN, "")
        self.again = self.failure.add_act(t("Thử lại"))
        self.failure.hide()
        self.nothing = _invitation()
        self.receive = self.nothing.add_way(
            t("Tiếp nhận hồ sơ đầu tiên"), t("Quét thẻ căn cước, hoặc nhập tay"), cap="F2"
        )
        self.look = self.nothing.add_way(
            t("Xem danh mục thủ tục"), t("Giấy tờ, thời hạn, phí của từng thủ tục"), icon="book"
        )
        self._narrow = False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._rest = QWidget()
        self._rest.setLayout(self._grid)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._rest)
        self._stack.addWidget(self.nothing)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        for part in (self.acts, self.failure, self.figures):
            self._column.addWidget(part)
        self._column.addWidget(self._stack, 1)
        self.scroll = ScrollColumn(QWidget())
        self._outer = QVBoxLayout(holder)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addWidget(self.scroll)
        self._outer.addWidget(self._inner)
        self.scroll.hide()
        self._place()
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self._column.setSpacing(px(12))
        self._grid.setSpacing(px(12))
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """What to do comes before the charts, which are reached by scrolling."""
        if narrow != self._narrow:
            self._move(narrow)
        self._narrow = narrow
        self.figures.set_narrow(narrow)
        self._place()

    def _move(self, narrow: bool) -> None:
        """Only a narrow window scrolls; a wide one gives its height to the cards."""
        self.scroll.takeWidget()
        if narrow:
            self._outer.removeWidget(self._inner)
            self.scroll.setWidget(self._inner)
        else:
            self._outer.addWidget(self._inner)
        self.scroll.setVisible(narrow)
        self._inner.setVisible(True)

    def fit(self, width: int) -> None:
        """Drops subtitles and short words where the content is not ``_ROOMY``."""
        roomy = width >= px(_ROOMY)
        self.due.shorten(t("Hồ sơ theo ngày hẹn trả"), not roomy)
        self.months.shorten(t("Đúng hạn (%)"), not roomy)
        self.acts.set_room(counted=not self._narrow, procedures=not self._narrow)

    def add_strip(self, strip: QWidget) -> None:
        """Puts a line of its own below the big acts."""
        self._column.insertWidget(1, strip)

    def set_untouched(self, untouched: bool) -> None:
        """An empty desk invites instead of showing empty charts."""
        self.figures.setVisible(not untouched)
        self._stack.setCurrentWidget(self.nothing if untouched else self._rest)

    def say_failure(self, error: AppError | None) -> None:
        """What did not work; the figures already there stay."""
        if error is not None:
            self.failure.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.failure.setVisible(error is not None)

    def _place(self) -> None:
        grid = self._grid
        for card in (self.due, self.months, self.first, self.help):
            grid.removeWidget(card)
        charts, lists = (1, 0) if self._narrow else (0, 1)
        if self._narrow:
            grid.addWidget(self.first, lists, 0, 1, 2)
            grid.addWidget(self.due, charts, 0, 1, 2)
            grid.addWidget(self.months, 2, 0)
            grid.addWidget(self.help, 2, 1)
        else:
            grid.addWidget(self.due, charts, 0)
            grid.addWidget(self.months, charts, 1)
            grid.addWidget(self.first, lists, 0)
            grid.addWidget(self.help, lists, 1)
        self._size()

    def _size(self) -> None:
        grid, narrow = self._grid, self._narrow
        for card in (self.months, self.help):
            card.setMinimumWidth(0 if narrow else px(_SIDE_SMALL))
            card.setMaximumWidth(1 << 20 if narrow else px(_SIDE))
        grid.setColumnStretch(0, 1 if narrow else 18)
        grid.setColumnStretch(1, 1 if narrow else 10)
        grid.setRowStretch(0, 0 if narrow else 18)
        grid.setRowStretch(1, 0 if narrow else 24)
        self.first.setMinimumHeight(px(246) if narrow else 0)
        for card in (self.due, self.months, self.help):
            card.setMinimumHeight(px(190) if narrow else 0)


def _invitation() -> EmptyState:
    return EmptyState(
        t("Quầy đã sẵn sàng, chưa có hồ sơ nào"),
        t("Số liệu và biểu đồ hiện ở đây ngay sau hồ sơ đầu tiên."),
        drawing=Drawing.CARD,
    )
