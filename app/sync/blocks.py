"""Number blocks: grants kept, the next one asked for in time (SYNC-PROTOCOL §3.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.clock import VIETNAM, from_wire, to_wire
from app.domain.number_block import BlockKind, NumberBlock, Per, check_block, days_of_cover, needs_refill
from app.errors import RuleError
from app.models.database import Store
from app.models.tables import number_block
from app.protocol import messages as m
from app.protocol.ids import new_id
from app.sync.marks import BLOCK_REFUSED, BLOCK_REQUEST, drop_mark, read_mark, write_mark
from app.sync.province import Province
from app.sync.trouble import RefusedError

BLOCK_DAYS: Final = 92
"""A quarter ahead: three times the 30 days at which the next one is asked for."""
BLOCK_SIZE: Final = 999
"""Numbers a day: a desk serves 40 to 100 citizens; 999 is the protocol's own example of a desk's slice."""
_ASK_AGAIN: Final = timedelta(hours=12)
_IN_PROGRESS: Final = "idempotency-in-progress"


def keep_block(connection: Connection, block: m.NumberBlock) -> bool:
    """Store a grant or its change of state. False, and nothing stored, where the block could give a number
    twice: turned ranges, a pattern without the day, or numbers another of our blocks already holds."""
    c = number_block.c
    known = connection.execute(select(c.block_id).where(c.block_id == block.block_id)).first()
    if known is None and block.state == "active" and not _usable(connection, block):
        return False
    values: dict[str, Any] = {name: getattr(block, name) for name in c.keys()}  # noqa: SIM118
    statement = insert(number_block).values(**values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["block_id"], set_={"state": block.state})
    )
    return True


def refill(store: Store, province: Province, unit_code: str, now: datetime) -> bool:
    """Ask for the next block where less than 30 days are covered; true where one was granted.

    The request is kept with its key until it is answered, so that an unknown outcome is asked again by the
    same words. A refusal is remembered and asked again half a day later.
    """
    today = now.astimezone(VIETNAM).date()
    with store.write() as connection:
        if not needs_refill(held_blocks(connection), today):
            drop_mark(connection, BLOCK_REQUEST)
            return False
        if _refused_lately(connection, now):
            return False
    for block in province.number_blocks():
        with store.write() as connection:
            keep_block(connection, block)
    with store.write() as connection:
        held = held_blocks(connection)
        if not needs_refill(held, today):
            drop_mark(connection, BLOCK_REQUEST)
            return False
        asked = read_mark(connection, BLOCK_REQUEST) or _new_request(unit_code, held, today)
        write_mark(connection, BLOCK_REQUEST, asked)
    return _ask(store, province, asked, now)


def held_blocks(connection: Connection) -> list[NumberBlock]:
    """Active blocks for dossier numbers."""
    c = number_block.c
    rows = connection.execute(
        select(number_block).where(c.kind == BlockKind.DOSSIER_CODE, c.state == "active")
    ).mappings()
    return [_as_domain(row) for row in rows]


def all_blocks(connection: Connection) -> list[NumberBlock]:
    """Every block for dossier numbers this desk ever held, as if active: to find whose number one is."""
    rows = connection.execute(
        select(number_block).where(number_block.c.kind == BlockKind.DOSSIER_CODE)
    ).mappings()
    return [replace(_as_domain(row), active=True) for row in rows]


def _ask(store: Store, province: Province, asked: Any, now: datetime) -> bool:
    try:
        block = province.request_block(asked["request"], asked["key"])
    except RefusedError as refused:
        if refused.code == _IN_PROGRESS:
            return False
        with store.write() as connection:
            drop_mark(connection, BLOCK_REQUEST)
            write_mark(connection, BLOCK_REFUSED, {"at": to_wire(now), "word": refused.problem.detail or ""})
        return False
    with store.write() as connection:
        drop_mark(connection, BLOCK_REQUEST)
        if not keep_block(connection, block):
            write_mark(connection, BLOCK_REFUSED, {"at": to_wire(now), "word": ""})
            return False
        drop_mark(connection, BLOCK_REFUSED)
    return True


def _new_request(unit_code: str, held: list[NumberBlock], today: date) -> dict[str, Any]:
    first = today + timedelta(days=days_of_cover(held, today))
    request = {
        "kind": BlockKind.DOSSIER_CODE.value,
        "unit_code": unit_code,
        "per": Per.DAY.value,
        "valid_from": first.isoformat(),
        "valid_to": (first + timedelta(days=BLOCK_DAYS - 1)).isoformat(),
        "size": BLOCK_SIZE,
    }
    return {"key": new_id(), "request": request}


def _refused_lately(connection: Connection, now: datetime) -> bool:
    refused = read_mark(connection, BLOCK_REFUSED)
    return refused is not None and abs(now - from_wire(refused["at"])) < _ASK_AGAIN


def _usable(connection: Connection, block: m.NumberBlock) -> bool:
    try:
        wanted = check_block(_as_domain(block.model_dump()))
    except RuleError:
        return False
    c = number_block.c
    clash = connection.execute(
        select(c.block_id).where(
            c.kind == block.kind,
            c.unit_code == wanted.unit_code,
            c.pattern == wanted.pattern,
            c.valid_from <= wanted.valid_to,
            c.valid_to >= wanted.valid_from,
            c.seq_from <= wanted.seq_to,
            c.seq_to >= wanted.seq_from,
        )
    ).first()
    return clash is None


def _as_domain(row: Any) -> NumberBlock:
    return NumberBlock(
        block_id=row["block_id"],
        unit_code=row["unit_code"],
        pattern=row["pattern"],
        per=Per(row["per"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        seq_from=row["seq_from"],
        seq_to=row["seq_to"],
        kind=BlockKind(row["kind"]),
        active=row["state"] == "active",
    )
