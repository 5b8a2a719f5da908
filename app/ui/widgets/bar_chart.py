"""Home's bar charts: plain bars with a number on every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.legend import number_text
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import CENTRE, draw_text


@dataclass(frozen=True)
class BarDatum:
    """One bar.

    ``value`` is its whole height; ``part`` of it is drawn in the second series, below (``part_on_top``
    of the chart turns that). ``text`` stands over it (else the value). ``holiday`` names a day off:
    hatch and word instead of a bar. ``gap_before`` draws the dashed line of a weekend.
    """

    label: str
    sublabel: str = ""
    value: float = 0
    part: float = 0
    text: str = ""
    now: bool = False
    holiday: str = ""
    holiday_detail: str = ""
    gap_before: bool = False


class BarChart(QWidget):
    """Bars from zero; no axis of numbers, each bar carries its own."""

    def __init__(
        self,
        bars: Sequence[BarDatum] = (),
        *,
        name: str = "",
        part_on_top: bool = False,
        top: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bars: tuple[BarDatum, ...] = ()
        self._name, self._part_on_top, self._top = name, part_on_top, top
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_bars(bars)

    def bars(self) -> tuple[BarDatum, ...]:
        """What is shown."""
        return self._bars

    def set_bars(self, bars: Sequence[BarDatum]) -> None:
        """Shows other bars."""
        self._bars = tuple(bars)
        said = "; ".join(
            f"{bar.label} {bar.sublabel}: {bar.holiday or bar.text or number_text(bar.value)}"
            for bar in self._bars
        )
        self.setAccessibleName(f"{self._name}: {said}".strip(": "))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(52) * max(1, len(self._bars)), px(150))

    def minimumSizeHint(self) -> QSize:
        widest = max(
            (metrics(Type.LABEL).horizontalAdvance(b.sublabel or b.label) for b in self._bars), default=10
        )
        return QSize((widest + px(3)) * max(1, len(self._bars)), self._labels_height() + px(52))

    def _labels_height(self) -> int:
        lines = 2 if any(bar.sublabel for bar in self._bars) else 1
        return lines * metrics(Type.LABEL).height() + px(4)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gaps = sum(bar.gap_before for bar in self._bars)
        gap = px(14)
        step = (self.width() - gaps * gap) / len(self._bars)
        base = self.height() - self._labels_height()
        left = 0.0
        for bar in self._bars:
            if bar.gap_before:
                self._paint_weekend(painter, left + gap / 2)
                left += gap
            self._paint_day(painter, QRectF(left, 0, step, base), bar)
            left += step
        painter.fillRect(QRectF(0, base, self.width(), 1), current().input_border)

    def _paint_weekend(self, painter: QPainter, x: float) -> None:
        pen = QPen(current().input_border, 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(round(x) + 0.5, px(2)), QPointF(round(x) + 0.5, self.height()))

    def _paint_day(self, painter: QPainter, column: QRectF, bar: BarDatum) -> None:
        if bar.holiday:
            self._paint_holiday(painter, column, bar)
        else:
            self._paint_bar(painter, column, bar)
        tokens, line = current(), metrics(Type.LABEL).height()
        ink = tokens.blue if bar.now else tokens.secondary
        top = column.bottom() + px(4)
        upper_ink = ink if bar.now or not bar.sublabel else tokens.text
        face = font(Type.LABEL, bar.now)
        wide = QRectF(column.x() - px(8), top, column.width() + px(16), line)
        draw_text(painter, wide, bar.label, face, upper_ink, CENTRE)
        if bar.sublabel:
            draw_text(painter, wide.translated(0, line), bar.sublabel, face, ink, CENTRE)

    def _bar_width(self, column: QRectF) -> float:
        return float(round(min(column.width() * 0.72, max(px(40), column.width() * 0.6))))

    def _paint_bar(self, painter: QPainter, column: QRectF, bar: BarDatum) -> None:
        tokens, figure = current(), metrics(Type.TABLE, True).height()
        highest = self._top or max((b.value for b in self._bars), default=0) or 1
        room = column.height() - figure - px(2)
        height = round(room * bar.value / highest)
        width = self._bar_width(column)
        left = round(column.center().x() - width / 2)
        top = column.bottom() - height
        part = round(room * bar.part / highest) if bar.part else 0
        if bar.part:
            part = max(part, px(3))
        gap = 1.5 if 0 < part < height else 0.0
        whole = max(0.0, height - part - gap)
        if self._part_on_top:
            painter.fillRect(QRectF(left, top, width, part), tokens.series_2)
            painter.fillRect(QRectF(left, top + part + gap, width, whole), tokens.series_1)
        else:
            painter.fillRect(QRectF(left, top, width, whole), tokens.series_1)
            painter.fillRect(QRectF(left, top + whole + gap, width, part), tokens.series_2)
        words = QRectF(column.x() - px(6), top - figure - px(1), column.width() + px(12), figure)
        text = bar.text or number_text(bar.value)
        draw_text(painter, words, text, font(Type.TABLE, True), tokens.text, CENTRE, elide=False)

    def _paint_holiday(self, painter: QPainter, column: QRectF, bar: BarDatum) -> None:
        tokens = current()
        width = min(column.width() - px(4), px(64))
        box = QRectF(column.center().x() - width / 2, px(2), width, column.height() - px(2))
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(tokens.button_border, 1))
        step = px(6)
        for offset in range(-int(box.height()), int(box.width()) + 1, step):
            start = QPointF(box.x() + offset, box.bottom())
            painter.drawLine(start, QPointF(start.x() + box.height(), box.y()))
        painter.restore()
        line, grey = metrics(Type.LABEL, True).height(), metrics(Type.CAP).height()
        plate = line + (grey if bar.holiday_detail else 0) + px(4)
        middle = QRectF(box.x(), box.center().y() - plate / 2, box.width(), plate)
        painter.fillRect(middle, tokens.surface)
        upper = QRectF(column.x(), middle.y() + px(2), column.width(), line)
        draw_text(painter, upper, bar.holiday, font(Type.LABEL, True), tokens.secondary, CENTRE)
        lower = QRectF(column.x(), upper.bottom(), column.width(), grey)
        draw_text(painter, lower, bar.holiday_detail, font(Type.CAP), tokens.secondary, CENTRE)
