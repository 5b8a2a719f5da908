"""Icons in any tone and size, sharp at the screen's own pixel ratio, made once and kept."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from app.ui.widgets.icon_paths import DRAWINGS
from app.ui.widgets.look import current, px
from app.ui.widgets.tokens import Tone

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{drawing}</svg>'
)


def icon_names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(DRAWINGS)


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, pixels: int) -> QPixmap:
    source = _SVG.format(colour=colour, drawing=DRAWINGS[name])
    image = QPixmap(pixels, pixels)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def draw_icon(painter: QPainter, box: QRectF, name: str, colour: QColor) -> None:
    """Paints the icon centred in ``box``; KeyError for a name that is not drawn."""
    side = min(box.width(), box.height())
    ratio = max(1.0, painter.deviceTransform().m11())
    pixels = max(1, round(side * ratio))
    target = QRectF(0, 0, pixels / ratio, pixels / ratio)
    target.moveCenter(box.center())
    left, top = round(target.x() * ratio) / ratio, round(target.y() * ratio) / ratio
    target.moveTo(left, top)
    painter.drawPixmap(target, _pixmap(name, colour.name(), pixels), QRectF(0, 0, pixels, pixels))


class IconView(QWidget):
    """One icon as a still picture."""

    def __init__(
        self, name: str, *, tone: Tone = Tone.TEXT, size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle()

    def set_icon(self, name: str, tone: Tone | None = None) -> None:
        """Shows another icon."""
        self._name = name
        self._tone = tone or self._tone
        self.update()

    def restyle(self) -> None:
        """Takes the size of the look now worn."""
        self.setFixedSize(QSize(px(self._size), px(self._size)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, QRectF(self.rect()), self._name, current().of(self._tone))
