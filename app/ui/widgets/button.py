"""Buttons, painted from tokens so that focus by code shows the same ring as focus by Tab."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.widgets.icons import draw_icon
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, cap_size, draw_box, draw_cap, draw_ring, draw_text
from app.ui.widgets.tokens import Tokens, mixed


class Kind(StrEnum):
    """PRIMARY: the one blue button of a screen. TINTED: a recommended choice. LINK: words only."""

    PRIMARY = "primary"
    NORMAL = "normal"
    TINTED = "tinted"
    LINK = "link"


class Size(StrEnum):
    """SMALL 32, NORMAL 36, BIG 48 px high."""

    SMALL = "small"
    NORMAL = "normal"
    BIG = "big"


_HEIGHTS = {Size.SMALL: 32, Size.NORMAL: 36, Size.BIG: 48}


class Button(QPushButton):
    """A button with an optional icon at left and a key cap at right.

    ``leading`` lays icon and words at the left edge and the cap at the right edge, for a column of acts.
    The key itself is bound by the screen; the cap only shows it.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = Kind.NORMAL,
        *,
        icon: str = "",
        cap: str = "",
        size: Size = Size.NORMAL,
        leading: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._cap = kind, icon, cap
        self._size, self._leading = size, leading
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        across = QSizePolicy.Policy.Expanding if leading else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def kind(self) -> Kind:
        """Its kind."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Changes the kind, e.g. when another choice becomes the recommended one."""
        self._kind = kind
        self._changed()

    def set_text(self, text: str) -> None:
        """Changes the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self._changed()

    def set_cap(self, cap: str) -> None:
        """Changes the key shown."""
        self._cap = cap
        self._changed()

    def set_icon(self, icon: str) -> None:
        """Changes the icon; "" for none."""
        self._icon = icon
        self._changed()

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _type(self) -> tuple[Type, bool]:
        if self._kind is Kind.LINK:
            return Type.TABLE, False
        if self._kind is Kind.PRIMARY and self._size is Size.BIG:
            return Type.PRIMARY, True
        if self._size is Size.SMALL:
            return Type.TABLE, False
        return (Type.BODY, self._kind in (Kind.PRIMARY, Kind.TINTED))

    def _padding(self) -> int:
        return px(2) if self._kind is Kind.LINK else px(15)

    def _icon_side(self) -> int:
        return px(20)

    def sizeHint(self) -> QSize:
        measures = metrics(*self._type())
        width = 2 * self._padding() + measures.horizontalAdvance(self.text()) + 1
        if self._icon:
            width += self._icon_side() + px(8)
        if self._cap:
            width += cap_size(self._cap)[0] + px(10)
        if self._kind is Kind.LINK:
            return QSize(width, measures.height() + px(4))
        return QSize(width, max(px(_HEIGHTS[self._size]), measures.height() + px(10)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = current()
        box = QRectF(self.rect())
        ink = self._paint_ground(painter, box, tokens)
        self._paint_content(painter, box, ink, tokens)

    def _paint_ground(self, painter: QPainter, box: QRectF, tokens: Tokens) -> QColor:
        """The box and the ring; returns the colour of the words."""
        ring = self.hasFocus()
        if self._kind is Kind.LINK:
            if ring:
                draw_ring(painter, box, px(4))
            return tokens.blue if self.isEnabled() else tokens.placeholder
        fill, border, ink = self._colours(tokens)
        radius: float = px(6)
        if ring:
            draw_ring(painter, box, radius + px(1))
            gap = px(2) + px(2)
            box = box.adjusted(gap, gap, -gap, -gap)
            radius = px(4)
        strong = self._kind is Kind.TINTED
        width = tokens.line_width if not strong else max(1.5, tokens.line_width)
        draw_box(painter, box, radius, fill, border, width)
        return ink

    def _colours(self, tokens: Tokens) -> tuple[QColor, QColor, QColor]:
        if not self.isEnabled():
            return tokens.surface, tokens.button_border, tokens.placeholder
        if self._kind is Kind.PRIMARY:
            ground = tokens.blue
            if self.isDown() or self.underMouse():
                ground = mixed(tokens.text, tokens.blue, 0.22 if self.isDown() else 0.10)
            return ground, ground, tokens.on_primary
        ground = tokens.blue_tint if self._kind is Kind.TINTED or self.isChecked() else tokens.surface
        if self.isDown() or self.underMouse():
            ground = mixed(tokens.blue, ground, 0.14 if self.isDown() else 0.05)
        if self._kind is Kind.TINTED or self.isChecked():
            return ground, tokens.blue, tokens.blue
        return ground, tokens.button_border, tokens.text

    def _paint_content(self, painter: QPainter, box: QRectF, ink: QColor, tokens: Tokens) -> None:
        role, semibold = self._type()
        measures = metrics(role, semibold)
        hint = self.sizeHint().width()
        left = float(self._padding())
        if not self._leading:
            left += max(0.0, (box.width() - hint) / 2)
        if self._icon:
            side = self._icon_side()
            draw_icon(painter, QRectF(left, (box.height() - side) / 2, side, side), self._icon, ink)
            left += side + px(8)
        width = measures.horizontalAdvance(self.text()) + 1
        draw_text(painter, QRectF(left, 0, width, box.height()), self.text(), font(role, semibold), ink, LEFT)
        if self._cap:
            self._paint_cap(painter, box, left + width + px(10), ink, tokens)
        if self._kind is Kind.LINK and self.underMouse() and self.isEnabled():
            base = round(box.height() / 2 + measures.ascent() / 2)
            painter.setPen(ink)
            painter.drawLine(round(left), base, round(left + width), base)

    def _paint_cap(self, painter: QPainter, box: QRectF, left: float, ink: QColor, tokens: Tokens) -> None:
        wide, high = cap_size(self._cap)
        if self._leading:
            left = box.width() - self._padding() + px(5) - wide
        place = QRectF(round(left), round((box.height() - high) / 2), wide, high)
        filled = self._kind is Kind.PRIMARY and self.isEnabled()
        draw_cap(painter, place, self._cap, ink=ink if filled else None, faint=not self.isEnabled())
