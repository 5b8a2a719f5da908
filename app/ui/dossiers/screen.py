"""Hồ sơ: every dossier of the desk, found while typing, moved through like Excel."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.services.finding.grid import GridQuery, GridRow, Preset, Totals
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossiers import words
from app.ui.dossiers.bar import MINE, MONTH, RETURNED
from app.ui.dossiers.columns import ALWAYS_SHOWN, COLUMNS, NARROW, SORTS
from app.ui.dossiers.copying import Copying
from app.ui.dossiers.dates import local_day, month_words
from app.ui.dossiers.feed import Answer, Feed
from app.ui.dossiers.filters import preset_of
from app.ui.dossiers.opening import OpenDossier
from app.ui.dossiers.remembered import Remembered
from app.ui.dossiers.view import DossiersView
from app.ui.screen import Context, Destination, Screen

_KEEP_NONE = -1
_TOTALS_PAUSE_MS = 60
_REST_PAUSE_MS = 90
"""Between the first rows and the question for all the others, so that the next key is not kept waiting."""


class DossiersScreen(Screen):
    """The grid. ``shown`` takes a search text, a ``Preset``, a ``GridQuery``, an ``OpenDossier`` that was
    looked at, or ``None`` to go on as it was; ``search`` is for the header's box, at each key."""

    name = "dossiers"
    title = t("Hồ sơ")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._today = local_day(context.runtime.desk.clock.now())
        self._query = GridQuery()
        self._asked: GridQuery | None = None
        self._keep_selected: array[int] = array("q")
        self._follow = False
        self._feed = Feed(context, self)
        self._remembered = Remembered(context.runtime.data)
        self.view = DossiersView(self)
        self.model, self.table = self.view.model, self.view.table
        self._pause = QTimer(self, singleShot=True, interval=_TOTALS_PAUSE_MS)
        self._fetch = QTimer(self, singleShot=True, interval=0)
        self._rest = QTimer(self, singleShot=True, interval=_REST_PAUSE_MS)
        self._narrow = False
        self.answers = 0
        """How many answers were shown; tests and benches wait by it."""
        self._connect()
        self.table.restore_columns(self._remembered.columns())
        self._show_conditions()
        self.view.bar.set_columns(self._shown_keys())

    def _connect(self) -> None:
        view, table = self.view, self.table
        self.model.lacking.connect(self._fetch.start)
        self._fetch.timeout.connect(self._fetch_visible)
        self._pause.timeout.connect(self._ask_totals)
        self._rest.timeout.connect(self._ask_rest)
        view.filters.list.picked.connect(self._on_preset)
        view.bar.filters.chosen.connect(self._on_preset)
        view.bar.chips.toggled.connect(self._on_condition)
        view.bar.columns.chosen.connect(self._on_column)
        view.everywhere.clicked.connect(self._search_everywhere)
        view.again.clicked.connect(self.refresh)
        table.sort_asked.connect(self._on_sort)
        table.opened.connect(self._on_open)
        table.selection_changed.connect(self._on_selection)
        table.copy_asked.connect(self._copy)
        head = table.horizontalHeader()
        head.sectionMoved.connect(lambda _a, _b, _c: self._keep_columns())

    # ---- what the window calls

    def shown(self, argument: object) -> None:
        """Goes on as it was, or shows what is asked for."""
        self._today = local_day(self.context.runtime.desk.clock.now())
        if isinstance(argument, GridQuery):
            self._query = argument
        elif isinstance(argument, Preset):
            self._query = GridQuery(preset=argument)
        elif isinstance(argument, str):
            self._query = GridQuery(text=argument)
        self._show_conditions()
        if isinstance(argument, OpenDossier):
            self._come_back(argument)
        elif argument is None:
            self.refresh()
        else:
            self._ask()
        self._count()

    def hidden(self) -> None:
        """Keeps the columns."""
        self._keep_columns()

    def reload(self, kinds: frozenset[str]) -> None:
        """Dossiers changed: the same question again, cursor and selection stay."""
        if kinds & {DOSSIERS, OUTBOX}:
            self.refresh()
            self._count()

    def search(self, text: str) -> None:
        """The header's search box, at each key."""
        if text != self._query.text:
            self._query = replace(self._query, text=text)
            self._ask()

    def search_entered(self) -> None:
        """Enter or the arrow down in the search box: on to the rows."""
        if self.model.rowCount():
            self.table.go_to(max(0, self.table.currentIndex().row()))
        self.table.setFocus()

    def first_focus(self) -> QWidget | None:
        """The table."""
        return self.table

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self.view.restyle()

    def set_narrow(self, narrow: bool) -> None:
        """Filters behind a button, fewer columns."""
        if narrow != self._narrow:
            self._keep_columns()
            self._narrow = narrow
            self.view.set_narrow(narrow)
            self._show_columns()

    def query(self) -> GridQuery:
        """What is asked for now."""
        return self._query

    def refresh(self) -> None:
        """Asks again and keeps cursor, selection and place."""
        self._keep_selected = self.table.selected_numbers()
        current = self.table.currentIndex().row()
        numbers = self.model.numbers
        self._ask(keep=numbers[current] if 0 <= current < len(numbers) else _KEEP_NONE)

    def _come_back(self, opening: OpenDossier) -> None:
        """From the dossier last looked at: the cursor goes to it."""
        here = self.model.numbers
        if opening.place < len(opening.numbers):
            self._keep_selected = array("q", [opening.numbers[opening.place]])
            self._follow = True
            self._ask(keep=opening.numbers[opening.place])
        elif here:
            self.refresh()

    # ---- questions and answers

    def _ask(self, keep: int = _KEEP_NONE) -> None:
        self._rest.stop()
        self.table.set_sorted(_key_of_sort(self._query), self._query.descending)
        if keep == _KEEP_NONE:
            self._keep_selected = array("q")
            self._feed.first(self._query, self._show, self._failed)
        else:
            self._feed.ask(self._query, keep, self._show, self._failed)

    def _ask_rest(self) -> None:
        """The first rows are painted: now the numbers of all."""
        if not self.model.whole():
            self._feed.ask(self._query, _KEEP_NONE, self._show_rest, self._failed)

    def _show_rest(self, answer: Answer) -> None:
        if self.model.complete(answer.result.row_numbers):
            self._fetch.start()
            self._on_selection()
        else:
            self._show(answer)

    def _show(self, answer: Answer) -> None:
        self._today = answer.today
        same = self._asked == answer.query
        scrolled = self.table.verticalScrollBar().value()
        self._asked = answer.query
        self.answers += 1
        total = answer.result.total
        self.view.show_rows(total > 0)
        numbers = answer.result.row_numbers
        self.model.set_result(numbers, total, answer.rows, answer.today.year, answer.page)
        if not answer.whole:
            self._rest.start()
        if not total:
            self._say_nothing(answer)
        elif answer.at >= 0 and same:
            self._stay(answer.at, scrolled)
        else:
            self.table.go_to(0, select=False)
            self.table.scrollToTop()
        self.subtitle_changed.emit(words.subtitle(total, answer.query, self._today))
        self._on_selection()

    def _stay(self, at: int, scrolled: int) -> None:
        """The same list anew: cursor, selection and scroll where they were."""
        places = [place for place in map(self.model.place_of, self._keep_selected[:500]) if place >= 0]
        self.table.go_to(at, select=False)
        self.table.select_places(places)
        self.table.verticalScrollBar().setValue(scrolled)
        if self._follow:
            self._follow = False
            self.table.scrollTo(self.model.index(at, 0))

    def _say_nothing(self, answer: Answer) -> None:
        invitation, hint = words.nothing_words(answer.query, answer.today)
        narrowed = bool(words.conditions(answer.query, answer.today))
        self.view.say_nothing(invitation, hint, everywhere=narrowed)

    def _fetch_visible(self) -> None:
        if not self.model.whole() and self.table.visible_pages().stop > 1:
            self._rest.stop()
            self._ask_rest()
            return
        seen = self.table.visible_pages()
        near = (*seen, seen.stop, seen.start - 1)
        missing = self.model.missing(near)
        if missing:
            numbers = self.model.numbers

            def arrived(found: list[tuple[int, tuple[GridRow, ...]]]) -> None:
                if numbers is self.model.numbers:
                    for page, rows in found:
                        self.model.take_page(page, rows)
                self._fetch.start()

            self._feed.rows(missing, self.model.numbers_of, arrived, self._failed)

    def _count(self) -> None:
        self._feed.counts(self.view.set_counts, self._failed)

    def _failed(self, error: AppError) -> None:
        self.view.say_failure(error)

    # ---- what the officer does

    def _on_preset(self, key: str) -> None:
        self._query = replace(self._query, preset=preset_of(key))
        self._show_conditions()
        self._ask()

    def _on_condition(self, key: str, on: bool) -> None:
        if key == MONTH:
            self._query = replace(self._query, month=self._today if on else None)
        elif key == MINE:
            self._query = replace(self._query, officer_id=self.context.officer.id if on else None)
        elif key == RETURNED:
            self._query = replace(self._query, sync="rejected" if on else None)
        self._ask()

    def _search_everywhere(self) -> None:
        self._query = GridQuery(text=self._query.text)
        self._show_conditions()
        self._ask()

    def _on_sort(self, key: str, descending: bool) -> None:
        self._query = replace(self._query, sort=SORTS[key], descending=descending)
        self._ask()

    def _on_open(self, place: int) -> None:
        row = self.model.row(place)
        opening = OpenDossier(row.id if row else "", self.model.numbers, place, self.name)
        self.go.emit(Destination("dossier", opening))

    def _on_selection(self) -> None:
        picked = sum(len(stretch) for stretch in self.table.stretches())
        if picked > 1:
            self.status_changed.emit([words.selected_words(picked), words.KEYS])
            self._pause.start()
        else:
            self._pause.stop()
            self.status_changed.emit([words.KEYS])

    def _ask_totals(self) -> None:
        if not self.model.whole():
            self._pause.start()
            return
        numbers = self.table.selected_numbers()

        def told(totals: Totals) -> None:
            if self.table.selected_numbers() == numbers:
                self.status_changed.emit([*words.totals_words(totals), words.KEYS])

        if len(numbers) > 1:
            self._feed.totals(numbers, told, self._failed)

    def _copy(self) -> None:
        if not self.model.whole():
            QTimer.singleShot(_REST_PAUSE_MS, self, self._copy)
            return
        numbers = self.table.selected_numbers()
        if not numbers:
            return

        def done(text: str, count: int) -> None:
            QGuiApplication.clipboard().setText(text)
            copied = t("Đã chép {count} hồ sơ, dán được vào Excel").format(count=words.grouped(count))
            self.status_changed.emit([copied, words.KEYS])

        self.status_changed.emit([t("Đang chép {count} hồ sơ…").format(count=words.grouped(len(numbers)))])
        Copying(self.context, self, numbers, self.table.shown_columns()).start(done, self._failed)

    # ---- conditions and columns

    def _show_conditions(self) -> None:
        held = {
            MONTH: self._query.month is not None,
            MINE: self._query.officer_id is not None,
            RETURNED: self._query.sync is not None,
        }
        month = month_words(self._query.month or self._today)
        self.view.bar.set_conditions(month, [key for key, on in held.items() if on])
        self.view.set_preset(self._query.preset)

    def _shown_keys(self) -> list[str]:
        return [COLUMNS[place].key for place in self.table.shown_columns()]

    def _on_column(self, key: str) -> None:
        self.table.set_column_shown(key, key not in self._shown_keys())
        self.view.bar.set_columns(self._shown_keys())
        self._keep_columns()

    def _keep_columns(self) -> None:
        if not self._narrow:
            self._remembered.keep_columns(self.table.columns_state())

    def _show_columns(self) -> None:
        """A narrow window shows its own columns; a wide one those remembered."""
        if self._narrow:
            self._each_column(lambda key: key in NARROW)
        else:
            hidden = {str(e.get("key")) for e in self._remembered.columns() if e.get("shown") is False}
            self._each_column(lambda key: key not in hidden or key in ALWAYS_SHOWN)
        self.view.bar.set_columns(self._shown_keys())

    def _each_column(self, shown: Callable[[str], bool]) -> None:
        for column in COLUMNS:
            self.table.set_column_shown(column.key, shown(column.key))


def _key_of_sort(query: GridQuery) -> str:
    return next(key for key, sort in SORTS.items() if sort is query.sort)
