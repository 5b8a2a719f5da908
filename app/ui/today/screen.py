"""Hôm nay: opens before the kettle, reloads when dossiers, outbox or account help change."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.deadline_words import weekday_words
from app.errors import AppError
from app.services.finding.grid import GridQuery, Preset, SortColumn
from app.services.safety.automatic import BackupAge
from app.text import t
from app.ui.background import DOSSIERS, HELP, OUTBOX
from app.ui.dossiers.dates import local_day, weekday
from app.ui.dossiers.opening import OpenDossier
from app.ui.queue.strip import QueueStrip
from app.ui.screen import Context, Destination, Screen
from app.ui.today.due_chart import due_bars, due_rows
from app.ui.today.loading import Loaded, load
from app.ui.today.month_chart import month_bars, month_rows
from app.ui.today.view import TodayView


class TodayScreen(Screen):
    """The first screen of the day."""

    name = "today"
    title = t("Hôm nay")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.view = TodayView(self)
        view = self.view
        self.queue = QueueStrip(context)
        view.add_strip(self.queue)
        view.acts.asked.connect(lambda name: self.go.emit(Destination(name)))
        view.figures.asked.connect(self._show_preset)
        view.first.opened.connect(self._open)
        view.first.all_asked.connect(self._show_all)
        view.again.clicked.connect(self.load)
        view.receive.clicked.connect(lambda: self.go.emit(Destination("reception")))
        view.help.begin.clicked.connect(lambda: self.go.emit(Destination("account_help")))
        view.look.clicked.connect(lambda: self.go.emit(Destination("procedures")))

    def shown(self, argument: object) -> None:
        """The figures of this moment."""
        self.load()
        self.queue.look()

    def hidden(self) -> None:
        """Numbers are looked for only while somebody looks."""
        self.queue.rest()

    def reload(self, kinds: frozenset[str]) -> None:
        """Something changed that is counted here."""
        if kinds & {DOSSIERS, OUTBOX, HELP}:
            self.load()

    def load(self) -> None:
        """Asks the worker for the day."""
        desk, by = self.context.runtime.desk, self.context.officer
        self.context.background.run(
            lambda: load(desk, by), self._show, self._failed, owner=self, latest="today"
        )

    def set_narrow(self, narrow: bool) -> None:
        """What to do comes first, charts below."""
        self.view.set_narrow(narrow)
        self.queue.set_narrow(narrow)
        self.view.fit(self.width())

    def first_focus(self) -> QWidget | None:
        """The to-do list, so that Enter opens the first."""
        return self.view.first.table

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()
        self.view.fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.fit(event.size().width())

    def _show(self, loaded: Loaded) -> None:
        today, view = loaded.today, self.view
        day = local_day(today.now)
        view.say_failure(None)
        view.set_untouched(loaded.untouched)
        view.acts.set_received(today.received_today)
        view.figures.show_today(today)
        view.due.set_numbers(due_bars(today.strip, day), due_rows(today.strip, day))
        view.months.set_numbers(month_bars(today.months, day), month_rows(today.months))
        view.first.set_rows(today.first, today.now)
        view.help.set_week(today.help_week, day)
        self.subtitle_changed.emit(_day_title(day))
        holiday = _holiday_words(today.next_holiday, day)
        self.status_changed.emit([*holiday, backup_words(loaded.backup, today.now)])

    def _failed(self, error: AppError) -> None:
        self.view.say_failure(error)

    def _show_preset(self, preset: Preset) -> None:
        self.go.emit(Destination("dossiers", preset))

    def _show_all(self) -> None:
        query = GridQuery(preset=Preset.WORKING, sort=SortColumn.DUE, descending=False)
        self.go.emit(Destination("dossiers", query))

    def _open(self, dossier_id: str) -> None:
        self.go.emit(Destination("dossier", OpenDossier(dossier_id, back=self.name)))


def backup_words(age: BackupAge, now: datetime) -> str:
    """How old the newest copy of the desk is (I8)."""
    if age.at is None:
        return t("Chưa có bản sao lưu nào")
    days = (local_day(now) - local_day(age.at)).days
    if days <= 0:
        return t("Đã sao lưu lúc {time}").format(time=f"{age.at.astimezone(VIETNAM):%H:%M}")
    return t("Sao lưu gần nhất: {days} ngày trước").format(days=days)


def _day_title(day: date) -> str:
    words = weekday_words(day)
    return f"{words[0].upper()}{words[1:]} {day:%d/%m/%Y}"


def _holiday_words(holiday: tuple[date, str] | None, today: date) -> list[str]:
    if holiday is None:
        return []
    day, name = holiday
    when = t("Ngày mai") if (day - today).days == 1 else weekday(day)
    return [t("{when} {day} nghỉ: {name}").format(when=when, day=f"{day:%d/%m}", name=name)]
