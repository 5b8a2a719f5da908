"""The PC sleeps or locks its own screen: the real window locks, told over a bus of the test's own (I21)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import FixedClock
from app.services.drafts import open_drafts
from app.ui import absence, main_window
from app.ui.absence import Absence
from app.ui.screen import Destination
from tests.support.desk import MONDAY, demo_password, officer
from tests.ui.shell_rig import Shell, a_window

SLEEP = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep")
LOCK = ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock")
SAVER = ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged")


class Bus:
    """A message bus of the test's own; who tells and who listens are two connections, as in life."""

    def __init__(self, address: str, name: str) -> None:
        self.listener = QDBusConnection.connectToBus(address, f"listener-{name}")
        self.teller = QDBusConnection.connectToBus(address, f"teller-{name}")
        for service in ("org.freedesktop.login1", "org.freedesktop.ScreenSaver"):
            assert self.teller.registerService(service)

    def tell(self, signal: tuple[str, str, str], *values: object) -> None:
        message = QDBusMessage.createSignal(*signal)
        message.setArguments(list(values))
        assert self.teller.send(message)


@pytest.fixture
def bus(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bus]:
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("no dbus-daemon on this system")
    socket = tmp_path / "bus"
    daemon = subprocess.Popen(
        [program, "--session", "--nofork", f"--address=unix:path={socket}", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    try:
        yield Bus(daemon.stdout.readline().strip(), request.node.name)
    finally:
        for name in ("listener", "teller"):
            QDBusConnection.disconnectFromBus(f"{name}-{request.node.name}")
        daemon.terminate()
        daemon.wait(10)
        daemon.stdout.close()


def wait_until(true: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not true():
        assert monotonic() < end, "nothing came over the bus"
        QTest.qWait(10)


def is_locked(shell: Shell) -> bool:
    return shell.window.sign_in.isVisible()


@pytest.mark.parametrize(("signal", "values"), [(SLEEP, (True,)), (LOCK, ()), (SAVER, (True,))])
def test_what_the_system_tells_locks_a_real_desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bus: Bus,
    signal: tuple[str, str, str],
    values: tuple[bool],
) -> None:
    with a_window(tmp_path, monkeypatch, demo=False) as shell:
        assert shell.window.absence.listen(bus.listener, bus.listener) == 5
        QTest.keyClicks(shell.screen.line.line, "Quan Van Dat")
        QApplication.clipboard().setText("008198000000")
        bus.tell(signal, *values)
        wait_until(lambda: is_locked(shell))
        assert QApplication.clipboard().text() == ""
        QTest.keyClicks(shell.window.sign_in.password.line, demo_password())
        bus.tell(signal, *values)
        QTest.qWait(100)
        assert shell.window.sign_in.password.text() == demo_password(), "told twice, typing goes on"
        shell.press(Qt.Key.Key_Return)
        shell.settle()
        assert not is_locked(shell) and shell.screen.line.text() == "Quan Van Dat"


def test_waking_up_and_the_demo_lock_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bus: Bus
) -> None:
    with a_window(tmp_path, monkeypatch, demo=True) as shell:
        shell.window.absence.listen(bus.listener, bus.listener)
        for values in ((False,), (True,)):
            bus.tell(SLEEP, *values)
        QTest.qWait(150)
        assert not is_locked(shell)
    heard: list[int] = []
    alone = Absence()
    alone.away.connect(lambda: heard.append(1))
    alone.listen(bus.listener, bus.listener)
    bus.tell(SLEEP, False)
    bus.tell(SAVER, False)
    QTest.qWait(150)
    assert heard == []


def test_time_slept_locks_where_nobody_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "_IDLE_LOOK_MS", 10)
    asleep = [100.0]
    monkeypatch.setattr(absence, "slept_s", lambda: asleep[0])
    with a_window(tmp_path, monkeypatch, clock=FixedClock(MONDAY), demo=False) as shell:
        QTest.qWait(60)
        assert not is_locked(shell), "what was slept before the window came does not count"
        asleep[0] += 0.5
        QTest.qWait(60)
        assert not is_locked(shell), "two clocks never agree to the millisecond"
        asleep[0] += 2.0
        QTest.qWait(60)
        assert is_locked(shell)


def test_the_clock_of_sleep_stands_still_while_awake() -> None:
    before = absence.slept_s()
    QTest.qWait(50)
    assert abs(absence.slept_s() - before) < absence.SLEPT_S


def test_a_draft_of_the_counter_survives_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_window(tmp_path, monkeypatch, demo=False, real_screens=True) as shell:
        window = shell.window
        window.go_to(Destination("reception", {"card": CARD}))
        shell.settle()
        window.absence.away.emit()
        shell.settle()
        assert is_locked(shell)
        drafts = open_drafts(window.runtime.desk, officer(window.runtime.desk), "reception")
        assert len(drafts) == 1 and "Ma Thị Hường" in str(drafts[0].body)


CARD = "008198000000|091234567|Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092021"
