"""Nhật ký: who did or read what, found by day, officer, act and dossier; whether the log is whole."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from app.domain.roles import Permission
from app.domain.typed_date import parse_typed_date
from app.errors import AppError
from app.services.audit.log import LogChoices, LogLine, LogPage, LogQuery, open_log, read_log
from app.services.audit.verify import AuditVerdict, verify_audit
from app.services.audit.words import verdict_words
from app.text import t
from app.ui.audit.view import LogView
from app.ui.audit.words import KEYS, found_words
from app.ui.background import DOSSIERS
from app.ui.dossiers.dates import local_day
from app.ui.dossiers.opening import OpenDossier
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import NoticeKind


class AuditScreen(Screen):
    """For who may read the log; it shows no citizen, so opening a dossier is a reading of its own.

    ``shown`` takes a dossier's number to look for, or ``None`` to go on as it was.
    """

    name = "audit"
    title = t("Nhật ký")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._desk, self._by = context.runtime.desk, context.officer
        self._lines: tuple[LogLine, ...] = ()
        self._query = LogQuery()
        self._checking = False
        self.view = LogView(self, self._read_day)
        self._wire()

    def _wire(self) -> None:
        view = self.view
        view.first_day.value_changed.connect(lambda _day: self.look())
        view.last_day.value_changed.connect(lambda _day: self.look())
        view.officer.changed.connect(lambda _key: self.look())
        view.act.changed.connect(lambda _key: self.look())
        view.record.entered.connect(self.look)
        view.record.left.connect(lambda _text: self._look_if_new())
        for field in (view.first_day, view.last_day, view.officer, view.act):
            field.entered.connect(self.to_rows)
        view.clear.clicked.connect(self.clear)
        view.older.clicked.connect(self.load_older)
        view.check.clicked.connect(self.verify)
        view.open.clicked.connect(self.open_picked)
        view.table.opened.connect(lambda _row: self.open_picked())
        view.table.selection_changed.connect(self._picked)

    # ---- what the window asks

    def shown(self, argument: object) -> None:
        """Begins to look; the looking is noted once."""
        self.view.news.hide()
        if isinstance(argument, str):
            self.view.clear_filters()
            self.view.record.set_text(argument)
        desk, by = self._desk, self._by
        self.context.background.run(
            lambda: open_log(desk, by), self._offered, self.view.say, owner=self, latest="audit-choices"
        )
        self.status_changed.emit([KEYS])

    def reload(self, kinds: frozenset[str]) -> None:
        """Something was done at another place of the window."""
        if DOSSIERS in kinds:
            self.look()

    def keys(self) -> tuple[KeyAct, ...]:
        """F4 older entries, F9 verify, Esc everything again."""
        return (
            KeyAct("F4", self.load_older, t("Dòng cũ hơn")),
            KeyAct("F9", self.verify, t("Kiểm tra nhật ký")),
            KeyAct("Esc", self.clear, t("Bỏ lọc")),
        )

    def first_focus(self) -> QWidget | None:
        """The entries."""
        return self.view.table

    def set_narrow(self, narrow: bool) -> None:
        """Fewer columns."""
        self.view.set_narrow(narrow)

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    # ---- acts

    def look(self) -> None:
        """Asks for the newest entries that fit the filters."""
        self._query = self._asked()
        self._ask(None)

    def load_older(self) -> None:
        """Adds the entries before the last one shown."""
        if self._lines and self.view.older.isEnabled():
            self.view.older.setEnabled(False)
            self._ask(self._lines[-1].seq)

    def clear(self) -> None:
        """Asks for everything again."""
        self.view.news.hide()
        self.view.clear_filters()
        self.look()
        self.to_rows()

    def to_rows(self) -> None:
        """From the filters to the entries."""
        self.view.table.setFocus()

    def open_picked(self) -> None:
        """The dossier of the entry under the cursor, for who may see dossiers."""
        line = self._current()
        if line is not None and self._may_open(line):
            self.go.emit(Destination("dossier", OpenDossier(line.dossier_id or "", back=self.name)))

    def verify(self) -> None:
        """Walks the whole log; once, however often it is pressed."""
        if self._checking:
            return
        self._checking = True
        self.view.check.setEnabled(False)
        self.view.tell(NoticeKind.INFO, t("Đang kiểm tra từng dòng nhật ký…"))
        desk, by = self._desk, self._by
        self.context.background.aside(
            lambda: verify_audit(desk, by), self._verified, self._not_verified, owner=self
        )

    # ---- inside

    def _read_day(self, text: str) -> date:
        return parse_typed_date(text, local_day(self._desk.clock.now()))

    def _asked(self) -> LogQuery:
        view = self.view
        return LogQuery(
            first_day=view.first_day.value(),
            last_day=view.last_day.value(),
            officer_id=view.officer.value() or None,
            act=view.act.value() or None,
            record=view.record.text().strip(),
        )

    def _look_if_new(self) -> None:
        if self._asked() != self._query:
            self.look()

    def _offered(self, choices: LogChoices) -> None:
        self.view.offer(choices)
        self.look()

    def _ask(self, before: int | None) -> None:
        desk, by, query = self._desk, self._by, self._query
        self.view.record.set_error(None)
        self.context.background.run(
            lambda: read_log(desk, by, query, before),
            lambda page: self._show(page, older=before is not None),
            self.view.say,
            owner=self,
            latest="audit",
        )

    def _show(self, page: LogPage, *, older: bool) -> None:
        self._lines = (*self._lines, *page.lines) if older else page.lines
        year = local_day(self._desk.clock.now()).year
        hint = found_words(len(self._lines), page.total)
        self.view.show_lines(self._lines, hint, year, more=page.more)
        self._picked()

    def _current(self) -> LogLine | None:
        key = self.view.table.current_key()
        return next((line for line in self._lines if str(line.seq) == key), None)

    def _may_open(self, line: LogLine) -> bool:
        return line.dossier_id is not None and self._by.may(Permission.VIEW)

    def _picked(self) -> None:
        line = self._current()
        self.view.open.setEnabled(line is not None and self._may_open(line))

    def _verified(self, verdict: AuditVerdict) -> None:
        self._may_check()
        title, body = verdict_words(verdict)
        self.view.tell(NoticeKind.OK if verdict.ok else NoticeKind.ERROR, title, body)

    def _not_verified(self, error: AppError) -> None:
        self._may_check()
        self.view.say(error)

    def _may_check(self) -> None:
        self._checking = False
        self.view.check.setEnabled(True)
