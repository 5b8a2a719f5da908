"""A card with a chart and, behind "Xem bảng", a table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.text import t
from app.ui.widgets import (
    BarChart,
    BarDatum,
    Button,
    Card,
    Column,
    DataTable,
    Kind,
    Label,
    Legend,
    Tone,
    Type,
)

Cell = str | int | None


class ChartCard(Card):
    """``set_numbers`` gives both, so that picture and table never differ."""

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        *,
        beside: str = "",
        legend: Legend | None = None,
        part_on_top: bool = False,
        top: float | None = None,
    ) -> None:
        super().__init__(title)
        self._full, self._columns = title, tuple(columns)
        self._beside = Label(beside, Type.LABEL, tone=Tone.SECONDARY)
        self._legend = legend
        if beside:
            self.add_beside_title(self._beside)
        if legend is not None:
            self.add_act(legend)
        self.switch = Button(t("Xem bảng"), Kind.LINK)
        self.switch.clicked.connect(self._turn)
        self.add_act(self.switch)
        self.chart = BarChart(name=title, part_on_top=part_on_top, top=top)
        self.table = DataTable(self._columns, name=title, row_height=34)
        self.body.addWidget(self.chart, 1)
        self.full.addWidget(self.table, 1)
        self._table_wanted = False
        self.table.hide()

    def set_numbers(self, bars: Sequence[BarDatum], rows: Sequence[Sequence[Cell]]) -> None:
        """The bars, and the same numbers as rows."""
        self.chart.set_bars(bars)
        self.table.set_rows(rows)

    def shows_table(self) -> bool:
        """Whether the officer wants the table."""
        return self._table_wanted

    def shorten(self, title: str, short: bool) -> None:
        """Takes a short title and drops the words beside it, where the window is small."""
        self.set_title(title if short else self._full)
        self._beside.setVisible(bool(self._beside.text()) and not short)

    def add_line(self, line: QWidget) -> None:
        """Puts a line of words under the chart."""
        self.body.addWidget(line)

    def set_shown(self, shown: bool) -> None:
        """Shows chart or table, or neither where there is nothing to count."""
        self.table.setVisible(shown and self._table_wanted)
        self.chart.setVisible(shown and not self._table_wanted)
        if self._legend is not None:
            self._legend.setVisible(shown and not self._table_wanted)

    def _turn(self) -> None:
        self._table_wanted = not self._table_wanted
        self.set_shown(True)
        self.switch.set_text(t("Xem hình") if self._table_wanted else t("Xem bảng"))
