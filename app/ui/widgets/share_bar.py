"""A share against its target."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.text import t
from app.ui.widgets.legend import number_text
from app.ui.widgets.look import Type, current, font, metrics, px
from app.ui.widgets.paint import LEFT, draw_box, draw_text
from app.ui.widgets.shapes import Shape, draw_shape


class ShareBar(QWidget):
    """A share against its target: words, figure, target, a bar with a tick, a state line below.

    ``share`` and ``target`` are per cent.
    """

    def __init__(
        self,
        words: str,
        share: float | None = None,
        target: float | None = None,
        note: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._share: float | None = None
        self._target: float | None = None
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_share(share, target, note)

    def set_share(self, share: float | None, target: float | None = None, note: str = "") -> None:
        """Shows a share; None says that nothing is counted yet. ``note`` stands after the state mark."""
        self._share, self._target, self._note = share, target, note
        self.setAccessibleName(f"{self._words}: {self._figure()}{self._target_words()}. {note}")
        self.updateGeometry()
        self.update()

    def reaches(self) -> bool:
        """Whether the share is at or over its target."""
        return self._share is not None and (self._target is None or self._share >= self._target)

    def _figure(self) -> str:
        return "–" if self._share is None else f"{self._share:.1f} %".replace(".", ",")

    def _target_words(self) -> str:
        return (
            "" if self._target is None else t(" / mục tiêu {share} %").format(share=number_text(self._target))
        )

    def sizeHint(self) -> QSize:
        height = metrics(Type.BODY, True).height() + px(4) + px(10)
        if self._note:
            height += px(6) + metrics(Type.LABEL).height()
        return QSize(px(220), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = metrics(Type.BODY, True).height()
        target, figure = self._target_words(), self._figure()
        wide_target = metrics(Type.LABEL).horizontalAdvance(target) + 1
        wide_figure = metrics(Type.BODY, True).horizontalAdvance(figure) + 1
        right = self.width() - wide_target
        draw_text(
            painter, QRectF(right, 0, wide_target, line), target, font(Type.LABEL), tokens.secondary, LEFT
        )
        right -= wide_figure
        box = QRectF(right, 0, wide_figure, line)
        draw_text(painter, box, figure, font(Type.BODY, True), tokens.text, LEFT, elide=False)
        words = QRectF(0, 0, right - px(8), line)
        draw_text(painter, words, self._words, font(Type.TABLE), tokens.text, LEFT)
        self._paint_bar(painter, line + px(4))
        if self._note:
            self._paint_note(painter, line + px(4) + px(10) + px(6))

    def _paint_bar(self, painter: QPainter, top: float) -> None:
        tokens, height = current(), px(10)
        box = QRectF(0, top, self.width(), height)
        draw_box(painter, box, height / 2, tokens.band, tokens.button_border)
        if self._share:
            filled = QRectF(0, top, max(height, box.width() * min(100.0, self._share) / 100), height)
            draw_box(painter, filled, height / 2, tokens.series_1)
        if self._target is not None:
            x = round(box.width() * self._target / 100)
            tick = QRectF(x - px(3) / 2, top - px(3), px(3), height + px(6))
            painter.fillRect(tick.adjusted(-1, 0, 1, 0), tokens.surface)
            painter.fillRect(tick, tokens.text)

    def _paint_note(self, painter: QPainter, top: float) -> None:
        tokens, line, side = current(), metrics(Type.LABEL).height(), px(11)
        good = self.reaches()
        colour = tokens.green if good else tokens.amber
        shape = Shape.DISC if good else Shape.TRIANGLE
        draw_shape(painter, QRectF(0, top, side, line), shape, colour)
        box = QRectF(side + px(6), top, self.width() - side, line)
        draw_text(painter, box, self._note, font(Type.LABEL), tokens.text, LEFT)
