"""Lãnh đạo: what waits for a signature, what is late and by whom, who carries how much.

Every number comes from the store at one moment; the dossier's officer is who took it in, the field that of
its procedure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, case, exists, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.clock import VIETNAM
from app.domain.dossier_status import Act, Status
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.desk import Desk
from app.services.finding.grid_query import Preset, count_where, preset_rule
from app.services.finding.row_state import late_words
from app.services.people.approvals import Approval, waiting_approvals
from app.services.people.delegation import Delegation, leader_behind, list_delegations
from app.text import t

LATE_ROWS = 200
"""So many late dossiers are listed; the count is of all."""

_APOLOGY_FORM = "04"
_OPEN = (Status.RECEIVED, Status.PROCESSING, Status.SUPPLEMENT_REQUESTED, Status.FEE_REQUESTED)
_RUNNING = (Status.RECEIVED, Status.PROCESSING)
_d = tables.dossier.c


@dataclass(frozen=True)
class LateDossier:
    """One dossier past its due date and not done. ``days``: working days late; ``apology``: form 04 was
    printed or a new date given."""

    dossier_id: str
    number: str
    owner_name: str
    procedure_name: str
    officer: str
    field: str
    due_at: datetime
    days: int
    words: str
    apology: bool


@dataclass(frozen=True)
class Load:
    """What one officer or one field carries: dossiers under way (waiting for the citizen too), of which
    late ones."""

    name: str
    open: int
    late: int


@dataclass(frozen=True)
class LeaderView:
    """The screen at one moment. ``late`` holds at most ``LATE_ROWS``, the latest first; loads the largest
    first; ``waiting_citizen``: how many of the open ones wait for the citizen; ``delegations``:
    those that hold today or later."""

    now: datetime
    waiting: tuple[Approval, ...]
    late: tuple[LateDossier, ...]
    late_total: int
    late_without_apology: int
    open_total: int
    waiting_citizen: int
    by_officer: tuple[Load, ...]
    by_field: tuple[Load, ...]
    delegations: tuple[Delegation, ...]


def leader_view(desk: Desk, by: Officer) -> LeaderView:
    """Everything of the screen; for who leads by role or by delegation.

    Raises ``RuleError`` "not-permitted".
    """
    now = desk.clock.now()
    with desk.store.read() as connection:
        leader_behind(connection, by, Permission.OVERRIDE, now.astimezone(VIETNAM).date())
    waiting, delegations = waiting_approvals(desk, by), list_delegations(desk, by)
    with desk.store.read() as connection:
        late = preset_rule(Preset.OVERDUE, now)
        officers = _officers(connection)
        carried = _carried(connection, now)
        fields = _fields(desk, (code for _, code, *_ in carried))
        rows = _late(connection, now)
        return LeaderView(
            now=now,
            waiting=waiting,
            late=tuple(_late_dossier(row, desk, officers, now) for row in rows),
            late_total=count_where(connection, late),
            late_without_apology=count_where(connection, late & ~_apologised()),
            open_total=sum(count for _, _, count, _ in carried),
            waiting_citizen=count_where(connection, preset_rule(Preset.WAITING, now)),
            by_officer=_loads((officers.get(who, ""), count, behind) for who, _, count, behind in carried),
            by_field=_loads((fields[code], count, behind) for _, code, count, behind in carried),
            delegations=delegations,
        )


def _carried(connection: Connection, now: datetime) -> list[tuple[str, str, int, int]]:
    """Officer, procedure, dossiers under way, late ones: counted from one index."""
    late = _d.status.in_(_RUNNING) & (_d.due_at < literal(now, _d.due_at.type))
    query = (
        select(_d.officer_id, _d.procedure_code, func.count(), func.sum(case((late, 1), else_=0)))
        .where(_d.status.in_(_OPEN))
        .group_by(_d.officer_id, _d.procedure_code)
    )
    return [(row[0], row[1], int(row[2]), int(row[3] or 0)) for row in connection.execute(query)]


def _late(connection: Connection, now: datetime) -> list[RowMapping]:
    columns = (
        _d.id,
        func.coalesce(_d.number, _d.provisional_number).label("number"),
        _d.owner_name,
        _d.procedure_code,
        _d.procedure_name,
        _d.officer_id,
        _d.due_at,
        _apologised().label("apology"),
    )
    found = [
        row
        for status in _RUNNING
        for row in connection.execute(
            select(*columns)
            .where(_d.status == status, _d.due_at < now)
            .order_by(_d.due_at, _d.row_no)
            .limit(LATE_ROWS)
        ).mappings()
    ]
    return sorted(found, key=lambda row: (row["due_at"], row["number"]))[:LATE_ROWS]


def _apologised() -> ColumnElement[bool]:
    job, line = tables.print_job.c, tables.history.c
    return or_(
        exists().where(job.dossier_id == _d.id, job.form == _APOLOGY_FORM),
        exists().where(line.dossier_id == _d.id, line.act == Act.EXTEND.value),
    )


def _late_dossier(row: RowMapping, desk: Desk, officers: Mapping[str, str], now: datetime) -> LateDossier:
    calendar, due = desk.reference.calendar, row["due_at"]
    days = calendar.working_days_between(due.astimezone(VIETNAM).date(), now.astimezone(VIETNAM).date())
    return LateDossier(
        dossier_id=row["id"],
        number=row["number"],
        owner_name=row["owner_name"],
        procedure_name=row["procedure_name"],
        officer=officers.get(row["officer_id"], ""),
        field=_field(desk, row["procedure_code"]),
        due_at=due,
        days=days,
        words=late_words(due, now, calendar),
        apology=bool(row["apology"]),
    )


def _officers(connection: Connection) -> dict[str, str]:
    o = tables.officer.c
    return {row.id: row.name for row in connection.execute(select(o.id, o.name))}


def _fields(desk: Desk, codes: Iterable[str]) -> dict[str, str]:
    return {code: _field(desk, code) for code in set(codes)}


def _field(desk: Desk, code: str) -> str:
    try:
        version = desk.reference.catalogue.version_for(code, desk.clock.now().astimezone(VIETNAM).date())
    except (NotFoundError, RuleError):
        return t("Lĩnh vực khác")
    return version.field or t("Lĩnh vực khác")


def _loads(parts: Iterable[tuple[str, int, int]]) -> tuple[Load, ...]:
    whole: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for name, count, behind in parts:
        whole[name] += count
        late[name] += behind
    return tuple(Load(name, count, late[name]) for name, count in sorted(whole.items(), key=_largest))


def _largest(part: tuple[str, int]) -> tuple[int, str]:
    return -part[1], part[0]
