"""The grid: moves like Excel, copies into Excel, tells states by shape and word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QTableView, QWidget

from app.domain.spreadsheet_text import spreadsheet_text
from app.ui.widgets.look import Type, current, font, metrics, px, theme
from app.ui.widgets.scroll import slim_bars
from app.ui.widgets.table_cells import CellPainter
from app.ui.widgets.table_header import PADDING, TableHeader
from app.ui.widgets.table_model import CELL_ROLE, Cell, Column, ColumnKind, RowsModel, cell_text

_MEASURED_ROWS = 200


class DataTable(QTableView):
    """Rows of a model under described columns; put it in a card's ``full`` part.

    ``opened(int)``: Enter or double click on a row. ``link_clicked(int, str)``: row and column key of an act.
    ``sort_asked(str, bool)``: column key and whether descending; the screen orders the rows (Vietnamese order
    is a rule) and calls ``set_sorted``. ``selection_changed()``: other rows are selected.
    """

    opened = Signal(int)
    link_clicked = Signal(int, str)
    sort_asked = Signal(str, bool)
    selection_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str = "",
        row_height: int = 36,
        model: QAbstractItemModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._row_height = row_height
        self._sorted: tuple[str, bool] | None = None
        self._widths: dict[str, int] = {}
        self._fitting = False
        self.rows = RowsModel(columns)
        slim_bars(self)
        self.setHorizontalHeader(TableHeader(self))
        self.verticalHeader().hide()
        self._cells = CellPainter(self)
        self.setItemDelegate(self._cells)
        self.setModel(model if model is not None else self.rows)
        self._set_up_view()
        self.setAccessibleName(name)
        self.restyle()

    def _set_up_view(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        head = self.horizontalHeader()
        head.sectionClicked.connect(self._on_head)
        head.sectionResized.connect(self._on_resized)
        self.selectionModel().selectionChanged.connect(lambda _a, _b: self.selection_changed.emit())

    def set_rows(self, rows: Sequence[Sequence[Cell]], keys: Sequence[str] = ()) -> None:
        """Shows rows of plain cells; the row with the same key stays current."""
        kept = self.current_key()
        self.rows.set_rows(rows, keys)
        self.fit_columns()
        row = self.rows.row_of(kept) if kept else -1
        if row >= 0:
            self.select_row(row)

    def column(self, place: int) -> Column:
        """The column at a place of the model."""
        return self._columns[place]

    def ends(self, place: int) -> tuple[bool, bool]:
        """Whether a column is now the first and the last in sight."""
        head = self.horizontalHeader()
        shown = [
            i for i in (head.logicalIndex(v) for v in range(head.count())) if not head.isSectionHidden(i)
        ]
        return (bool(shown) and shown[0] == place, bool(shown) and shown[-1] == place)

    def row_height(self) -> int:
        """Height of a row, never below 34 px nor below its letters."""
        return max(px(max(34, self._row_height)), metrics(Type.TABLE, True).height() + px(10))

    def selected_rows(self) -> list[int]:
        """Rows selected, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def selected_keys(self) -> list[str]:
        """Keys of the rows selected (own rows only)."""
        return [self.rows.key_of(row) for row in self.selected_rows()]

    def current_key(self) -> str:
        """Key of the row under the cursor, "" for none."""
        return self.rows.key_of(self.currentIndex().row()) if self.currentIndex().isValid() else ""

    def select_row(self, row: int) -> None:
        """Moves the cursor to a row and selects it."""
        column = max(0, self.currentIndex().column())
        self.setCurrentIndex(self.model().index(row, column))
        self.selectRow(row)

    def sorted_by(self) -> tuple[str, bool] | None:
        """Column key and whether descending."""
        return self._sorted

    def set_sorted(self, key: str | None, descending: bool = False) -> None:
        """Shows by what the rows are ordered."""
        self._sorted = None if key is None else (key, descending)
        self.horizontalHeader().viewport().update()

    def set_column_shown(self, key: str, shown: bool) -> None:
        """Shows or hides a column; KeyError for an unknown key."""
        self._fitting = True  # Qt tells a shown column as resized; nobody has chosen that width
        self.horizontalHeader().setSectionHidden(self._place_of(key), not shown)
        self.fit_columns()

    def columns_state(self) -> list[dict[str, object]]:
        """Order, width and visibility of the columns, to be remembered as JSON."""
        head = self.horizontalHeader()
        order = [head.logicalIndex(visual) for visual in range(head.count())]
        return [
            {
                "key": self._columns[place].key,
                "width": self._widths.get(self._columns[place].key),
                "shown": not head.isSectionHidden(place),
            }
            for place in order
        ]

    def restore_columns(self, state: Sequence[Mapping[str, object]]) -> None:
        """Puts back what ``columns_state`` gave; unknown columns are left aside."""
        head = self.horizontalHeader()
        known = {column.key: place for place, column in enumerate(self._columns)}
        wanted = [entry for entry in state if entry.get("key") in known]
        for visual, entry in enumerate(wanted):
            key = str(entry["key"])
            head.moveSection(head.visualIndex(known[key]), visual)
            head.setSectionHidden(known[key], entry.get("shown") is False)
            width = entry.get("width")
            if isinstance(width, int):
                self._widths[key] = width
        self.fit_columns()

    def copy(self) -> None:
        """Ctrl+C: the rows selected with their columns in sight, as tab-separated lines for Excel."""
        QGuiApplication.clipboard().setText(self.as_tsv(self.selected_rows()))

    def as_tsv(self, rows: Sequence[int]) -> str:
        """Head and rows as tab-separated text; whole numbers without dots, so that Excel can add them."""
        head = self.horizontalHeader()
        shown = [
            i for i in (head.logicalIndex(v) for v in range(head.count())) if not head.isSectionHidden(i)
        ]
        shown = [place for place in shown if self._columns[place].kind is not ColumnKind.LINK]
        lines = ["\t".join(self._columns[place].title for place in shown)]
        for row in rows:
            cells = (self.model().index(row, place).data(CELL_ROLE) for place in shown)
            lines.append("\t".join(_for_excel(cell) for cell in cells))
        return "\n".join(lines) + "\n"

    def fit_columns(self) -> None:
        """Gives columns what they need and the stretching ones the rest; amounts and states stay whole."""
        if not self._columns:
            return
        self._fitting = True
        head = self.horizontalHeader()
        widths = {
            place: self._wanted(place)
            for place in range(len(self._columns))
            if not head.isSectionHidden(place)
        }
        spare = self.viewport().width() - sum(widths.values())
        stretching = [place for place in widths if self._columns[place].stretch]
        for count, place in enumerate(stretching):
            share = spare // (len(stretching) - count)
            spare -= share
            widths[place] = max(px(90), widths[place] + share)
        for place, width in widths.items():
            head.resizeSection(place, width)
        self._fitting = False

    def _wanted(self, place: int) -> int:
        column = self._columns[place]
        if column.key in self._widths:
            return px(self._widths[column.key])
        first, last = self.ends(place)
        padding = (px(15) if first else px(PADDING)) + (px(15) if last else px(PADDING))
        title = metrics(Type.LABEL, True).horizontalAdvance(column.title) + px(20 if column.sortable else 2)
        if column.width is not None:
            return max(px(column.width), title + padding)
        model = self.model()
        rows = range(min(model.rowCount(), _MEASURED_ROWS))
        content = max(
            (self._cells.wanted_width(model.index(r, place).data(CELL_ROLE), column.kind) for r in rows),
            default=0,
        )
        return max(title, content) + padding

    def restyle(self) -> None:
        """Takes colours, heights and widths of the look now worn."""
        tokens, palette = current(), self.palette()
        palette.setColor(QPalette.ColorRole.Base, tokens.surface)
        self.setPalette(palette)
        self.setFont(font(Type.TABLE))
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        self.horizontalHeader().setMinimumSectionSize(px(40))
        self.horizontalHeader().updateGeometry()
        self.fit_columns()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.horizontalHeader().sizeHint().height() + 2 * self.row_height())

    def sizeHint(self) -> QSize:
        rows = min(8, max(2, self.model().rowCount()))
        return QSize(px(400), self.horizontalHeader().sizeHint().height() + rows * self.row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are for the search box, not for jumping about."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _place_of(self, key: str) -> int:
        for place, column in enumerate(self._columns):
            if column.key == key:
                return place
        raise KeyError(key)

    def _on_head(self, place: int) -> None:
        column = self._columns[place]
        if column.sortable:
            again = self._sorted is not None and self._sorted[0] == column.key
            descending = not self._sorted[1] if again and self._sorted is not None else False
            self.sort_asked.emit(column.key, descending)

    def _on_resized(self, place: int, _old: int, new: int) -> None:
        if not self._fitting and new > 0:
            self._widths[self._columns[place].key] = round(new / theme().scale)


def _for_excel(cell: Cell) -> str:
    return str(cell) if isinstance(cell, int) else spreadsheet_text(cell_text(cell, ColumnKind.TEXT))
