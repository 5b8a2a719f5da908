"""Numbers drawn at the door, called at the counter. Off until the office switches it on.

A day counts from 1; no name stands on a ticket. Who is called next: priority (người cao tuổi, khuyết tật,
phụ nữ có thai …, as the officer at the door decides) before others, else by number. Every step is one
``BEGIN IMMEDIATE`` transaction, so that two counters of one desk never call the same number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from app.clock import VIETNAM
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text, require_text
from app.errors import NotFoundError, RuleError
from app.models.counter_tables import queue_ticket
from app.services.desk import Desk, read_setting, write_setting
from app.services.recording import Recorder
from app.text import t

ENABLED_SETTING = "queue_enabled"
GENERAL = "general"
LONGEST_LANE = 40
MOST_A_DAY = 999

_q = queue_ticket.c
_SHOWN = 5


@dataclass(frozen=True)
class Ticket:
    """One number of one day. ``lane``: what the citizen came for, as the office names it; ``state``:
    waiting, called, served, absent or left; ``calls``: how often it was called."""

    id: int
    day: date
    number: int
    lane: str
    priority: bool
    taken_at: datetime
    called_at: datetime | None
    calls: int
    state: str
    officer_id: str | None

    @property
    def shown(self) -> str:
        """As ticket and window write it: ``007``, a priority one ``A007``."""
        return f"A{self.number:03d}" if self.priority else f"{self.number:03d}"


@dataclass(frozen=True)
class QueueState:
    """The day at one moment. ``mine``: who is now at this officer's counter; ``calling``: the latest
    numbers called, the newest first, with the counter; ``absent``: called and not come."""

    enabled: bool
    day: date
    waiting: int
    drawn: int
    mine: Ticket | None
    calling: tuple[tuple[Ticket, str], ...]
    absent: tuple[Ticket, ...]
    lanes: tuple[tuple[str, int], ...]


def queue_enabled(desk: Desk) -> bool:
    """Whether the office uses numbers."""
    with desk.store.read() as connection:
        return read_setting(connection, ENABLED_SETTING) is True


def switch_queue(desk: Desk, by: Officer, on: bool) -> None:
    """Use numbers, or no longer. What was drawn stays."""
    by.require(Permission.CONFIGURE if by.may(Permission.CONFIGURE) else Permission.OVERRIDE)
    with desk.store.write() as connection:
        write_setting(connection, ENABLED_SETTING, on)
        Recorder(connection, desk, by, desk.clock.now()).audit("switch_queue", "setting", ENABLED_SETTING)


def draw(desk: Desk, by: Officer, lane: str = GENERAL, *, priority: bool = False) -> Ticket:
    """The next number of the day. Raises ``RuleError`` "queue-off", "queue-full"."""
    by.require(Permission.RECEIVE)
    named = clean_text(require_text(lane, "lane"))[:LONGEST_LANE] or GENERAL
    now, day = desk.clock.now(), _today(desk)
    with desk.store.write() as connection:
        _require_on(connection)
        last = connection.execute(select(func.max(_q.number)).where(_q.day == day)).scalar_one() or 0
        if last >= MOST_A_DAY:
            raise RuleError(
                "queue-full",
                t("Số trong ngày đã hết ({most}).").format(most=MOST_A_DAY),
                t("Gọi trực tiếp người còn lại theo thứ tự đến."),
            )
        connection.execute(
            insert(queue_ticket).values(
                day=day, number=last + 1, lane=named, priority=priority, taken_at=now, state="waiting"
            )
        )
        return _numbered(connection, day, last + 1, ("waiting",))


def call_next(desk: Desk, by: Officer, lane: str | None = None) -> Ticket:
    """Call the next waiting number to this officer; who stood at the counter has been served.

    Raises ``RuleError`` "queue-off", ``NotFoundError`` "queue-empty".
    """
    by.require(Permission.RECEIVE)
    now, day = desk.clock.now(), _today(desk)
    with desk.store.write() as connection:
        _require_on(connection)
        query = select(_q.id).where(_q.day == day, _q.state == "waiting")
        if lane is not None:
            query = query.where(_q.lane == lane)
        chosen = connection.execute(
            query.order_by(_q.priority.desc(), _q.number).limit(1)
        ).scalar_one_or_none()
        if chosen is None:
            raise NotFoundError(
                "queue-empty", t("Không còn ai đang chờ."), t("Số mới lấy ở cửa sẽ hiện ở đây.")
            )
        current = _at_counter(connection, by, day)
        if current is not None:
            _end(connection, current.id, "served", now)
        _call(connection, chosen, by, now)
        return _one(connection, chosen)


def call_again(desk: Desk, by: Officer) -> Ticket:
    """Call the number at this counter once more. Raises ``NotFoundError`` "queue-nobody"."""
    return _with_mine(desk, by, lambda connection, mine, now: _call(connection, mine.id, by, now))


def absent(desk: Desk, by: Officer) -> Ticket:
    """The one called did not come; he may be called back by number later that day."""
    return _with_mine(desk, by, lambda connection, mine, now: _end(connection, mine.id, "absent", now))


def served(desk: Desk, by: Officer) -> Ticket:
    """The one at this counter is done."""
    return _with_mine(desk, by, lambda connection, mine, now: _end(connection, mine.id, "served", now))


def left(desk: Desk, by: Officer, number: int) -> Ticket:
    """The citizen gave the number back or went home. Raises ``NotFoundError`` "queue-no-number"."""
    by.require(Permission.RECEIVE)
    now, day = desk.clock.now(), _today(desk)
    with desk.store.write() as connection:
        _require_on(connection)
        ticket = _numbered(connection, day, number, ("waiting", "absent"))
        _end(connection, ticket.id, "left", now)
        return _one(connection, ticket.id)


def call_back(desk: Desk, by: Officer, number: int) -> Ticket:
    """Call one who was absent, now that he is there. Raises ``NotFoundError`` "queue-no-number"."""
    by.require(Permission.RECEIVE)
    now, day = desk.clock.now(), _today(desk)
    with desk.store.write() as connection:
        _require_on(connection)
        ticket = _numbered(connection, day, number, ("absent",))
        current = _at_counter(connection, by, day)
        if current is not None:
            _end(connection, current.id, "served", now)
        _call(connection, ticket.id, by, now)
        return _one(connection, ticket.id)


def queue_state(desk: Desk, by: Officer) -> QueueState:
    """The day as counter and citizen's window show it."""
    by.require(Permission.VIEW)
    day = _today(desk)
    with desk.store.read() as connection:
        by_lane = connection.execute(
            select(_q.lane, func.count())
            .where(_q.day == day, _q.state == "waiting")
            .group_by(_q.lane)
            .order_by(_q.lane)
        ).all()
        drawn = connection.execute(
            select(func.count()).select_from(queue_ticket).where(_q.day == day)
        ).scalar_one()
        gone = connection.execute(
            select(queue_ticket).where(_q.day == day, _q.state == "absent").order_by(_q.number)
        ).all()
        return QueueState(
            enabled=read_setting(connection, ENABLED_SETTING) is True,
            day=day,
            waiting=sum(count for _, count in by_lane),
            drawn=int(drawn),
            mine=_at_counter(connection, by, day),
            calling=_calling(connection, day, desk.profile.name),
            absent=tuple(_read(row) for row in gone),
            lanes=tuple((lane, int(count)) for lane, count in by_lane),
        )


