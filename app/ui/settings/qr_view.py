"""A QR code on the screen, dark on white in every look, so that a telephone reads it."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets import px

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""
_SIDE = 216


class QrView(QWidget):
    """Shows one text; an empty one shows nothing and is held nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[bytes | bytearray] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Another code, or none."""
        self._rows = list(segno.make_qr(text, error="m").matrix) if text else []
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(_SIDE), px(_SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self._rows:
            return
        across = len(self._rows) + 2 * _QUIET
        module = min(self.width(), self.height()) // across
        at = (min(self.width(), self.height()) - module * len(self._rows)) // 2
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    square = QRectF(at + x * module, at + y * module, module, module)
                    painter.fillRect(square, Qt.GlobalColor.black)
