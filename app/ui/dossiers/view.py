"""The layout of the grid screen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.finding.grid import Preset
from app.text import t
from app.ui.dossiers.bar import ConditionBar
from app.ui.dossiers.filters import FilterCard
from app.ui.dossiers.model import DossierModel
from app.ui.dossiers.table import DossierTable
from app.ui.widgets import Card, Drawing, EmptyState, Notice, NoticeKind, px


class DossiersView:
    """Filters at left, conditions above, the table or an invitation; built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self.filters = FilterCard()
        self.bar = ConditionBar()
        self.model = DossierModel()
        self.table = DossierTable(self.model)
        self.nothing = EmptyState("", drawing=Drawing.SEARCH)
        self.everywhere = self.nothing.add_way(
            t("Tìm trong tất cả hồ sơ"), t("Bỏ mọi điều kiện lọc"), icon="filter"
        )
        self.failure = Notice(NoticeKind.WARN, "")
        self.again = self.failure.add_act(t("Thử lại"))
        self.failure.hide()
        self._card = Card()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        self._card.full.addWidget(self._stack)
        self._column = QVBoxLayout()
        self._column.addWidget(self.bar)
        self._column.addWidget(self.failure)
        self._column.addWidget(self._card, 1)
        self._row = QHBoxLayout(holder)
        self._row.addWidget(self.filters)
        self._row.addLayout(self._column, 1)
        self.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setContentsMargins(px(16), px(12), px(16), px(12))
        self._row.setSpacing(px(12))
        self._column.setSpacing(px(12))

    def set_narrow(self, narrow: bool) -> None:
        """The card of filters gives way to a button."""
        self.filters.setVisible(not narrow)
        self.bar.set_narrow(narrow)

    def set_counts(self, counts: Mapping[Preset, int]) -> None:
        """How many each filter holds."""
        self.filters.set_counts(counts)
        self.bar.filters.set_counts(counts)

    def set_preset(self, preset: Preset | None) -> None:
        """Which filter holds."""
        self.filters.set_preset(preset)
        self.bar.filters.set_preset(preset)

    def show_rows(self, any_row: bool) -> None:
        """The table, or the invitation where there is no row; what failed is over."""
        self.failure.hide()
        self._stack.setCurrentWidget(self.table if any_row else self.nothing)

    def say_nothing(self, invitation: str, hint: str, *, everywhere: bool) -> None:
        """Why there is no row, and the way on when conditions narrow the list."""
        self.nothing.set_words(invitation, hint)
        self.everywhere.setVisible(everywhere)

    def say_failure(self, error: AppError) -> None:
        """What did not work; the rows already there stay."""
        self.failure.set_notice(NoticeKind.WARN, error.title, error.next_step)
        self.failure.show()
