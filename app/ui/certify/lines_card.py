"""The lines typed so far, and their sums."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.services.certify import CopyLine
from app.text import t
from app.ui.certify.words import KIND_WORDS, count_words, fee_words, total_of
from app.ui.widgets import Card, Column, ColumnKind, DataTable, Drawing, EmptyState


class LinesTable(DataTable):
    """``removed(str)`` for Delete on a line; ``left()`` for the arrow down behind the last one."""

    removed = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        columns = (
            Column("place", t("STT"), ColumnKind.MUTED, sortable=False),
            Column("paper", t("Tên giấy tờ"), ColumnKind.STRONG, stretch=True, sortable=False),
            Column("kind", t("Chứng thực"), sortable=False),
            Column("pages", t("Số trang"), ColumnKind.NUMBER, sortable=False),
            Column("copies", t("Số bản"), ColumnKind.NUMBER, sortable=False),
            Column("fee", t("Phí (đ)"), ColumnKind.AMOUNT, sortable=False),
        )
        super().__init__(columns, name=t("Các dòng chứng thực"), row_height=34)
        self.setSelectionMode(DataTable.SelectionMode.SingleSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes a line out, the arrow down leaves behind the last."""
        row = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row >= 0:
            self.removed.emit(self.current_key())
        elif event.key() == Qt.Key.Key_Down and row == self.model().rowCount() - 1:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class LinesCard(Card):
    """``picked(str)`` to put a line right, ``removed(str)``, ``left()`` back to typing."""

    picked = Signal(str)
    removed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("Các dòng của lượt này"), parent=parent)
        self.table = LinesTable()
        nothing = EmptyState(
            t("Chưa có dòng nào"), t("Mỗi giấy tờ một dòng."), drawing=Drawing.PAPER, small=True
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(nothing)
        self._stack.addWidget(self.table)
        self.full.addWidget(self._stack, 1)
        self.table.opened.connect(lambda row: self.picked.emit(self.table.rows.key_of(row)))
        self.table.removed.connect(self.removed)
        self.table.left.connect(self.left)

    def show_lines(self, lines: Sequence[CopyLine], fees: Sequence[int | None]) -> None:
        """All lines, the last in sight."""
        rows = [
            (
                str(place),
                line.paper,
                KIND_WORDS[line.kind],
                line.pages,
                line.copies,
                fee if fee is not None else t("chưa rõ"),
            )
            for place, (line, fee) in enumerate(zip(lines, fees, strict=True), start=1)
        ]
        self.table.set_rows(rows, [line.request_id for line in lines])
        self._stack.setCurrentIndex(1 if rows else 0)
        self.table.scrollToBottom()
        self.set_hint(f"{count_words(lines)} · {fee_words(total_of(fees))}" if lines else "")

    def enter(self) -> None:
        """The cursor on the last line, if there is one."""
        last = self.table.model().rowCount() - 1
        if last >= 0:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.select_row(last)

    def forget_cursor(self) -> None:
        """No line is marked."""
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.model().index(-1, -1))
