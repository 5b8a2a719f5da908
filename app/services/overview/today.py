"""Hôm nay: what is due, late, waiting and unsent, and what to do first. Every number comes from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, case, exists, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from app.clock import VIETNAM
from app.domain.account_help import HelpState
from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.domain.working_calendar import WorkingCalendar
from app.models import tables
from app.services.desk import Desk
from app.services.finding.grid_query import Preset, count_where, day_bounds, due_statuses, preset_rule
from app.services.finding.row_state import StateKind, left_words

STRIP_DAYS = 10
MONTHS = 6
FIRST_ROWS = 5
APOLOGY_FORM = "04"

_d = tables.dossier.c
_ONE_DAY = timedelta(days=1)
_RUNNING = (Status.RECEIVED, Status.PROCESSING)
_WAITING = (Status.SUPPLEMENT_REQUESTED, Status.FEE_REQUESTED)
_FINISHED = (Status.COMPLETED, Status.RETURNED)


@dataclass(frozen=True)
class DueToday:
    """Dossiers due today, and how many of them are done already."""

    total: int
    done: int

    @property
    def left(self) -> int:
        """Not done yet."""
        return self.total - self.done


@dataclass(frozen=True)
class Overdue:
    """Late and not done; ``without_apology``: those with neither form 04 nor a new date given."""

    total: int
    without_apology: int


@dataclass(frozen=True)
class Waiting:
    """Waiting for the citizen: the term stands still. ``oldest_days``: calendar days of the longest wait."""

    total: int
    oldest_since: datetime | None
    oldest_days: int | None


@dataclass(frozen=True)
class Unsent:
    """Dossiers with something the province has not answered; ``oldest_at``: when the oldest was recorded."""

    total: int
    oldest_at: datetime | None
    oldest_minutes: int | None


@dataclass(frozen=True)
class DueDay:
    """One column of the strip. ``holiday``: the name of a day off; such a day has no bar but may carry
    dossiers given that day by hand. ``gap_before``: a weekend lies before it."""

    day: date
    total: int
    left: int
    holiday: str | None = None
    gap_before: bool = False


@dataclass(frozen=True)
class MonthShare:
    """Dossiers received in a month as they stand now: ``on_time`` of ``total``. The first day names it."""

    month: date
    total: int
    on_time: int

    @property
    def percent(self) -> float | None:
        """Share on time with one decimal, ``None`` where there was nothing."""
        return round(100 * self.on_time / self.total, 1) if self.total else None


class FirstAct(StrEnum):
    """What a row of "Cần làm trước" asks for."""

    APOLOGISE = "apologise"
    RETURN = "return"
    OPEN = "open"


@dataclass(frozen=True)
class FirstRow:
    """One thing to do first."""

    dossier_id: str
    number: str
    owner_name: str
    procedure_name: str
    due_at: datetime
    kind: StateKind
    words: str
    act: FirstAct


@dataclass(frozen=True)
class HelpWeek:
    """Account help since Monday: visits by day, and cases that got as far as signing in to the portal."""

    days: tuple[tuple[date, int], ...]
    signed_in: int

    @property
    def total(self) -> int:
        """Visits of the week."""
        return sum(count for _, count in self.days)


@dataclass(frozen=True)
class Today:
    """The screen Hôm nay. ``digitised`` and ``certified_copies`` are ``None`` until those desks exist."""

    now: datetime
    received_today: int
    certified_copies: int | None
    due_today: DueToday
    overdue: Overdue
    waiting: Waiting
    unsent: Unsent
    strip: tuple[DueDay, ...]
    months: tuple[MonthShare, ...]
    first: tuple[FirstRow, ...]
    help_week: HelpWeek
    digitised: None
    next_holiday: tuple[date, str] | None
    """A holiday between today and the next working day, for the status bar."""


def today(desk: Desk, by: Officer) -> Today:
    """Everything of the screen at one moment, in one consistent view of the store."""
    by.require(Permission.VIEW)
    now, calendar = desk.clock.now(), desk.reference.calendar
    day = now.astimezone(VIETNAM).date()
    with desk.store.read() as connection:
        return Today(
            now=now,
            received_today=_received(connection, day),
            certified_copies=None,
            due_today=_due_today(connection, now),
            overdue=_overdue(connection, now),
            waiting=_waiting(connection, now),
            unsent=_unsent(connection, now),
            strip=due_strip(connection, calendar, day),
            months=on_time_months(connection, now),
            first=_first(connection, calendar, now),
            help_week=_help_week(connection, day),
            digitised=None,
            next_holiday=_next_holiday(calendar, day),
        )


def _received(connection: Connection, day: date) -> int:
    start, end = day_bounds(day)
    arrived = (_d.received_at >= start) & (_d.received_at < end)
    return count_where(connection, arrived & _d.status.not_in((Status.NEW, Status.REFUSED)))


def _due_today(connection: Connection, now: datetime) -> DueToday:
    rule = preset_rule(Preset.DUE_TODAY, now)
    total = count_where(connection, rule)
    return DueToday(total, count_where(connection, rule & _d.status.in_(_FINISHED)))


def _overdue(connection: Connection, now: datetime) -> Overdue:
    rule = preset_rule(Preset.OVERDUE, now)
    return Overdue(count_where(connection, rule), count_where(connection, rule & ~_apologised()))


def _apologised() -> ColumnElement[bool]:
    job, line = tables.print_job.c, tables.history.c
    printed = exists().where(job.dossier_id == _d.id, job.form == APOLOGY_FORM)
    return printed | exists().where(line.dossier_id == _d.id, line.act == Act.EXTEND.value)


def _waiting(connection: Connection, now: datetime) -> Waiting:
    total = count_where(connection, preset_rule(Preset.WAITING, now))
    since = connection.execute(select(func.min(_waiting_since())).where(_d.status.in_(_WAITING))).scalar_one()
    if since is None:
        return Waiting(total, None, None)
    return Waiting(total, since, (_local(now) - _local(since)).days)


def _waiting_since() -> ColumnElement[datetime]:
    """When the citizen was last asked; without such a line, when the dossier came."""
    line = tables.history.c
    asked = (
        select(func.max(line.at))
        .where(
            line.dossier_id == _d.id,
            line.act.in_((Act.REQUEST_SUPPLEMENT.value, Act.REQUEST_FEE.value)),
        )
        .correlate(tables.dossier)
        .scalar_subquery()
    )
    return func.coalesce(asked, _d.received_at, type_=_d.received_at.type)


def _unsent(connection: Connection, now: datetime) -> Unsent:
    total = count_where(connection, preset_rule(Preset.UNSENT, now))
    if not total:
        return Unsent(0, None, None)
    oldest = _oldest_unsent(connection)
    minutes = None if oldest is None else max(0, int((now - oldest).total_seconds() // 60))
    return Unsent(total, oldest, minutes)


def _oldest_unsent(connection: Connection) -> datetime | None:
    """The first unanswered event of each epoch is its oldest: sequence, not clocks, gives the order."""
    e = tables.event.c
    firsts = [
        connection.execute(
            select(e.recorded_at)
            .where(e.verdict.is_(None), e.epoch == epoch, e.dossier_id.is_not(None))
            .order_by(e.desk_seq)
            .limit(1)
        ).scalar_one_or_none()
        for epoch in connection.execute(select(tables.stream.c.epoch)).scalars().all()
    ]
    return min((each for each in firsts if each is not None), default=None)


def due_strip(connection: Connection, calendar: WorkingCalendar, day: date) -> tuple[DueDay, ...]:
    """The next ten working days from today on with the holidays between them; plain weekends are gaps."""
    shown = list(_strip_days(calendar, day))
    start, _ = day_bounds(shown[0][0])
    _, end = day_bounds(shown[-1][0])
    due_day = func.substr(_d.due_at, 1, 10)
    query = (
        select(due_day, func.count(), func.sum(case((_d.status.in_(_RUNNING), 1), else_=0)))
        .where(due_statuses(), _d.due_at >= start, _d.due_at < end)
        .group_by(due_day)
    )
    found = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    return tuple(
        DueDay(each, *found.get(each.isoformat(), (0, 0)), holiday=name, gap_before=gap)
        for each, name, gap in shown
    )


def _strip_days(calendar: WorkingCalendar, day: date) -> Iterator[tuple[date, str | None, bool]]:
    working, gap, first = 0, False, True
    while working < STRIP_DAYS:
        name = calendar.day_off_name(day)
        if calendar.is_working_day(day):
            working += 1
            yield day, None, gap and not first
            gap, first = False, False
        elif name is not None and day.weekday() < 5:
            yield day, name, gap and not first
            gap, first = False, False
        else:
            gap = True
        day += _ONE_DAY


def on_time_months(connection: Connection, now: datetime) -> tuple[MonthShare, ...]:
    """On-time share of what was received in each of the last six months (DOMAIN §3, QĐ 766 component 2.1).

    The end is the time of the result, refusal, stop or withdrawal; while the citizen is waited for, the
    day that was asked; for what is still open, now. Asked for papers more than once counts as late.
    """
    months = list(_months(now))
    since = _d.received_at >= day_bounds(months[0])[0]
    now_at = literal(now, _d.due_at.type)
    rest = _d.status.not_in((Status.NEW, Status.REFUSED, *_WAITING))
    found: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for rule, end in (
        (rest, func.coalesce(_d.ended_at, now_at)),
        (_d.status.in_(_WAITING), _waiting_since()),
    ):
        for month, total, behind in _by_month(connection, since & rule, end):
            found[month] += total
            late[month] += behind
    names = [f"{month:%Y-%m}" for month in months]
    return tuple(
        MonthShare(month, found[name], found[name] - late[name])
        for month, name in zip(months, names, strict=True)
    )


def _by_month(
    connection: Connection, rule: ColumnElement[bool], end: ColumnElement[datetime]
) -> Iterator[tuple[str, int, int]]:
    """Month, dossiers and late ones. Those waited for are apart, so that the many others need no line of
    history and are counted from an index."""
    month = func.substr(_d.received_at, 1, 7)
    late = case(((_d.supplement_rounds > 1) | (end > _d.due_at), 1), else_=0)
    query = select(month, func.count(), func.sum(late)).where(rule, _d.due_at.is_not(None)).group_by(month)
    for row in connection.execute(query):
        yield row[0], row[1], row[2]


def _months(now: datetime) -> Iterator[date]:
    last = now.astimezone(VIETNAM).date().replace(day=1)
    for back in range(MONTHS - 1, -1, -1):
        year, month = divmod(last.year * 12 + last.month - 1 - back, 12)
        yield date(year, month + 1, 1)


def _first(connection: Connection, calendar: WorkingCalendar, now: datetime) -> tuple[FirstRow, ...]:
    """The latest and the next due, and results due today that wait to be handed over."""
    start, end = day_bounds(_local(now))
    ready = (_d.status == Status.COMPLETED) & (_d.due_at >= start) & (_d.due_at < end)
    rules = (*((_d.status == status) & _d.due_at.is_not(None) for status in _RUNNING), ready)
    rows = [row for rule in rules for row in _by_due(connection, rule)]
    rows.sort(key=lambda row: (row["due_at"], row["row_no"]))
    return tuple(_first_row(row, calendar, now) for row in rows[:FIRST_ROWS])


def _by_due(connection: Connection, rule: ColumnElement[bool]) -> list[RowMapping]:
    columns = (
        _d.row_no,
        _d.id,
        _d.number,
        _d.provisional_number,
        _d.owner_name,
        _d.procedure_name,
        _d.status,
        _d.due_at,
        _apologised().label("apologised"),
    )
    query = select(*columns).where(rule).order_by(_d.due_at, _d.row_no).limit(FIRST_ROWS)
    return list(connection.execute(query).mappings())


def _first_row(row: RowMapping, calendar: WorkingCalendar, now: datetime) -> FirstRow:
    ready = row["status"] == Status.COMPLETED
    late = now > row["due_at"] and not ready
    kind = StateKind.LATE if late else StateKind.NEAR
    if not late and not ready and calendar.working_days_between(_local(now), _local(row["due_at"])) > 1:
        kind = StateKind.WORKING
    act = FirstAct.RETURN if ready else FirstAct.OPEN
    if late and not row["apologised"]:
        act = FirstAct.APOLOGISE
    return FirstRow(
        dossier_id=row["id"],
        number=row["number"] or row["provisional_number"],
        owner_name=row["owner_name"],
        procedure_name=row["procedure_name"],
        due_at=row["due_at"],
        kind=StateKind.READY if ready else kind,
        words=left_words(row["due_at"], now, calendar),
        act=act,
    )


def _help_week(connection: Connection, day: date) -> HelpWeek:
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=n) for n in range(7)]
    c, step = tables.help_count.c, tables.help_step.c
    query = select(c.day, c["count"]).where(c.day.in_(week))
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    start, end = day_bounds(monday)[0], day_bounds(week[-1])[1]
    signed_in = connection.execute(
        select(func.count(step.case_id.distinct())).where(
            step.state == HelpState.SIGNED_IN.value, step.at >= start, step.at < end
        )
    ).scalar_one()
    return HelpWeek(tuple((each, found.get(each, 0)) for each in week if each <= day), int(signed_in))


def _next_holiday(calendar: WorkingCalendar, day: date) -> tuple[date, str] | None:
    last = calendar.next_working_day(day)
    day += _ONE_DAY
    while day < last:
        name = calendar.day_off_name(day)
        if name is not None:
            return day, name
        day += _ONE_DAY
    return None


def _local(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
