"""Above the table: conditions as chips, filters of a narrow window, which columns are shown."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.text import t
from app.ui.dossiers.columns import ALWAYS_SHOWN, COLUMNS
from app.ui.dossiers.filters import FilterButton
from app.ui.dossiers.popup_button import PopupButton
from app.ui.widgets import ChipBar, ChipItem, Choice, px

MONTH, MINE, RETURNED = "month", "mine", "returned"


class ConditionBar(QWidget):
    """``chips.toggled(str, bool)``: a condition; ``filters.chosen(str)``; ``columns.chosen(str)``."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = FilterButton()
        self.chips = ChipBar(name=t("Điều kiện"))
        self.columns = PopupButton(t("Cột hiển thị"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.filters)
        self._row.addWidget(self.chips, 1)
        self._row.addWidget(self.columns)
        self.filters.hide()
        self.restyle()

    def set_conditions(self, month: str, held: Collection[str]) -> None:
        """Shows the conditions and which of them hold."""
        words = ((MONTH, month), (MINE, t("Cán bộ: tôi")), (RETURNED, t("Tỉnh trả về")))
        self.chips.set_chips([ChipItem(key, text, key in held) for key, text in words])

    def set_columns(self, shown: Collection[str]) -> None:
        """Shows which columns are in sight; a check stands at those."""
        self.columns.set_choices(
            [
                Choice(column.key, column.title, icon="check" if column.key in shown else "")
                for column in COLUMNS
                if column.key not in ALWAYS_SHOWN
            ]
        )

    def set_narrow(self, narrow: bool) -> None:
        """The filters come into this line; columns are chosen by the window."""
        self.filters.setVisible(narrow)
        self.columns.setVisible(not narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._row.setSpacing(px(8))
