"""Questions of the grid to the database worker, and their answers. Never more than one page question is
under way, so that a quick scroll asks for where the eye stops and not for all it flew over."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.services.finding import grid
from app.services.finding.grid import GridQuery, GridResult, GridRow, Preset, Totals
from app.ui.dossiers.dates import local_day
from app.ui.dossiers.model import PAGE
from app.ui.screen import Context

Failed = Callable[[AppError], None]


@dataclass(frozen=True)
class Answer:
    """A result with one page of its rows. ``at``: the place of the row number that was asked to stay in
    sight, -1 when it has gone; ``page``: which page ``rows`` is; ``whole``: the row numbers are all there."""

    query: GridQuery
    result: GridResult
    rows: tuple[GridRow, ...]
    page: int
    at: int
    today: date
    whole: bool


class Feed:
    """Asks on behalf of one screen."""

    def __init__(self, context: Context, owner: QWidget) -> None:
        self._desk, self._by = context.runtime.desk, context.officer
        self._background, self._owner = context.background, owner
        self._asking = False

    def first(self, query: GridQuery, done: Callable[[Answer], None], failed: Failed) -> None:
        """The first dossiers that fit and how many there are, quickly; an older question still on its way
        is not answered any more."""
        self._background.run(lambda: self._begin(query), done, failed, owner=self._owner, latest="grid")

    def ask(self, query: GridQuery, keep: int, done: Callable[[Answer], None], failed: Failed) -> None:
        """All that fit, with the page where ``keep`` stands; takes the place of older questions."""
        self._background.run(
            lambda: self._answer(query, keep), done, failed, owner=self._owner, latest="grid"
        )

    def rows(
        self,
        pages: Sequence[int],
        numbers_of: Callable[[int], array[int]],
        done: Callable[[list[tuple[int, tuple[GridRow, ...]]]], None],
        failed: Failed,
    ) -> bool:
        """Rows of pages; ``False`` while an earlier question is under way."""
        if self._asking:
            return False
        self._asking = True
        wanted = [(page, numbers_of(page)) for page in pages]

        def call() -> list[tuple[int, tuple[GridRow, ...]]]:
            return [(page, grid.page(self._desk, self._by, numbers)) for page, numbers in wanted]

        def arrived(found: list[tuple[int, tuple[GridRow, ...]]]) -> None:
            self._asking = False
            done(found)

        def broke(error: AppError) -> None:
            self._asking = False
            failed(error)

        self._background.run(call, arrived, broke, owner=self._owner)
        return True

    def counts(self, done: Callable[[dict[Preset, int]], None], failed: Failed) -> None:
        """How many each ready-made filter holds."""
        self._background.run(
            lambda: grid.counts(self._desk, self._by), done, failed, owner=self._owner, latest="counts"
        )

    def totals(self, numbers: array[int], done: Callable[[Totals], None], failed: Failed) -> None:
        """Sums of a selection."""
        self._background.run(
            lambda: grid.totals(self._desk, self._by, numbers),
            done,
            failed,
            owner=self._owner,
            latest="totals",
        )

    def _begin(self, query: GridQuery) -> Answer:
        result = grid.open_result(self._desk, self._by, query, PAGE)
        rows = grid.page(self._desk, self._by, result.row_numbers) if result.total else ()
        whole = result.total == len(result.row_numbers)
        return Answer(query, result, rows, 0, -1, self._today(), whole)

    def _today(self) -> date:
        return local_day(self._desk.clock.now())

    def _answer(self, query: GridQuery, keep: int) -> Answer:
        result = grid.open_result(self._desk, self._by, query)
        try:
            at = result.row_numbers.index(keep)
        except ValueError:
            at = -1
        page = max(0, at) // PAGE
        first = result.row_numbers[page * PAGE : (page + 1) * PAGE]
        rows = grid.page(self._desk, self._by, first) if first else ()
        return Answer(query, result, rows, page, at, self._today(), True)
