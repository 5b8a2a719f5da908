"""What the window is handed to open and close the store by; bootstrap knows how."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.domain.roles import Officer
from app.ui.ports import Runtime


@dataclass(frozen=True)
class KeyOrder:
    """The data is to have another key. ``by``: who wants it; ``phrase``: what the new key lies under, where
    there is no key store."""

    by: Officer
    phrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewWords:
    """Recovery words to be told once, in the part of the settings where they belong."""

    words: str = field(repr=False)


class Door(Protocol):
    """The way to one desk. ``open`` and ``shut`` may take a moment; nothing else keeps the key."""

    @property
    def data(self) -> Path:
        """The desk's folder."""

    def needs_phrase(self) -> bool:
        """Whether the key lies under a phrase that has to be typed now."""

    def open(self, phrase: str = "") -> Runtime:
        """Key, store, line. Raises what ``services.setup.open_desk`` raises."""

    def change_key(self, order: KeyOrder) -> str:
        """The closed store gets another key; its new recovery words. Raises as ``key_change.change_key``."""

    def shut(self, runtime: Runtime) -> None:
        """Close the store and let go of its key and of the phrase; nobody works with it any more."""

    def end(self, runtime: Runtime) -> None:
        """The window has gone: a backup of what was done since the last, then ``shut``."""

    def report_defect(self, defect: BaseException) -> None:
        """For the log, without anybody's data."""
