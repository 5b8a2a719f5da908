"""Backups nobody has to think of: daily and at closing, thinned by age, their age for the home screen."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.clock import VIETNAM
from app.domain.roles import Officer
from app.models import carry_tables, tables
from app.services.desk import Desk, read_setting
from app.services.safety.backup import BackupMade, make_backup
from app.services.setup import PROGRAM

AUTOMATIC: Final = "automatic"
SUFFIX: Final = ".mcbackup"
FOLDER_SETTING: Final = "backup_folder"
EVERY: Final = timedelta(hours=20)
"""Daily, with room for an office that opens a little earlier."""
_DAYS, _WEEKS, _MONTHS = 7, 4, 12


@dataclass(frozen=True)
class BackupAge:
    """The newest backup that was read back. ``at`` ``None``: there is none yet."""

    at: datetime | None
    name: str = ""


def backup_age(desk: Desk) -> BackupAge:
    """When the desk was last copied and the copy read back."""
    c = carry_tables.backup_made.c
    with desk.store.read() as connection:
        row = connection.execute(
            select(c.verified_at, c.name).where(c.verified_at.is_not(None)).order_by(c.id.desc()).limit(1)
        ).first()
    return BackupAge(row.verified_at, row.name) if row else BackupAge(None)


def backup_due(desk: Desk, now: datetime) -> bool:
    """Whether the newest backup is from before today's work."""
    last = backup_age(desk).at
    return last is None or abs(now - last) >= EVERY


def backup_folder(desk: Desk) -> Path:
    """Where automatic backups go: a second disk or stick the office has set, else beside the store."""
    with desk.store.read() as connection:
        chosen = read_setting(connection, FOLDER_SETTING)
    return Path(chosen) if isinstance(chosen, str) and chosen else desk.folder / "backups"


def run_automatic_backup(desk: Desk, by: Officer = PROGRAM) -> BackupMade:
    """Copy, read back, and only then let older ones go. Raises what ``make_backup`` raises."""
    folder = backup_folder(desk)
    if folder == desk.folder / "backups":
        folder.mkdir(exist_ok=True)
    now = desk.clock.now().astimezone(VIETNAM)
    made = make_backup(desk, by, folder / f"motcua-{now:%Y%m%d-%H%M%S}{SUFFIX}", kind=AUTOMATIC)
    thin(folder, now.date())
    return made


def thin(folder: Path, today: date) -> None:
    """Keep the newest of each of the last days, weeks and months; only our own names are touched."""
    dated = {path: day for path in folder.glob(f"motcua-*{SUFFIX}") if (day := _day(path))}
    for path in set(dated) - keepers(dated.items(), today):
        with suppress(OSError):
            path.unlink()


def keepers(dated: Iterable[tuple[Path, date]], today: date) -> set[Path]:
    """The newest backup of each day for a week, of each week for a month, of each month for a year."""
    newest = sorted(dated, key=lambda item: item[0].name, reverse=True)
    kept: dict[tuple[object, ...], Path] = {}
    for path, day in newest:
        age = (today - day).days
        if age < _DAYS:
            kept.setdefault(("day", day), path)
        if age < 7 * _WEEKS:
            kept.setdefault(("week", *day.isocalendar()[:2]), path)
        if age < 31 * _MONTHS:
            kept.setdefault(("month", day.year, day.month), path)
    first = newest[:1]
    return {*kept.values(), *(path for path, _ in first)}


def _day(path: Path) -> date | None:
    try:
        return datetime.strptime(path.name.split("-")[1], "%Y%m%d").date()  # noqa: DTZ007
    except (ValueError, IndexError):
        return None


def worked_since_backup(desk: Desk) -> bool:
    """Whether anything was recorded since the newest backup; its own line in the audit is no work."""
    last = backup_age(desk).at
    c = tables.audit.c
    query = select(c.seq).where(c.act.not_in(("backup", "sign_in", "read"))).limit(1)
    with desk.store.read() as connection:
        return connection.execute(query if last is None else query.where(c.at > last)).first() is not None
