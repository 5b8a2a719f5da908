"""Account help of this week: visits a day, and who got as far as signing in to the portal."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.overview.today import HelpWeek
from app.text import t
from app.ui.dossiers.dates import weekday
from app.ui.today.chart_card import Cell, ChartCard
from app.ui.widgets import BarDatum, Button, Column, ColumnKind, Label, Size, Tone, Type

_WORKING_DAYS = 5


class HelpCard(ChartCard):
    """Bars of the week under way; days to come stand empty."""

    def __init__(self) -> None:
        columns = (
            Column("day", t("Ngày"), sortable=False, stretch=True),
            Column("visits", t("Lượt hỗ trợ"), ColumnKind.NUMBER, sortable=False),
        )
        super().__init__(t("Hỗ trợ tài khoản tuần này"), columns)
        self._words = Label("", Type.LABEL, tone=Tone.SECONDARY, elide=True)
        self.add_line(self._words)
        self.nothing = QWidget()
        inside = QVBoxLayout(self.nothing)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(
            Label(t("Tuần này chưa có lượt hỗ trợ nào."), Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        )
        self.begin = Button(t("Mở hỗ trợ tài khoản"), icon="person-plus", size=Size.SMALL)
        inside.addWidget(self.begin)
        inside.addStretch(1)
        self.body.addWidget(self.nothing, 1)

    def set_week(self, week: HelpWeek, today: date) -> None:
        """Shows a week, or the invitation of a week without a visit."""
        self.set_numbers(week_bars(week, today), week_rows(week))
        self._words.setText(week_words(week))
        for part in (self._words, self.switch):
            part.setVisible(week.total > 0)
        self.set_shown(week.total > 0)
        self.nothing.setVisible(week.total == 0)


def week_bars(week: HelpWeek, today: date) -> list[BarDatum]:
    """Monday to Friday, and the weekend as far as it has come."""
    if not week.days:
        return []
    counts = dict(week.days)
    monday = week.days[0][0]
    length = max(_WORKING_DAYS, len(week.days))
    days = [monday + timedelta(days=n) for n in range(length)]
    return [
        BarDatum(weekday(day), value=counts.get(day, 0), text="" if day in counts else " ", now=day == today)
        for day in days
    ]


def week_rows(week: HelpWeek) -> list[list[Cell]]:
    """The same numbers."""
    return [[f"{weekday(day)} {day:%d/%m}", count] for day, count in week.days]


def week_words(week: HelpWeek) -> str:
    """``7 lượt, 3 người đã đăng nhập được Cổng``."""
    if not week.total:
        return t("Tuần này chưa có lượt hỗ trợ nào.")
    words = t("{count} lượt").format(count=week.total)
    if week.signed_in:
        words += ", " + t("{count} người đã đăng nhập được Cổng").format(count=week.signed_in)
    return words
