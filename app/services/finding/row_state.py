"""How a dossier stands, in the words and shapes of lists (SCREENS, "Reading"): state, due date, time left."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from app.clock import VIETNAM
from app.domain.dossier_status import Act, Status, TermClock, Urgency, term_clock, urgency
from app.domain.working_calendar import WorkingCalendar
from app.models import tables
from app.text import t

_HOUR = 60


class StateKind(StrEnum):
    """Shape and colour of a state; the word stands beside it."""

    NEW = "new"
    WORKING = "working"
    NEAR = "near"
    LATE = "late"
    WAITING = "waiting"
    READY = "ready"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True)
class RowState:
    """What the column "Tình trạng" shows."""

    kind: StateKind
    words: str


_STATES: dict[Status, RowState] = {
    Status.NEW: RowState(StateKind.NEW, t("Chờ tiếp nhận")),
    Status.RECEIVED: RowState(StateKind.WORKING, t("Đã tiếp nhận")),
    Status.REFUSED: RowState(StateKind.CLOSED, t("Từ chối nhận")),
    Status.PROCESSING: RowState(StateKind.WORKING, t("Đang xử lý")),
    Status.SUPPLEMENT_REQUESTED: RowState(StateKind.WAITING, t("Chờ công dân")),
    Status.FEE_REQUESTED: RowState(StateKind.WAITING, t("Chờ nộp tiền")),
    Status.WITHDRAWN: RowState(StateKind.CLOSED, t("Công dân rút")),
    Status.STOPPED: RowState(StateKind.CLOSED, t("Dừng giải quyết")),
    Status.COMPLETED: RowState(StateKind.READY, t("Chờ trả kết quả")),
    Status.RETURNED: RowState(StateKind.DONE, t("Đã trả")),
}


_GIVEN_BACK = RowState(StateKind.CLOSED, t("Đã trả giấy tờ"))


def given_back(connection: Connection, dossier_ids: Iterable[str]) -> frozenset[str]:
    """Those of these returned dossiers that ended without a result: their papers went back to the citizen
    after a withdrawal or a stop, so that nobody may say a result was given."""
    h = tables.history.c
    ends = (Act.COMPLETE.value, Act.WITHDRAW.value, Act.STOP.value)
    wanted = func.json_each(json.dumps(list(dossier_ids))).table_valued("value")
    last = (
        select(func.max(h.id))
        .where(h.dossier_id.in_(select(wanted.c.value)), h.act.in_(ends))
        .group_by(h.dossier_id)
        .scalar_subquery()
    )
    rows = connection.execute(select(h.dossier_id).where(h.id.in_(last), h.act != Act.COMPLETE.value))
    return frozenset(rows.scalars())


def row_state(
    status: Status,
    received_at: datetime,
    due_at: datetime | None,
    now: datetime,
    calendar: WorkingCalendar,
    *,
    papers_back: bool = False,
) -> RowState:
    """State of a list row; near and late are said only while the term runs (DOMAIN §3).

    A dossier due on its day of reception counts as same-day: near in its last two working hours.
    ``papers_back``: returned without a result (``given_back``).
    """
    if papers_back and status is Status.RETURNED:
        return _GIVEN_BACK
    same_day = due_at is not None and _day(received_at) == _day(due_at)
    urgent = urgency(due_at, now, status, calendar, same_day=same_day)
    if due_at is None or urgent is None or urgent is Urgency.ON_TIME:
        return _STATES[status]
    kind = StateKind.LATE if urgent is Urgency.LATE else StateKind.NEAR
    words = late_words(due_at, now, calendar) if kind is StateKind.LATE else near_words(due_at, now)
    return RowState(kind, words)


def near_words(due_at: datetime, now: datetime) -> str:
    """``Hạn hôm nay``, or the time left in days."""
    return t("Hạn hôm nay") if _day(due_at) == _day(now) else t("Còn 1 ngày")


def late_words(due_at: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    """``Quá hạn 2 ngày`` in working days; before the next working day, since when."""
    days = calendar.working_days_between(_day(due_at), _day(now))
    if days > 0:
        return t("Quá hạn {days} ngày").format(days=days)
    local = due_at.astimezone(VIETNAM)
    since = f"{local:%H:%M}" if _day(due_at) == _day(now) else f"{local.day}/{local.month}"
    return t("Quá hạn từ {since}").format(since=since)


def left_words(due_at: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    """Time left of a running term: ``Còn 1 giờ 48`` on its last day, ``Còn 3 ngày`` before; or the delay."""
    if now > due_at:
        return late_words(due_at, now, calendar)
    days = calendar.working_days_between(_day(now), _day(due_at))
    if days > 0:
        return t("Còn {days} ngày").format(days=days)
    hours, minutes = divmod(calendar.working_minutes_between(now, due_at), _HOUR)
    if hours == 0:
        return t("Còn {minutes} phút").format(minutes=minutes)
    words = t("Còn {hours} giờ {minutes:02d}") if minutes else t("Còn {hours} giờ")
    return words.format(hours=hours, minutes=minutes)


def due_column(status: Status, due_at: datetime | None) -> str:
    """Words instead of a date in the column "Hẹn trả"; empty where the date itself is shown."""
    if term_clock(status) is TermClock.STOPPED:
        return t("Đang dừng")
    ended = status in (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)
    return "–" if ended or due_at is None else ""


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
