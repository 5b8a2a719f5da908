"""Sends a kept PDF to the counter's printer.

Where the system takes PDF (CUPS) the file itself goes to its queue. Elsewhere pages are drawn at 300 dpi on
white through Qt, beside the window. Paper comes only from what is already stored, so a printer that is off,
full or gone loses nothing: the PDF stays kept and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter

from app.errors import AppError, CircumstanceError
from app.text import t
from app.ui import system_queue
from app.ui.print_job import PrintJob, kept, no_printer, slow_words

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

    from app.ui.background import Background
    from app.ui.ports import Runtime

Told = TypeVar("Told")

DPI = 300
_POINTS = 72


class Printer(QObject):
    """The counter's printer: the remembered one, else the system's default."""

    slow = Signal(str)
    """A sentence: a paper waits longer than usual in the printer's queue; nothing is lost, nothing to do."""

    def __init__(self, runtime: Runtime, background: Background | None = None) -> None:
        super().__init__()
        self._runtime = runtime
        self._background = background

    @property
    def name(self) -> str:
        """Qt's queue for the next paper; empty where the PC knows none. May wait for the print system."""
        from PySide6.QtPrintSupport import QPrinterInfo

        known = QPrinterInfo.availablePrinterNames()
        if self._runtime.settings.printer in known:
            return self._runtime.settings.printer
        default = QPrinterInfo.defaultPrinterName()
        return default if default in known else ""

    def remember(self, name: str) -> None:
        """Use this queue from now on."""
        self._runtime.change_settings(printer=name)

    def print_pdf(
        self,
        pdf: bytes,
        job_name: str,
        done: Callable[[str], None] | None = None,
        failed: Callable[[CircumstanceError], None] | None = None,
    ) -> None:
        """Print the paper; ``done`` gets the queue's name, ``failed`` a sentence. ``job_name`` stands in
        the system's queue for all to read and never holds a citizen's name."""
        on_done, on_failed = done or _nothing, failed or _nothing
        if system_queue.is_there():
            job = PrintJob(partial(_tell, on_done), partial(_tell, on_failed), partial(_tell, self._is_slow))
            job.start(pdf, job_name, self._runtime.settings.printer)
        elif self._background is not None:
            self._background.aside(
                lambda: self._draw(pdf, job_name),
                on_done,
                lambda error: on_failed(_circumstance(error)),
                owner=self,
            )
        else:
            QTimer.singleShot(0, self, lambda: self._draw_here(pdf, job_name, on_done, on_failed))

    def _is_slow(self, queue: str) -> None:
        self.slow.emit(slow_words(queue))

    def _draw_here(
        self,
        pdf: bytes,
        job_name: str,
        done: Callable[[str], None],
        failed: Callable[[CircumstanceError], None],
    ) -> None:
        try:
            queue = self._draw(pdf, job_name)
        except CircumstanceError as refused:
            failed(refused)
            return
        done(queue)

    def _draw(self, pdf: bytes, job_name: str) -> str:
        queue = self.name
        if not queue:
            raise kept(no_printer())
        _send(pdf, queue, job_name)
        return queue


def _tell(call: Callable[[Told], None], what: Told) -> None:
    """The screen that asked may be gone by now (another officer signed in): then nobody is told."""
    try:
        call(what)
    except RuntimeError as gone:
        if "already deleted" not in str(gone):
            raise


def _nothing(_: object) -> None:
    """Nobody asked."""


def _circumstance(error: AppError) -> CircumstanceError:
    return error if isinstance(error, CircumstanceError) else kept(t("Máy in không nhận giấy tờ lúc này."))


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
        raise kept(t("Máy in “{queue}” không trả lời.").format(queue=queue))
    painter = QPainter()
    _set_page(printer, document)
    if not painter.begin(printer):
        raise kept(t("Máy in “{queue}” không nhận giấy tờ lúc này.").format(queue=queue))
    try:
        _draw_pages(painter, printer, document)
    finally:
        painter.end()
        document.close()
    if printer.printerState() == QPrinter.PrinterState.Error:
        raise kept(t("Máy in “{queue}” báo lỗi giữa chừng.").format(queue=queue))


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


@cache
def hold_pdf_library() -> QPdfDocument:
    """An empty document that is never let go.

    Qt unloads its PDF library with the last document and loads it again with the next; where documents come
    and go on a worker beside the window, that ended the program once in some thousand pages.
    """
    from PySide6.QtPdf import QPdfDocument

    return QPdfDocument()


def _open(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    from PySide6.QtPdf import QPdfDocument

    hold_pdf_library()
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.pageCount() < 1:
        raise kept(t("Không đọc được bản in."))
    return document, buffer


def _on_white(page: QImage) -> QImage:
    sheet = QImage(page.size(), QImage.Format.Format_RGB32)
    sheet.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(sheet)
    painter.drawImage(0, 0, page)
    painter.end()
    return sheet
