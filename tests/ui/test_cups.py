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
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest

from app.bootstrap import open_runtime
from app.clock import SystemClock
from app.errors import CircumstanceError
from app.services.desk import Desk
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import MadePaper, kept_paper, make_slip
from app.settings import Settings
from app.ui import print_job, start
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime
from app.ui.printer import Printer
from app.ui.theme import set_up_look
from app.ui.visit import CARD, PHONE, Counter
from app.ui.widgets import Mode
from tests.printing import reading
from tests.support.cups import MOST_JOBS, QUEUE, PrintService, print_service
from tests.support.desk import ENVIRON, birth, desk_folder, make_desk, officer

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


def send(desk: Desk, paper: bytes, *, preferred: str = "", limit: float = 30) -> Told:
    """Print as the window does and wait for the outcome with the loop running."""
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
    while not (told.done or told.failed):
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
    _until_empty(service)
    service.behave("ok")
    service.command("cupsenable", QUEUE)
    assert send(desk, kept_paper(desk, officer(desk), slip.job_id)).done == [QUEUE]
    assert len(service.taken()) == 1


def test_a_slow_queue_is_told_while_the_window_goes_on(
    desk: Desk, slip: MadePaper, service: PrintService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "SLOW_S", 0.6)
    monkeypatch.setattr(print_job, "_PATIENT_MS", 400)
    service.behave("slow 2")
    told = send(desk, slip.pdf)
    assert told.slow == ["Máy in “quay2” còn đang bận, giấy tờ vẫn ở hàng chờ và sẽ ra sau."]
    assert (told.done, told.failed) == ([QUEUE], []), "in the end it came out"
    assert told.stood_still < STILL_S


def test_a_printer_that_never_ends_gives_the_paper_back(
    desk: Desk, slip: MadePaper, service: PrintService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "WATCH_S", 0.5)
    service.behave("slow 60")
    told = send(desk, slip.pdf)
    assert told.sentence.startswith("Máy in “quay2” bận quá lâu")
    assert told.done == [], "nobody is to believe that it came out"
    _until_empty(service)


def _until_empty(service: PrintService) -> None:
    end = monotonic() + 10
    while service.waiting() and monotonic() < end:
        QTest.qWait(50)
    assert service.waiting() == []


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
from time import monotonic
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
longest, last = 0.0, monotonic()
printer.print_pdf(Path(sys.argv[1]).read_bytes(), "Phiếu hẹn", told.append, lambda e: told.append(e.title))
while not told:
    QTest.qWait(10)
    longest, last = max(longest, monotonic() - last), monotonic()
assert longest < 1.0, f"the window stood still for {longest} s"
background.close()
assert not defects, defects
print(round(longest, 3))
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


@dataclass
class Counted:
    """The window's own clock while an officer works."""

    longest: float = 0.0
    last: float = field(default_factory=monotonic)

    def beat(self) -> None:
        """Called by a timer of the window's thread."""
        self.longest = max(self.longest, monotonic() - self.last)
        self.last = monotonic()


@pytest.fixture
def counter(service: PrintService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """The whole window at work, no province beside it."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    set_up_look(start.application(), mode=Mode.LIGHT)
    runtime = open_runtime(desk_folder(tmp_path), SystemClock())
    window = MainWindow(runtime)
    window.show()
    window.windowHandle().requestActivate()
    hands = Counter(window, officer(runtime.desk))
    window.work_as(hands.officer)
    hands.hands.wait(window.isActiveWindow, "the keys go elsewhere")
    hands.hands.settle()
    yield hands
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    runtime.desk.close()


def receive(counter: Counter, card: str) -> DossierDetail:
    """A whole visit by keys; the officer looks at the form for a moment before F9."""
    return counter.receive(card, "ks", PHONE, filled=lambda: counter.hands.live(500)).dossier


def state_of(counter: Counter, dossier_id: str) -> str:
    """What the store says of the slip."""
    desk = counter.window.runtime.desk
    [job] = show_dossier(desk, counter.officer, dossier_id, audited=False).prints
    return job.state


def test_f9_in_the_window_prints_the_slip_and_writes_it_down(counter: Counter, service: PrintService) -> None:
    clock, heart = Counted(), QTimer()
    heart.timeout.connect(clock.beat)
    received = receive(counter, CARD)
    clock.last = monotonic()
    heart.start(10)
    counter.hands.wait(lambda: state_of(counter, received.id) == "printed", "not printed", 20)
    heart.stop()
    [taken] = service.taken()
    assert received.number in reading.words(taken.read_bytes())
    assert ("qrcode", received.number) in reading.codes(reading.picture(taken.read_bytes(), 300))
    assert received.number in service.titles()[0] and "Hường" not in service.titles()[0]
    assert clock.longest < STILL_S


def test_a_printer_that_is_off_holds_nobody_up_and_prints_all_later(
    counter: Counter, service: PrintService
) -> None:
    """Two citizens with the print service gone; it comes back, and Chờ in prints both with one key."""
    service.stop()
    first = receive(counter, CARD)
    other = CARD.replace("008198000000", "008184000111").replace("Ma Thị Hường", "Hoàng Thị Pa")
    second = receive(counter, other)
    both = (first.id, second.id)
    counter.hands.wait(lambda: all(state_of(counter, each) == "failed" for each in both), "not noted", 20)
    service.start_again()
    counter.open_place("prints")
    counter.hands.press(Qt.Key.Key_P, ctrl=True)
    counter.hands.wait(lambda: all(state_of(counter, each) == "printed" for each in both), "kept", 30)
    texts = [reading.words(path.read_bytes()) for path in service.taken()]
    assert len(texts) == 2 and first.number in texts[0] and second.number in texts[1]
    assert "In lại" not in "".join(texts), "the sheet of then, not a second copy"
