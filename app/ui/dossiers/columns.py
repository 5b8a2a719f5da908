"""The columns of the grid, and a dossier's row as their cells."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from app.services.finding.grid import GridRow, SortColumn
from app.text import t
from app.ui.dossiers.dates import due_words, received_words
from app.ui.dossiers.states import state_of, sync_state
from app.ui.widgets import Column, ColumnKind, State, Type, late, metrics, sent_back, theme

Cell = str | int | State | None

COLUMNS = (
    Column("number", t("Số"), ColumnKind.MUTED),
    Column("owner", t("Chủ hồ sơ"), ColumnKind.STRONG),
    Column("procedure", t("Thủ tục"), width=110, stretch=True, sortable=False),
    Column("received", t("Nhận")),
    Column("due", t("Hẹn trả")),
    Column("state", t("Tình trạng"), ColumnKind.STATE),
    Column("fee", t("Phí (đ)"), ColumnKind.AMOUNT),
    Column("sync", t("Gửi tỉnh"), ColumnKind.STATE, sortable=False),
)

_WIDEST: dict[str, Cell] = {
    "number": "2BMMKN000",
    "owner": "Hoàng Minh Thơm",
    "received": "23/11 08:38",
    "due": "T4 23/08 08:38",
    "state": late(t("Quá hạn 28 ngày")),
    "fee": 880_000,
    "sync": sent_back(t("Cần xem")),
}
"""What each column must show whole; rows not fetched yet cannot be measured."""

_BOTH_PADDINGS, _EDGE_MORE, _MARK = 21, 5, 20


def measured_columns() -> tuple[Column, ...]:
    """``COLUMNS`` with the widths this font needs."""
    return tuple(
        replace(column, width=_width(column)) if column.width is None else column for column in COLUMNS
    )


def _width(column: Column) -> int:
    """In px at 100 %, as ``Column.width`` is."""
    cell = _WIDEST[column.key]
    strong = column.kind is ColumnKind.STRONG or (isinstance(cell, State) and cell.strong)
    text = cell.word if isinstance(cell, State) else f"{cell:,}" if isinstance(cell, int) else str(cell)
    edge = _EDGE_MORE if column.key in (COLUMNS[0].key, COLUMNS[-1].key) else 0
    mark = _MARK if isinstance(cell, State) else 0
    advance = metrics(Type.TABLE, strong).horizontalAdvance(text) / theme().scale
    return ceil(advance) + _BOTH_PADDINGS + edge + mark


ALWAYS_SHOWN = ("owner", "state")
"""Without these nobody knows whose row it is."""

NARROW = ("number", "owner", "procedure", "due", "state", "sync")
"""Columns of a narrow window."""

SORTS = {
    "number": SortColumn.NUMBER,
    "owner": SortColumn.OWNER,
    "received": SortColumn.RECEIVED,
    "due": SortColumn.DUE,
    "state": SortColumn.STATUS,
    "fee": SortColumn.FEE,
}

PLACE_OF = {column.key: place for place, column in enumerate(COLUMNS)}


def cells_of(row: GridRow, this_year: int) -> tuple[Cell, ...]:
    """The cells of a row in the order of ``COLUMNS``. A fee nobody knows yet stays empty, never 0.

    Of the number the list shows its last group, as officers say it; copies carry it whole.
    """
    due = row.due_words
    if not due and row.due_at is not None:
        due = due_words(row.due_at, this_year)
    return (
        row.number.rpartition("-")[2],
        row.owner_name,
        row.procedure_name,
        received_words(row.received_at, this_year),
        due,
        state_of(row.state),
        row.fee_total,
        sync_state(row.sync),
    )
