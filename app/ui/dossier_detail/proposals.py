"""What the province would have differently: the citizen's paper at left, its proposal at right (I17).

Nothing is changed by looking; which value holds is decided where the outbox is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal

from app.clock import VIETNAM, from_wire
from app.services.finding.dossier_detail import ProposalView
from app.text import t
from app.ui import wire_words
from app.ui.dossiers.dates import weekday
from app.ui.widgets import Button, Card, Column, ColumnKind, DataTable, Kind
from app.ui.wire_words import field_words

_COLUMNS = (
    Column("what", "", ColumnKind.MUTED, sortable=False),
    Column("slip", t("Giấy công dân đang cầm"), width=120, stretch=True, sortable=False),
    Column("province", t("Tỉnh đề xuất"), width=120, stretch=True, sortable=False),
)


class ProposalsCard(Card):
    """Hidden while the province proposes nothing. ``sync_asked()``: on to where it is decided."""

    sync_asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("Tỉnh đề xuất khác"))
        link = Button(t("Xem ở Đồng bộ"), Kind.LINK)
        link.clicked.connect(self.sync_asked)
        self.add_act(link)
        self.table = DataTable(_COLUMNS, name=t("Tỉnh đề xuất khác"), row_height=34)
        self.full.addWidget(self.table, 1)
        self.hide()

    def set_proposals(self, proposals: Sequence[ProposalView]) -> None:
        """Shows the open ones."""
        still = [each for each in proposals if each.state == "open"]
        self.table.set_rows([_row(each) for each in still])
        self.setVisible(bool(still))
        self._fit()

    def restyle(self) -> None:
        """Takes the height of the rows of the look now worn."""
        super().restyle()
        if hasattr(self, "table"):
            self._fit()

    def _fit(self) -> None:
        """Exactly as high as its rows."""
        rows = max(1, self.table.rows.rowCount())
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.row_height() + 2
        )


def _row(each: ProposalView) -> tuple[str, str, str]:
    return field_words(each.field), value_words(each.field, each.ours), value_words(each.field, each.theirs)


def value_words(pointer: str, value: Any) -> str:
    """A value of the wire as an officer reads it; a due date short enough for two beside each other."""
    if value and pointer.rpartition("/")[2] == "due_at":
        local = from_wire(str(value)).astimezone(VIETNAM)
        return f"{weekday(local.date())} {local:%d/%m/%Y %H:%M}"
    return wire_words.value_words(pointer, value)
