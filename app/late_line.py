"""The window's line, made when the network worker first asks: the window does not wait for sync to load."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.desk import Desk
    from app.ui.ports import BundlesMade, LightState, OutboxLine, ReceiptRead, SyncStatus
    from app.window_line import WindowLine


class LateLine:
    """``app.ui.ports.SyncPort``; every call but ``stop`` makes the line if it is not there yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._made: WindowLine | None = None
        self._stopped = False

    def step(self) -> float:
        """See the port."""
        return self._line().step()

    def hurry(self) -> None:
        """See the port."""
        self._line().hurry()

    def stop(self) -> None:
        """See the port; a line never asked for is not made to be stopped."""
        with self._lock:
            self._stopped = True
            made = self._made
        if made is not None:
            made.stop()

    def break_off(self) -> None:
        """See the port."""
        self._line().break_off()

    def pause(self, paused: bool) -> None:
        """See the port."""
        self._line().pause(paused)

    def light(self) -> LightState:
        """See the port."""
        return self._line().light()

    def status(self) -> SyncStatus:
        """See the port."""
        return self._line().status()

    def outbox(self) -> tuple[OutboxLine, ...]:
        """See the port."""
        return self._line().outbox()

    def export_bundle(self, target: Path, officer_id: str) -> BundlesMade:
        """See the port."""
        return self._line().export_bundle(target, officer_id)

    def take_receipt(self, source: Path) -> ReceiptRead:
        """See the port."""
        return self._line().take_receipt(source)

    def _line(self) -> WindowLine:
        with self._lock:
            if self._made is None:
                from app.line import sync_desk
                from app.window_line import WindowLine

                self._made = WindowLine(sync_desk(self._desk))
                if self._stopped:
                    self._made.stop()
            return self._made
