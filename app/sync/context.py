"""What sync is handed by bootstrap: the open desk, seen from the line. Sync opens no store of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.clock import Clock
from app.models.database import Store
from app.models.files import FileStore
from app.sync.transport import LineInUse, Timing


@dataclass
class TokenCache:
    """The access token of this run of the program. It lives in memory only and goes to one host."""

    token: str = field(default="", repr=False)
    url: str = ""
    good_until_ms: int = 0

    def forget(self) -> None:
        """Drop the token."""
        self.token = ""
        self.good_until_ms = 0


@dataclass(frozen=True)
class SyncDesk:
    """An open desk: encrypted store, file store, the one clock, the data folder.

    ``line.hang_up()``, from any thread, ends what is under way within a moment (a window that closes).
    """

    store: Store
    files: FileStore
    clock: Clock
    folder: Path
    timing: Timing = field(default_factory=Timing)
    tokens: TokenCache = field(default_factory=TokenCache, repr=False, compare=False)
    line: LineInUse = field(default_factory=LineInUse, repr=False, compare=False)
