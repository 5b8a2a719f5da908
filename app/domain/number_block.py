"""Number blocks: the slice of the daily sequence the province granted to one desk.

An official number is only ever made inside such a block (SYNC-PROTOCOL-CHOICES §3.8). A pattern comes from
outside and is checked: it must tell the days (or years) apart, or the same number would be given twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.errors import RuleError
from app.text import t

REFILL_DAYS = 30
"""A new block is asked for when fewer days are covered."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SEQUENCE = re.compile(r"seq:([1-9]|1[0-2])")
_LITERAL = re.compile(r"[A-Za-z0-9./_-]*")
_LONGEST = 60
_DAY_MARKS = ("{yyMMdd}", "{yyyyMMdd}")


class BlockKind(StrEnum):
    """What the numbers are for."""

    DOSSIER_CODE = "dossier_code"
    FEE_RECEIPT = "fee_receipt"
    OUTGOING_DOCUMENT = "outgoing_document"


class Per(StrEnum):
    """When the sequence starts again."""

    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True)
class NumberBlock:
    """``seq_from`` to ``seq_to`` belong to this desk alone on each day (or year) of its validity."""

    block_id: str
    unit_code: str
    pattern: str
    per: Per
    valid_from: date
    valid_to: date
    seq_from: int
    seq_to: int
    kind: BlockKind = BlockKind.DOSSIER_CODE
    active: bool = True


def block_number(pattern: str, unit: str, day: date, seq: int) -> str:
    """The number a pattern gives: ``{unit}``, ``{yyMMdd}``, ``{yyyyMMdd}``, ``{yyyy}``, ``{seq:N}``.

    ``{seq:N}`` has N digits, zero padded, more when needed. Raises ``RuleError`` with field ``pattern``
    for another placeholder, a missing sequence, or a number the protocol cannot carry (5 to 60 signs).
    """
    if seq < 1:
        raise _bad_pattern()
    known = {
        "unit": unit,
        "yyMMdd": day.strftime("%y%m%d"),
        "yyyyMMdd": f"{day.year:04d}{day:%m%d}",
        "yyyy": f"{day.year:04d}",
    }
    sequences = 0

    def fill(found: re.Match[str]) -> str:
        nonlocal sequences
        name = found[1]
        if width := _SEQUENCE.fullmatch(name):
            sequences += 1
            return f"{seq:0{int(width[1])}d}"
        if name not in known:
            raise _bad_pattern()
        return known[name]

    number = _PLACEHOLDER.sub(fill, pattern)
    if sequences != 1 or not _LITERAL.fullmatch(number) or not 5 <= len(number) <= _LONGEST:
        raise _bad_pattern()
    return number


def check_block(block: NumberBlock) -> NumberBlock:
    """The block as given; ``RuleError`` (field ``pattern``, ``block``) when it could give a number twice."""
    block_number(block.pattern, block.unit_code, block.valid_from, max(block.seq_to, 1))
    dated = any(mark in block.pattern for mark in _DAY_MARKS)
    if not dated and (block.per is Per.DAY or "{yyyy}" not in block.pattern):
        raise _bad_pattern()
    if not 1 <= block.seq_from <= block.seq_to or block.valid_to < block.valid_from:
        raise RuleError(
            "number-block",
            t("Dải số tỉnh cấp chưa dùng được: khoảng số hoặc khoảng ngày bị ngược."),
            t("Quầy vẫn nhận hồ sơ bằng số biên nhận tạm. Báo tỉnh cấp lại dải số."),
            field="block",
        )
    return block


def covers(block: NumberBlock, day: date) -> bool:
    """Whether dossiers received on the day may be numbered from the block."""
    return block.active and block.valid_from <= day <= block.valid_to


def number_in_block(block: NumberBlock, day: date, seq: int) -> str | None:
    """The official number, or ``None`` where the block does not grant it: then the number is provisional."""
    if not covers(block, day) or not block.seq_from <= seq <= block.seq_to:
        return None
    return block_number(block.pattern, block.unit_code, day, seq)


def days_of_cover(blocks: Iterable[NumberBlock], today: date) -> int:
    """Days from today on, today counted, that have dossier numbers without a gap; 0 when today has none."""
    held = [block for block in blocks if block.active and block.kind is BlockKind.DOSSIER_CODE]
    free = today
    for block in sorted(held, key=lambda block: block.valid_from):
        if block.valid_from <= free <= block.valid_to:
            free = block.valid_to + timedelta(days=1)
    return (free - today).days


def needs_refill(blocks: Iterable[NumberBlock], today: date) -> bool:
    """Whether it is time to ask the province for the next block."""
    return days_of_cover(blocks, today) < REFILL_DAYS


def _bad_pattern() -> RuleError:
    return RuleError(
        "number-pattern",
        t("Mẫu số hồ sơ tỉnh cấp chưa dùng được."),
        t("Quầy vẫn nhận hồ sơ bằng số biên nhận tạm. Báo tỉnh kiểm tra dải số đã cấp."),
        field="pattern",
    )
