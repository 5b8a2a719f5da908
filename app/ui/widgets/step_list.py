"""Steps below each other: done, now, to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import CENTRE, LEFT, draw_box, draw_ring, draw_text
from app.ui.widgets.shapes import Shape, draw_shape
from app.ui.widgets.timeline import When
from app.ui.widgets.tokens import Tokens


@dataclass(frozen=True)
class Step:
    """One step: ``when`` PAST is done, NOW the one being worked at, FUTURE to come."""

    title: str
    detail: str = ""
    when: When = When.FUTURE


class StepList(QWidget):
    """Rounds on a line. With ``choosable`` arrows and Enter or a click emit ``chosen(int)``, from 0."""

    chosen = Signal(int)

    def __init__(
        self, steps: Sequence[Step] = (), *, choosable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._choosable, self._cursor = choosable, 0
        if choosable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Shows other steps."""
        self._steps = tuple(steps)
        self._cursor = next((i for i, s in enumerate(self._steps) if s.when is When.NOW), 0)
        self.setAccessibleName("; ".join(f"{n}. {s.title}, {s.detail}" for n, s in enumerate(self._steps, 1)))
        self.updateGeometry()
        self.update()

    def _least(self) -> int:
        return metrics(Type.BODY, True).height() + metrics(Type.LABEL).height() + px(10)

    def sizeHint(self) -> QSize:
        return QSize(px(248), len(self._steps) * max(px(64), self._least()))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), len(self._steps) * self._least())

    def _row(self, place: int) -> QRectF:
        wanted = self.sizeHint().height()
        height = min(self.height(), wanted + len(self._steps) * px(8)) / max(1, len(self._steps))
        return QRectF(0, place * height, self.width(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, radius = float(px(26)), px(13)
        for place, step in enumerate(self._steps):
            row = self._row(place)
            if step.when is When.NOW:
                draw_box(painter, row.adjusted(0, px(1), 0, -px(1)), px(6), tokens.selection)
        for place, step in enumerate(self._steps):
            row = self._row(place)
            if place + 1 < len(self._steps):
                colour = tokens.green if step.when is When.PAST else tokens.button_border
                top = row.center().y() + radius
                painter.fillRect(QRectF(x - px(1), top, px(2), row.height() - 2 * radius), colour)
            self._paint_round(
                painter, QRectF(x - radius, row.center().y() - radius, 2 * radius, 2 * radius), place
            )
            self._paint_words(painter, row, step, tokens)
            if self.hasFocus() and place == self._cursor:
                draw_ring(painter, row.adjusted(0, px(1), 0, -px(1)), px(6))

    def _paint_round(self, painter: QPainter, box: QRectF, place: int) -> None:
        tokens, when = current(), self._steps[place].when
        radius = box.height() / 2
        if when is When.PAST:
            draw_box(painter, box, radius, tokens.green)
            side = px(13)
            mark = QRectF(0, 0, side, side)
            mark.moveCenter(box.center())
            draw_shape(painter, mark, Shape.CHECK, tokens.surface)
            return
        now = when is When.NOW
        fill, border = (tokens.blue, tokens.blue) if now else (tokens.surface, tokens.input_border)
        draw_box(painter, box, radius, fill, border, 1.5)
        ink = tokens.on_primary if now else tokens.secondary
        draw_text(painter, box, str(place + 1), font(Type.TABLE, True), ink, CENTRE, elide=False)

    def _paint_words(self, painter: QPainter, row: QRectF, step: Step, tokens: Tokens) -> None:
        now, left = step.when is When.NOW, px(52)
        upper, lower = metrics(Type.BODY, now).height(), metrics(Type.LABEL).height()
        top = row.center().y() - (upper + (lower if step.detail else 0)) / 2
        plain = tokens.on_selection if tokens.line_width > 1 and now else None
        ink = plain or (tokens.blue if now else tokens.text)
        grey = plain or tokens.secondary
        room = row.width() - left - px(4)
        draw_text(painter, QRectF(left, top, room, upper), step.title, font(Type.BODY, now), ink, LEFT)
        draw_text(painter, QRectF(left, top + upper, room, lower), step.detail, font(Type.LABEL), grey, LEFT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place in range(len(self._steps)):
            if self._choosable and self._row(place).contains(event.position()):
                self._cursor = place
                self.chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self._cursor = min(len(self._steps) - 1, max(0, self._cursor + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._cursor)
        else:
            super().keyPressEvent(event)
