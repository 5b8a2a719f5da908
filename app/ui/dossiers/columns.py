"""The columns of the grid, and a dossier's row as their cells."""

from __future__ import annotations

from app.services.grid import GridRow, SortColumn
from app.text import t
from app.ui.dossiers.dates import due_words, received_words
from app.ui.dossiers.states import state_of, sync_state
from app.ui.widgets import Column, ColumnKind, State

Cell = str | int | State | None

COLUMNS = (
    Column("number", t("Số"), ColumnKind.MUTED, width=82),
    Column("owner", t("Chủ hồ sơ"), ColumnKind.STRONG, width=152),
    Column("procedure", t("Thủ tục"), width=110, stretch=True, sortable=False),
    Column("received", t("Nhận"), width=94),
    Column("due", t("Hẹn trả"), width=114),
    Column("state", t("Tình trạng"), ColumnKind.STATE, width=144),
    Column("fee", t("Phí (đ)"), ColumnKind.AMOUNT, width=70),
    Column("sync", t("Gửi tỉnh"), ColumnKind.STATE, width=96, sortable=False),
)

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
