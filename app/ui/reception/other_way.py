"""A paper that is there although the citizen does not bring it: held already, or another in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.component_rules import ComponentSpec, HeldPaper, Reuse
from app.domain.typed_date import format_date, parse_typed_date
from app.errors import RuleError
from app.text import t

BROUGHT, HELD, INSTEAD = "brought", "held", "instead"
NATIONAL = "national"
"""A kind of held paper: looked up in the national store, besides the kinds of ``Reuse``."""


@dataclass(frozen=True)
class OtherWay:
    """As typed. ``kind``: what a held paper is; ``source`` and ``day``: where it is and since when;
    ``substitute``: the name of the paper taken in its place."""

    way: str = BROUGHT
    kind: str = Reuse.COMPONENT.value
    source: str = ""
    day: str = ""
    substitute: str = ""


def held_day(text: str, today: date, field: str = "paper_day") -> date:
    """The day of a paper as typed. Raises ``RuleError`` also for a day to come."""
    day = parse_typed_date(text, today, field)
    if day > today:
        raise RuleError(
            "held-day",
            t("Ngày {day} ở sau hôm nay.").format(day=format_date(day)),
            t("Gõ lại ngày trên giấy, ví dụ 12092025."),
            field=field,
        )
    return day


def spec_of(paper: str, other: OtherWay | None, today: date) -> ComponentSpec:
    """The paper as reception is handed it. Raises ``RuleError`` naming the field not filled in."""
    if other is None or other.way == BROUGHT:
        return ComponentSpec(paper)
    if other.way == INSTEAD:
        if not other.substitute.strip():
            raise _empty("paper_substitute", t("Chưa ghi giấy nào thay thế."), t("Gõ tên giấy đã nhận thay."))
        return ComponentSpec(paper, substitute=other.substitute)
    if not other.source.strip():
        raise _empty(
            "paper_source", t("Chưa ghi giấy đã có ở đâu."), t("Gõ mã hồ sơ cũ hoặc nơi đã tra cứu.")
        )
    if not other.day.strip():
        raise _empty("paper_day", t("Chưa có ngày."), t("Gõ ngày cấp hoặc ngày tra cứu, ví dụ 12092025."))
    national = other.kind == NATIONAL
    reuse = Reuse.COMPONENT if national else Reuse(other.kind)
    day = held_day(other.day, today)
    return ComponentSpec(paper, held=HeldPaper(other.source, day, reuse, national_store=national))


def unfinished(other: OtherWay | None, today: date) -> RuleError | None:
    """What is still to be typed of it, with the field."""
    try:
        spec_of("", other, today)
    except RuleError as lacking:
        return lacking
    return None


def why_there(other: OtherWay) -> str:
    """The grey words of its row."""
    if other.way == INSTEAD:
        return t("Thay bằng: {substitute}").format(substitute=other.substitute or "…")
    said = other.source or "…"
    return t("{said}, ngày {day}").format(said=said, day=other.day) if other.day else said


def kind_there(other: OtherWay) -> str:
    """What stands at the right of its row."""
    return t("Giấy thay") if other.way == INSTEAD else t("Đã có")


def _empty(field: str, title: str, next_step: str) -> RuleError:
    return RuleError("paper-unfinished", title, next_step, field=field)
