"""Conditions as chips: pressed in means it holds, shown by a check as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_box, draw_ring, draw_text
from app.ui.widgets.shapes import Shape, draw_shape
from app.ui.widgets.tokens import mixed


@dataclass(frozen=True)
class ChipItem:
    """One condition."""

    key: str
    text: str
    checked: bool = False


class Chip(QAbstractButton):
    """One chip; ``toggled(bool)`` is Qt's. Not checkable, it is an act ("Thêm điều kiện…")."""

    def __init__(
        self, text: str, *, checked: bool = False, checkable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(checkable)
        self.setChecked(checked and checkable)
        self.toggled.connect(lambda _on: self.updateGeometry())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        measures = metrics(Type.TABLE, self.isChecked())
        width = measures.horizontalAdvance(self.text()) + 1 + px(24)
        if self.isChecked():
            width += px(20)
        return QSize(width, max(px(32), measures.height() + px(8)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens, on = QPainter(self), current(), self.isChecked()
        box = QRectF(self.rect())
        ground = tokens.blue_tint if on else tokens.surface
        if self.underMouse():
            ground = mixed(tokens.blue, ground, 0.06)
        border = tokens.blue if on else tokens.button_border
        draw_box(
            painter, box, px(6), ground, border, max(1.5, tokens.line_width) if on else tokens.line_width
        )
        if self.hasFocus():
            inset = px(3)
            draw_ring(painter, box.adjusted(inset, inset, -inset, -inset), px(4))
        ink, left = tokens.blue if on else tokens.text, px(12)
        if on:
            draw_shape(painter, QRectF(px(10), 0, px(13), box.height()), Shape.CHECK, ink)
            left = px(30)
        words = QRectF(left, 0, box.width() - left, box.height())
        draw_text(painter, words, self.text(), font(Type.TABLE, on), ink, LEFT, elide=False)


class ChipBar(QWidget):
    """Chips in lines. ``toggled(str, bool)`` carries key and whether it now holds, by the officer."""

    toggled = Signal(str, bool)

    def __init__(
        self, chips: Sequence[ChipItem] = (), *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name)
        self.set_chips(chips)

    def set_chips(self, chips: Sequence[ChipItem]) -> None:
        """Shows other chips; acts added stay at the end."""
        for chip in self._chips.values():
            self._flow.removeWidget(chip)
            chip.hide()  # a part shown later than it is taken out would flash as a window
            chip.setParent(None)
            chip.deleteLater()
        self._chips = {}
        for place, item in enumerate(chips):
            chip = Chip(item.text, checked=item.checked)
            chip.clicked.connect(lambda on=False, key=item.key: self.toggled.emit(key, on))
            self._chips[item.key] = chip
            self._flow.insert(place, chip)

    def add_act(self, text: str) -> Chip:
        """Adds a chip that is an act, and gives it back for its ``clicked()``."""
        chip = Chip(text, checkable=False)
        self._flow.addWidget(chip)
        return chip

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self._flow.heightForWidth(self.width()))

    def checked_keys(self) -> list[str]:
        """Keys of the conditions that hold."""
        return [key for key, chip in self._chips.items() if chip.isChecked()]

    def set_checked(self, key: str, checked: bool) -> None:
        """Presses a chip in or out without announcing; KeyError for an unknown key."""
        self._chips[key].setChecked(checked)