def _calling(connection: Connection, day: date, counter: str) -> tuple[tuple[Ticket, str], ...]:
    rows = connection.execute(
        select(queue_ticket)
        .where(_q.day == day, _q.state == "called")
        .order_by(_q.called_at.desc(), _q.id.desc())
        .limit(_SHOWN)
    )
    return tuple((_read(row), counter) for row in rows)


def _with_mine(desk: Desk, by: Officer, act: Callable[[Connection, Ticket, datetime], None]) -> Ticket:
    by.require(Permission.RECEIVE)
    now, day = desk.clock.now(), _today(desk)
    with desk.store.write() as connection:
        _require_on(connection)
        mine = _at_counter(connection, by, day)
        if mine is None:
            raise NotFoundError("queue-nobody", t("Chưa gọi số nào đến quầy này."), t("Bấm Gọi số tiếp."))
        act(connection, mine, now)
        return _one(connection, mine.id)


def _call(connection: Connection, ticket_id: int, by: Officer, now: datetime) -> None:
    connection.execute(
        update(queue_ticket)
        .where(_q.id == ticket_id)
        .values(state="called", called_at=now, ended_at=None, calls=_q.calls + 1, officer_id=by.id)
    )


def _end(connection: Connection, ticket_id: int, state: str, now: datetime) -> None:
    connection.execute(update(queue_ticket).where(_q.id == ticket_id).values(state=state, ended_at=now))


def _at_counter(connection: Connection, by: Officer, day: date) -> Ticket | None:
    row = connection.execute(
        select(queue_ticket)
        .where(_q.day == day, _q.state == "called", _q.officer_id == by.id)
        .order_by(_q.called_at.desc(), _q.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _read(row)


def _numbered(connection: Connection, day: date, number: int, states: tuple[str, ...]) -> Ticket:
    row = connection.execute(
        select(queue_ticket).where(_q.day == day, _q.number == number, _q.state.in_(states))
    ).first()
    if row is None:
        raise NotFoundError(
            "queue-no-number",
            t("Không có số này trong những số đang chờ."),
            t("Xem lại số trên phiếu; số của hôm nay mới dùng được."),
        )
    return _read(row)


def _one(connection: Connection, ticket_id: int) -> Ticket:
    return _read(connection.execute(select(queue_ticket).where(_q.id == ticket_id)).one())


def _read(row: Row[Any]) -> Ticket:
    return Ticket(**{name: getattr(row, name) for name in Ticket.__dataclass_fields__})


def _require_on(connection: Connection) -> None:
    if read_setting(connection, ENABLED_SETTING) is not True:
        raise RuleError(
            "queue-off",
            t("Quầy này không dùng số thứ tự."),
            t("Nhờ quản trị viên hoặc lãnh đạo bật phần số thứ tự."),
        )


def _today(desk: Desk) -> date:
    return desk.clock.now().astimezone(VIETNAM).date()
