"""The grid Hồ sơ over hundreds of thousands of dossiers: one light query for the order, pages of rows after.

The result of a query is the row numbers alone, in order; rows are fetched by the page that is looked at.
SQLite puts the numbers together in one step, so that the window's thread is never kept waiting for the
interpreter while a large result is read.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Integer, RowMapping, Select, func, literal_column, select, text
from sqlalchemy.sql.elements import ColumnElement

from app.clock import VIETNAM
from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.models import tables
from app.models.tables import SEARCH_TABLE
from app.services.desk import Desk
from app.services.row_state import RowState, due_column, row_state
from app.services.search_query import match_text
from app.text import t

_d = tables.dossier.c
_ONE_DAY = timedelta(days=1)


class Preset(StrEnum):
    """Ready-made filters of the left column; the order is that on screen."""

    WORKING = "working"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    WAITING = "waiting"
    TO_RETURN = "to_return"
    UNSENT = "unsent"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _PRESET_LABELS[self]


_PRESET_LABELS = {
    Preset.WORKING: t("Đang xử lý"),
    Preset.DUE_TODAY: t("Đến hạn hôm nay"),
    Preset.OVERDUE: t("Quá hạn"),
    Preset.WAITING: t("Chờ công dân"),
    Preset.TO_RETURN: t("Chờ trả kết quả"),
    Preset.UNSENT: t("Chưa gửi tỉnh"),
}


class SortColumn(StrEnum):
    """Columns the grid sorts by."""

    RECEIVED = "received"
    DUE = "due"
    NUMBER = "number"
    OWNER = "owner"
    STATUS = "status"
    FEE = "fee"


@dataclass(frozen=True)
class GridQuery:
    """What is asked for; every member narrows. ``month``: any day of the month of reception;
    ``sync``: none, waiting, deferred, rejected, accepted. The default is the newest first."""

    text: str = ""
    preset: Preset | None = None
    month: date | None = None
    officer_id: str | None = None
    procedure_code: str | None = None
    status: Status | None = None
    sync: str | None = None
    sort: SortColumn = SortColumn.RECEIVED
    descending: bool = True


@dataclass(frozen=True)
class GridResult:
    """Row numbers (64-bit) in the order asked for."""

    row_numbers: array[int]
    total: int


@dataclass(frozen=True)
class GridRow:
    """One row. ``due_words`` stands in the due column instead of the date where it is not empty."""

    row_no: int
    id: str
    number: str
    provisional: bool
    owner_name: str
    procedure_code: str
    procedure_name: str
    received_at: datetime
    due_at: datetime | None
    due_words: str
    status: Status
    state: RowState
    fee_total: int | None
    sync: str
    officer_id: str


@dataclass(frozen=True)
class Totals:
    """Sums of a selection. ``fee_unknown``: rows whose fee nobody knows yet, not in ``fee_total`` (VND)."""

    count: int
    fee_total: int
    fee_unknown: int
    by_status: tuple[tuple[Status, int], ...]


def open_result(desk: Desk, by: Officer, query: GridQuery) -> GridResult:
    """The dossiers that fit, as row numbers in order."""
    by.require(Permission.SEARCH)
    match = match_text(query.text)
    if match is None and query.text.strip():
        return GridResult(array("q"), 0)
    with desk.store.read() as connection:
        numbers = _numbers(connection, _selected(query, match, desk.clock.now()))
    return GridResult(numbers, len(numbers))


def page(desk: Desk, by: Officer, row_numbers: Sequence[int]) -> tuple[GridRow, ...]:
    """The rows of these numbers, in the order given; a number without a dossier is left out."""
    by.require(Permission.SEARCH)
    now = desk.clock.now()
    with desk.store.read() as connection:
        rows = {
            row["row_no"]: row
            for row in connection.execute(select(*_ROW).where(_among(row_numbers))).mappings()
        }
    return tuple(_row(rows[number], desk, now) for number in row_numbers if number in rows)


def counts(desk: Desk, by: Officer) -> dict[Preset, int]:
    """How many dossiers each ready-made filter holds now."""
    by.require(Permission.SEARCH)
    now = desk.clock.now()
    with desk.store.read() as connection:
        return {preset: count_where(connection, preset_rule(preset, now)) for preset in Preset}


def totals(desk: Desk, by: Officer, row_numbers: Sequence[int]) -> Totals:
    """Sums of the selected rows, for the status bar."""
    by.require(Permission.SEARCH)
    query = (
        select(_d.status, func.count(), func.sum(_d.fee_total), func.count(_d.fee_total))
        .where(_among(row_numbers))
        .group_by(_d.status)
        .order_by(_d.status)
    )
    with desk.store.read() as connection:
        rows = connection.execute(query).all()
    count = sum(row[1] for row in rows)
    return Totals(
        count=count,
        fee_total=sum(row[2] or 0 for row in rows),
        fee_unknown=count - sum(row[3] for row in rows),
        by_status=tuple((Status(row[0]), row[1]) for row in rows),
    )


def preset_rule(preset: Preset, now: datetime) -> ColumnElement[bool]:
    """What a ready-made filter means. Due today: those done too; a stopped term is due on no day."""
    match preset:
        case Preset.WORKING:
            return _d.status.in_((Status.RECEIVED, Status.PROCESSING))
        case Preset.DUE_TODAY:
            start, end = day_bounds(now.astimezone(VIETNAM).date())
            return due_statuses() & (_d.due_at >= start) & (_d.due_at < end)
        case Preset.OVERDUE:
            return _d.status.in_((Status.RECEIVED, Status.PROCESSING)) & (_d.due_at < now)
        case Preset.WAITING:
            return _d.status.in_((Status.SUPPLEMENT_REQUESTED, Status.FEE_REQUESTED))
        case Preset.TO_RETURN:
            return _d.status == Status.COMPLETED
        case Preset.UNSENT:
            return _d.sync_state == "waiting"


def due_statuses() -> ColumnElement[bool]:
    """Statuses whose due date counts: the term runs, or it ended with a result."""
    return _d.status.in_((Status.RECEIVED, Status.PROCESSING, Status.COMPLETED, Status.RETURNED))


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Start of the day and of the next."""
    start = datetime.combine(day, time(), VIETNAM)
    return start, start + _ONE_DAY


