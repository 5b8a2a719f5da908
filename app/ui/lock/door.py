"""What the window is handed to open and close the store by; bootstrap knows how."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.ui.ports import Runtime


class Door(Protocol):
    """The way to one desk. ``open`` and ``shut`` may take a moment; nothing else keeps the key."""

    @property
    def data(self) -> Path:
        """The desk's folder."""

    def needs_phrase(self) -> bool:
        """Whether the key lies under a phrase that has to be typed now."""

    def open(self, phrase: str = "") -> Runtime:
        """Key, store, line. Raises what ``services.setup.open_desk`` raises."""

    def shut(self, runtime: Runtime) -> None:
        """Close the store and let go of its key and of the phrase; nobody works with it any more."""

    def end(self, runtime: Runtime) -> None:
        """The window has gone: a backup of what was done since the last, then ``shut``."""

    def report_defect(self, defect: BaseException) -> None:
        """For the log, without anybody's data."""
