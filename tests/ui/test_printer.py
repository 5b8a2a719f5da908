"""Paper through Qt's print system: true size, white ground, and a calm sentence where no printer is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLoggingCategory, qInstallMessageHandler
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.errors import CircumstanceError
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import kept_paper, make_slip, note_printed
from app.settings import Settings
from app.ui import printer as printing
from app.ui import start
from app.ui.ports import Runtime
from app.ui.printer import DPI, Printer, page_images
from tests.support.desk import birth, make_desk, officer

A4_LYING_PX = (round(297 / 25.4 * DPI), round(210 / 25.4 * DPI))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    start.application()
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def slip(desk: Desk) -> bytes:
    """A real slip, two copies on one sheet."""
    received = receive_dossier(desk, officer(desk), birth())
    return make_slip(desk, officer(desk), received.id).pdf


def a_printer(desk: Desk, saved: list[Settings], settings: Settings | None = None) -> Printer:
    return Printer(
        Runtime(desk, settings or Settings(), None, saved.append, lambda _: None, desk.folder, lambda: 0)
    )


def darkness(image: QImage) -> float:
    """The share of dark dots."""
    small = image.scaledToWidth(200)
    dots = [QColor(small.pixel(x, y)).lightness() for x in range(200) for y in range(small.height())]
    return sum(dot < 128 for dot in dots) / len(dots)


def test_the_pdf_library_stays_loaded_between_papers(slip: bytes) -> None:
    """Loaded anew with each paper it ended the program (``tests.hunt.renders`` shows it with ``--plant``)."""
    told: list[str] = []
    QLoggingCategory.setFilterRules("qt.pdf.document=true")
    before = qInstallMessageHandler(lambda _kind, _where, words: told.append(words))
    try:
        page_images(slip, 100)
        page_images(slip, 100)
    finally:
        qInstallMessageHandler(before)
        QLoggingCategory.setFilterRules("")
    assert len([words for words in told if "page 0" in words]) == 2, "the library tells what it does"
    assert not [words for words in told if "Destroy" in words]


def test_pages_are_drawn_on_white(slip: bytes) -> None:
    [page] = page_images(slip, 1200)
    assert page.width() == 1200
    assert page.height() == pytest.approx(1200 * 210 / 297, abs=2)
    corner = QColor(page.pixel(2, 2))
    assert (corner.red(), corner.green(), corner.blue()) == (255, 255, 255)
    assert 0.001 < darkness(page) < 0.3, "ink on paper, neither blank nor black"


def test_a_sheet_keeps_its_true_size_on_a_printer(slip: bytes, tmp_path: Path) -> None:
    """The same steps as on a queue, into the printer that writes a file."""
    from PySide6.QtGui import QPainter

    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "printed.pdf"))
    target.setFullPage(True)
    target.setResolution(DPI)
    document, _buffer = printing._open(slip)
    printing._set_page(target, document)
    painter = QPainter(target)
    printing._draw_pages(painter, target, document)
    painter.end()
    document.close()
    printed = (tmp_path / "printed.pdf").read_bytes()
    [before], [after] = page_images(slip, A4_LYING_PX[0]), page_images(printed, A4_LYING_PX[0])
    assert abs(after.height() - A4_LYING_PX[1]) <= 3
    assert darkness(after) == pytest.approx(darkness(before), rel=0.15), "nothing is cut, nothing shrunk"
    assert ink_box(after) == pytest.approx(ink_box(before), abs=8)


def ink_box(page: QImage) -> tuple[int, int, int, int]:
    """Where the ink begins and ends, in 300 dpi dots."""
    small = page.scaledToWidth(page.width() // 4)
    dark = [
        (x, y)
        for x in range(small.width())
        for y in range(small.height())
        if QColor(small.pixel(x, y)).lightness() < 128
    ]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return min(xs) * 4, min(ys) * 4, max(xs) * 4, max(ys) * 4


@pytest.mark.skipif(bool(QPrinterInfo.availablePrinterNames()), reason="this machine has a printer")
def test_without_a_printer_the_paper_stays_kept(desk: Desk, slip: bytes, qtbot: object) -> None:
    told: list[CircumstanceError] = []
    done: list[str] = []
    a_printer(desk, []).print_pdf(slip, "Phiếu hẹn", done.append, told.append)
    qtbot.waitUntil(lambda: bool(told or done))  # type: ignore[attr-defined]
    assert done == []
    [refused] = told
    assert refused.title.startswith("Máy này chưa có máy in")
    assert "bản in đã giữ lại" in refused.next_step and "Ctrl+P" in refused.next_step


def test_a_failed_printing_keeps_the_same_bytes(desk: Desk) -> None:
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    made = make_slip(desk, by, received.id)
    note_printed(desk, by, made.job_id, "", ok=False)
    [job] = show_dossier(desk, by, received.id).prints
    assert (job.state, kept_paper(desk, by, job.job_id)) == ("failed", made.pdf)


def test_an_unreadable_paper_is_a_sentence(desk: Desk) -> None:
    with pytest.raises(CircumstanceError) as told:
        page_images(b"%PDF-1.7 nothing", 100)
    assert told.value.title == "Không đọc được bản in."


def test_the_printer_is_remembered(desk: Desk) -> None:
    saved: list[Settings] = []
    printer = a_printer(desk, saved)
    printer.remember("Quầy 2")
    assert [each.printer for each in saved] == ["Quầy 2"]


def test_a_remembered_printer_that_is_gone_is_not_used(desk: Desk) -> None:
    printer = a_printer(desk, [], Settings(printer="may-in-da-thao-0x"))
    assert printer.name != "may-in-da-thao-0x"
