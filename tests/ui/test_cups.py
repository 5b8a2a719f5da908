"""Paper through a real print service: the job arrives whole; a dead, full or slow queue is told kindly.

The window's own clock runs beside every test: it never stands still for a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from app.errors import CircumstanceError
from app.services.desk import Desk
from app.services.reception import receive_dossier
from app.services.slips import MadePaper, kept_paper, make_slip
from app.settings import Settings
from app.ui import print_job, start
from app.ui.ports import Runtime
from app.ui.printer import Printer
from tests.printing import reading
from tests.support.cups import MOST_JOBS, QUEUE, PrintService, print_service
from tests.support.desk import birth, make_desk, officer

STILL_S = 1.0
"""Longer than this the window may never stand still."""


@dataclass
class Told:
    """What became of a paper, and the longest time the window stood still meanwhile."""

    done: list[str] = field(default_factory=list)
    failed: list[CircumstanceError] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    stood_still: float = 0.0

    @property
    def sentence(self) -> str:
        """What the officer reads."""
        [error] = self.failed
        return f"{error.title} {error.next_step}"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintService]:
    with print_service() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    start.application()
    opened = make_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def slip(desk: Desk) -> MadePaper:
    return make_slip(desk, officer(desk), receive_dossier(desk, officer(desk), birth()).id)


def send(desk: Desk, paper: bytes, *, until: str = "end", preferred: str = "", limit: float = 30) -> Told:
    """Print as the window does and wait for the outcome (or for the slow notice) with the loop running."""
    runtime = Runtime(desk, Settings(printer=preferred), None, print, print, desk.folder, lambda: 0)
    printer, told = Printer(runtime), Told()
    last = monotonic()

    def beat() -> None:
        nonlocal last
        told.stood_still = max(told.stood_still, monotonic() - last)
        last = monotonic()

    heart = QTimer()
    heart.timeout.connect(beat)
    heart.start(10)
    printer.slow.connect(told.slow.append)
    printer.print_pdf(paper, "Phiếu hẹn", told.done.append, told.failed.append)
    beat()
    end = monotonic() + limit
    while not (told.done or told.failed or (until == "slow" and told.slow)):
        assert monotonic() < end, "nobody was told"
        QTest.qWait(20)
    heart.stop()
    return told


def test_a_slip_arrives_whole_and_is_read_back(desk: Desk, slip: MadePaper, service: PrintService) -> None:
    told = send(desk, slip.pdf)
    assert (told.done, told.failed) == ([QUEUE], [])
    [taken] = service.taken()
    assert taken.read_bytes() == slip.pdf, "the very file, not a picture of it"
    number = reading.codes(reading.picture(slip.pdf, 300))[0][1]
    assert number in reading.words(taken.read_bytes())
    assert service.titles() == ["Phiếu hẹn"]
    assert told.stood_still < STILL_S


def test_a_dead_service_is_told_and_the_paper_stays(
    desk: Desk, slip: MadePaper, service: PrintService
) -> None:
    service.stop()
    told = send(desk, slip.pdf, preferred=QUEUE)
    assert told.sentence.startswith("Dịch vụ in của máy này đang tắt.")
    assert "đã giữ lại" in told.sentence and "Ctrl+P" in told.sentence
    assert kept_paper(desk, officer(desk), slip.job_id) == slip.pdf
    assert told.stood_still < STILL_S


def test_a_paused_queue_is_told_and_gets_nothing(desk: Desk, slip: MadePaper, service: PrintService) -> None:
    service.command("cupsdisable", QUEUE)
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Máy in “quay2” đang tạm dừng.")
    assert service.waiting() == [], "nothing that would come out by itself and once more after Ctrl+P"
    service.command("cupsenable", QUEUE)
    assert send(desk, slip.pdf).done == [QUEUE]
    assert len(service.taken()) == 1


def test_a_queue_that_takes_nothing_is_told(desk: Desk, slip: MadePaper, service: PrintService) -> None:
    service.command("cupsreject", QUEUE)
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Máy in “quay2” đang không nhận giấy tờ mới.")
    assert service.taken() == []


def test_a_full_queue_is_told(desk: Desk, slip: MadePaper, service: PrintService, tmp_path: Path) -> None:
    service.behave("slow 60")
    page = tmp_path / "page.pdf"
    page.write_bytes(slip.pdf)
    for _ in range(MOST_JOBS):
        service.command("lp", "-d", QUEUE, str(page))
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Hàng chờ của máy in “quay2” đã đầy.")
    assert told.stood_still < STILL_S
    service.command("cancel", "-a", QUEUE)


def test_a_printer_that_breaks_down_leaves_no_second_sheet(
    desk: Desk, slip: MadePaper, service: PrintService
) -> None:
    service.behave("broken")
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Máy in “quay2” dừng giữa chừng.")
    end = monotonic() + 10
    while service.waiting() and monotonic() < end:
        QTest.qWait(50)
    assert service.waiting() == []
    service.behave("ok")
    service.command("cupsenable", QUEUE)
    assert send(desk, kept_paper(desk, officer(desk), slip.job_id)).done == [QUEUE]
    assert len(service.taken()) == 1


def test_a_slow_queue_is_told_while_the_window_goes_on(
    desk: Desk, slip: MadePaper, service: PrintService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "SLOW_S", 0.8)
    service.behave("slow 3")
    told = send(desk, slip.pdf, until="slow")
    assert told.slow == ["Máy in “quay2” còn đang bận, giấy tờ vẫn ở hàng chờ và sẽ ra sau."]
    assert not told.done and not told.failed
    assert told.stood_still < STILL_S


def test_a_job_taken_out_of_the_queue_by_hand_is_not_called_printed(
    desk: Desk, slip: MadePaper, service: PrintService
) -> None:
    service.behave("slow 20")
    QTimer.singleShot(1500, lambda: service.command("cancel", "-a", QUEUE))
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Máy in “quay2” đã bỏ bản in này.")


def test_a_print_server_that_never_answers_is_told(
    desk: Desk, slip: MadePaper, service: PrintService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ui import system_queue

    monkeypatch.setattr(system_queue.run, "__kwdefaults__", {"sent": b"", "limit_ms": 700})
    os.kill(service.process.pid, 19)
    try:
        told = send(desk, slip.pdf, preferred=QUEUE)
    finally:
        os.kill(service.process.pid, 18)
    assert told.sentence.startswith("Hệ thống in của máy này chưa trả lời.")
    assert told.stood_still < STILL_S


_DRAWN = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from app.settings import Settings
from app.ui import start, system_queue
from app.ui.background import Background
from app.ui.printer import Printer

class Plain:
    settings = Settings()

start.application()
system_queue.is_there = lambda: False
defects, told = [], []
background = Background(defects.append)
printer = Printer(Plain(), background)
printer.print_pdf(Path(sys.argv[1]).read_bytes(), "Phiếu hẹn", told.append, lambda e: told.append(e.title))
while not told:
    QTest.qWait(20)
background.close()
assert not defects, defects
print(told[0])
"""


def test_without_the_commands_the_pages_are_drawn_and_still_arrive(
    slip: MadePaper, service: PrintService, tmp_path: Path
) -> None:
    """Qt's own way, as where the system does not take PDF; in a process of its own, for its print library
    remembers the first service it met."""
    page = tmp_path / "page.pdf"
    page.write_bytes(slip.pdf)
    words = [sys.executable, "-c", _DRAWN, str(page)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=90)
    assert ended.stdout.strip().endswith(QUEUE), ended.stderr
    end = monotonic() + 10
    while not service.taken() and monotonic() < end:
        QTest.qWait(50)
    [taken] = service.taken()
    picture = reading.picture(taken.read_bytes(), 300)
    assert reading.codes(picture) == reading.codes(reading.picture(slip.pdf, 300)), "true size, readable"
