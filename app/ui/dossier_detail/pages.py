"""A PDF as pictures of its pages; made on the worker, for it takes longer than a window may wait."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument


def pages_of(pdf: bytes, width: int) -> list[QImage]:
    """Every page, ``width`` dots wide, on white."""
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    pages = [_page(document, place, width) for place in range(document.pageCount())]
    document.close()
    return pages


def _page(document: QPdfDocument, place: int, width: int) -> QImage:
    size = document.pagePointSize(place)
    wanted = QSize(width, round(width * size.height() / max(1.0, size.width())))
    drawn = document.render(place, wanted)
    sheet = QImage(wanted, QImage.Format.Format_RGB32)
    sheet.fill(0xFFFFFFFF)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return sheet
