"""Number blocks from above, cut into slices for the desks: no two desks share a number (§3.8).

A block is cut into nine equal parts, one for each desk digit of a commune; desk slot ``n`` gets the ``n``-th
part and nobody else ever does, so that a desk that was revoked or lost takes its numbers with it. A desk
without a slice gives provisional numbers, which always work.
"""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from app.protocol.canonical import canonical_bytes
from app.protocol.ids import new_id
from app.province import feed
from app.province.context import Act
from app.province.problems import ApiProblem, JsonObject
from app.province.tables import number_blocks
from app.province.upward.tables import upward_blocks
from app.province.upward.upper import UpperRefused
from app.province.upward.work import Work
from app.text import t

PARTS: Final = 9
SIZE: Final = 999
DAYS: Final = 366
_REFILL_UNDER: Final = timedelta(days=120)
_SPACE: Final = uuid.UUID("0e0f5a3c-9f3b-5d0e-8a5a-6d5d8f4a2b11")


def keep_block(db: Connection, now: datetime, unit: str, block: JsonObject) -> None:
    """A grant of the upper gateway, or its end: the slices cut from it end with it, the desks are told."""
    mine = upward_blocks.c.block_id == block["block_id"]
    values = {name: block[name] for name in ("valid_from", "valid_to", "state")}
    if db.execute(update(upward_blocks).where(mine).values(**values)).rowcount == 0:
        body = canonical_bytes(block).decode()
        new = {"block_id": block["block_id"], "unit_code": unit, "body": body, **values}
        db.execute(insert(upward_blocks).values(new))
    if block["state"] != "active":
        _end_slices(db, now, unit, block)


def grant(act: Act, wanted: JsonObject) -> JsonObject:
    """The asking desk's part of a block from above. Raises 409 ``block-refused`` where none fits."""
    for row in act.db.execute(_active(act.desk.unit_code)):
        whole = json.loads(row.body)
        cut = cut_for(whole, act.desk.slot)
        first, last = max(row.valid_from, wanted["valid_from"]), min(row.valid_to, wanted["valid_to"])
        if whole["kind"] != wanted["kind"] or whole["per"] != wanted["per"] or cut is None or last < first:
            continue
        names = ("unit_code", "kind", "pattern", "per")
        made = {name: whole[name] for name in names}
        made |= {"block_id": new_id(), "valid_from": first, "valid_to": last, "state": "active"}
        made |= {"seq_from": cut[0], "seq_to": cut[1]}
        act.db.execute(insert(number_blocks).values(desk_id=act.desk.desk_id, **made))
        subject = {"kind": "number_block", "id": made["block_id"]}
        change = feed.Change("number_block.granted", subject, made)
        feed.tell_desk(act.db, act.now, change, act.desk.desk_id)
        return made
    raise ApiProblem(
        409,
        "block-refused",
        t("Cổng của cơ quan chưa có dải số cho những ngày này."),
        detail=t("Quầy vẫn tiếp nhận bằng số tạm; cổng sẽ xin dải số khi có đường lên tỉnh."),
    )


def cut_for(block: JsonObject, slot: int) -> tuple[int, int] | None:
    """The part of desk ``slot`` (1 to 9): first and last number; ``None`` where it has none."""
    size = (block["seq_to"] - block["seq_from"] + 1) // PARTS
    if not 1 <= slot <= PARTS or size == 0:
        return None
    first = block["seq_from"] + (slot - 1) * size
    return first, first + size - 1


def refill(work: Work) -> None:
    """Ask the upper gateway for the next block while there is time; a refusal is no trouble."""
    if "number-blocks" not in work.meta.features:
        return
    for block in work.upper.blocks():
        with work.store.write() as db:
            keep_block(db, work.now(), work.unit, block)
    with work.store.read() as db:
        last = max((row.valid_to for row in db.execute(_active(work.unit))), default=None)
    today = work.now().date()
    covered = None if last is None else date.fromisoformat(last)
    if covered is not None and covered - today > _REFILL_UNDER:
        return
    first = today if covered is None or covered < today else covered + timedelta(days=1)
    asked = {
        "kind": "dossier_code",
        "unit_code": work.unit,
        "per": "day",
        "valid_from": first.isoformat(),
        "valid_to": (first + timedelta(days=DAYS - 1)).isoformat(),
        "size": SIZE,
    }
    key = str(uuid.uuid5(_SPACE, json.dumps([work.unit, asked], sort_keys=True)))
    try:
        block = work.upper.request_block(asked, key)
    except UpperRefused:
        return
    with work.store.write() as db:
        keep_block(db, work.now(), work.unit, block)


def _active(unit: str) -> Any:
    mine = (upward_blocks.c.unit_code == unit, upward_blocks.c.state == "active")
    return select(upward_blocks).where(*mine).order_by(upward_blocks.c.valid_from)


def _end_slices(db: Connection, now: datetime, unit: str, block: JsonObject) -> None:
    if "seq_from" not in block:
        row = db.execute(
            select(upward_blocks.c.body).where(upward_blocks.c.block_id == block["block_id"])
        ).scalar_one()
        block = {**json.loads(row), **block}
    b = number_blocks.c
    inside = (
        b.unit_code == unit,
        b.state == "active",
        b.kind == block["kind"],
        b.valid_from >= block["valid_from"],
    )
    more = (b.valid_to <= block["valid_to"], b.seq_from >= block["seq_from"], b.seq_to <= block["seq_to"])
    for row in db.execute(select(number_blocks).where(*inside, *more)).all():
        db.execute(update(number_blocks).where(b.block_id == row.block_id).values(state=block["state"]))
        names = (
            "block_id",
            "kind",
            "unit_code",
            "pattern",
            "per",
            "valid_from",
            "valid_to",
            "seq_from",
            "seq_to",
        )
        told = {name: getattr(row, name) for name in names} | {"state": block["state"]}
        subject = {"kind": "number_block", "id": row.block_id}
        change = feed.Change("number_block.revoked", subject, told)
        feed.tell_desk(db, now, change, row.desk_id)
