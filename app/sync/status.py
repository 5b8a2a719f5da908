"""The one light and the outbox, as plain data for window and command line (SCREENS, "Calm")."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, func, select, text

from app.clock import VIETNAM, from_wire
from app.models.database import Store
from app.models.tables import dossier, event, gateway, proposal, stream
from app.sync.marks import ALARM, COMPLETE, SENDING, read_mark
from app.sync.watcher import LineState
from app.text import t

_JUDGED_OPEN: Final = text("event.verdict IN ('rejected', 'deferred')")
"""Said word for word as the index ``event_open`` says it, or SQLite reads every event instead."""
WAITING: Final = and_(
    event.c.verdict.is_(None),
    text(
        "NOT (event.type = 'stream.opened' AND event.epoch <>"
        " (SELECT epoch FROM stream ORDER BY position DESC LIMIT 1))"
    ),
)
"""Events that still go to the province. The opening of an epoch that was left again, unsent, never does."""
REJECTED_OPEN: Final = and_(_JUDGED_OPEN, event.c.verdict == "rejected", event.c.answered_by.is_(None))
DEFERRED: Final = and_(_JUDGED_OPEN, event.c.verdict == "deferred")


class Colour(StrEnum):
    """The light's colour; state is never told by colour alone, the words stand beside it."""

    GREEN = "green"
    AMBER = "amber"
    GREY = "grey"
    RED = "red"


@dataclass(frozen=True)
class Light:
    """One light with words."""

    kind: Colour
    words: str


class ItemState(StrEnum):
    """How an event stands. ``SENDING``: under way now, or its answer was lost and it is repeated as is."""

    WAITING = "waiting"
    SENDING = "sending"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class OutboxItem:
    """One event that waits, with each try and the last word on it.

    ``number``: the dossier's official number, else the provisional one, else ``None``; ``tries``: how often
    it was sent, ``last``: the province's or the line's last word; ``owner_name`` is for the screen only.
    """

    event_id: str
    epoch: str
    desk_seq: int
    type: str
    number: str | None
    tries: int
    last: str
    state: ItemState
    at: datetime
    last_try_at: datetime | None
    dossier_id: str | None
    owner_name: str
    act_words: str
    pointers: tuple[str, ...] = ()
    """Where a rejected event is wrong, as JSON Pointers into it."""

    def as_dict(self) -> dict[str, object]:
        """The members the command line prints."""
        names = ("event_id", "epoch", "desk_seq", "type", "number", "tries", "last")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class ProposalItem:
    """A value of the province beside what the citizen's paper states; nothing was changed (I17)."""

    id: str
    dossier_id: str
    number: str | None
    owner_name: str
    field: str
    ours: Any
    theirs: Any
    made_at: datetime


@dataclass(frozen=True)
class Alarm:
    """Something between desk and province an officer must see."""

    code: str
    words: str
    next_step: str
    at: datetime


def light(store: Store, line: LineState, now: datetime) -> Light:
    """The one light. What a person must look at comes first, then the line, then what waits."""
    with store.read() as connection:
        attention = _attention_words(connection)
        waiting = _waiting_words(connection)
        complete = read_mark(connection, COMPLETE)
        enrolled = connection.execute(select(gateway.c.only)).first() is not None
    if attention:
        return Light(Colour.RED, t("Cần xem: {what}").format(what=attention))
    if line is LineState.DOWN:
        return Light(Colour.GREY, t("Mất mạng – vẫn làm việc bình thường"))
    if not enrolled:
        return Light(Colour.GREY, t("Chưa nối với tỉnh – vẫn làm việc bình thường"))
    if waiting:
        return Light(Colour.AMBER, t("{what} chờ gửi").format(what=waiting))
    if complete is None:
        return Light(Colour.AMBER, t("Chờ đồng bộ lần đầu"))
    return Light(Colour.GREEN, t("Đã đồng bộ {time}").format(time=_clock_words(from_wire(complete), now)))


def outbox(store: Store) -> tuple[OutboxItem, ...]:
    """The events without a verdict, in the order they will be sent."""
    with store.read() as connection:
        return _items(connection, WAITING)


