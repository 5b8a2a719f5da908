"""Ctrl+C of any number of rows: fetched on the worker stretch by stretch, one text for Excel at the end."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from app.domain.spreadsheet_text import spreadsheet_text
from app.errors import AppError
from app.services.audit.verify import note_copied
from app.services.finding import grid
from app.services.finding.grid import GridRow
from app.ui.dossiers.columns import COLUMNS, PLACE_OF, cells_of
from app.ui.dossiers.dates import local_day
from app.ui.dossiers.model import words_of
from app.ui.screen import Context

STRETCH = 512


def head_line(columns: Sequence[int]) -> str:
    """Titles of the columns."""
    return "\t".join(COLUMNS[place].title for place in columns)


def row_line(row: GridRow, columns: Sequence[int], this_year: int) -> str:
    """One row; the number whole, money without dots so that Excel can add it, no tab or line inside."""
    cells = list(cells_of(row, this_year))
    cells[PLACE_OF["number"]] = row.number
    parts = []
    for place in columns:
        cell = cells[place]
        parts.append(str(cell) if isinstance(cell, int) else spreadsheet_text(words_of(cell, place)))
    return "\t".join(parts)


class Copying:
    """One copy under way."""

    def __init__(self, context: Context, owner: QWidget, numbers: array[int], columns: Sequence[int]) -> None:
        self._context, self._owner = context, owner
        self._numbers, self._columns = numbers, tuple(columns)
        self._lines = [head_line(columns)]
        self._at = 0

    def start(self, done: Callable[[str, int], None], failed: Callable[[AppError], None]) -> None:
        """Fetches the rest; ``done`` gets the text and how many rows it holds."""
        stretch = self._numbers[self._at : self._at + STRETCH]
        if not stretch:
            done("\n".join(self._lines) + "\n", len(self._lines) - 1)
            return
        self._at += len(stretch)

        def taken(lines: list[str]) -> None:
            self._lines += lines
            self.start(done, failed)

        first = len(self._lines) == 1
        self._context.background.run(
            lambda: self._fetch(stretch, first=first), taken, failed, owner=self._owner
        )

    def _fetch(self, stretch: array[int], *, first: bool) -> list[str]:
        desk = self._context.runtime.desk
        if first:
            columns = [COLUMNS[place].key for place in self._columns]
            note_copied(desk, self._context.officer, len(self._numbers), columns)
        today: date = local_day(desk.clock.now())
        rows = grid.page(desk, self._context.officer, stretch)
        return [row_line(row, self._columns, today.year) for row in rows]
