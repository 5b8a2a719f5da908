"""How the cells of a table look: never a cut state, amount or number; a cut text has its tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_ring, draw_text
from app.ui.widgets.shapes import State, draw_shape
from app.ui.widgets.table_header import PADDING
from app.ui.widgets.table_model import CELL_ROLE, Cell, ColumnKind, cell_text

if TYPE_CHECKING:
    from app.ui.widgets.data_table import DataTable

Index = QModelIndex | QPersistentModelIndex
_EDGE = 15


class CellPainter(QStyledItemDelegate):
    """Draws each cell from its ``Column`` and value."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table

    def wanted_width(self, cell: Cell, kind: ColumnKind) -> int:
        """Width of a cell's content without padding."""
        text = cell_text(cell, kind)
        width = metrics(Type.TABLE, _semibold(cell, kind)).horizontalAdvance(text) + 2
        return width + px(19) if isinstance(cell, State) else width

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        column = self._table.column(index.column())
        cell: Cell = index.data(CELL_ROLE)
        return QSize(self.wanted_width(cell, column.kind) + 2 * px(PADDING), self._table.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, table = current(), self._table
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(box, tokens.selection)
        if index.row() < table.model().rowCount() - 1:
            line = tokens.grid_line if not selected else tokens.selection
            painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), line)
        self._paint_value(painter, box, index, selected)
        if table.hasFocus() and index == table.currentIndex():
            draw_ring(painter, box.adjusted(1, 1, -1, -2), px(4))
        painter.restore()

    def _inner(self, box: QRectF, column: int) -> QRectF:
        first, last = self._table.ends(column)
        return box.adjusted(px(_EDGE) if first else px(PADDING), 0, -(px(_EDGE) if last else px(PADDING)), 0)

    def _paint_value(self, painter: QPainter, box: QRectF, index: Index, selected: bool) -> None:
        tokens = current()
        kind, cell = self._table.column(index.column()).kind, index.data(CELL_ROLE)
        inner = self._inner(box, index.column())
        plain = tokens.on_selection if selected and tokens.line_width > 1 else None
        if isinstance(cell, State):
            side = px(12)
            draw_shape(
                painter,
                QRectF(inner.x(), box.y(), side, box.height()),
                cell.shape,
                plain or tokens.of(cell.tone),
            )
            inner.setLeft(inner.x() + px(19))
        ink = plain or _ink(cell, kind)
        right = kind in (ColumnKind.NUMBER, ColumnKind.AMOUNT)
        text = cell_text(cell, kind)
        face = font(Type.TABLE, _semibold(cell, kind))
        draw_text(painter, inner, text, face, ink, RIGHT if right else LEFT, elide=_may_cut(cell, kind))

    def is_cut(self, index: Index, width: int) -> bool:
        """Whether the text of a cell does not fit in ``width``."""
        column = self._table.column(index.column())
        inner = self._inner(QRectF(0, 0, width, 10), index.column())
        return self.wanted_width(index.data(CELL_ROLE), column.kind) > inner.width() + 2

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        rect = option.rect
        text = index.data(Qt.ItemDataRole.DisplayRole) if index.isValid() else None
        if text and self.is_cut(index, rect.width()):
            QToolTip.showText(event.globalPos(), str(text), view)
        else:
            QToolTip.hideText()
        return True

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            column = self._table.column(index.column())
            if column.kind is ColumnKind.LINK and index.data(CELL_ROLE):
                self._table.link_clicked.emit(index.row(), column.key)
                return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        raise NotImplementedError("cells are not edited in place")


def _semibold(cell: Cell, kind: ColumnKind) -> bool:
    return kind is ColumnKind.STRONG or (isinstance(cell, State) and cell.strong)


def _may_cut(cell: Cell, kind: ColumnKind) -> bool:
    return kind in (ColumnKind.TEXT, ColumnKind.STRONG, ColumnKind.LINK) and not isinstance(cell, State)


def _ink(cell: Cell, kind: ColumnKind) -> QColor:
    tokens = current()
    if isinstance(cell, State):
        return tokens.of(cell.tone) if cell.strong else tokens.text
    if kind is ColumnKind.LINK:
        return tokens.blue
    return tokens.secondary if kind is ColumnKind.MUTED else tokens.text
