"""Dossiers by the day they are due: ten working days, holidays hatched, weekends a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.services.overview.today import DueDay
from app.text import t
from app.ui.dossiers.dates import weekday
from app.ui.today.chart_card import Cell, ChartCard
from app.ui.widgets import BarDatum, Column, ColumnKind, Legend


def due_card() -> ChartCard:
    """The card, empty."""
    columns = (
        Column("day", t("Ngày hẹn"), sortable=False, stretch=True),
        Column("total", t("Đến hạn"), ColumnKind.NUMBER, sortable=False),
        Column("done", t("Đã xong"), ColumnKind.NUMBER, sortable=False),
        Column("left", t("Chưa xong"), ColumnKind.NUMBER, sortable=False),
    )
    legend = Legend([t("Đến hạn"), t("Hôm nay, chưa xong")])
    title = t("Hồ sơ theo ngày hẹn trả")
    return ChartCard(title, columns, beside=t("10 ngày làm việc tới"), legend=legend)


def due_bars(days: Sequence[DueDay], today: date) -> list[BarDatum]:
    """One bar a day; what is not done is shown for today, when it matters."""
    return [_bar(day, today) for day in days]


def due_rows(days: Sequence[DueDay], today: date) -> list[list[Cell]]:
    """The same numbers, with what is not done of every day."""
    return [[_day_words(day, today), day.total, day.total - day.left, day.left] for day in days]


def _bar(day: DueDay, today: date) -> BarDatum:
    now = day.day == today
    holiday = day.holiday is not None and not day.total
    return BarDatum(
        t("Hôm nay") if now else weekday(day.day),
        f"{day.day:%d/%m}",
        day.total,
        day.left if now else 0,
        now=now,
        holiday=t("Nghỉ lễ") if holiday else "",
        holiday_detail=_short_name(day.holiday) if holiday and day.holiday else "",
        gap_before=day.gap_before,
    )


def _day_words(day: DueDay, today: date) -> str:
    words = f"{weekday(day.day)} {day.day:%d/%m}"
    if day.day == today:
        words += " · " + t("hôm nay")
    return f"{words} · {day.holiday}" if day.holiday else words


def _short_name(name: str) -> str:
    """``Ngày Văn hóa Việt Nam`` → ``Văn hóa``: what fits under a bar."""
    short = name.removeprefix("Ngày ").removesuffix(" Việt Nam")
    return short[:1].upper() + short[1:]
