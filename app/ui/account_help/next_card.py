"""What comes next: advice in words, the day to come back, what came of today."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.domain.account_help import HelpState, next_advice
from app.domain.working_calendar import WorkingCalendar
from app.text import t
from app.ui.account_help.visit import Visit
from app.ui.account_help.words import outcome_choices, parse_next_visit
from app.ui.widgets import Card, ChoiceField, DateField, Label, px


class NextCard(Card):
    """``changed()``: the day or the outcome was set."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__(t("Việc tiếp theo"))
        self._today = today
        self._calendar: WorkingCalendar | None = None
        self._advice = Label("", wrap=True)
        self.day = DateField(
            t("Hẹn quay lại"),
            lambda text: parse_next_visit(text, self._today),
            icon="calendar",
            placeholder=t("ví dụ 30112026"),
        )
        self.outcome = ChoiceField(t("Kết quả hôm nay"))
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.day, 1)
        self._row.addWidget(self.outcome, 1)
        self.body.addWidget(self._advice)
        self.body.addLayout(self._row)
        self.day.value_changed.connect(self._on_day)
        self.day.entered.connect(lambda: self.outcome.setFocus())
        self.outcome.changed.connect(lambda _key: self.changed.emit())
        self._row.setSpacing(px(12))

    def set_today(self, today: date, calendar: WorkingCalendar) -> None:
        """The day and the calendar that days off are told from."""
        self._today, self._calendar = today, calendar

    def set_visit(self, visit: Visit) -> None:
        """Advice and choices for where the citizen stands."""
        self._advice.setText(" ".join(next_advice(visit.outcome, visit.obstacles)))
        self.outcome.set_choices(outcome_choices(visit.kept_state, visit.next_visit))
        self.outcome.set_value(visit.outcome.value)

    def set_day(self, day: date | None) -> None:
        """Shows a day without announcing it."""
        self.day.blockSignals(True)
        self.day.set_value(day)
        self.day.blockSignals(False)
        self._tell_day_off(day)

    def chosen(self) -> HelpState:
        """The outcome chosen."""
        return HelpState(self.outcome.value() or HelpState.REGISTERED.value)

    def _on_day(self, day: date | None) -> None:
        self._tell_day_off(day)
        self.changed.emit()

    def _tell_day_off(self, day: date | None) -> None:
        """A day the office is shut is said at once, and left as typed."""
        hint = ""
        if day is not None and self._calendar is not None and not self._calendar.is_working_day(day):
            name = self._calendar.day_off_name(day)
            hint = t("Hôm đó quầy nghỉ{why}.").format(why=f" ({name})" if name else "")
        self.day.set_hint(hint)
