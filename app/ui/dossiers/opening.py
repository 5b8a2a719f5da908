"""What one screen hands the next about a dossier: which, among which, and where to go back to."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class OpenDossier:
    """A dossier to show. ``numbers``: row numbers of the list it was opened from, ``place``: where it
    stands there; without an id the row number at ``place`` names it. ``back``: the screen behind Esc."""

    dossier_id: str = ""
    numbers: Sequence[int] = field(default_factory=lambda: array("q"))
    place: int = 0
    back: str = "dossiers"
