"""What happened to a dossier, line by line, down to what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_text
from app.ui.widgets.shapes import Shape, draw_shape
from app.ui.widgets.tokens import Tone


class When(StrEnum):
    """PAST solid, NOW blue, FUTURE hollow and dashed."""

    PAST = "past"
    NOW = "now"
    FUTURE = "future"


@dataclass(frozen=True)
class TimelineEntry:
    """One line: ``time`` as shown ("15:12", "25/11", "Bây giờ"), the act, and who or what in grey.

    ``day`` starts a new day above the line ("Thứ Hai 23/11/2026").
    """

    time: str
    act: str
    who: str = ""
    shape: Shape = Shape.DISC
    tone: Tone = Tone.GREEN
    when: When = When.PAST
    day: str = ""


class Timeline(QWidget):
    """The entries, as tall as they need; put it in a ``ScrollColumn`` where they may not fit."""

    def __init__(self, entries: Sequence[TimelineEntry] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._entries: tuple[TimelineEntry, ...] = ()
        self.set_entries(entries)

    def entries(self) -> tuple[TimelineEntry, ...]:
        """What is shown."""
        return self._entries

    def set_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Shows other entries, the oldest first."""
        self._entries = tuple(entries)
        self.setAccessibleName(
            "; ".join(", ".join(p for p in (e.day, e.time, e.act, e.who) if p) for e in entries)
        )
        self._fit()

    def restyle(self) -> None:
        """Takes the sizes of the look now worn."""
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        return QSize(px(300), self.heightForWidth(px(300)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(sum(self._height(entry, width) for entry in self._entries))

    def _time_width(self) -> int:
        plain = max(
            (metrics(Type.LABEL, e.when is When.NOW).horizontalAdvance(e.time) for e in self._entries),
            default=0,
        )
        return max(px(54), plain + px(8))

    def _text_left(self) -> int:
        return self._time_width() + px(32)

    def _day_height(self, entry: TimelineEntry) -> int:
        return metrics(Type.LABEL, True).height() + px(10) if entry.day else 0

    def _text_height(self, entry: TimelineEntry, width: int) -> int:
        room = max(px(80), width - self._text_left())
        act = _lines(metrics(Type.BODY, True), entry.act, room)
        who = _lines(metrics(Type.LABEL), entry.who, room) if entry.who else 0
        return act + who

    def _height(self, entry: TimelineEntry, width: int) -> int:
        return self._day_height(entry) + self._text_height(entry, width) + px(18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, tokens = 0.0, current()
        for place, entry in enumerate(self._entries):
            if entry.day:
                box = QRectF(0, top, self.width(), metrics(Type.LABEL, True).height())
                painter.fillRect(box, tokens.surface)
                draw_text(painter, box, entry.day, font(Type.LABEL, True), tokens.secondary, LEFT)
            height = self._height(entry, self.width())
            line_top = top + self._day_height(entry)
            following = self._entries[place + 1] if place + 1 < len(self._entries) else None
            if following is not None:
                lower = top + height + self._day_height(following)
                self._paint_line(painter, line_top, lower, following.when is When.FUTURE)
            self._paint_entry(painter, entry, line_top)
            top += height

    def _axis(self) -> float:
        return self._time_width() + px(13)

    def _paint_line(self, painter: QPainter, top: float, bottom: float, dashed: bool) -> None:
        half = metrics(Type.BODY, True).height() / 2
        pen = QPen(current().button_border, px(2))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        gap = px(10)
        painter.drawLine(QPointF(self._axis(), top + half + gap), QPointF(self._axis(), bottom + half - gap))

    def _paint_entry(self, painter: QPainter, entry: TimelineEntry, top: float) -> None:
        tokens, height = current(), metrics(Type.BODY, True).height()
        now, future = entry.when is When.NOW, entry.when is When.FUTURE
        tone = Tone.BLUE if now else entry.tone
        shape = Shape.RING if now or future else entry.shape
        colour = tokens.input_border if future else tokens.of(tone)
        time_ink = tokens.blue if now else tokens.secondary
        draw_text(
            painter,
            QRectF(0, top, self._time_width(), height),
            entry.time,
            font(Type.LABEL, now),
            time_ink,
            LEFT,
        )
        side = px(14)
        draw_shape(
            painter, QRectF(self._axis() - side / 2, top + (height - side) / 2, side, side), shape, colour
        )
        room = max(px(80), self.width() - self._text_left())
        face = font(Type.BODY, not future)
        act_height = _lines(QFontMetrics(face), entry.act, room)
        wrap = Qt.TextFlag.TextWordWrap
        painter.setFont(face)
        painter.setPen(tokens.blue if now else tokens.secondary if future else tokens.text)
        painter.drawText(QRectF(self._text_left(), top, room, act_height), int(wrap), entry.act)
        painter.setFont(font(Type.LABEL))
        painter.setPen(tokens.secondary)
        who = QRectF(self._text_left(), top + act_height, room, self._text_height(entry, self.width()))
        painter.drawText(who, int(wrap), entry.who)


def _lines(measures: QFontMetrics, text: str, width: int) -> int:
    box = measures.boundingRect(0, 0, width, 10_000, int(Qt.TextFlag.TextWordWrap), text)
    return max(measures.height(), box.height())
