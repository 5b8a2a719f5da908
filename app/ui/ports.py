"""What the window is handed by bootstrap: it knows services and domain, never sync itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.services.desk import Desk
from app.settings import Settings


@dataclass(frozen=True)
class LightState:
    """The one light. ``kind``: ok, waiting, offline or attention; ``words`` as SCREENS "Calm" has them."""

    kind: str
    words: str


@dataclass(frozen=True)
class OutboxLine:
    """One thing that waits, was sent back, or was just taken. ``state``: waiting, sending, deferred,
    rejected, accepted; ``words`` are the province's, in Vietnamese, or empty."""

    event_id: str
    dossier_id: str | None
    number: str
    who: str
    act: str
    at: datetime
    state: str
    tries: int
    words: str
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SyncStatus:
    """Where the desk stands with the province."""

    enrolled: bool
    gateway: str
    last_complete_at: datetime | None
    waiting: int
    rejected: int
    deferred: int
    oldest_waiting_at: datetime | None
    running: bool
    word: str
    paused: bool = False
    """The officer let it rest; what waits stays, nothing leaves."""
    files_left: int = 0
    bytes_left: int = 0
    """Scans that still go, and their bytes not yet with the province."""
    files_refused: int = 0
    """Scans the province did not take; they stay here whole."""
    step: str = ""
    """What the running round does: meta, recover, push, pull, snapshot, files, download, catalogue,
    blocks, check; empty between rounds."""
    done: int = 0
    total: int = 0
    """Counts of that step, where it has any."""


@dataclass(frozen=True)
class BundlesMade:
    """Bundles lying on a stick for the province, and how many events they carry."""

    files: tuple[Path, ...]
    events: int


@dataclass(frozen=True)
class ReceiptRead:
    """What the province's receipt brought: events with its word now, files it has, changes of its own."""

    events: int
    files: int
    changes: int


class SyncPort(Protocol):
    """The sync worker as the window sees it. ``step`` runs on the network worker's thread; the rest may
    be called from any thread and returns at once."""

    def step(self) -> float:
        """Do what is due now (probe the line, run a round); seconds until it wants to be called again."""

    def hurry(self) -> None:
        """F5: the next ``step`` runs a round whatever it was waiting for."""

    def stop(self) -> None:
        """Leave the running round at the next safe point; closing the window takes at most 3 s (I19)."""

    def break_off(self) -> None:
        """Hủy: leave the running round at the next safe point; the line is watched on."""

    def pause(self, paused: bool) -> None:
        """Rest, or go on: while paused no round begins. Closing the program ends the rest."""

    def light(self) -> LightState:
        """The light now."""

    def status(self) -> SyncStatus:
        """The screen Đồng bộ's head."""

    def outbox(self) -> tuple[OutboxLine, ...]:
        """What waits, what needs an officer first, then what was taken today."""

    def export_bundle(self, target: Path, officer_id: str) -> BundlesMade:
        """The USB courier: what waits, written to ``target`` for the province alone to read. Raises
        ``AppError`` with the stick's trouble in words; nothing half written counts."""

    def take_receipt(self, source: Path) -> ReceiptRead:
        """The province's receipt from the stick. Raises ``AppError``; what is damaged changes nothing."""


@dataclass
class Runtime:
    """An open desk and all the window needs beside it. ``sync`` is ``None`` in tests of single screens;
    ``settings`` changes by ``change_settings`` alone, on the window's thread."""

    desk: Desk
    settings: Settings
    sync: SyncPort | None
    save_settings: Callable[[Settings], None]
    report_defect: Callable[[BaseException], None]
    data: Path
    started_ms: Callable[[], int]
    """Milliseconds since the process began, for ``--exit-when-ready``."""

    def change_settings(self, **changes: object) -> bool:
        """From now on, and kept for the next start; ``False`` where the disk did not take it."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        try:
            self.save_settings(self.settings)
        except OSError:
            return False
        return True
