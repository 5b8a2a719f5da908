"""Cells of the grid, painted in a fraction of the time of ordinary ones: while a name is being typed the
whole table is painted at every key. What does not change between rows is worked out once a layout, a text
is cut once, and flags are plain numbers (``enum`` arithmetic alone would cost several milliseconds)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.ui.dossiers.columns import COLUMNS, Cell
from app.ui.dossiers.model import DossierModel, words_of
from app.ui.widgets import ColumnKind, DataTable, State, Type, current, font, metrics, px
from app.ui.widgets.paint import draw_ring
from app.ui.widgets.shapes import draw_shape
from app.ui.widgets.table_cells import CellPainter
from app.ui.widgets.tokens import Tokens

Index = QModelIndex | QPersistentModelIndex

_SELECTED = QStyle.StateFlag.State_Selected.value
_ONE_LINE = (Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value) | (
    Qt.TextFlag.TextDontClip.value
)
_LEFT = _ONE_LINE | Qt.AlignmentFlag.AlignLeft.value
_RIGHT = _ONE_LINE | Qt.AlignmentFlag.AlignRight.value
_EDGE, _PADDING, _MARK, _MARK_ROOM = 15, 10, 12, 19
_MOST_CUT = 20_000


@dataclass(frozen=True)
class _ColumnLook:
    """How a column's cells are painted; lengths in px of the screen."""

    left: int
    right: int
    flags: int
    may_cut: bool
    ink: QColor
    face: QFont
    measures: QFontMetrics


@dataclass(frozen=True)
class _Look:
    """What all cells share."""

    tokens: Tokens
    columns: tuple[_ColumnLook, ...]
    mark: int
    mark_room: int
    strong_face: QFont


class QuickCells(CellPainter):
    """Paints as ``CellPainter`` does; ``forget`` after anything that changes columns or look."""

    def __init__(self, table: DataTable, model: DossierModel) -> None:
        super().__init__(table)
        self._model = model
        self._look: _Look | None = None
        self._cut: dict[tuple[str, int, int], str] = {}
        self._last_row = -1
        model.modelReset.connect(self._count)

    def forget(self) -> None:
        """Works everything out anew at the next painting."""
        self._look = None
        self._cut.clear()

    def _count(self) -> None:
        self._last_row = self._model.rowCount() - 1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = self._look or self._work_out()
        row, column = index.row(), index.column()
        cells = self._model.painted(row)
        rect = option.rect
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        selected = bool(option.state.value & _SELECTED)
        tokens = look.tokens
        if selected:
            painter.fillRect(rect, tokens.selection)
        elif row < self._last_row:
            painter.fillRect(x, y + height - 1, width, 1, tokens.grid_line)
        self._paint_cell(painter, look, column, cells[column], (x, y, width, height), selected)
        if self._table.hasFocus() and index == self._table.currentIndex():
            draw_ring(painter, QRectF(rect).adjusted(1, 1, -1, -2), px(4))

    def _paint_cell(
        self,
        painter: QPainter,
        look: _Look,
        place: int,
        cell: Cell,
        box: tuple[int, int, int, int],
        selected: bool,
    ) -> None:
        if cell is None:
            return
        column, (x, y, width, height) = look.columns[place], box
        left, room, face, ink = x + column.left, width - column.left - column.right, column.face, column.ink
        if isinstance(cell, State):
            tone = look.tokens.of(cell.tone)
            if selected and look.tokens.line_width > 1:
                tone = look.tokens.on_selection
            draw_shape(painter, QRectF(left, y, look.mark, height), cell.shape, tone)
            left, room = left + look.mark_room, room - look.mark_room
            if cell.strong:
                face, ink = look.strong_face, tone
        if selected and look.tokens.line_width > 1:
            ink = look.tokens.on_selection
        text = words_of(cell, place)
        if column.may_cut:
            text = self._fitted(text, place, room, column)
        painter.setFont(face)
        painter.setPen(ink)
        painter.drawText(left, y, room, height, column.flags, text)

    def _fitted(self, text: str, place: int, room: int, column: _ColumnLook) -> str:
        key = (text, place, room)
        fitted = self._cut.get(key)
        if fitted is None:
            fitted = column.measures.elidedText(text, Qt.TextElideMode.ElideRight, room)
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            self._cut[key] = fitted
        return fitted

    def _work_out(self) -> _Look:
        tokens = current()
        self._look = _Look(
            tokens,
            tuple(self._column_look(place) for place in range(len(COLUMNS))),
            px(_MARK),
            px(_MARK_ROOM),
            font(Type.TABLE, True),
        )
        return self._look

    def _column_look(self, place: int) -> _ColumnLook:
        tokens, kind = current(), COLUMNS[place].kind
        first, last = self._table.ends(place)
        strong = kind is ColumnKind.STRONG
        return _ColumnLook(
            px(_EDGE if first else _PADDING),
            px(_EDGE if last else _PADDING),
            _RIGHT if kind in (ColumnKind.NUMBER, ColumnKind.AMOUNT) else _LEFT,
            kind in (ColumnKind.TEXT, ColumnKind.STRONG),
            tokens.secondary if kind is ColumnKind.MUTED else tokens.text,
            font(Type.TABLE, strong),
            metrics(Type.TABLE, strong),
        )
