"""Trễ hạn: which dossiers, by whom, how long, and whether the citizen had an apology."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.services.finding.row_state import StateKind
from app.services.overview.leader_view import LeaderView
from app.text import t
from app.ui.dossiers.states import shape_of
from app.ui.widgets import Card, Column, ColumnKind, DataTable, Drawing, EmptyState

_COLUMNS = (
    Column("late", t("Trễ"), ColumnKind.STATE, sortable=False),
    Column("name", t("Chủ hồ sơ"), ColumnKind.STRONG, sortable=False),
    Column("procedure", t("Thủ tục"), width=100, stretch=True, sortable=False),
    Column("field", t("Lĩnh vực"), width=90, sortable=False),
    Column("officer", t("Cán bộ"), sortable=False),
    Column("apology", t("Xin lỗi"), sortable=False),
)


class LateCard(Card):
    """``opened(str)`` carries a dossier id."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(t("Trễ hạn"))
        self.table = DataTable(_COLUMNS, name=t("Trễ hạn"), row_height=34)
        self.table.opened.connect(lambda row: self.opened.emit(self.table.rows.key_of(row)))
        self.nothing = EmptyState(
            t("Không có hồ sơ trễ hạn"),
            t("Mọi hồ sơ đang làm còn trong hạn."),
            drawing=Drawing.DONE,
            small=True,
        )
        self.full.addWidget(self.table, 1)
        self.full.addWidget(self.nothing, 1)
        self.nothing.hide()

    def set_late(self, view: LeaderView) -> None:
        """Shows the list, the longest delay first."""
        self.table.set_rows(
            [
                (
                    shape_of(StateKind.LATE, one.words),
                    one.owner_name,
                    one.procedure_name,
                    one.field,
                    one.officer,
                    t("Đã có") if one.apology else t("Chưa có"),
                )
                for one in view.late
            ],
            [one.dossier_id for one in view.late],
        )
        self.table.setVisible(bool(view.late))
        self.nothing.setVisible(not view.late)
        hidden = view.late_total - len(view.late)
        self.set_hint(t("Còn {count} hồ sơ nữa ở màn hình Hồ sơ").format(count=hidden) if hidden else "")

    def set_narrow(self, narrow: bool) -> None:
        """The field is dropped where there is no room."""
        self.table.set_column_shown("field", not narrow)
