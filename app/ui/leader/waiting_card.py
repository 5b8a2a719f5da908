"""Chờ ký: what waits for a signature, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.services.people.approvals import Approval
from app.text import t
from app.ui.dossiers.states import state_of
from app.ui.leader.words import act_title
from app.ui.widgets import Card, Column, ColumnKind, DataTable, Drawing, EmptyState

_COLUMNS = (
    Column("act", t("Việc cần ký"), ColumnKind.STRONG, sortable=False),
    Column("name", t("Chủ hồ sơ"), sortable=False),
    Column("procedure", t("Thủ tục"), width=110, stretch=True, sortable=False),
    Column("state", t("Tình trạng"), ColumnKind.STATE, sortable=False),
    Column("by", t("Người trình"), sortable=False),
)


class WaitingCard(Card):
    """``opened(str)``: Enter on a row; ``moved(str)``: another row is current. Both carry its id."""

    opened = Signal(str)
    moved = Signal(str)

    def __init__(self) -> None:
        super().__init__(t("Chờ ký"), hint=t("Enter xem việc cần ký"))
        self.table = DataTable(_COLUMNS, name=t("Chờ ký"), row_height=34)
        self.table.opened.connect(lambda row: self.opened.emit(self.table.rows.key_of(row)))
        self.table.selection_changed.connect(lambda: self.moved.emit(self.table.current_key()))
        self.nothing = EmptyState(
            t("Không còn việc chờ ký"),
            t("Cán bộ trình từ màn hình hồ sơ; việc mới hiện ở đây ngay."),
            drawing=Drawing.DONE,
            small=True,
        )
        self.full.addWidget(self.table, 1)
        self.full.addWidget(self.nothing, 1)
        self.nothing.hide()

    def set_waiting(self, waiting: Sequence[Approval]) -> None:
        """Shows the list; the cursor stays at its row, or at the place of the one that is gone."""
        place = max(0, self.table.currentIndex().row())
        kept = self.table.current_key()
        rows = [
            (
                act_title(laid.order.act),
                laid.owner_name,
                laid.procedure_name,
                state_of(laid.stands),
                laid.asked_by,
            )
            for laid in waiting
        ]
        self.table.set_rows(rows, [laid.id for laid in waiting])
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.set_hint(t("Enter xem việc cần ký") if rows else "")
        if (rows and self.table.current_key() != kept) or (rows and not self.table.selected_rows()):
            self.table.select_row(min(place, len(rows) - 1))
