"""How a checklist row looks, and one such row standing alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.text import t
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import CENTRE, LEFT, RIGHT, draw_box, draw_ring, draw_text
from app.ui.widgets.shapes import State, done, draw_shape, late
from app.ui.widgets.tokens import Tone


class Need(StrEnum):
    """NORMAL; MISSING: a refused acceptance lacks it; EXEMPT: the citizen need not bring it."""

    NORMAL = "normal"
    MISSING = "missing"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class CheckItem:
    """One row: ``name``, grey ``why``, and at right the ``kind`` with its count ("Bản chính · 1")."""

    id: str
    name: str
    why: str = ""
    kind: str = ""
    checked: bool = False
    need: Need = Need.NORMAL


def row_height(compact: bool) -> int:
    """43 px (compact 36), never lower than its letters need."""
    letters = metrics(Type.BODY).height()
    if compact:
        return max(px(36), letters + px(8))
    return max(px(43), letters + metrics(Type.LABEL).height() + px(4))


def draw_tick_box(painter: QPainter, box: QRectF, checked: bool, *, wrong: bool = False) -> None:
    """The 20 px box; ``wrong`` for one that is missing."""
    tokens = current()
    if checked:
        draw_box(painter, box, px(4), tokens.blue)
        pen = QPen(tokens.on_primary, max(1.6, box.width() * 0.11))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        w = box.width()
        points = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))
        painter.drawPolyline(QPolygonF([QPointF(box.x() + x * w, box.y() + y * w) for x, y in points]))
        return
    border = tokens.red if wrong else tokens.input_border
    draw_box(painter, box, px(4), tokens.surface, border, 2 if wrong else 1.5)


def draw_check_row(
    painter: QPainter,
    box: QRectF,
    item: CheckItem,
    *,
    cap: str | None = None,
    compact: bool = False,
    current_row: bool = False,
    last: bool = False,
    edge: int = 15,
) -> None:
    """One whole row. ``cap`` None leaves no room for key caps; ``edge`` is the padding at both sides."""
    tokens, missing = current(), item.need is Need.MISSING
    if missing:
        painter.fillRect(box, tokens.red_tint)
        painter.fillRect(QRectF(box.x(), box.y(), px(4), box.height()), tokens.red)
    if current_row:
        field = box.adjusted(px(2), 0, -px(2), 0)
        draw_box(painter, field, px(6), tokens.red_tint if missing else tokens.blue_tint)
        draw_ring(painter, field, px(6))
    elif not last:
        line = QRectF(box.x(), box.bottom() - tokens.line_width, box.width(), tokens.line_width)
        painter.fillRect(line, tokens.grid_line)
    left, right = box.x() + px(edge), box.right() - px(edge)
    middle = box.center().y()
    if cap is not None:
        _draw_digit(painter, QRectF(left, middle - px(11), px(24), px(22)), cap)
        left += px(36)
    side = px(20)
    draw_tick_box(
        painter, QRectF(round(left), round(middle - side / 2), side, side), item.checked, wrong=missing
    )
    left += side + px(12)
    right -= _draw_kind(painter, QRectF(left, box.y(), right - left, box.height()), item)
    _draw_words(painter, QRectF(left, box.y(), right - left, box.height()), item, compact)


def _draw_digit(painter: QPainter, box: QRectF, text: str) -> None:
    tokens = current()
    if text:
        draw_box(painter, box, px(4), tokens.surface, tokens.button_border)
        draw_text(painter, box, text, font(Type.CAP, True), tokens.secondary, CENTRE, elide=False)


def _right_state(item: CheckItem) -> State | None:
    if item.need is Need.MISSING:
        return late(t("Còn thiếu"))
    if item.need is Need.EXEMPT and not item.checked:
        return done(t("Miễn nộp"))
    return None


def _draw_kind(painter: QPainter, box: QRectF, item: CheckItem) -> float:
    """What stands at right; returns the width it took, gap included."""
    tokens, state = current(), _right_state(item)
    words = state.word if state else item.kind
    if not words:
        return 0
    width = metrics(Type.LABEL, state is not None).horizontalAdvance(words) + 1
    place = QRectF(box.right() - width, box.y(), width, box.height())
    ink = tokens.of(state.tone) if state else tokens.secondary
    draw_text(painter, place, words, font(Type.LABEL, state is not None), ink, RIGHT, elide=False)
    if state is None:
        return width + px(12)
    side = px(12) if item.need is Need.EXEMPT else px(10)
    draw_shape(painter, QRectF(place.x() - px(5) - side, box.y(), side, box.height()), state.shape, ink)
    return width + px(5) + side + px(12)


def _draw_words(painter: QPainter, box: QRectF, item: CheckItem, compact: bool) -> None:
    tokens, missing = current(), item.need is Need.MISSING
    name_ink = tokens.text if item.checked or missing else tokens.secondary
    name, why = metrics(Type.BODY), metrics(Type.LABEL)
    if compact or not item.why:
        draw_text(painter, box, item.name, font(Type.BODY), name_ink, LEFT)
        return
    top = box.y() + (box.height() - name.height() - why.height()) / 2
    upper = QRectF(box.x(), top, box.width(), name.height())
    lower = QRectF(box.x(), top + name.height(), box.width(), why.height())
    draw_text(painter, upper, item.name, font(Type.BODY), name_ink, LEFT)
    draw_text(
        painter, lower, item.why, font(Type.LABEL), tokens.of(Tone.RED if missing else Tone.SECONDARY), LEFT
    )


class CheckRow(QCheckBox):
    """One checklist row as a widget of its own, without a key cap (consents, settings).

    ``toggled(bool)`` is Qt's.
    """

    def __init__(
        self,
        name: str,
        *,
        why: str = "",
        kind: str = "",
        checked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._why, self._kind = why, kind
        self.setChecked(checked)
        self.setAccessibleName(name)
        self.setAccessibleDescription(why)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_why(self, why: str) -> None:
        """Changes the grey words below the name."""
        self._why = why
        self.setAccessibleDescription(why)
        self.update()

    def sizeHint(self) -> QSize:
        name = metrics(Type.BODY).horizontalAdvance(self.text())
        why = metrics(Type.LABEL).horizontalAdvance(self._why)
        kind = metrics(Type.LABEL).horizontalAdvance(self._kind) + px(12) if self._kind else 0
        return QSize(max(name, why) + kind + px(40), row_height(not self._why))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        shown = CheckItem("", self.text(), self._why, self._kind, self.isChecked())
        draw_check_row(painter, box, shown, compact=not self._why, last=True, edge=2)
        if self.hasFocus():
            draw_ring(painter, box, px(4))
