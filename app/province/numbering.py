"""Dossier numbers: slices granted to desks, and official numbers for provisional receipts.

Desk ``n`` of a unit owns ``n001``–``n999`` of every day; the province itself numbers with 1–999 and,
should a day ever need more, above every desk's slice (SYNC-PROTOCOL-CHOICES 3.8).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from app.clock import from_wire
from app.protocol.ids import new_id
from app.province import feed, restores
from app.province.context import Act
from app.province.problems import ApiProblem, JsonObject, at, bad_request
from app.province.run_memory import ask_once, insert_behind, memory
from app.province.schemas import faults
from app.province.tables import number_blocks, number_counters, numbers
from app.province.upward import slices
from app.province.upward.links import relays
from app.text import t

PATTERN = "{unit}-{yyMMdd}-{seq:4}"
SLICE = 1000
_OWN_LAST = 999
_OVERFLOW_FROM = 99_001
_LONGEST_BLOCK = timedelta(days=400)
_LISTED_AFTER_END = timedelta(days=400)
_MAX_OPEN_BLOCKS = 20
_PROVISIONAL = re.compile(r"TN-[0-9A-Z.-]{3,56}")


_GIVE = insert(numbers)
_HOLDER = select(numbers.c.dossier_id).where(numbers.c.code == bindparam("wanted"))
_OF_DAY = (
    number_counters.c.unit_code == bindparam("of_unit"),
    number_counters.c.day == bindparam("of_day"),
)
_COUNTER = select(number_counters.c.last_used).where(*_OF_DAY).with_for_update()
_COUNT = update(number_counters).where(*_OF_DAY)


@dataclass(frozen=True)
class OfficialNumber:
    """A number of the pattern, taken apart. ``day`` is ``None`` where no such day exists."""

    unit_code: str
    day: date | None
    seq: int


def read_official(code: str) -> OfficialNumber | None:
    """The parts of an official number; ``None`` for any other text."""
    found = re.fullmatch(r"(.+)-(\d{6})-(\d{4,6})", code, re.ASCII)
    if found is None:
        return None
    unit_code, day, seq = found.groups()
    try:
        parsed = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        parsed = None
    return OfficialNumber(unit_code, parsed, int(seq))


def is_provisional(code: str) -> bool:
    """Whether a code is a desk's own receipt number."""
    return _PROVISIONAL.fullmatch(code) is not None


def block_of(db: Connection, desk_id: str, number: OfficialNumber) -> tuple[bool, bool]:
    """(The number lies in a slice of this desk, its day lies within that block's days)."""
    slices = ask_once(
        db, ("slices", desk_id, number.unit_code), lambda: _slices(db, desk_id, number.unit_code)
    )
    rows = [row for row in slices if row.seq_from <= number.seq <= row.seq_to]
    day = "" if number.day is None else number.day.isoformat()
    return bool(rows), any(row.valid_from <= day <= row.valid_to for row in rows)


def _slices(db: Connection, desk_id: str, unit_code: str) -> Sequence[Any]:
    c = number_blocks.c
    asked = select(c.valid_from, c.valid_to, c.seq_from, c.seq_to).where(
        c.desk_id == desk_id,
        c.unit_code == unit_code,
        c.kind == "dossier_code",
        c.state != "revoked",
    )
    return db.execute(asked).all()


def holder(db: Connection, code: str) -> str | None:
    """The dossier an official number was given to."""
    if code in memory(db).free:
        return None
    return db.execute(_HOLDER, {"wanted": code}).scalar()


def take(db: Connection, code: str, dossier_id: str) -> None:
    """Give a number to a dossier, for ever. Taking it again for the same dossier changes nothing."""
    if holder(db, code) is None:
        give(db, code, dossier_id)


def give(db: Connection, code: str, dossier_id: str) -> None:
    """Give a number nobody holds."""
    insert_behind(db, _GIVE, {"code": code, "dossier_id": dossier_id})
    memory(db).free.discard(code)


def next_official(db: Connection, unit_code: str, received_at: str) -> str:
    """The province's next number for the local day of ``received_at``; never one a forgotten life of this
    store gave (``app.province.restores``)."""
    day = from_wire(received_at).date()
    key = {"of_unit": unit_code, "of_day": day.isoformat()}
    last = db.execute(_COUNTER, key).scalar()
    seq = (last or 0) + 1
    band = restores.first_number(db, day)
    if band is not None and not band <= seq < band + restores.BAND:
        seq = band
    while True:
        if _OWN_LAST < seq < _OVERFLOW_FROM:
            seq = _OVERFLOW_FROM
        code = f"{unit_code}-{day:%y%m%d}-{seq:04d}"
        if holder(db, code) is None:
            break
        seq += 1
    if last is None:
        row = {"unit_code": unit_code, "day": day.isoformat(), "last_used": seq}
        db.execute(insert(number_counters), row)
    else:
        db.execute(_COUNT, {**key, "last_used": seq})
    return code


