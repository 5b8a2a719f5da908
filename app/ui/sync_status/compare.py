"""Two papers beside each other, a row a field; what differs is tinted, and says so in a word and a shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.text import t
from app.ui.widgets import Label, State, StateText, Tone, Type, current, near, px

_SHARES = (2, 5, 5)


@dataclass(frozen=True)
class CompareRow:
    """``differs``: the two sides state different things."""

    what: str
    ours: str
    theirs: str
    differs: bool


class CompareTable(QWidget):
    """Head and rows; nothing here is typed or chosen."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.rows: tuple[CompareRow, ...] = ()
        self._cells: list[list[QWidget]] = []
        self._grid = QGridLayout(self)
        for place, share in enumerate(_SHARES):
            self._grid.setColumnStretch(place, share)
        self.restyle()

    def set_rows(self, rows: Sequence[CompareRow]) -> None:
        """Other rows."""
        if tuple(rows) == self.rows:
            return
        self.rows = tuple(rows)
        self._clear()
        for place, words in ((1, t("Phiếu công dân đang cầm")), (2, t("Tỉnh đề xuất"))):
            self._grid.addWidget(Label(words, Type.LABEL, semibold=True, wrap=True), 0, place)
        for line, row in enumerate(self.rows, start=1):
            self._add(line, row)
        self.update()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._grid.setContentsMargins(px(16), px(6), px(16), px(6))
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        half = self._grid.verticalSpacing() / 2
        for row, cells in zip(self.rows, self._cells, strict=True):
            top = min(cell.geometry().top() for cell in cells) - half
            low = max(cell.geometry().bottom() + 1 for cell in cells) + half
            band = QRectF(0, top, self.width(), low - top)
            if row.differs:
                painter.fillRect(band, tokens.tint_of(Tone.AMBER))
            painter.setPen(tokens.grid_line)
            painter.drawLine(band.topLeft(), band.topRight())

    def _add(self, line: int, row: CompareRow) -> None:
        plain = not row.differs
        cells: list[QWidget] = [
            Label(row.what, Type.TABLE, tone=Tone.SECONDARY) if plain else StateText(_differing(row.what)),
            Label(row.ours, Type.TABLE, semibold=row.differs, wrap=True),
            Label(row.theirs, Type.TABLE, semibold=row.differs, wrap=True),
        ]
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, line, place)
        self._cells.append(cells)

    def _clear(self) -> None:
        self._cells = []
        while self._grid.count():
            gone = self._grid.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.hide()  # a part shown later than it is taken out would flash as a window
                widget.setParent(None)
                widget.deleteLater()


def _differing(what: str) -> State:
    """Shape, word and colour."""
    word = t("khác")
    return near(what if what.endswith(word) else f"{what} {word}")
