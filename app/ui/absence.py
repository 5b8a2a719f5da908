"""What the system tells of an officer who is away: the PC goes to sleep, or its own screen is locked (I21).

Sleep asks for the full lock (the store is closed, its key dropped), a locked screen for the lock over the
screens alone.

On Linux the session manager says so over D-Bus (``PrepareForSleep``, ``Lock``) and the desktop's screen saver
(``ActiveChanged``); where nobody says it, the time the PC has slept shows it at the next look. Windows tells
neither in a way that is used here: there the idle time, which counts sleep too, locks after waking.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

SLEPT_S: Final = 1.0
"""Less is how the two clocks differ while the PC is awake."""
_LOGIND: Final = "org.freedesktop.login1"
_SAVERS: Final = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver")


class Absence(QObject):
    """``away()``: hide the screens now; ``asleep()``: close the store as well. ``listen`` once, then ``look``
    now and then."""

    away = Signal()
    asleep = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slept = slept_s()

    def listen(self, system: QDBusConnection | None = None, session: QDBusConnection | None = None) -> int:
        """Ask the buses to tell; gives how many signals are listened to, 0 where there is no bus."""
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a build of Qt without D-Bus
            return 0
        heard = 0
        bus = system or QDBusConnection.systemBus()
        if bus.isConnected():
            manager = ("/org/freedesktop/login1", f"{_LOGIND}.Manager", "PrepareForSleep")
            heard += bus.connect(_LOGIND, *manager, self, _slot("sleeping(bool)"))
            heard += bus.connect(_LOGIND, "", f"{_LOGIND}.Session", "Lock", self, _slot("locked()"))
        if session is None and _has_session_bus():
            session = QDBusConnection.sessionBus()
        if session is not None and session.isConnected():
            for saver in _SAVERS:
                heard += session.connect(saver, "", saver, "ActiveChanged", self, _slot("going(bool)"))
        return heard

    def look(self) -> None:
        """Tell if the PC has slept since the last look."""
        before, self._slept = self._slept, slept_s()
        if self._slept - before > SLEPT_S:
            self.asleep.emit()

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:
        """The PC goes to sleep; waking up changes nothing."""
        if begins:
            self.asleep.emit()

    @Slot(bool)
    def going(self, begins: bool) -> None:
        """The screen saver comes on; its end changes nothing."""
        if begins:
            self.away.emit()

    @Slot()
    def locked(self) -> None:
        """The desktop's own lock."""
        self.away.emit()


def slept_s() -> float:
    """Seconds this PC has slept since it was started; 0 where the system keeps no such clock."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    awake = time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - awake


def _has_session_bus() -> bool:
    """Asked first, for a library that finds no bus may start one and wait for it."""
    room = os.environ.get("XDG_RUNTIME_DIR", "")
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or bool(room and Path(room, "bus").exists())


def _slot(signature: str) -> Any:
    """As PySide takes it: a str, although its stub says bytes, which it refuses."""
    return SLOT(signature)
