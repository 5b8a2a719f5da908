"""A sheet of paper on the screen: always white, with a soft shadow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from app.ui.widgets.look import current, px
from app.ui.widgets.paint import draw_box
from app.ui.widgets.scroll import slim_bars


class _Sheets(QWidget):
    """The pages below each other, each as wide as the view."""

    def __init__(self) -> None:
        super().__init__()
        self.images: tuple[QImage, ...] = ()
        self._scaled: list[QImage] = []
        self._made_for = (0, 0.0)

    def height_for(self, width: int) -> int:
        inner = max(1, width - 2 * px(8))
        return sum(round(inner * i.height() / max(1, i.width())) + px(14) for i in self.images) + px(2)

    def forget(self) -> None:
        self._made_for = (0, 0.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner, ratio = self.width() - 2 * px(8), self.devicePixelRatioF()
        self._prepare(inner, ratio)
        top = float(px(3))
        for image in self._scaled:
            sheet = QRectF(px(8), top, image.width() / ratio, image.height() / ratio)
            _paint_shadow(painter, sheet)
            painter.fillRect(sheet, Qt.GlobalColor.white)
            painter.drawImage(sheet, image)
            top = sheet.bottom() + px(14)

    def _prepare(self, inner: int, ratio: float) -> None:
        if self._made_for == (inner, ratio):
            return
        smooth = Qt.TransformationMode.SmoothTransformation
        self._scaled = [image.scaledToWidth(max(1, round(inner * ratio)), smooth) for image in self.images]
        self._made_for = (inner, ratio)


def _paint_shadow(painter: QPainter, sheet: QRectF) -> None:
    for step in range(4, 0, -1):
        draw_box(
            painter, sheet.adjusted(-step, -step + 2, step, step), 2, QColor(20, 30, 50, 6 + 4 * (4 - step))
        )


class PaperPreview(QScrollArea):
    """Shows rendered pages, fitted to the width; with ``whole`` one page fitted to width and height.

    Nothing is shown while there is no page: put an ``EmptyState`` beside it in a stack.
    """

    def __init__(self, *, name: str = "", whole: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self._sheets = _Sheets()
        slim_bars(self)
        self.setWidget(self._sheets)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._sheets.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(name)

    def set_pages(self, pages: Sequence[QImage]) -> None:
        """Shows other pages, from the first."""
        self._sheets.images = tuple(pages[:1] if self._whole else pages)
        self._sheets.forget()
        self._fit()
        self.verticalScrollBar().setValue(0)

    def pages(self) -> tuple[QImage, ...]:
        """The pages shown."""
        return self._sheets.images

    def restyle(self) -> None:
        """Takes the measures of the look now worn."""
        self._sheets.forget()
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(452))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.viewport().width()
        height = self._sheets.height_for(width)
        if self._whole and self._sheets.images and height > self.viewport().height():
            image = self._sheets.images[0]
            room = self.viewport().height() - px(16)
            width = round(room * image.width() / max(1, image.height())) + 2 * px(8)
            height = self.viewport().height()
        self._sheets.resize(max(1, width), max(1, height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), current().surface)
