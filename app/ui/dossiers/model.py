"""Rows of the grid: numbers of all, pages of those looked at, quiet dots for what is still on its way.

The model never touches the store: it tells which rows it lacks and is given pages. Nothing is sorted or
filtered here; the order is that of the row numbers.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.services.finding.grid import GridRow
from app.ui.dossiers.columns import COLUMNS, Cell, cells_of
from app.ui.widgets import CELL_ROLE, ColumnKind, State

Index = QModelIndex | QPersistentModelIndex

PAGE = 64
"""Rows asked for together."""

MOST_PAGES = 64
"""Pages kept; those looked at longest ago go first."""

ON_ITS_WAY = "…"
_DOTS: tuple[Cell, ...] = tuple(ON_ITS_WAY if column.key == "owner" else None for column in COLUMNS)


class DossierModel(QAbstractTableModel):
    """Dossiers by row number.

    ``lacking()`` is emitted when something painted a row that is not there yet.
    """

    lacking = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._numbers: array[int] = array("q")
        self._pages: OrderedDict[int, tuple[GridRow | None, ...]] = OrderedDict()
        self._cells: dict[int, tuple[Cell, ...]] = {}
        self._year = self._total = 0
        self._told = False

    @property
    def numbers(self) -> array[int]:
        """Row numbers in order, as far as they are known."""
        return self._numbers

    def whole(self) -> bool:
        """Whether every row number is known."""
        return len(self._numbers) == self._total

    def set_result(
        self, numbers: array[int], total: int, first: Sequence[GridRow], this_year: int, at: int = 0
    ) -> None:
        """Shows another result of ``total`` rows, of which the first ``numbers`` are known already;
        ``first``: the rows of page ``at``, so that there are no dots at once."""
        self.beginResetModel()
        self._numbers, self._total, self._year = numbers, total, this_year
        self._pages.clear()
        self._cells.clear()
        self._told = False
        if first:
            self._keep(at, first)
        self.endResetModel()

    def complete(self, numbers: array[int]) -> bool:
        """All row numbers have come; ``False`` when they are not those that were begun with."""
        if len(numbers) != self._total or numbers[: len(self._numbers)] != self._numbers:
            return False
        self._numbers, self._told = numbers, False
        return True

    def take_page(self, page: int, rows: Sequence[GridRow]) -> None:
        """Rows of a page have come."""
        if page * PAGE >= len(self._numbers):
            return
        self._keep(page, rows)
        self._told = False
        last = min(len(self._numbers), (page + 1) * PAGE) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(COLUMNS) - 1))

    def missing(self, pages: Iterable[int]) -> list[int]:
        """Those of the pages that exist and are not there."""
        self._told = False
        end = (len(self._numbers) + PAGE - 1) // PAGE
        return [page for page in pages if 0 <= page < end and page not in self._pages]

    def numbers_of(self, page: int) -> array[int]:
        """Row numbers of a page."""
        return self._numbers[page * PAGE : (page + 1) * PAGE]

    def row(self, place: int) -> GridRow | None:
        """The row at a place, ``None`` while it is on its way."""
        page = self._pages.get(place // PAGE)
        return page[place % PAGE] if page is not None and place % PAGE < len(page) else None

    def place_of(self, number: int) -> int:
        """Where a row number stands, -1 when it is not in the result."""
        try:
            return self._numbers.index(number)
        except ValueError:
            return -1

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == CELL_ROLE:
            return self._cell(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words_of(self._cell(index.row(), index.column()), index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return None

    def painted(self, place: int) -> tuple[Cell, ...]:
        """The cells at a place, made when they are first looked at; dots while they are on their way,
        which asks for them."""
        cells = self._cells.get(place)
        if cells is not None:
            return cells
        row = self.row(place)
        if row is not None:
            cells = self._cells[place] = cells_of(row, self._year)
            return cells
        if not self._told and place // PAGE not in self._pages:
            self._told = True
            self.lacking.emit()
        return _DOTS

    def _cell(self, place: int, column: int) -> Cell:
        return self.painted(place)[column]

    def _keep(self, page: int, rows: Sequence[GridRow]) -> None:
        """Pages are kept place by place: a dossier that has gone meanwhile leaves its dots."""
        by_number = {row.row_no: row for row in rows}
        self._pages[page] = tuple(by_number.get(number) for number in self.numbers_of(page))
        self._pages.move_to_end(page)
        while len(self._pages) > MOST_PAGES:
            gone, _ = self._pages.popitem(last=False)
            for place in range(gone * PAGE, (gone + 1) * PAGE):
                self._cells.pop(place, None)


def words_of(cell: Cell, column: int) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, State):
        return cell.word
    if isinstance(cell, int):
        amount = COLUMNS[column].kind is ColumnKind.AMOUNT
        return f"{cell:,}".replace(",", ".") if amount else str(cell)
    return cell
