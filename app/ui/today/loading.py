"""What the screen asks the worker for, in one go."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.finding import grid
from app.services.finding.grid import GridQuery
from app.services.overview.today import Today, today
from app.services.safety.automatic import BackupAge, backup_age


@dataclass(frozen=True)
class Loaded:
    """``untouched``: the desk has never held a dossier."""

    today: Today
    untouched: bool
    backup: BackupAge


def load(desk: Desk, by: Officer) -> Loaded:
    """The day; a whole count is made only when every figure of the day is nought."""
    day = today(desk, by)
    quiet = not any((day.received_today, day.unsent.total, day.first, *(m.total for m in day.months)))
    untouched = quiet and grid.open_result(desk, by, GridQuery()).total == 0
    return Loaded(day, untouched, backup_age(desk))
