"""Cần làm trước: what to do first; Enter or its act opens the dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent

from app.services.overview.today import FirstRow
from app.text import t
from app.ui.dossiers.dates import due_day_words
from app.ui.dossiers.states import shape_of
from app.ui.widgets import Button, Card, Column, ColumnKind, DataTable, Drawing, EmptyState, Kind

_COLUMNS = (
    Column("state", t("Tình trạng"), ColumnKind.STATE, sortable=False),
    Column("name", t("Chủ hồ sơ"), ColumnKind.STRONG, sortable=False),
    Column("procedure", t("Thủ tục"), width=120, stretch=True, sortable=False),
    Column("due", t("Hẹn trả"), sortable=False),
    Column("act", t("Việc cần làm"), ColumnKind.LINK, sortable=False),
)


_LEAST = 3


class FirstCard(Card):
    """``opened(str)`` carries a dossier id; ``all_asked()``: the whole list."""

    opened = Signal(str)
    all_asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("Cần làm trước"))
        everything = Button(t("Xem tất cả"), Kind.LINK)
        everything.clicked.connect(self.all_asked)
        self.add_act(everything)
        self.table = DataTable(_COLUMNS, name=t("Cần làm trước"), row_height=34)
        self.table.opened.connect(self._on_open)
        self.table.link_clicked.connect(lambda row, _key: self._on_open(row))
        self.nothing = EmptyState(
            t("Không còn việc gấp"),
            t("Không có hồ sơ nào đang làm có ngày hẹn."),
            drawing=Drawing.DONE,
            small=True,
        )
        self.full.addWidget(self.table, 1)
        self.full.addWidget(self.nothing, 1)
        self.nothing.hide()
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_rows(self, rows: Sequence[FirstRow], now: datetime) -> None:
        """What to do first, the most urgent first."""
        self.table.set_rows(
            [
                (
                    shape_of(row.kind, row.words),
                    row.owner_name,
                    row.procedure_name,
                    due_day_words(row.due_at, now),
                    t("Mở hồ sơ"),
                )
                for row in rows
            ],
            [row.dossier_id for row in rows],
        )
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self._keep_whole_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_whole_rows)

    def _keep_whole_rows(self) -> None:
        """Rows for which there is no room are left to "Xem tất cả"; none is cut in half."""
        room = max(_LEAST, self.table.viewport().height() // self.table.row_height())
        for row in range(self.table.rows.rowCount()):
            self.table.setRowHidden(row, row >= room)

    def _on_open(self, row: int) -> None:
        self.opened.emit(self.table.rows.key_of(row))
