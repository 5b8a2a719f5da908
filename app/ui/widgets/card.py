"""The section card: a title, one hint or act at right, content; tables run to its edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.ui.widgets.button import Button, Kind
from app.ui.widgets.label import Label
from app.ui.widgets.look import Type, current, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.tokens import Tone

RADIUS = 8
_UNBOUNDED = (1 << 24) - 1
_NO_ALIGNMENT = Qt.AlignmentFlag(0)


class Card(QWidget):
    """A white sheet with a thin line around it.

    ``body`` takes what stands inside the padding, ``full`` what runs to the edge (tables, lists), ``foot``
    what stands below that inside the padding. Never put a card in a card.
    """

    def __init__(
        self,
        title: str = "",
        *,
        hint: str = "",
        title_role: Type = Type.SECTION,
        tone: Tone | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._corners: _Corners | None = None
        self._ends_in_link = False
        self._width: int | None = None
        self._outer = QVBoxLayout(self)
        self._head = QHBoxLayout()
        self.body = _Part(self._space_parts)
        self.full = _Part(self._space_parts)
        self.foot = _Part(self._space_parts)
        self._title = Label(title, title_role, semibold=True)
        self._hint = Label(hint, Type.LABEL, tone=Tone.SECONDARY, right=True)
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self._hint)
        for part in (self._head, self.body, self.full, self.foot):
            self._outer.addLayout(part)
        self._title.setVisible(bool(title))
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(title)
        self.restyle()

    def set_title(self, title: str) -> None:
        """Changes the title; "" hides it."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)
        self._space_head()

    def set_hint(self, hint: str) -> None:
        """Changes the grey words at right; "" hides them."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._space_head()

    def add_act(self, act: QWidget) -> None:
        """Puts an act (link, small button, legend) at the right of the title."""
        self._head.addWidget(act)
        self._ends_in_link = isinstance(act, Button) and act.kind() is Kind.LINK
        self._space_head()

    def add_beside_title(self, part: QWidget) -> None:
        """Puts a part right after the title (a badge, a grey explanation)."""
        self._head.insertWidget(1, part)
        self._space_head()

    def set_width(self, width: int | None) -> None:
        """A fixed width in px of the design, kept right when the letters grow; None lets it stretch."""
        self._width = width
        if width is None:
            self.setMinimumWidth(0)
            self.setMaximumWidth(_UNBOUNDED)
        self.restyle()

    def set_tone(self, tone: Tone | None) -> None:
        """Tints the card (a refusal, a warning); None for the plain surface."""
        self._tone = tone
        self.update()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        if self._width is not None:
            self.setFixedWidth(px(self._width))
        line = current().line_width
        self._outer.setContentsMargins(line, line, line, line)
        self._outer.setSpacing(0)
        self._head.setSpacing(px(12))
        self.body.setSpacing(px(8))
        self.full.setSpacing(0)
        self.foot.setSpacing(px(8))
        self._space_head()
        self._space_parts()

    def _space_head(self) -> None:
        side = px(15)
        shown = bool(self._title.text() or self._hint.text() or self._head.count() > 3)
        right = side - px(2) if self._ends_in_link else side
        self._head.setContentsMargins(side, px(7) if shown else 0, right, px(2) if shown else 0)
        self._space_parts()

    def _space_parts(self) -> None:
        """Padding of the parts that hold something; what is empty takes no room."""
        side, bottom = px(15), px(11)
        headless = self._head.contentsMargins().top() == 0
        full, foot = self.full.count() > 0, self.foot.count() > 0
        if self.body.count():
            below = px(4) if full or foot else bottom
            self.body.setContentsMargins(side, px(10) if headless else px(1), side, below)
        if foot:
            self.foot.setContentsMargins(side, px(8), side, px(11))
        self._outer.setStretchFactor(self.body, 0 if full else 1)
        self._outer.setStretchFactor(self.full, 1 if full else 0)
        if full and self._corners is None:
            self._corners = _Corners(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current()
        fill, border = tokens.surface, tokens.card_line
        if self._tone is not None:
            fill, border = tokens.tint_of(self._tone), tokens.outline_of(self._tone)
        draw_box(QPainter(self), QRectF(self.rect()), px(RADIUS), fill, border, tokens.line_width)


class _Part(QVBoxLayout):
    """A column of a card that tells the card when it gets its first content (an empty one takes no room)."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def addWidget(
        self, widget: QWidget, stretch: int | None = None, alignment: Qt.AlignmentFlag = _NO_ALIGNMENT
    ) -> None:
        super().addWidget(widget, stretch or 0, alignment)
        self._changed()

    def addLayout(self, layout: QLayout, stretch: int | None = None) -> None:
        super().addLayout(layout, stretch or 0)
        self._changed()

    def addStretch(self, stretch: int | None = None) -> None:
        super().addStretch(stretch or 0)
        self._changed()

    def insertWidget(
        self,
        index: int,
        widget: QWidget,
        stretch: int | None = None,
        alignment: Qt.AlignmentFlag = _NO_ALIGNMENT,
    ) -> None:
        super().insertWidget(index, widget, stretch or 0, alignment)
        self._changed()


class _Corners(QWidget):
    """Four little masks painted over the content, mouse goes through."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card.installEventFilter(self)
        self._fit(card)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded) and isinstance(watched, QWidget):
            self._fit(watched)
        return False

    def _fit(self, card: QWidget) -> None:
        self.setGeometry(card.rect())
        side, w, h = px(RADIUS), card.width(), card.height()
        mask = QRegion()
        for x, y in ((0, 0), (w - side, 0), (0, h - side), (w - side, h - side)):
            mask = mask.united(QRegion(x, y, side, side))
        self.setMask(mask)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = current()
        box, radius = QRectF(self.rect()), float(px(RADIUS))
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(box)
        inside.addRoundedRect(box, radius, radius)
        painter.fillPath(outside.subtracted(inside), tokens.window)
        painter.setPen(QPen(tokens.card_line, tokens.line_width))
        half = tokens.line_width / 2
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius - half, radius - half)
