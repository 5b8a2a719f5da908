"""A list of rows to pick from: filters with counts, the outbox, who was just received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_box, draw_ring, draw_text
from app.ui.widgets.scroll import slim_bars
from app.ui.widgets.shapes import State, draw_shape
from app.ui.widgets.tokens import Tone

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class RowItem:
    """One row. With ``detail`` it has two lines. ``state`` puts its mark at left, and its word at right
    unless ``right`` says something else. ``heading`` is a grey title that cannot be picked."""

    key: str
    title: str
    detail: str = ""
    right: str = ""
    state: State | None = None
    strong: bool = False
    heading: bool = False


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[RowItem] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = item.state.word if item.state else ""
            return ", ".join(p for p in (item.title, word, item.right, item.detail) if p)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.items[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def fill(self, items: Sequence[RowItem]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    def __init__(self, view: RowList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = self._view.items()[index.row()]
        title = metrics(Type.TABLE, True).height()
        if item.detail:
            return QSize(10, max(px(45), title + metrics(Type.LABEL).height() + px(6)))
        return QSize(10, max(px(34), title + px(8)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self._view
        box = QRectF(option.rect)
        item = view.items()[index.row()]
        picked = index == view.currentIndex() and not item.heading
        painter.save()
        last = index.row() == len(view.items()) - 1
        _draw_row(painter, box, item, picked=picked, lines=view.has_lines(), last=last)
        if picked and view.hasFocus():
            draw_ring(painter, box.adjusted(px(2), 1, -px(2), -1), px(6))
        painter.restore()


def _draw_row(
    painter: QPainter, box: QRectF, item: RowItem, *, picked: bool, lines: bool, last: bool
) -> None:
    tokens = current()
    if lines:
        if picked:
            painter.fillRect(box, tokens.selection)
            painter.fillRect(QRectF(box.x(), box.y(), px(3), box.height()), tokens.blue)
        elif not last:
            painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), tokens.grid_line)
    elif picked:
        draw_box(painter, box.adjusted(px(5), 1, -px(5), -1), px(6), tokens.selection)
    left, right = box.x() + px(15), box.right() - px(15)
    if item.heading:
        draw_text(
            painter, box.adjusted(px(15), 0, 0, 0), item.title, font(Type.LABEL, True), tokens.secondary, LEFT
        )
        return
    plain = tokens.on_selection if picked and tokens.line_width > 1 else None
    title_height = metrics(Type.TABLE, True).height()
    detail_height = metrics(Type.LABEL).height() if item.detail else 0
    top = box.y() + (box.height() - title_height - detail_height) / 2
    if item.state is not None:
        mark = QRectF(left, top, px(12), title_height)
        draw_shape(painter, mark, item.state.shape, plain or tokens.of(item.state.tone))
        left += px(20) if not lines else px(24)
    words = item.right or (item.state.word if item.state and lines else "")
    if words:
        right -= _draw_right(
            painter, QRectF(left, top, right - left, title_height), item, words, lines, plain
        )
    strong = item.strong or bool(item.detail) or (picked and not lines)
    ink = plain or (tokens.blue if picked and not lines else tokens.text)
    title = QRectF(left, top, right - left, title_height)
    draw_text(painter, title, item.title, font(Type.TABLE, strong), ink, LEFT)
    if item.detail:
        lower = QRectF(left, top + title_height, right - left, detail_height)
        draw_text(painter, lower, item.detail, font(Type.LABEL), plain or tokens.secondary, LEFT)


def _draw_right(
    painter: QPainter, box: QRectF, item: RowItem, words: str, lines: bool, plain: object
) -> float:
    tokens = current()
    loud = lines and item.state is not None and not item.right
    semibold = loud and item.state is not None and item.state.strong
    tone = item.state.tone if loud and item.state is not None else Tone.SECONDARY
    face = font(Type.LABEL, semibold)
    width = metrics(Type.LABEL, semibold).horizontalAdvance(words) + 1
    place = QRectF(box.right() - width, box.y(), width, box.height())
    ink = tokens.on_selection if plain is not None else tokens.of(tone)
    draw_text(painter, place, words, face, ink, RIGHT, elide=False)
    return width + px(10)


class RowList(QListView):
    """Rows to pick from; ``lines`` draws lines and the selection from edge to edge (for a card's ``full``).

    ``picked(str)`` carries the key when the cursor comes to a row by the officer; ``opened(str)`` is Enter
    or a double click.
    """

    picked = Signal(str)
    opened = Signal(str)

    def __init__(
        self,
        items: Sequence[RowItem] = (),
        *,
        name: str = "",
        lines: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines, self._quiet = lines, False
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self))
        slim_bars(self)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._rows.items[index.row()].key))
        self.set_items(items)
        self.restyle()

    def items(self) -> Sequence[RowItem]:
        """What is shown."""
        return self._rows.items

    def set_items(self, items: Sequence[RowItem]) -> None:
        """Shows other rows; the row picked stays picked if it is still there."""
        kept = self.current_key()
        self._quiet = True
        self._rows.fill(items)
        self.set_current(kept)
        self._quiet = False
        self.updateGeometry()

    def current_key(self) -> str | None:
        """Key of the row picked."""
        row = self.currentIndex().row()
        return self._rows.items[row].key if 0 <= row < len(self._rows.items) else None

    def set_current(self, key: str | None) -> None:
        """Picks a row without announcing; an unknown key picks none."""
        quiet, self._quiet = self._quiet, True
        row = next((n for n, i in enumerate(self._rows.items) if i.key == key and not i.heading), -1)
        self.setCurrentIndex(self._rows.index(row) if row >= 0 else QModelIndex())
        self._quiet = quiet

    def has_lines(self) -> bool:
        """Whether lines run between the rows."""
        return self._lines

    def restyle(self) -> None:
        """Takes colours and row heights of the look now worn."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, current().surface)
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()

    def sizeHint(self) -> QSize:
        rows = range(len(self._rows.items))
        return QSize(px(200), sum(self.sizeHintForRow(row) for row in rows) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(60))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and not self._quiet:
            self.picked.emit(self._rows.items[current.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            key = self.current_key()
            if key is not None:
                self.opened.emit(key)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
