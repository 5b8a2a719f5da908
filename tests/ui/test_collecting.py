"""Dead widgets are destroyed by the window's thread, whatever the workers do meanwhile."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from time import monotonic

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.background import Background
from app.ui.collecting import Collecting, collect_due


class Cycle(QWidget):
    """A widget that only a collection can end."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


@pytest.fixture(autouse=True)
def as_python_begins() -> Iterator[None]:
    app = QApplication.instance() or QApplication([])
    was_on = gc.isenabled()
    gc.collect()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()
    assert app is not None


def garbage(rounds: int) -> None:
    """Enough new objects for Python to collect many times."""
    for _ in range(rounds):
        held = [[n] for n in range(2000)]
        held[0].append(held)  # type: ignore[arg-type]


def ended_by() -> list[str]:
    """Filled with the name of the thread that ends a dead widget."""
    names: list[str] = []
    weakref.finalize(Cycle(), lambda: names.append(threading.current_thread().name))
    return names


def test_a_worker_does_not_end_widgets() -> None:
    background = Background(pytest.fail)
    owner = QObject()
    names = ended_by()
    try:
        background.run(lambda: garbage(200), owner=owner)
        while not background.is_idle():
            QTest.qWait(5)
        end = monotonic() + 20
        while not names:
            assert monotonic() < end, "nobody collected"
            garbage(1)
            QTest.qWait(20)
    finally:
        background.close()
    assert names == [threading.main_thread().name]


@pytest.mark.parametrize("held", [True, False])
def test_the_program_lives_only_so(held: bool) -> None:
    """In a process of its own: without ``Collecting`` Qt ends it."""
    code = (
        "import sys, threading\n"
        "from PySide6.QtTest import QTest\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from app.ui.collecting import Collecting\n"
        "from tests.ui.test_collecting import ended_by, garbage\n"
        "app = QApplication([])\n"
        "collecting = Collecting(app) if sys.argv[1] == 'True' else None\n"
        "names = [ended_by() for _ in range(3)]\n"
        "worker = threading.Thread(target=garbage, args=(200,), name='worker')\n"
        "worker.start()\n"
        "worker.join()\n"
        "QTest.qWait(600)\n"
        "print(sum(names, []))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(held)], capture_output=True, text=True, timeout=60)
    if held:
        assert (done.returncode, done.stdout) == (0, "['MainThread', 'MainThread', 'MainThread']\n")
    else:
        assert done.returncode < 0 or "worker" in done.stdout


def test_python_collects_by_itself_again_when_the_last_worker_is_gone() -> None:
    one, other = Background(pytest.fail), Background(pytest.fail)
    assert not gc.isenabled()
    one.close()
    one.close()
    assert not gc.isenabled(), "the other has workers still"
    other.close()
    assert gc.isenabled()


def test_what_was_off_before_stays_off() -> None:
    gc.disable()
    Background(pytest.fail).close()
    assert not gc.isenabled()


def test_the_longest_collection_comes_only_with_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.disable()
    done: list[int] = []
    sizes = {0: 300, 1: 100, 2: 1000}

    def collect(generation: int = 2) -> int:
        done.append(generation)
        return 250

    monkeypatch.setattr(gc, "collect", collect)
    monkeypatch.setattr(gc, "get_count", lambda: (9000, 20, 20))
    monkeypatch.setattr(gc, "get_objects", lambda generation: [None] * sizes[generation])
    monkeypatch.setattr(Collecting, "old", 0)
    monkeypatch.setattr(Collecting, "come", 1)
    for _ in range(4):
        collect_due()
    assert done == [2, 1, 1, 2], "150 come to 1,000 each time"
    monkeypatch.setattr(gc, "get_count", lambda: (9000, 3, 3))
    collect_due()
    monkeypatch.setattr(gc, "get_count", lambda: (9, 3, 3))
    collect_due()
    assert done[4:] == [0]