def answered_open(store: Store) -> tuple[OutboxItem, ...]:
    """Events the province has judged and that are not at their end: rejected without a correction first
    (an officer must act), then deferred."""
    with store.read() as connection:
        return _items(connection, REJECTED_OPEN) + _items(connection, DEFERRED)


def for_screen(store: Store, limit: int = 200) -> tuple[OutboxItem, ...]:
    """What the screen lists: what an officer must see, the first ``limit`` that wait, the newest accepted."""
    c = event.c
    with store.read() as connection:
        newest = connection.execute(select(func.max(c.desk_seq))).scalar_one() or 0
        accepted = _items(connection, (c.verdict == "accepted") & (c.desk_seq > newest - limit))
        return (
            _items(connection, REJECTED_OPEN, limit)
            + _items(connection, DEFERRED, limit)
            + _items(connection, WAITING, limit)
            + tuple(reversed(accepted))
        )


def open_proposals(store: Store) -> tuple[ProposalItem, ...]:
    """Proposals of the province no officer has decided on, oldest first."""
    p, d = proposal.c, dossier.c
    number = func.coalesce(d.number, d.provisional_number)
    query = (
        select(p.id, p.dossier_id, number, d.owner_name, p.field, p.ours, p.theirs, p.made_at)
        .join_from(proposal, dossier, d.id == p.dossier_id)
        .where(p.state == "open")
        .order_by(p.made_at, p.id)
    )
    with store.read() as connection:
        return tuple(ProposalItem(*row) for row in connection.execute(query))


def alarm(store: Store) -> Alarm | None:
    """What the last rounds found that a person must see; gone with the next round that fits."""
    with store.read() as connection:
        kept = read_mark(connection, ALARM)
    return None if kept is None else Alarm(kept["code"], kept["words"], kept["next"], from_wire(kept["at"]))


def last_complete(store: Store) -> datetime | None:
    """When desk and province last fitted."""
    with store.read() as connection:
        kept = read_mark(connection, COMPLETE)
    return None if kept is None else from_wire(kept)


def count_waiting(connection: Connection) -> int:
    """Events without a verdict."""
    query = select(func.count()).select_from(event).where(WAITING)
    return int(connection.execute(query).scalar_one())


def count_for_officer(connection: Connection) -> int:
    """What a person must look at: rejected events without a correction, open proposals, an alarm."""
    rejected = connection.execute(select(func.count()).select_from(event).where(REJECTED_OPEN)).scalar_one()
    proposed = connection.execute(
        select(func.count()).select_from(proposal).where(proposal.c.state == "open")
    ).scalar_one()
    return int(rejected) + int(proposed) + (read_mark(connection, ALARM) is not None)


def _attention_words(connection: Connection) -> str:
    c = event.c
    rejected = connection.execute(
        select(func.count(c.dossier_id.distinct()), func.count().filter(c.dossier_id.is_(None))).where(
            REJECTED_OPEN
        )
    ).one()
    if rejected[0]:
        return t("{n} hồ sơ bị trả về").format(n=rejected[0])
    if rejected[1]:
        return t("{n} việc bị trả về").format(n=rejected[1])
    proposed = connection.execute(
        select(func.count(proposal.c.dossier_id.distinct())).where(proposal.c.state == "open")
    ).scalar_one()
    if proposed:
        return t("{n} hồ sơ tỉnh đề xuất khác").format(n=proposed)
    kept = read_mark(connection, ALARM)
    return t(_ALARMS.get(kept["code"], _ALARM)) if kept is not None else ""


def _waiting_words(connection: Connection) -> str:
    c = event.c
    dossiers, others = connection.execute(
        select(func.count(c.dossier_id.distinct()), func.count().filter(c.dossier_id.is_(None))).where(
            WAITING
        )
    ).one()
    if dossiers:
        return t("{n} hồ sơ").format(n=dossiers)
    return t("{n} việc").format(n=others) if others else ""


def _clock_words(moment: datetime, now: datetime) -> str:
    local, today = moment.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%H:%M %d/%m}"


