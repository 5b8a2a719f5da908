"""The list that opens under a field. It lies inside the window, so the field keeps the focus and UniKey's
composition is never broken; nothing is ever completed inside the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.icons import draw_icon
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, RIGHT, draw_box, draw_text

_MOST_ROWS = 8
_SHADOW = 6


@dataclass(frozen=True)
class Choice:
    """One way to choose: ``key`` for the program, ``title`` and grey ``detail`` for the eye."""

    key: str
    title: str
    detail: str = ""
    icon: str = ""


class PopupList(QWidget):
    """Choices under ``anchor`` (above it when there is no room).

    ``chosen(str)`` carries the key of the choice taken; ``closed()`` tells that nothing was taken.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self.setObjectName("overlay")
        self._anchor = anchor
        self._choices: tuple[Choice, ...] = ()
        self._now, self._first = 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.hide()

    def choices(self) -> tuple[Choice, ...]:
        """What is offered."""
        return self._choices

    def current_key(self) -> str | None:
        """The key of the marked row."""
        return self._choices[self._now].key if self._choices else None

    def show_choices(self, choices: Sequence[Choice], current_key: str | None = None) -> None:
        """Opens the list, or closes it when nothing is offered."""
        self._choices = tuple(choices)
        keys = [choice.key for choice in self._choices]
        self._now = keys.index(current_key) if current_key in keys else 0
        self._first = 0
        if not self._choices:
            self.hide()
            return
        self._place()
        self._keep_in_sight()
        self.show()
        self.raise_()
        self.update()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether a key of the window (Esc) is this open list's."""
        return self.isVisible() and event.key() == Qt.Key.Key_Escape

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows, Page keys, Enter and Esc while open; returns whether the key was used."""
        if not self.isVisible():
            return False
        key = event.key()
        moves = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _MOST_ROWS,
            Qt.Key.Key_PageUp: -_MOST_ROWS,
        }
        if key in moves:
            self._move(moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._now)
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        self._now = min(len(self._choices) - 1, max(0, self._now + by))
        self._keep_in_sight()
        self.update()

    def _take(self, row: int) -> None:
        key = self._choices[row].key
        self.hide()
        self.chosen.emit(key)

    def _row_height(self) -> int:
        return max(px(36), metrics(Type.BODY).height() + px(8))

    def _rows_shown(self) -> int:
        room = max(1, (self.height() - 2 * px(_SHADOW)) // self._row_height())
        return min(len(self._choices), room)

    def _keep_in_sight(self) -> None:
        shown = self._rows_shown()
        self._first = min(self._first, self._now)
        self._first = max(self._first, self._now - shown + 1, 0)

    def sizeHint(self) -> QSize:
        rows = min(_MOST_ROWS, max(1, len(self._choices)))
        return QSize(self._width_wanted(), rows * self._row_height() + 2 * px(_SHADOW) + 2)

    def _width_wanted(self) -> int:
        title, detail = metrics(Type.BODY), metrics(Type.LABEL)
        widest = max(
            (
                title.horizontalAdvance(c.title)
                + (detail.horizontalAdvance(c.detail) + px(24) if c.detail else 0)
                for c in self._choices
            ),
            default=0,
        )
        icon = px(28) if any(c.icon for c in self._choices) else 0
        return max(self._anchor.width(), min(widest + icon + px(40), px(640))) + 2 * px(_SHADOW)

    def _place(self) -> None:
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        hint, edge = self.sizeHint(), px(_SHADOW)
        below = self._anchor.mapTo(window, QPoint(0, self._anchor.height()))
        above = self._anchor.mapTo(window, QPoint(0, 0))
        room_below, room_above = window.height() - below.y(), above.y()
        height = hint.height()
        if height <= room_below or room_below >= room_above:
            height = min(height, room_below)
            top = below.y() - edge + px(2)
        else:
            height = min(height, room_above)
            top = above.y() - height + edge - px(2)
        width = min(hint.width(), window.width())
        left = min(below.x() - edge, window.width() - width)
        self.setGeometry(max(0, left), top, width, height)

    def _row_at(self, y: float) -> int | None:
        row = self._first + int((y - px(_SHADOW) - 1) // self._row_height())
        return row if self._first <= row < min(len(self._choices), self._first + self._rows_shown()) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row is not None and row != self._now:
            self._now = row
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row is not None:
            self._take(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._move(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, edge = current(), px(_SHADOW)
        sheet = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        _paint_shadow(painter, sheet, edge)
        draw_box(painter, sheet, px(6), tokens.surface, tokens.input_border, tokens.line_width)
        painter.setClipRect(sheet.adjusted(1, 1, -1, -1))
        for place in range(self._rows_shown()):
            row = self._first + place
            top = sheet.y() + 1 + place * self._row_height()
            self._paint_row(painter, QRectF(sheet.x() + 1, top, sheet.width() - 2, self._row_height()), row)

    def _paint_row(self, painter: QPainter, box: QRectF, row: int) -> None:
        tokens, choice, marked = current(), self._choices[row], row == self._now
        ink, grey = tokens.text, tokens.secondary
        if marked:
            inset = px(3)
            draw_box(painter, box.adjusted(inset, 1, -inset, -1), px(4), tokens.selection)
            ink = tokens.on_selection
            grey = ink if tokens.line_width > 1 else grey
        left, right = box.x() + px(12), box.right() - px(12)
        if choice.icon:
            draw_icon(painter, QRectF(left, box.y(), px(20), box.height()), choice.icon, grey)
            left += px(28)
        if choice.detail:
            width = metrics(Type.LABEL).horizontalAdvance(choice.detail) + 1
            place = QRectF(right - width, box.y(), width, box.height())
            draw_text(painter, place, choice.detail, font(Type.LABEL), grey, RIGHT)
            right -= width + px(12)
        name = QRectF(left, box.y(), right - left, box.height())
        draw_text(painter, name, choice.title, font(Type.BODY), ink, LEFT)


def _paint_shadow(painter: QPainter, sheet: QRectF, edge: int) -> None:
    for step in range(edge, 0, -1):
        shade = QColor(0, 0, 0, round(22 * (1 - step / (edge + 1)) ** 1.5) + 1)
        draw_box(painter, sheet.adjusted(-step, -step + 2, step, step), px(6) + step, shade)
