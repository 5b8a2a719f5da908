"""What happens to a made-up dossier, and when: most on time, some late, some waiting, few ended early."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.clock import VIETNAM
from app.domain.dossier_status import Act
from app.domain.working_calendar import WorkingCalendar

RECENT = timedelta(days=40)
"""Only a dossier younger than this is left waiting for its citizen; older ones have been ended."""


class WorkTime:
    """Working days of a stretch of time, so that acts fall into working hours."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        span = (last - first).days + 1
        days = [day for n in range(span) if calendar.is_working_day(day := first + timedelta(n))]
        self.days = days
        self._sessions = [calendar.sessions(day) for day in days]

    def moment(self, index: int, rng: random.Random) -> datetime:
        """Some time on the working day of that index, more often in the morning."""
        sessions = self._sessions[min(max(index, 0), len(self.days) - 1)]
        opens, closes = sessions[0] if rng.random() < 0.62 else sessions[-1]
        minutes = int((closes - opens).total_seconds() // 60) - 12
        return opens + timedelta(minutes=rng.randrange(minutes), seconds=rng.randrange(60))

    def index(self, day: date) -> int:
        """Index of the working day, or of the next one."""
        return bisect_left(self.days, day)

    def before(self, day: date) -> int:
        """How many working days lie up to and with the day."""
        return bisect_right(self.days, day)


@dataclass(frozen=True)
class Future:
    """One act to come."""

    at: datetime
    act: Act


def life(
    rng: random.Random, work: WorkTime, received_at: datetime, due_at: datetime | None, until: datetime
) -> list[Future]:
    """The acts of one dossier after its reception, in order; those after ``until`` have not happened."""
    first = work.index(received_at.astimezone(VIETNAM).date())
    last = work.index((due_at or received_at + timedelta(days=20)).astimezone(VIETNAM).date())
    recent = until - received_at < RECENT
    chance = rng.random()
    begun = Future(received_at + timedelta(minutes=rng.randrange(5, 35)), Act.START)
    if chance < 0.02:
        return [begun, *_waiting(rng, work, first, Act.REQUEST_SUPPLEMENT, Act.STOP, recent)]
    if chance < 0.03:
        return [begun, *_waiting(rng, work, first, Act.REQUEST_FEE, Act.WITHDRAW, recent)]
    if chance < 0.04:
        return [begun, Future(work.moment(first + 1, rng), Act.WITHDRAW)]
    done_day = _done_day(rng, first, last)
    done_at = _not_before(begun.at, work.moment(done_day, rng), rng)
    if rng.random() < 0.6:
        collected = done_at + timedelta(minutes=rng.randrange(3, 40))
    else:
        collected = work.moment(done_day + rng.choice((1, 1, 1, 2, 3, 5)), rng)
    ended = [Future(done_at, Act.COMPLETE), Future(collected, Act.RETURN)]
    settled_at_the_counter = last <= first and rng.random() < 0.8
    return ended if settled_at_the_counter else [begun, *ended]


def refusal(rng: random.Random, work: WorkTime, received_at: datetime) -> list[Future]:
    """What is only registered is refused on the next working day, unless it is too young for that."""
    first = work.index(received_at.astimezone(VIETNAM).date())
    return [Future(work.moment(first + 1, rng), Act.REFUSE)]


def _done_day(rng: random.Random, first: int, last: int) -> int:
    if last <= first:
        return first
    if rng.random() < 0.05:
        return last + rng.randrange(1, 4)
    return first + max(1, round((last - first) * rng.uniform(0.3, 0.95)))


def _not_before(earliest: datetime, moment: datetime, rng: random.Random) -> datetime:
    return moment if moment > earliest else earliest + timedelta(minutes=rng.randrange(10, 90))


def _waiting(
    rng: random.Random, work: WorkTime, first: int, asked: Act, ended: Act, recent: bool
) -> list[Future]:
    ask = Future(work.moment(first + 1, rng), asked)
    return [ask] if recent else [ask, Future(work.moment(first + 20 + rng.randrange(8), rng), ended)]
