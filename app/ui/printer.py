"""Sends a kept PDF to the printer through Qt's print system.

Pages are drawn at 300 dpi on white. Paper comes only from what is already stored, so a printer that is
off, full or gone loses nothing: the PDF stays kept and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter

from app.errors import CircumstanceError
from app.text import t

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

    from app.ui.ports import Runtime

DPI = 300
_POINTS = 72


class Printer(QObject):
    """The counter's printer: the remembered one, else the system's default."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        self._runtime = runtime
        self._settings = runtime.settings

    @property
    def name(self) -> str:
        """The queue used for the next paper; empty where the PC knows none."""
        from PySide6.QtPrintSupport import QPrinterInfo

        known = QPrinterInfo.availablePrinterNames()
        if self._settings.printer in known:
            return self._settings.printer
        default = QPrinterInfo.defaultPrinterName()
        return default if default in known else ""

    def remember(self, name: str) -> None:
        """Use this queue from now on."""
        self._settings = replace(self._settings, printer=name)
        self._runtime.save_settings(self._settings)

    def print_pdf(
        self,
        pdf: bytes,
        job_name: str,
        done: Callable[[str], None] | None = None,
        failed: Callable[[CircumstanceError], None] | None = None,
    ) -> None:
        """Print the paper; ``done`` gets the queue's name, ``failed`` a sentence. ``job_name`` stands in
        the system's queue for all to read and never holds a citizen's name."""
        QTimer.singleShot(0, self, lambda: self._print(pdf, job_name, done, failed))

    def _print(
        self,
        pdf: bytes,
        job_name: str,
        done: Callable[[str], None] | None,
        failed: Callable[[CircumstanceError], None] | None,
    ) -> None:
        queue = self.name
        try:
            if not queue:
                raise _kept(t("Máy này chưa có máy in."))
            _send(pdf, queue, job_name)
        except CircumstanceError as refused:
            if failed is not None:
                failed(refused)
            return
        if done is not None:
            done(queue)


def page_images(pdf: bytes, width: int) -> list[QImage]:
    """The pages as pictures ``width`` pixels wide, white below the ink."""
    with_document = _open(pdf)
    document, _buffer = with_document
    images = []
    for page in range(document.pageCount()):
        points = document.pagePointSize(page)
        height = round(width * points.height() / max(1.0, points.width()))
        images.append(_on_white(document.render(page, QSize(width, height))))
    document.close()
    return images


def _send(pdf: bytes, queue: str, job_name: str) -> None:
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info = QPrinterInfo.printerInfo(queue)
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(job_name)
    printer.setFullPage(True)
    printer.setResolution(DPI)
    document, _buffer = _open(pdf)
    if not printer.isValid():
        raise _kept(t("Máy in “{queue}” không trả lời.").format(queue=queue))
    painter = QPainter()
    _set_page(printer, document)
    if not painter.begin(printer):
        raise _kept(t("Máy in “{queue}” không nhận giấy tờ lúc này.").format(queue=queue))
    try:
        _draw_pages(painter, printer, document)
    finally:
        painter.end()
        document.close()
    if printer.printerState() == QPrinter.PrinterState.Error:
        raise _kept(t("Máy in “{queue}” báo lỗi giữa chừng.").format(queue=queue))


def _set_page(printer: QPrinter, document: QPdfDocument) -> None:
    points = document.pagePointSize(0)
    landscape = points.width() > points.height()
    size = points.transposed() if landscape else points
    printer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    portrait, lying = QPageLayout.Orientation.Portrait, QPageLayout.Orientation.Landscape
    printer.setPageOrientation(lying if landscape else portrait)


def _draw_pages(painter: QPainter, printer: QPrinter, document: QPdfDocument) -> None:
    for page in range(document.pageCount()):
        if page:
            printer.newPage()
        points = document.pagePointSize(page)
        pixels = QSize(round(points.width() * DPI / _POINTS), round(points.height() * DPI / _POINTS))
        sheet = QRectF(printer.paperRect(printer.Unit.DevicePixel))
        painter.drawImage(sheet, _on_white(document.render(page, pixels)))


def _open(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    from PySide6.QtPdf import QPdfDocument

    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.pageCount() < 1:
        raise _kept(t("Không đọc được bản in."))
    return document, buffer


def _on_white(page: QImage) -> QImage:
    sheet = QImage(page.size(), QImage.Format.Format_RGB32)
    sheet.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(sheet)
    painter.drawImage(0, 0, page)
    painter.end()
    return sheet


def _kept(what: str) -> CircumstanceError:
    return CircumstanceError(
        "printer",
        what,
        t("Hồ sơ đã lưu, bản in đã giữ lại. Bật máy in rồi bấm Ctrl+P để in."),
    )
