"""Entries of the log as cells, and what was found in a few words."""

from __future__ import annotations

from datetime import datetime

from app.clock import VIETNAM
from app.services.audit.log import LogLine
from app.text import t
from app.ui.dossiers.dates import short_day

KEYS = t("Enter mở hồ sơ · F4 dòng cũ hơn · F9 kiểm tra nhật ký")


def line_row(line: LogLine, this_year: int, *, short: bool = False) -> tuple[str | int, ...]:
    """One entry in the order of the columns; ``short``: the minute is enough."""
    return (
        moment_words(line.at, this_year, short=short),
        line.officer,
        line.act_words,
        line.record,
        line.number,
        line.detail,
        line.seq,
    )


def moment_words(at: datetime | None, this_year: int, *, short: bool = False) -> str:
    """``23/11 15:12:04``, ``short`` ``23/11 15:12``; a stored time that is none is told as such."""
    if at is None:
        return t("giờ bị hỏng")
    local = at.astimezone(VIETNAM)
    return f"{short_day(local.date(), this_year)} {local:{'%H:%M' if short else '%H:%M:%S'}}"


def found_words(shown: int, total: int) -> str:
    """How many entries fit, and how many of them stand in the list."""
    whole = f"{total:,}".replace(",", ".")
    if shown < total:
        return t("{shown} dòng mới nhất trong {total}").format(shown=shown, total=whole)
    return t("{total} dòng, mới nhất ở trên").format(total=whole)
