"""The retention table at work: what is past its term goes, a bounded share a run, audited by counts alone.

It runs by itself once a day and on command. What has no term stays; dossiers, books and the audit log are
never let go here. Gone means: rows deleted and overwritten, files removed, words out of the search index. A
run that dies is taken up by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import insert, select

from app.clock import VIETNAM
from app.domain.privacy import How, Kept
from app.domain.roles import Officer
from app.models.privacy_tables import retention_run
from app.models.search_index import forget_deleted
from app.services.desk import Desk
from app.services.office_settings import require_office
from app.services.privacy.past_term import LETTING_GO, Share
from app.services.privacy.terms import terms, terms_within
from app.services.setup import PROGRAM

AT_ONCE: Final = 500
"""So many of each kind a run, so that no start is slow."""
_MERGES: Final = 5
"""Of the search index, some hundredths of a second each; the rest the next day."""


@dataclass(frozen=True)
class RetentionLine:
    """One kind: its line of the table, and how many are past their term today."""

    kept: Kept
    past: int


@dataclass(frozen=True)
class RetentionRun:
    """What a run removed and left, by kind. ``at`` is when."""

    at: datetime
    counts: Mapping[str, int]
    left: Mapping[str, int]

    @property
    def removed(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


def retention_table(desk: Desk, by: Officer) -> tuple[RetentionLine, ...]:
    """The table with what a run would take now; nothing is changed. Raises ``RuleError`` "not-permitted"."""
    require_office(by)
    today = desk.clock.now().astimezone(VIETNAM).date()
    return tuple(RetentionLine(line, _past(desk, line, today)) for line in terms(desk).keep)


def run_retention(desk: Desk, by: Officer) -> RetentionRun:
    """Let go of what is past its term, at most ``AT_ONCE`` of each kind. The program itself may do it.

    Raises ``RuleError`` "not-permitted".
    """
    if by != PROGRAM:
        require_office(by)
    now = desk.clock.now()
    today = now.astimezone(VIETNAM).date()
    with desk.store.read() as connection:
        lines = terms_within(connection, desk).keep
    counts: dict[str, int] = {}
    left: dict[str, int] = {}
    for line in lines:
        if line.how is How.RUN and line.term is not None:
            counts[line.id] = _share(desk, line, today).let_go(by, AT_ONCE)
            left[line.id] = _past(desk, line, today)
    removed = {kind: count for kind, count in counts.items() if count}
    remaining = {kind: count for kind, count in left.items() if count}
    with desk.store.write() as connection:
        forget_deleted(connection, _MERGES)
        connection.execute(
            insert(retention_run).values(at=now, officer_id=by.id, counts=removed, left=remaining)
        )
    return RetentionRun(now, removed, remaining)


def last_run(desk: Desk) -> RetentionRun | None:
    """The newest run, ``None`` before the first."""
    c = retention_run.c
    with desk.store.read() as connection:
        row = connection.execute(select(retention_run).order_by(c.id.desc()).limit(1)).mappings().first()
    return None if row is None else RetentionRun(row["at"], row["counts"], row["left"])


def run_when_due(desk: Desk) -> RetentionRun | None:
    """Once a day, at the start or when the day changes, by the program; ``None`` where it ran today."""
    last = last_run(desk)
    today = desk.clock.now().astimezone(VIETNAM).date()
    if last is not None and last.at.astimezone(VIETNAM).date() == today:
        return None
    return run_retention(desk, PROGRAM)


def _past(desk: Desk, line: Kept, today: date) -> int:
    if line.how is not How.RUN or line.term is None:
        return 0
    return _share(desk, line, today).past()


def _share(desk: Desk, line: Kept, today: date) -> Share:
    assert line.term is not None
    before = datetime.combine(line.term.before(today), time(), VIETNAM)
    make: Callable[[Desk, datetime, date], Share] = LETTING_GO[line.id]
    return make(desk, before, today)
