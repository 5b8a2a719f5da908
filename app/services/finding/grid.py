"""The grid Hồ sơ over hundreds of thousands of dossiers: one light query for the order, pages of rows after.

The result of a query is the row numbers alone, in order; rows are fetched by the page that is looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, RowMapping, func, literal_column, select

from app.domain.dossier_status import Status
from app.domain.roles import Officer, Permission
from app.models import tables
from app.services.desk import Desk
from app.services.finding.grid_query import GridQuery as GridQuery
from app.services.finding.grid_query import Preset as Preset
from app.services.finding.grid_query import SortColumn as SortColumn
from app.services.finding.grid_query import among, count_fitting, count_where, preset_rule, question
from app.services.finding.grid_query import row_numbers as numbers_of
from app.services.finding.row_state import RowState, due_column, given_back, row_state
from app.services.finding.search_query import match_text

_d = tables.dossier.c


@dataclass(frozen=True)
class GridResult:
    """Row numbers (64-bit) in the order asked for. ``total``: all that fit; more than there are numbers only
    where the first were asked for."""

    row_numbers: array[int]
    total: int

    @property
    def whole(self) -> bool:
        """Whether every row that fits has its number here."""
        return len(self.row_numbers) == self.total


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


def open_result(desk: Desk, by: Officer, query: GridQuery, limit: int | None = None) -> GridResult:
    """The dossiers that fit, as row numbers in order.

    ``limit``: only the first so many, with the total all the same, to paint while the rest is fetched.
    """
    by.require(Permission.SEARCH)
    match = match_text(query.text)
    if match is None and query.text.strip():
        return GridResult(array("q"), 0)
    with desk.store.read() as connection:
        asked = question(connection, query, match, desk.clock.now())
        numbers = numbers_of(connection, asked, limit)
        if limit is None or len(numbers) < limit:
            return GridResult(numbers, len(numbers))
        return GridResult(numbers, count_fitting(connection, asked))


def page(desk: Desk, by: Officer, row_numbers: Sequence[int]) -> tuple[GridRow, ...]:
    """The rows of these numbers, in the order given; a number without a dossier is left out."""
    by.require(Permission.SEARCH)
    now = desk.clock.now()
    with desk.store.read() as connection:
        rows = {
            row["row_no"]: row
            for row in connection.execute(select(*_ROW).where(among(row_numbers))).mappings()
        }
        ended = [row["id"] for row in rows.values() if row["status"] == Status.RETURNED]
        back = given_back(connection, ended) if ended else frozenset()
    return tuple(_row(rows[number], desk, now, back) for number in row_numbers if number in rows)


def counts(desk: Desk, by: Officer) -> dict[Preset, int]:
    """How many dossiers each ready-made filter holds now."""
    by.require(Permission.SEARCH)
    now = desk.clock.now()
    with desk.store.read() as connection:
        return {preset: count_where(connection, preset_rule(preset, now)) for preset in Preset}


def totals(desk: Desk, by: Officer, row_numbers: Sequence[int]) -> Totals:
    """Sums of the selected rows, for the status bar."""
    by.require(Permission.SEARCH)
    status = literal_column("+dossier.status", Integer)  # not by the status index: it has no fee
    query = (
        select(status, func.count(), func.sum(_d.fee_total), func.count(_d.fee_total))
        .where(among(row_numbers))
        .group_by(status)
        .order_by(status)
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


def _row(row: RowMapping, desk: Desk, now: datetime, back: frozenset[str]) -> GridRow:
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
        state=row_state(
            status,
            row["received_at"],
            row["due_at"],
            now,
            desk.reference.calendar,
            papers_back=row["id"] in back,
        ),
        fee_total=row["fee_total"],
        sync=row["sync_state"],
        officer_id=row["officer_id"],
    )
