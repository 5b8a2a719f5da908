"""Counters raised above every number read back, so that none is given twice (I9, I10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.dossier_number import NumberKind, ParsedNumber, parse_number
from app.domain.number_block import Per, number_in_block
from app.models.tables import counter
from app.sync.blocks import all_blocks


def note_number(connection: Connection, body: Mapping[str, Any]) -> None:
    """The number of an event's dossier counts as given: in its block, or among the desk's own."""
    subject = body.get("subject")
    code = subject.get("code") if isinstance(subject, Mapping) else None
    number = parse_number(code) if isinstance(code, str) else None
    if number is None or number.day is None or number.seq is None:
        return
    if number.kind is NumberKind.PROVISIONAL:
        raise_counter(connection, f"provisional:{number.mark}", number.day.isoformat(), number.seq)
    elif number.kind is NumberKind.OFFICIAL:
        _in_blocks(connection, number, number.day, number.seq)


def raise_counter(connection: Connection, scope: str, period: str, last: int) -> None:
    """The counter stands at ``last`` at least; it never moves back."""
    statement = insert(counter).values(scope=scope, period=period, last=last)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["scope", "period"], set_={"last": func.max(counter.c.last, last)}
        )
    )


def next_of(connection: Connection, scope: str, period: str) -> int:
    """The next number of a counter, taken."""
    c = counter.c
    last = connection.execute(select(c.last).where(c.scope == scope, c.period == period)).scalar() or 0
    raise_counter(connection, scope, period, last + 1)
    return int(last) + 1


def _in_blocks(connection: Connection, number: ParsedNumber, day: date, seq: int) -> None:
    for block in all_blocks(connection):
        if number_in_block(block, day, seq) == number.text:
            period = day.isoformat() if block.per is Per.DAY else str(day.year)
            raise_counter(connection, block.block_id, period, seq)
