"""A card of lying bars and, behind "Xem bảng", a table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.overview.leader_view import Load
from app.text import t
from app.ui.leader.load_bars import LoadBars
from app.ui.widgets import Button, Card, Column, ColumnKind, DataTable, Kind, Label, Tone, Type


class LoadCard(Card):
    """``set_loads`` gives both, so that picture and table never differ."""

    def __init__(self, title: str, who: str) -> None:
        super().__init__(title)
        self.switch = Button(t("Xem bảng"), Kind.LINK)
        self.switch.clicked.connect(self._turn)
        self.add_act(self.switch)
        self.bars = LoadBars(title)
        self.nothing = Label(t("Không có hồ sơ nào đang làm."), Type.TABLE, tone=Tone.SECONDARY)
        columns = (
            Column("name", who, ColumnKind.STRONG, stretch=True, sortable=False),
            Column("open", t("Đang làm"), ColumnKind.NUMBER, sortable=False),
            Column("late", t("Trễ hạn"), ColumnKind.NUMBER, sortable=False),
        )
        self.table = DataTable(columns, name=title, row_height=34)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.bars, 1)
        self.full.addWidget(self.table, 1)
        self._table_wanted = False
        self._show()

    def set_loads(self, loads: Sequence[Load]) -> None:
        """The largest first."""
        self.bars.set_loads(loads)
        self.table.set_rows([(load.name, load.open, load.late) for load in loads])
        self._show()

    def shows_table(self) -> bool:
        """Whether the leader wants the table."""
        return self._table_wanted

    def _turn(self) -> None:
        self._table_wanted = not self._table_wanted
        self.switch.set_text(t("Xem hình") if self._table_wanted else t("Xem bảng"))
        self._show()

    def _show(self) -> None:
        there = bool(self.bars.loads())
        self.nothing.setVisible(not there)
        self.bars.setVisible(there and not self._table_wanted)
        self.table.setVisible(there and self._table_wanted)
        self.switch.setVisible(there)
