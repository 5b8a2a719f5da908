"""What the province would have differently: the citizen's paper at left, its proposal at right (I17).

Nothing is changed by looking; which value holds is decided where the outbox is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal

from app.clock import VIETNAM, from_wire
from app.domain.dossier_status import Status
from app.services.dossier_view import ProposalView
from app.text import t
from app.ui.dossiers.dates import weekday
from app.ui.widgets import Button, Card, Column, ColumnKind, DataTable, Kind

_COLUMNS = (
    Column("what", "", ColumnKind.MUTED, sortable=False),
    Column("slip", t("Giấy công dân đang cầm"), width=120, stretch=True, sortable=False),
    Column("province", t("Tỉnh đề xuất"), width=120, stretch=True, sortable=False),
)

_FIELDS = {
    "code": t("Số hồ sơ"),
    "status": t("Trạng thái"),
    "due_at": t("Hẹn trả"),
    "full_name": t("Họ tên"),
    "birth_date": t("Ngày sinh"),
    "sex": t("Giới tính"),
    "value": t("Số giấy tờ"),
    "phone": t("Điện thoại"),
    "email": t("Thư điện tử"),
    "amount_vnd": t("Mức thu"),
    "procedure_code": t("Thủ tục"),
}


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


def field_words(pointer: str) -> str:
    """What a JSON Pointer of the wire names, in the counter's words."""
    return _FIELDS.get(pointer.rpartition("/")[2], t("Thông tin khác"))


def value_words(pointer: str, value: Any) -> str:
    """A value of the wire as an officer reads it."""
    name = pointer.rpartition("/")[2]
    if value is None or value == "":
        return "–"
    if name == "status":
        return Status(int(value)).label
    if name == "due_at":
        local = from_wire(str(value)).astimezone(VIETNAM)
        return f"{weekday(local.date())} {local:%d/%m/%Y %H:%M}"
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value)
