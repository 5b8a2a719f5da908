"""Lying bars with a name before and a number after each: load by officer, by field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.overview.leader_view import Load
from app.text import t
from app.ui.widgets import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_text

_ROW, _BAR, _LEAST_BAR = 26, 14, 60


class LoadBars(QWidget):
    """The late part lies first, in the second series; "12 · 3 trễ" stands behind the bar."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._loads: tuple[Load, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_loads(self, loads: Sequence[Load]) -> None:
        """Shows other loads; those there is no room for are in the table."""
        self._loads = tuple(loads)
        said = "; ".join(f"{load.name}: {_figure(load)}" for load in self._loads)
        self.setAccessibleName(f"{self._name}: {said}")
        self.updateGeometry()
        self.update()

    def loads(self) -> tuple[Load, ...]:
        """What is shown."""
        return self._loads

    def sizeHint(self) -> QSize:
        return QSize(px(260), self._row() * max(2, len(self._loads)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), self._row() * min(2, max(1, len(self._loads))))

    def _row(self) -> int:
        return max(px(_ROW), metrics(Type.TABLE).height() + px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._loads:
            return
        painter, row = QPainter(self), self._row()
        shown = self._loads[: max(1, self.height() // row)]
        wide = max(metrics(Type.TABLE).horizontalAdvance(load.name) for load in shown) + px(8)
        names = min(wide, self.width() * 2 // 5)
        figures = max(metrics(Type.TABLE, True).horizontalAdvance(_figure(load)) for load in shown) + px(8)
        room = max(px(_LEAST_BAR), self.width() - names - figures)
        most = max(load.open for load in shown) or 1
        for place, load in enumerate(shown):
            line = QRectF(0, place * row, self.width(), row)
            self._paint_load(painter, line, load, names, room * load.open / most)

    def _paint_load(self, painter: QPainter, line: QRectF, load: Load, names: int, width: float) -> None:
        tokens, high = current(), px(_BAR)
        box = QRectF(0, line.y(), names - px(8), line.height())
        draw_text(painter, box, load.name, font(Type.TABLE), tokens.text, LEFT)
        top = line.y() + (line.height() - high) / 2
        late = round(width * load.late / load.open) if load.open else 0
        late = max(late, px(3)) if load.late else 0
        gap = 1.5 if load.late and late < width else 0.0
        painter.fillRect(QRectF(names, top, late, high), tokens.series_2)
        painter.fillRect(QRectF(names + late + gap, top, max(0.0, width - late - gap), high), tokens.series_1)
        place = QRectF(names + max(width, late) + px(6), line.y(), self.width(), line.height())
        draw_text(painter, place, _figure(load), font(Type.TABLE, True), tokens.text, LEFT, elide=False)


def _figure(load: Load) -> str:
    if not load.late:
        return str(load.open)
    return t("{open} · {late} trễ").format(open=load.open, late=load.late)
