"""What one round did: counts, how it ended, what waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from app.errors import LineError
from app.sync.words import Outcome

COUNTS = (
    "pushed",
    "accepted",
    "duplicate",
    "deferred",
    "rejected",
    "pulled",
    "files_sent",
    "files_left",
    "reconciled",
    "waiting",
    "needs_officer",
)
"""The members of CONTRACT's ``sync`` answer, in its order."""


@dataclass(frozen=True)
class Progress:
    """How far a round is, by counts of its step. ``step``: meta, recover, push, pull, snapshot,
    files, download, catalogue, blocks, check, keys."""

    step: str
    done: int = 0
    total: int = 0


@dataclass
class Tally:
    """Counts while the round runs."""

    pushed: int = 0
    accepted: int = 0
    duplicate: int = 0
    deferred: int = 0
    rejected: int = 0
    pulled: int = 0
    files_sent: int = 0
    files_left: int = 0
    next_after_s: int | None = None

    def count(self, verdict: str) -> None:
        """One event answered with ``verdict``."""
        self.pushed += 1
        setattr(self, verdict, getattr(self, verdict) + 1)


@dataclass(frozen=True)
class RoundReport:
    """One round. ``waiting``: events without a verdict; ``needs_officer``: rejected events without a
    correction, open proposals, and an alarm. ``retry_after_s``: what a busy province asked for;
    ``next_after_s``: when it wishes to be asked again."""

    pushed: int
    accepted: int
    duplicate: int
    deferred: int
    rejected: int
    pulled: int
    files_left: int
    reconciled: bool
    waiting: int
    needs_officer: int
    outcome: Outcome
    files_sent: int = 0
    retry_after_s: float | None = None
    next_after_s: int | None = field(default=None)

    def as_dict(self) -> dict[str, object]:
        """The counts as the command line prints them."""
        every = asdict(self)
        return {name: every[name] for name in COUNTS}

    def error(self) -> LineError | None:
        """Why the round is not complete, for a caller that must fail; ``None`` where it is."""
        return None if self.reconciled else self.outcome.as_error()
