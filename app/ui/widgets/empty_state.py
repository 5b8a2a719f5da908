"""An empty place that invites: drawing, invitation, the field, two ways on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.ui.widgets.drawings import Drawing, DrawingView
from app.ui.widgets.icons import draw_icon
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, cap_size, draw_cap, draw_ring, draw_text
from app.ui.widgets.tokens import Tone


class WayOn(QAbstractButton):
    """One way on: a key cap or icon, strong words, grey words. ``clicked()`` takes it."""

    def __init__(
        self, words: str, detail: str = "", *, cap: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(words)
        self._detail, self._cap, self._icon = detail, cap, icon
        self.setAccessibleName(words)
        self.setAccessibleDescription(detail)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str, detail: str = "") -> None:
        """Changes the words."""
        self.setText(words)
        self._detail = detail
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def _left(self) -> int:
        return px(52)

    def sizeHint(self) -> QSize:
        upper, lower = metrics(Type.BODY, True), metrics(Type.TABLE)
        width = max(upper.horizontalAdvance(self.text()), lower.horizontalAdvance(self._detail))
        height = upper.height() + (lower.height() if self._detail else 0)
        return QSize(self._left() + width + px(10), height + px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        box = QRectF(self.rect())
        middle = px(22)
        if self._cap:
            wide, high = cap_size(self._cap)
            place = QRectF(middle - wide / 2, (box.height() - high) / 2, wide, high)
            draw_cap(painter, place, self._cap)
        elif self._icon:
            side = px(20)
            place = QRectF(middle - side / 2, (box.height() - side) / 2, side, side)
            draw_icon(painter, place, self._icon, tokens.secondary)
        top, upper = float(px(4)), metrics(Type.BODY, True).height()
        ink = tokens.blue if self.underMouse() else tokens.text
        words = QRectF(self._left(), top, box.width() - self._left(), upper)
        draw_text(painter, words, self.text(), font(Type.BODY, True), ink, LEFT)
        lower = QRectF(self._left(), top + upper, box.width() - self._left(), metrics(Type.TABLE).height())
        draw_text(painter, lower, self._detail, font(Type.TABLE), tokens.secondary, LEFT)
        if self.hasFocus():
            draw_ring(painter, box, px(6))


class EmptyState(QWidget):
    """Drawing, invitation, hint, then ``field_slot`` and the ways on, all in the middle.

    ``small`` is for a card: a small drawing and no large letters.
    """

    def __init__(
        self,
        invitation: str,
        hint: str = "",
        *,
        drawing: Drawing = Drawing.CARD,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        middle = Qt.AlignmentFlag.AlignHCenter
        role = Type.SECTION if small else Type.INVITATION
        self._invitation = Label(invitation, role, semibold=True, wrap=True)
        self._hint = Label(hint, Type.TABLE if small else Type.BODY, tone=Tone.SECONDARY, wrap=True)
        for words in (self._invitation, self._hint):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._drawing = DrawingView(drawing)
        self._field: QWidget | None = None
        self._field_width = 0
        self._small = small
        self.field_slot = QVBoxLayout()
        self.ways = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.addStretch(2)
        self._column.addWidget(self._drawing, 0, middle)
        self._air = QSpacerItem(0, 0)
        self._column.addItem(self._air)
        self._column.addWidget(self._invitation)
        self._column.addWidget(self._hint)
        self._column.addLayout(self.field_slot)
        self._ways_holder = QWidget()
        self._ways_holder.setLayout(self.ways)
        self._ways_holder.setVisible(False)
        self._column.addWidget(self._ways_holder, 0, middle)
        self._column.addStretch(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(invitation)
        self.restyle()

    def set_words(self, invitation: str, hint: str = "", drawing: Drawing | None = None) -> None:
        """Says something else."""
        self._invitation.setText(invitation)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(invitation)
        if drawing is not None:
            self._drawing.set_drawing(drawing)

    def set_field(self, field: QWidget, width: int = 560) -> None:
        """Puts the field in its slot, at most ``width`` px wide."""
        self._field, self._field_width = field, width
        self.field_slot.addWidget(field, 0)
        self.field_slot.setAlignment(field, Qt.AlignmentFlag.AlignHCenter)
        self.restyle()

    def add_way(self, words: str, detail: str = "", *, cap: str = "", icon: str = "") -> WayOn:
        """Adds a way on and gives it back."""
        way = WayOn(words, detail, cap=cap, icon=icon)
        self.ways.addWidget(way)
        self._ways_holder.setVisible(True)
        return way

    def hasHeightForWidth(self) -> bool:
        """No: what does not fit is left out instead."""
        return False

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), self._heights()[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._column.setSpacing(px(8))
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self.ways.setContentsMargins(0, 0, 0, 0)
        self.ways.setSpacing(px(8))
        self._fit()

    def _heights(self) -> tuple[int, int, int]:
        """Heights wanted with all, without the drawing, and without hint and drawing."""
        texts = (self._lines_of(self._invitation), self._lines_of(self._hint))
        field = self._field.sizeHint().height() + px(36) if self._field is not None else 0
        ways = self.ways.sizeHint().height() + px(8) if self.ways.count() else 0
        bare = texts[0] + field + ways + 2 * px(12) + px(8)
        plain = bare + (texts[1] + px(8) if self._hint.text() else 0)
        return (plain + self._drawing.height() + px(32), plain, bare)

    def _lines_of(self, words: Label) -> int:
        room = self.width() - 2 * px(16)
        return words.heightForWidth(room) if room > px(200) else words.fontMetrics().height()

    def _fit(self) -> None:
        """Leaves out the drawing, then the hint, where the place is low."""
        whole, plain, _bare = self._heights()
        roomy = self.height() >= whole
        self._drawing.setVisible(roomy)
        self._hint.setVisible(bool(self._hint.text()) and self.height() >= plain)
        self._air.changeSize(0, px(4 if self._small else 14) if roomy else 0)
        self.field_slot.setContentsMargins(0, px(8), 0, px(20) if roomy else px(8))
        if self._field is not None:
            room = self.width() - 2 * px(16)
            self._field.setFixedWidth(max(px(240), min(px(self._field_width), room)))
