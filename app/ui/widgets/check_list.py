"""The checklist of components: digits toggle, arrows move, Space toggles, Enter accepts the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.text import t
from app.ui.widgets.check_row import CheckItem, Need, draw_check_row, row_height
from app.ui.widgets.look import current
from app.ui.widgets.scroll import slim_bars

Index = QModelIndex | QPersistentModelIndex

CAPS = "1234567890BCGHKLMNPQTV"
"""Keys of rows 1 to 22: the digits, then consonants that neither Telex nor VNI ever turns into another
letter, so UniKey leaves them alone. Rows beyond have no key and are reached by arrows."""


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[CheckItem] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if item.checked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (item.name, item.why) if part)
        return None

    def fill(self, items: Sequence[CheckItem]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def put(self, row: int, item: CheckItem) -> None:
        self.items[row] = item
        here = self.index(row)
        self.dataChanged.emit(here, here)


def _spoken(item: CheckItem) -> str:
    words = [item.name, t("đã có") if item.checked else t("chưa có"), item.kind, item.why]
    if item.need is Need.MISSING:
        words.insert(1, t("còn thiếu"))
    elif item.need is Need.EXEMPT:
        words.insert(1, t("miễn nộp"))
    return ", ".join(word for word in words if word)


class _Painter(QStyledItemDelegate):
    def __init__(self, view: CheckList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, row_height(self._view.is_compact()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, row = self._view, index.row()
        rect = QRectF(option.rect)
        rows = view.items()
        painter.save()
        draw_check_row(
            painter,
            rect,
            rows[row],
            cap=view.cap_of(row) if view.has_caps() else None,
            compact=view.is_compact(),
            current_row=view.hasFocus() and index == view.currentIndex(),
            last=row == len(rows) - 1,
        )
        painter.restore()


class CheckList(QListView):
    """A list of ``CheckItem`` rows; put it in a card's ``full`` part.

    ``toggled(str, bool)`` carries id and new tick by the officer; ``accepted()`` is Enter;
    ``row_changed(str)`` the id the cursor came to.
    """

    toggled = Signal(str, bool)
    accepted = Signal()
    row_changed = Signal(str)

    def __init__(
        self, *, name: str = "", caps: bool = True, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._caps, self._compact = caps, compact
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self))
        slim_bars(self)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self.restyle()

    def items(self) -> Sequence[CheckItem]:
        """The rows as they stand."""
        return self._rows.items

    def set_items(self, items: Sequence[CheckItem]) -> None:
        """Shows other rows; the cursor goes to the first."""
        self._rows.fill(items)
        if items:
            self.setCurrentIndex(self._rows.index(0))
        self.updateGeometry()

    def checked_ids(self) -> list[str]:
        """Ids of the ticked rows in their order."""
        return [item.id for item in self._rows.items if item.checked]

    def set_checked(self, item_id: str, checked: bool) -> None:
        """Ticks or clears without announcing; KeyError for an unknown id."""
        row = self._row_of(item_id)
        item = self._rows.items[row]
        need = Need.NORMAL if checked and item.need is Need.MISSING else item.need
        self._rows.put(row, replace(item, checked=checked, need=need))

    def set_missing(self, ids: Iterable[str]) -> None:
        """Marks these rows "Còn thiếu", takes the mark from all others, and goes to the first of them."""
        wanted = set(ids)
        first: int | None = None
        for row, item in enumerate(self._rows.items):
            if item.id in wanted:
                first = row if first is None else first
                self._rows.put(row, replace(item, need=Need.MISSING))
            elif item.need is Need.MISSING:
                self._rows.put(row, replace(item, need=Need.NORMAL))
        if first is not None:
            self._go(first)

    def current_id(self) -> str | None:
        """Id of the row under the cursor."""
        row = self.currentIndex().row()
        return self._rows.items[row].id if 0 <= row < len(self._rows.items) else None

    def set_current(self, item_id: str) -> None:
        """Moves the cursor; KeyError for an unknown id."""
        self._go(self._row_of(item_id))

    def set_compact(self, compact: bool) -> None:
        """Rows of 36 px without the grey words, for narrow windows."""
        self._compact = compact
        self.restyle()

    def is_compact(self) -> bool:
        """Whether rows are compact."""
        return self._compact

    def has_caps(self) -> bool:
        """Whether rows show a key."""
        return self._caps

    def cap_of(self, row: int) -> str:
        """The key of a row, "" when it has none."""
        return CAPS[row] if row < len(CAPS) else ""

    def restyle(self) -> None:
        """Takes colours and row heights of the look now worn."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, current().surface)
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(300, max(1, len(self._rows.items)) * row_height(self._compact) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, row_height(self._compact) * 3 // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, letter = event.key(), event.text().upper()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.accepted.emit()
        elif key == Qt.Key.Key_Space:
            self._toggle(self.currentIndex().row())
        elif plain and self._caps and len(letter) == 1 and letter in CAPS:
            self._toggle(CAPS.index(letter))
        elif key in _MOVES or not plain:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self._toggle(index.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._rows.items:
            self._go(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.row_changed.emit(self._rows.items[current.row()].id)

    def _row_of(self, item_id: str) -> int:
        for row, item in enumerate(self._rows.items):
            if item.id == item_id:
                return row
        raise KeyError(item_id)

    def _go(self, row: int) -> None:
        self.setCurrentIndex(self._rows.index(row))
        self.scrollTo(self._rows.index(row))

    def _toggle(self, row: int) -> None:
        if not 0 <= row < len(self._rows.items):
            return
        item = self._rows.items[row]
        self.set_checked(item.id, not item.checked)
        self._go(row)
        self.toggled.emit(item.id, not item.checked)


_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
)