def list_blocks(act: Act) -> JsonObject:
    """Schema NumberBlockList: active blocks and those that ended in the last 400 days."""
    oldest = (act.now.date() - _LISTED_AFTER_END).isoformat()
    rows = act.db.execute(
        select(number_blocks)
        .where(number_blocks.c.desk_id == act.desk.desk_id, number_blocks.c.valid_to >= oldest)
        .order_by(number_blocks.c.valid_from, number_blocks.c.block_id)
    )
    return {"blocks": [_wire(row) for row in rows]}


def grant_block(act: Act, body: object) -> JsonObject:
    """A block of the desk's own slice. Raises 400, 403 ``forbidden``, 409 ``block-refused``."""
    wanted = _checked(act, body)
    blocks = select(number_blocks.c.valid_from, number_blocks.c.valid_to, number_blocks.c.state).where(
        number_blocks.c.desk_id == act.desk.desk_id, number_blocks.c.kind == wanted["kind"]
    )
    held = act.db.execute(blocks).all()
    if any(row.valid_from <= wanted["valid_to"] and wanted["valid_from"] <= row.valid_to for row in held):
        raise _refused(t("Quầy đã có khối số cho một phần các ngày này."))
    today = act.now.date().isoformat()
    if sum(row.state == "active" and row.valid_to >= today for row in held) >= _MAX_OPEN_BLOCKS:
        raise _refused(t("Quầy đang giữ quá nhiều khối số chưa dùng hết."))
    if relays(act.db):
        return slices.grant(act, wanted)
    first = act.desk.slot * SLICE + 1
    row = {
        "block_id": new_id(),
        "desk_id": act.desk.desk_id,
        "unit_code": act.desk.unit_code,
        "kind": wanted["kind"],
        "pattern": PATTERN,
        "per": wanted["per"],
        "valid_from": wanted["valid_from"],
        "valid_to": wanted["valid_to"],
        "seq_from": first,
        "seq_to": first + min(wanted["size"], SLICE - 1) - 1,
        "state": "active",
    }
    act.db.execute(insert(number_blocks).values(row))
    block = {name: value for name, value in row.items() if name != "desk_id"}
    subject = {"kind": "number_block", "id": row["block_id"]}
    feed.tell_desk(act.db, act.now, feed.Change("number_block.granted", subject, block), act.desk.desk_id)
    return block


def release(db: Connection, desk_id: str, block_id: str, last_used: JsonObject) -> bool:
    """The desk gives a block back; false where it holds no such block."""
    done = db.execute(
        update(number_blocks)
        .where(number_blocks.c.block_id == block_id, number_blocks.c.desk_id == desk_id)
        .values(state="ended", last_used=json.dumps(last_used, sort_keys=True))
    )
    return done.rowcount == 1


def _checked(act: Act, body: object) -> JsonObject:
    places = faults("NumberBlockRequest", body)
    if places:
        raise bad_request(t("Yêu cầu khối số còn thiếu hoặc sai mục."), places, code="schema-invalid")
    assert isinstance(body, dict)
    if body["unit_code"] != act.desk.unit_code:
        raise ApiProblem(403, "forbidden", t("Quầy chỉ xin được số của đơn vị mình."))
    first, last = date.fromisoformat(body["valid_from"]), date.fromisoformat(body["valid_to"])
    if last < first:
        place = at("/valid_to", t("phải từ ngày đầu trở đi"))
        raise bad_request(t("Ngày cuối của khối số đứng trước ngày đầu."), [place])
    if last - first > _LONGEST_BLOCK or abs(first - act.now.date()) > _LONGEST_BLOCK:
        raise _refused(t("Khối số chỉ cấp cho tối đa 400 ngày, gần thời điểm hiện tại."))
    if body["kind"] != "dossier_code" or body["per"] != "day":
        raise _refused(t("Máy chủ này chỉ cấp số hồ sơ theo ngày."))
    return body


def _refused(why: str) -> ApiProblem:
    return ApiProblem(409, "block-refused", t("Tỉnh chưa cấp khối số này."), detail=why)


def _wire(row: object) -> JsonObject:
    names = ("block_id", "kind", "unit_code", "pattern", "per", "valid_from", "valid_to")
    more = ("seq_from", "seq_to", "state")
    return {name: getattr(row, name) for name in (*names, *more)}