def count_where(connection: Connection, rule: ColumnElement[bool]) -> int:
    """How many dossiers fit a rule."""
    query = select(func.count()).select_from(tables.dossier).where(rule)
    return int(connection.execute(query).scalar_one())


_ROW = (
    _d.row_no,
    _d.id,
    _d.number,
    _d.provisional_number,
    _d.owner_name,
    _d.procedure_code,
    _d.procedure_name,
    _d.received_at,
    _d.due_at,
    _d.status,
    _d.fee_total,
    _d.sync_state,
    _d.officer_id,
)

_SORTS: dict[SortColumn, ColumnElement[object]] = {
    SortColumn.RECEIVED: _d.received_at,
    SortColumn.DUE: _d.due_at,
    SortColumn.NUMBER: func.coalesce(_d.number, _d.provisional_number),
    SortColumn.OWNER: _d.owner_sort,
    SortColumn.STATUS: _d.status,
    SortColumn.FEE: _d.fee_total,
}
_MAY_BE_UNKNOWN = (SortColumn.DUE, SortColumn.FEE)


def _selected(query: GridQuery, match: str | None, now: datetime) -> Select[tuple[int]]:
    rules = list(_rules(query, now))
    if match is not None:
        rowid = literal_column("rowid", Integer)
        found = select(rowid).select_from(text(SEARCH_TABLE)).where(text(f"{SEARCH_TABLE} MATCH :match"))
        rules.append(_d.row_no.in_(found.params(match=match)))
    return select(_d.row_no).where(*rules).order_by(*_order(query))


def _rules(query: GridQuery, now: datetime) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if query.preset is not None:
        rules.append(preset_rule(query.preset, now))
    if query.month is not None:
        first = query.month.replace(day=1)
        start, _ = day_bounds(first)
        end, _ = day_bounds((first + timedelta(days=31)).replace(day=1))
        rules += [_d.received_at >= start, _d.received_at < end]
    wanted = (
        (_d.officer_id, query.officer_id),
        (_d.procedure_code, query.procedure_code),
        (_d.status, query.status),
        (_d.sync_state, query.sync),
    )
    rules += [column == value for column, value in wanted if value is not None]
    return rules


def _order(query: GridQuery) -> tuple[ColumnElement[object], ...]:
    """The column, unknown values last either way, and the row number so that ties stand still."""
    column = _SORTS[query.sort]
    first = column.desc() if query.descending else column.asc()
    if query.sort in _MAY_BE_UNKNOWN:
        first = first.nulls_last()
    return first, (_d.row_no.desc() if query.descending else _d.row_no.asc())


def _numbers(connection: Connection, query: Select[tuple[int]]) -> array[int]:
    ordered = query.limit(-1).subquery()
    joined = connection.execute(select(func.group_concat(ordered.c.row_no))).scalar_one()
    return array("q", map(int, joined.split(","))) if joined else array("q")


def _among(row_numbers: Sequence[int]) -> ColumnElement[bool]:
    listed = f"[{','.join(map(str, row_numbers))}]"
    values = func.json_each(listed).table_valued("value")
    return _d.row_no.in_(select(values.c.value))


def _row(row: RowMapping, desk: Desk, now: datetime) -> GridRow:
    status = Status(row["status"])
    return GridRow(
        row_no=row["row_no"],
        id=row["id"],
        number=row["number"] or row["provisional_number"],
        provisional=row["number"] is None,
        owner_name=row["owner_name"],
        procedure_code=row["procedure_code"],
        procedure_name=row["procedure_name"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        due_words=due_column(status, row["due_at"]),
        status=status,
        state=row_state(status, row["received_at"], row["due_at"], now, desk.reference.calendar),
        fee_total=row["fee_total"],
        sync=row["sync_state"],
        officer_id=row["officer_id"],
    )
