"""What stands against a declaration, or is worth saying about it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.eform.form import Level


@dataclass(frozen=True)
class Issue:
    """One sentence. ``field`` empty: about the whole form; ``code`` is stable."""

    field: str
    level: Level
    code: str
    text: str
    next_step: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, and what to do."""
        return f"{self.text} {self.next_step}".strip()
