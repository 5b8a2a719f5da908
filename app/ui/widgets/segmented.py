"""A choice among two to four, all in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import CENTRE, draw_box, draw_ring, draw_text


class SegmentedChoice(QWidget):
    """Tại quầy | Bưu chính | Điện tử. Arrows, Home and End change; Enter emits ``entered()``.

    ``changed(str)`` carries the key chosen by the officer.
    """

    changed = Signal(str)
    entered = Signal()

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        name: str = "",
        value: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._now = 0
        self._name = name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_value(value if value is not None else self._choices[0][0])

    def value(self) -> str:
        """The key chosen."""
        return self._choices[self._now][0]

    def set_value(self, key: str) -> None:
        """Shows a choice without announcing it; ValueError for an unknown key."""
        self._now = [k for k, _ in self._choices].index(key)
        self.setAccessibleName(f"{self._name}: {self._choices[self._now][1]}".strip(": "))
        self.update()

    def _choose(self, place: int) -> None:
        place = min(len(self._choices) - 1, max(0, place))
        if place != self._now:
            self.set_value(self._choices[place][0])
            self.changed.emit(self.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: self._now - 1,
            Qt.Key.Key_Right: self._now + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._choices) - 1,
        }
        if event.key() in steps:
            self._choose(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for place, box in enumerate(self._boxes()):
            if box.contains(event.position()):
                self._choose(place)

    def sizeHint(self) -> QSize:
        measures = metrics(Type.TABLE, True)
        width = sum(measures.horizontalAdvance(text) + px(32) for _, text in self._choices)
        return QSize(width, max(px(36), measures.height() + px(10)))

    def minimumSizeHint(self) -> QSize:
        measures = metrics(Type.TABLE, True)
        width = sum(measures.horizontalAdvance(text) + px(12) for _, text in self._choices)
        return QSize(width, self.sizeHint().height())

    def _boxes(self) -> list[QRectF]:
        measures = metrics(Type.TABLE, True)
        wanted = [float(measures.horizontalAdvance(text)) for _, text in self._choices]
        spare = (self.width() - sum(wanted)) / len(wanted)
        boxes, left = [], 0.0
        for width in wanted:
            right = left + width + spare
            boxes.append(QRectF(round(left), 0, round(right) - round(left), self.height()))
            left = right
        return boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        draw_box(painter, QRectF(self.rect()), px(6), tokens.surface, tokens.input_border, tokens.line_width)
        for place, box in enumerate(self._boxes()):
            chosen = place == self._now
            if chosen:
                draw_box(painter, box, px(6), tokens.blue_tint, tokens.blue, max(1.5, tokens.line_width))
            elif place and place - 1 != self._now:
                painter.fillRect(QRectF(box.x(), box.height() / 4, 1, box.height() / 2), tokens.card_line)
            ink = tokens.blue if chosen else tokens.text
            ink = ink if self.isEnabled() else tokens.placeholder
            draw_text(painter, box, self._choices[place][1], font(Type.TABLE, chosen), ink, CENTRE)
        if self.hasFocus():
            inset = px(3)
            draw_ring(painter, self._boxes()[self._now].adjusted(inset, inset, -inset, -inset), px(4))
