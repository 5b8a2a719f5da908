"""The on-time share of each month (QĐ 766, component 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.services.overview.today import MonthShare
from app.text import t
from app.ui.today.chart_card import Cell, ChartCard
from app.ui.widgets import BarDatum, Column, ColumnKind, Legend


def month_card() -> ChartCard:
    """The card, empty."""
    columns = (
        Column("month", t("Tháng"), sortable=False, stretch=True),
        Column("total", t("Tiếp nhận"), ColumnKind.NUMBER, sortable=False),
        Column("late", t("Quá hạn"), ColumnKind.NUMBER, sortable=False),
        Column("share", t("Đúng hạn"), ColumnKind.NUMBER, sortable=False),
    )
    legend = Legend([t("Quá hạn")], first=2)
    return ChartCard(t("Đúng hạn theo tháng (%)"), columns, legend=legend, part_on_top=True, top=100)


def month_bars(months: Sequence[MonthShare], today: date) -> list[BarDatum]:
    """One bar of a hundred a month, its late part on top; a month without dossiers has no bar."""
    return [_bar(month, today) for month in months]


def month_rows(months: Sequence[MonthShare]) -> list[list[Cell]]:
    """The same numbers, the counts behind them too."""
    return [
        [
            f"{each.month.month}/{each.month.year}",
            each.total,
            each.total - each.on_time,
            _percent(each) + _sign(each),
        ]
        for each in months
    ]


def _bar(month: MonthShare, today: date) -> BarDatum:
    share = month.percent
    now = (month.month.year, month.month.month) == (today.year, today.month)
    label = f"T{month.month.month}"
    if share is None:
        return BarDatum(label, value=0, text="–", now=now)
    return BarDatum(label, value=100, part=100 - share, text=_percent(month), now=now)


def _percent(month: MonthShare) -> str:
    return "–" if month.percent is None else f"{month.percent:.1f}".replace(".", ",")


def _sign(month: MonthShare) -> str:
    return "" if month.percent is None else " %"
