"""Rows for a ``DataTable``: columns described once, cells as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.ui.widgets.shapes import State

Index = QModelIndex | QPersistentModelIndex
Cell = str | int | State | None

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The cell as it is (``str``, ``int``, ``State`` or None); a model of one's own answers this role."""


class ColumnKind(StrEnum):
    """TEXT elides; STRONG is semibold; MUTED grey; NUMBER and AMOUNT stand at right; STATE draws shape and
    word; LINK is an act of the row. STATE, NUMBER, AMOUNT and MUTED are never cut."""

    TEXT = "text"
    STRONG = "strong"
    MUTED = "muted"
    NUMBER = "number"
    AMOUNT = "amount"
    STATE = "state"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """``width`` is the px wanted at 100 % (None: as wide as its content); ``stretch`` takes what is left."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int | None = None
    stretch: bool = False
    sortable: bool = True


def cell_text(cell: Cell, kind: ColumnKind) -> str:
    """A cell as words: amounts with dots, a state's word, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, State):
        return cell.word
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".") if kind is ColumnKind.AMOUNT else str(cell)
    return cell


class RowsModel(QAbstractTableModel):
    """A model over rows held in memory; each row is a sequence of cells in the order of the columns.

    ``keys`` name the rows for the screen (a dossier's id).
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows: list[Sequence[Cell]] = []
        self._keys: list[str] = []
        self.sorted_by: tuple[str, bool] | None = None

    def set_rows(self, rows: Sequence[Sequence[Cell]], keys: Sequence[str] = ()) -> None:
        """Shows other rows; ``keys`` has as many entries as rows, or none."""
        self.beginResetModel()
        self._rows, self._keys = list(rows), list(keys)
        self.endResetModel()

    def key_of(self, row: int) -> str:
        """The key given for a row, "" without keys."""
        return self._keys[row] if row < len(self._keys) else ""

    def row_of(self, key: str) -> int:
        """The row of a key, -1 when it is not shown."""
        return self._keys.index(key) if key in self._keys else -1

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        cell = self._rows[index.row()][index.column()]
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell_text(cell, self.columns[index.column()].kind)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None
