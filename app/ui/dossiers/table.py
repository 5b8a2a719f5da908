"""The table of the grid: selections as stretches of rows, however many, and copying left to the screen."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.text import t
from app.ui.dossiers.cells import QuickCells
from app.ui.dossiers.columns import COLUMNS, PLACE_OF, measured_columns
from app.ui.dossiers.model import PAGE, DossierModel
from app.ui.widgets import DataTable


class DossierTable(DataTable):
    """Dossiers of a ``DossierModel``.

    ``copy_asked()``: Ctrl+C; rows not loaded yet must be fetched before they can be copied.
    ``left_upwards()``: the arrow up on the first row, back to the search box.
    """

    copy_asked = Signal()
    left_upwards = Signal()

    def __init__(self, dossiers: DossierModel) -> None:
        self.dossiers = dossiers
        super().__init__(measured_columns(), name=t("Danh sách hồ sơ"), model=dossiers)
        self._quick = QuickCells(self, dossiers)
        self.setItemDelegate(self._quick)
        self.horizontalHeader().sectionMoved.connect(lambda _a, _b, _c: self._quick.forget())

    def fit_columns(self) -> None:
        """Columns and look have changed."""
        if hasattr(self, "_quick"):
            self._quick.forget()
        super().fit_columns()

    def visible_pages(self) -> range:
        """Pages of the rows in sight."""
        top = max(0, self.rowAt(0))
        bottom = self.rowAt(self.viewport().height() - 1)
        last = bottom if bottom >= 0 else min(self.dossiers.rowCount() - 1, top + PAGE)
        return range(top // PAGE, max(top, last) // PAGE + 1)

    def stretches(self) -> list[range]:
        """Selected rows as stretches, from top to bottom."""
        picked = self.selectionModel().selection()
        ends = [picked.at(place) for place in range(picked.count())]
        found = [range(each.top(), each.bottom() + 1) for each in ends if each.isValid()]
        return sorted(found, key=lambda stretch: stretch.start)

    def selected_numbers(self) -> array[int]:
        """Row numbers of the selected rows, from top to bottom."""
        numbers = self.dossiers.numbers
        picked = array("q")
        for stretch in self.stretches():
            picked.extend(numbers[stretch.start : stretch.stop])
        return picked

    def shown_columns(self) -> list[int]:
        """Columns in sight, from left to right."""
        head = self.horizontalHeader()
        order = (head.logicalIndex(visual) for visual in range(head.count()))
        return [place for place in order if not head.isSectionHidden(place)]

    def go_to(self, place: int, *, select: bool = True) -> None:
        """Moves the cursor to a row."""
        flags = QItemSelectionModel.SelectionFlag
        wanted = flags.ClearAndSelect | flags.Rows if select else flags.NoUpdate
        at = self.currentIndex()
        column = at.column() if at.isValid() else PLACE_OF["owner"]
        self.selectionModel().setCurrentIndex(self.dossiers.index(place, column), wanted)

    def select_places(self, places: Sequence[int]) -> None:
        """Selects these rows and no other."""
        chosen = QItemSelection()
        last = len(COLUMNS) - 1
        for place in places:
            chosen.select(self.dossiers.index(place, 0), self.dossiers.index(place, last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def copy(self) -> None:
        """Ctrl+C."""
        self.copy_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_Up and plain and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
            return
        super().keyPressEvent(event)
