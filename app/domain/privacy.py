"""Requests of citizens about their data, and dated terms: how long things are kept, how soon is answered.

Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP. What of the terms is not certain is not set: the office sets it, with
the basis it read it in. A term set by the program itself says so and is no term of the law.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.working_calendar import WorkingCalendar
from app.errors import RuleError
from app.text import t


class RequestKind(StrEnum):
    """What a citizen may ask of data about them."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"

    @property
    def label(self) -> str:
        """As screen and paper call it."""
        return _KINDS[self]


_KINDS = {
    RequestKind.ACCESS: t("Xem, lấy bản sao dữ liệu"),
    RequestKind.CORRECTION: t("Chỉnh sửa dữ liệu"),
    RequestKind.ERASURE: t("Xóa dữ liệu"),
    RequestKind.RESTRICTION: t("Hạn chế xử lý dữ liệu"),
}


class Decision(StrEnum):
    """How a request was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """As screen and paper call it."""
        return _DECISIONS[self]


_DECISIONS = {
    Decision.GRANTED: t("Thực hiện"),
    Decision.PARTLY: t("Thực hiện một phần"),
    Decision.REFUSED: t("Không thực hiện được"),
}

KEPT_BY_LAW = t(
    "Hồ sơ thủ tục hành chính, sổ và biên nhận là tài liệu của cơ quan nhà nước, được lưu theo Luật Lưu trữ"
    " 33/2024/QH15; việc giữ không dựa trên sự đồng ý nên không xóa theo yêu cầu."
)
"""Why records stay where a citizen asks for erasure."""


class Unit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


_UNITS = {Unit.DAYS: t("ngày"), Unit.WORKING_DAYS: t("ngày làm việc"), Unit.MONTHS: t("tháng")}
_MOST = {Unit.DAYS: 3660, Unit.WORKING_DAYS: 250, Unit.MONTHS: 1200}


@dataclass(frozen=True)
class Term:
    """A length of time; at least one."""

    count: int
    unit: Unit

    @property
    def words(self) -> str:
        """``30 ngày``."""
        return f"{self.count} {_UNITS[self.unit]}"

    def after(self, day: date, calendar: WorkingCalendar) -> date:
        """The day the term ends that began the day before ``day`` plus one: day 0 is ``day`` itself."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add_working_days(day, self.count)
        if self.unit is Unit.DAYS:
            return day + timedelta(days=self.count)
        return _months(day, self.count)

    def before(self, today: date) -> date:
        """What was finished before this day is past its term today. Working days are never kept by."""
        if self.unit is Unit.MONTHS:
            return _months(today, -self.count)
        return today - timedelta(days=self.count)


class How(StrEnum):
    """Who lets things go: a run of the program, nobody, or another part of the program."""

    RUN = "run"
    NEVER = "never"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Kept:
    """One line of the retention table. ``term`` ``None``: nobody has set one, so nothing is let go.
    ``checked``: the basis was read in its source, or is the program's own; ``by_office``: set here."""

    id: str
    name: str
    what: str
    term: Term | None
    basis: str
    checked: bool
    how: How
    by_office: bool = False


@dataclass(frozen=True)
class AnswerTerm:
    """How soon a request is replied to (``reply``) or carried out (a ``RequestKind``)."""

    id: str
    name: str
    term: Term | None
    basis: str
    checked: bool
    by_office: bool = False


@dataclass(frozen=True)
class BreachTerm:
    """Within how many hours of finding out the authority is told."""

    hours: int
    basis: str
    checked: bool


@dataclass(frozen=True)
class Terms:
    """All terms as they hold on a day."""

    version: str
    keep: tuple[Kept, ...]
    answer: tuple[AnswerTerm, ...]
    breach: BreachTerm

    def kept(self, kind: str) -> Kept:
        """One line of the table. Raises ``KeyError``."""
        return {each.id: each for each in self.keep}[kind]

    def answered(self, kind: str) -> AnswerTerm:
        """One term of an answer. Raises ``KeyError``."""
        return {each.id: each for each in self.answer}[kind]


def terms_on(document: Sequence[Mapping[str, Any]], day: date, own: Mapping[str, Any]) -> Terms:
    """The terms in force on a day: the newest version that began by then (before the first: the first), with
    what the office has set over it. ``own``: id to ``{count, unit, basis}``, read leniently."""
    begun = [each for each in document if date.fromisoformat(each["effective_from"]) <= day] or document[:1]
    body = max(begun, key=lambda each: str(each["effective_from"]))
    return Terms(
        version=str(body["version"]),
        keep=tuple(_own_kept(_kept(each), own.get(each["id"])) for each in body["keep"]),
        answer=tuple(_own_answer(_answer(each), own.get(each["id"])) for each in body["answer"]),
        breach=BreachTerm(**body["breach"]),
    )


def read_term(count: int, unit: str) -> Term:
    """A term as the office typed it. Raises ``RuleError`` "term-range" (field ``term``)."""
    known = unit in set(Unit)
    if not known or not 1 <= count <= _MOST[Unit(unit)]:
        raise RuleError(
            "term-range",
            t("Thời hạn chưa đúng."),
            t("Gõ một số từ 1 trở lên rồi chọn ngày hoặc tháng, ví dụ 12 tháng."),
            field="term",
        )
    return Term(count, Unit(unit))


def _kept(each: Mapping[str, Any]) -> Kept:
    return Kept(
        each["id"],
        each["name"],
        each["what"],
        _term(each["term"]),
        each["basis"],
        each["checked"],
        How(each["how"]),
    )


def _answer(each: Mapping[str, Any]) -> AnswerTerm:
    return AnswerTerm(each["id"], each["name"], _term(each["term"]), each["basis"], each["checked"])


def _own_kept(line: Kept, own: object) -> Kept:
    term, basis = _set_by_office(own)
    if term is None or line.how is not How.RUN:
        return line
    return replace(line, term=term, basis=basis, checked=True, by_office=True)


def _own_answer(line: AnswerTerm, own: object) -> AnswerTerm:
    term, basis = _set_by_office(own)
    return line if term is None else replace(line, term=term, basis=basis, checked=True, by_office=True)


def _set_by_office(own: object) -> tuple[Term | None, str]:
    if not isinstance(own, dict):
        return None, ""
    count, unit = own.get("count"), own.get("unit")
    if not isinstance(count, int) or unit not in set(Unit) or count < 1:
        return None, ""
    return Term(count, Unit(unit)), str(own.get("basis") or "")


def _term(body: Mapping[str, Any] | None) -> Term | None:
    return None if body is None else Term(int(body["count"]), Unit(body["unit"]))


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
