"""Slim scroll bars and a scrolling column."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from app.ui.widgets.look import current, px
from app.ui.widgets.paint import draw_box


class SlimScrollBar(QScrollBar):
    """A rounded handle on nothing; 12 px to hit, 6 px to see."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.restyle()

    def restyle(self) -> None:
        """Takes the width of the look now worn."""
        if self.orientation() is Qt.Orientation.Vertical:
            self.setFixedWidth(px(12))
        else:
            self.setFixedHeight(px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        ground = tokens.surface if self.property("on_surface") else None
        if ground is not None:
            painter.fillRect(self.rect(), ground)
        if self.maximum() <= self.minimum():
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ScrollBarSlider
        handle = QRectF(self.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, part, self))
        thin = px(3)
        upright = self.orientation() is Qt.Orientation.Vertical
        handle = handle.adjusted(thin, 0, -thin, 0) if upright else handle.adjusted(0, thin, 0, -thin)
        colour = tokens.input_border if self.underMouse() or self.isSliderDown() else tokens.button_border
        draw_box(painter, handle, px(3), colour)


class _Corner(QWidget):
    """Where the two bars meet; nothing where the ground shines through."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__()
        self._area = area

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._area.verticalScrollBar().property("on_surface"):
            QPainter(self).fillRect(self.rect(), current().surface)


def slim_bars(area: QAbstractScrollArea) -> None:
    """Gives a scrolling part the slim bars and no frame."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setCornerWidget(_Corner(area))
    for orientation in (Qt.Orientation.Vertical, Qt.Orientation.Horizontal):
        bar = SlimScrollBar(orientation)
        bar.setProperty("on_surface", True)
        if orientation is Qt.Orientation.Vertical:
            area.setVerticalScrollBar(bar)
        else:
            area.setHorizontalScrollBar(bar)


class ScrollColumn(QScrollArea):
    """Holds one widget as wide as itself and scrolls it up and down; the ground shines through."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        slim_bars(self)
        self.verticalScrollBar().setProperty("on_surface", False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)
