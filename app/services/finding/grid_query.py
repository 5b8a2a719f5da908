"""What the grid asks the store: filters and order as SQL, the answer as row numbers alone.

SQLite puts the row numbers together in one step and they are read in pieces, so that the window's thread
never waits for the interpreter while a large result comes in.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from app.clock import VIETNAM
from app.domain.dossier_status import Status
from app.models import tables
from app.models.tables import SEARCH_TABLE
from app.text import t

FEW = 400
"""Up to so many dossiers are looked up one by one; for more, the order is walked and the rest left out."""

PIECE = 100_000
"""Characters of row numbers read at a time."""

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
    """Columns the grid sorts by; the owner in Vietnamese order."""

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


_SORTS: dict[SortColumn, ColumnElement[object]] = {
    SortColumn.RECEIVED: _d.received_at,
    SortColumn.DUE: _d.due_at,
    SortColumn.NUMBER: func.coalesce(_d.number, _d.provisional_number),
    SortColumn.OWNER: _d.owner_sort,
    SortColumn.STATUS: _d.status,
    SortColumn.FEE: _d.fee_total,
}
_MAY_BE_UNKNOWN = (SortColumn.DUE, SortColumn.FEE)


@dataclass(frozen=True)
class Question:
    """A query made ready. ``fitting``: how many dossiers the text fits, ``None`` without text."""

    rules: tuple[ColumnElement[bool], ...]
    order: tuple[ColumnElement[object], ...]
    fitting: int | None

    @property
    def where(self) -> tuple[ColumnElement[bool], ...]:
        """Filters and text together."""
        if self.fitting is None:
            return self.rules
        number = _d.row_no if self.fitting <= FEW else _walked()
        return (*self.rules, number.in_(select(_FITTING.c.row_no)))


def question(connection: Connection, query: GridQuery, match: str | None, now: datetime) -> Question:
    """Filters and order as SQL. ``match``: the full-text question, if there is one; it is put once, its
    answer is kept for this connection."""
    fitting = None if match is None else _keep_fitting(connection, match)
    return Question(tuple(_rules(query, now)), _order(query), fitting)


def row_numbers(connection: Connection, asked: Question, limit: int | None = None) -> array[int]:
    """The numbers of the rows that fit, in order; only the first ``limit`` of them where one is given."""
    ordered = select(_d.row_no).where(*asked.where).order_by(*asked.order)
    return _read(connection, ordered.limit(-1 if limit is None else limit))


def count_fitting(connection: Connection, asked: Question) -> int:
    """How many rows fit, without reading them."""
    if asked.fitting is not None and not asked.rules:
        return asked.fitting
    query = select(func.count()).select_from(tables.dossier).where(*asked.where)
    return int(connection.execute(query).scalar_one())


def among(numbers: Sequence[int]) -> ColumnElement[bool]:
    """The rows of these numbers: looked up one by one when they are few, else by one walk."""
    values = func.json_each(json.dumps(list(numbers), separators=(",", ":"))).table_valued("value")
    number = _d.row_no if len(numbers) <= FEW else _walked()
    return number.in_(select(values.c.value))


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


_FITTING = table("fitting", column("row_no", Integer), schema="temp")
"""Row numbers the text fits. Temporary tables lie in memory only (``temp_store``) and are the
connection's own, so that readers stay readers."""


def _keep_fitting(connection: Connection, match: str) -> int:
    connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS fitting (row_no INTEGER PRIMARY KEY)")
    connection.execute(delete(_FITTING))
    keep = f"INSERT INTO temp.fitting SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :match"
    return connection.execute(text(keep), {"match": match}).rowcount


def _walked() -> ColumnElement[int]:
    """The row number so that SQLite does not look rows up by it but walks the index of the order."""
    return literal_column("+dossier.row_no", Integer)


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
    rules += [member == value for member, value in wanted if value is not None]
    return rules


def _order(query: GridQuery) -> tuple[ColumnElement[object], ...]:
    """The column, unknown values last either way, and the row number so that ties stand still."""
    sorted_by = _SORTS[query.sort]
    first = sorted_by.desc() if query.descending else sorted_by.asc()
    if query.sort in _MAY_BE_UNKNOWN:
        first = first.nulls_last()
    return first, (_d.row_no.desc() if query.descending else _d.row_no.asc())


def _read(connection: Connection, query: Select[Any]) -> array[int]:
    """The ``LIMIT`` each query has keeps its order, which ``group_concat`` takes over."""
    ordered = query.subquery()
    joined = connection.execute(select(func.group_concat(ordered.c.row_no))).scalar_one()
    numbers = array("q")
    start, end = 0, len(joined or "")
    while start < end:
        comma = joined.find(",", start + PIECE)
        stop = end if comma < 0 else comma
        numbers.extend(json.loads(f"[{joined[start:stop]}]"))
        start = stop + 1
    return numbers
