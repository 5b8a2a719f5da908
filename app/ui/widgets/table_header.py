"""The head of a table: quiet, semibold, an arrow at the column it is sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView

from app.ui.widgets.icons import draw_icon
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_text
from app.ui.widgets.table_model import ColumnKind
from app.ui.widgets.tokens import mixed

if TYPE_CHECKING:
    from app.ui.widgets.data_table import DataTable

PADDING = 10


class TableHeader(QHeaderView):
    """Paints sections from tokens; the table says what each column is."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(40))
        self.setStretchLastSection(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(px(34), metrics(Type.LABEL, True).height() + px(10)))

    def paintSection(self, painter: QPainter, rect: QRect, place: int) -> None:
        tokens, column = current(), self._table.column(place)
        box = QRectF(rect)
        painter.fillRect(rect, _ground())
        first, last = self._table.ends(place)
        text = box.adjusted(px(15) if first else px(PADDING), 0, -(px(15) if last else px(PADDING)), 0)
        right = column.kind in (ColumnKind.NUMBER, ColumnKind.AMOUNT)
        ink = tokens.text if tokens.line_width > 1 else tokens.secondary
        draw_text(painter, text, column.title, font(Type.LABEL, True), ink, RIGHT if right else LEFT)
        order = self._table.sorted_by()
        if order is not None and order[0] == column.key:
            width = metrics(Type.LABEL, True).horizontalAdvance(column.title)
            side = px(16)
            x = text.right() - width - side - px(4) if right else text.x() + width + px(4)
            name = "chevron-down" if order[1] else "chevron-up"
            draw_icon(painter, QRectF(x, box.y() + (box.height() - side) / 2, side, side), name, tokens.blue)
        painter.fillRect(QRectF(box.x(), box.bottom() - 0.5, box.width(), 1), tokens.card_line)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), _ground())
        painter.fillRect(0, self.height() - 1, self.width(), 1, current().card_line)
        painter.end()
        super().paintEvent(event)


def _ground() -> QColor:
    tokens = current()
    return mixed(tokens.window, tokens.surface, 0.6)