def _items(connection: Connection, which: Any, limit: int | None = None) -> tuple[OutboxItem, ...]:
    query = (
        select(
            event,
            func.coalesce(dossier.c.number, dossier.c.provisional_number).label("shown_number"),
            dossier.c.owner_name.label("shown_name"),
        )
        .join_from(event, stream, stream.c.epoch == event.c.epoch)
        .outerjoin(dossier, dossier.c.id == event.c.dossier_id)
        .where(which)
        .order_by(stream.c.position, event.c.desk_seq)
        .limit(limit)
    )
    sending = read_mark(connection, SENDING)
    return tuple(_item(row, sending) for row in connection.execute(query).mappings())


def _item(row: RowMapping, sending: Any) -> OutboxItem:
    return OutboxItem(
        event_id=row["event_id"],
        epoch=row["epoch"],
        desk_seq=row["desk_seq"],
        type=row["type"],
        number=row["shown_number"],
        tries=row["tries"],
        last=row["last_word"],
        state=_state(row, sending),
        at=row["occurred_at"],
        last_try_at=row["last_try_at"],
        dossier_id=row["dossier_id"],
        owner_name=row["shown_name"] or _citizen(row),
        act_words=t(_ACTS.get(row["type"], "Việc khác")),
        pointers=_pointers(row["verdict_body"]),
    )


def _pointers(verdict: Any) -> tuple[str, ...]:
    problem = (verdict or {}).get("problem") or {}
    return tuple(error["pointer"] for error in problem.get("errors", ()))


def _state(row: RowMapping, sending: Any) -> ItemState:
    if row["verdict"] is not None:
        return ItemState(row["verdict"])
    under_way = (
        sending is not None
        and sending["epoch"] == row["epoch"]
        and sending["first"] <= row["desk_seq"] <= sending["last"]
    )
    return ItemState.SENDING if under_way else ItemState.WAITING


def _citizen(row: RowMapping) -> str:
    """The citizen of an account-help request, which has no dossier."""
    if row["type"] != "citizen.account_requested":
        return ""
    return str(json.loads(row["body"])["payload"].get("party", {}).get("full_name", ""))


_ALARM: Final = "đường gửi tỉnh"
_ALARMS: Final = {
    "stream-forked": "máy thiếu việc tỉnh đang giữ",
    "twin": "có một bản sao khác của quầy",
    "difference": "quầy và tỉnh chưa khớp",
    "credentials-refused": "tỉnh chưa nhận khóa của quầy",
    "desk-suspended": "tỉnh tạm dừng quầy này",
    "cursor-expired": "cần nhận lại dữ liệu tỉnh",
    "clock-wrong": "ngày giờ của máy",
}
_ACTS: Final = {
    "stream.opened": "Mở sổ gửi của quầy",
    "dossier.received": "Tiếp nhận",
    "dossier.refused": "Từ chối tiếp nhận",
    "dossier.amended": "Sửa thông tin",
    "dossier.progress": "Xử lý",
    "dossier.supplement_requested": "Yêu cầu bổ sung",
    "dossier.supplement_received": "Nhận giấy tờ bổ sung",
    "dossier.fee_requested": "Nghĩa vụ tài chính",
    "dossier.withdrawn": "Công dân rút hồ sơ",
    "dossier.stopped": "Dừng giải quyết",
    "dossier.due_date_changed": "Ngày hẹn trả",
    "dossier.transferred": "Chuyển đơn vị khác",
    "dossier.custody_accepted": "Nhận hồ sơ chuyển đến",
    "dossier.completed": "Đã xử lý xong",
    "dossier.returned": "Trả kết quả",
    "fee.collected": "Thu phí, lệ phí",
    "fee.refunded": "Hoàn phí, lệ phí",
    "document.digitised": "Bản quét",
    "document.revoked": "Rút bản quét",
    "citizen.account_requested": "Hỗ trợ tài khoản",
    "feedback.recorded": "Đánh giá, góp ý",
    "event.voided": "Hủy một việc đã ghi",
    "number_block.released": "Trả lại dải số",
}
