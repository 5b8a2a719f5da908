"""A leader on leave lets another officer sign, for stated days (uỷ quyền ký khi vắng mặt).

Only what needs a leader's word is delegated: reopening, overrides and approvals. What the deputy signs
carries the leader's id as ``approved_by``; the title above the signature is the office's own wording and
is never invented here (``signer_title``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from app.clock import VIETNAM
from app.domain.roles import Officer, Permission, Role
from app.domain.vietnamese import clean_text, require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import delegation
from app.protocol.ids import new_id
from app.services.desk import Desk, read_setting, write_setting
from app.services.recording import Recorder
from app.text import t

DELEGATED = frozenset({Permission.OVERRIDE, Permission.REOPEN})
"""What of the leader's permissions passes to the deputy; reading the audit does not."""

LONGEST = timedelta(days=366)
LONGEST_WORDS = 500
_TITLE = "signer_title:"
_DEPUTIES = frozenset({Role.RECEPTION, Role.PROCESSING, Role.LEADER})


@dataclass(frozen=True)
class Delegation:
    """One leave. ``ended_at``: taken back before its last day."""

    id: str
    leader_id: str
    leader_name: str
    deputy_id: str
    deputy_name: str
    from_day: date
    to_day: date
    reason: str
    made_at: datetime
    ended_at: datetime | None


def signs_for(connection: Connection, officer_id: str, day: date) -> str | None:
    """The leader in whose stead this officer may sign on that day, or ``None``.

    A delegation taken back holds no more, whatever day is asked for; neither does one of a leader who
    has left the office or lost the role.
    """
    c, o = delegation.c, tables.officer.c
    return connection.execute(
        select(c.leader_id)
        .join(tables.officer, o.id == c.leader_id)
        .where(
            c.deputy_id == officer_id,
            c.from_day <= day,
            c.to_day >= day,
            c.ended_at.is_(None),
            o.active,
            o.role == Role.LEADER.value,
        )
        .order_by(c.made_at)
        .limit(1)
    ).scalar_one_or_none()


def leader_behind(connection: Connection, by: Officer, permission: Permission, day: date) -> str:
    """The leader whose word an act rests on: the officer himself, or who delegated to him for that day.

    Raises ``RuleError`` "not-permitted" where the officer neither leads nor signs for a leader.
    """
    if not by.may(permission) and permission in DELEGATED:
        leader = signs_for(connection, by.id, day)
        if leader is not None:
            return leader
    by.require(permission)
    return by.id


def may_lead(desk: Desk, by: Officer) -> bool:
    """Whether the officer decides as a leader today, by role or by delegation."""
    if by.may(Permission.OVERRIDE):
        return True
    with desk.store.read() as connection:
        return signs_for(connection, by.id, _today(desk)) is not None


def delegate(
    desk: Desk, by: Officer, deputy_id: str, from_day: date, to_day: date, reason: str
) -> Delegation:
    """The leader lets a deputy sign from one day to another, both included.

    Raises ``NotFoundError`` "no-officer" and ``RuleError``: "not-permitted", "delegation-days",
    "delegation-past", "delegation-deputy", "delegation-twice", "reason-missing".
    """
    by.require(Permission.OVERRIDE)
    now = desk.clock.now()
    words = _words(reason)
    _check_days(from_day, to_day, now.astimezone(VIETNAM).date())
    with desk.store.write() as connection:
        deputy = _deputy(connection, by, deputy_id)
        _require_free(connection, by, from_day, to_day)
        given = Delegation(
            new_id(), by.id, by.name, deputy_id, deputy, from_day, to_day, words, made_at=now, ended_at=None
        )
        connection.execute(
            insert(delegation).values(
                id=given.id,
                leader_id=by.id,
                deputy_id=deputy_id,
                from_day=from_day,
                to_day=to_day,
                reason=words,
                made_at=now,
            )
        )
        Recorder(connection, desk, by, now).audit(
            "delegate", "delegation", given.id, ("deputy_id", "from_day", "to_day")
        )
    return given


def end_delegation(desk: Desk, by: Officer, delegation_id: str) -> Delegation:
    """The leader takes the delegation back; a second time changes nothing.

    Raises ``NotFoundError`` "no-delegation", ``RuleError`` "not-permitted".
    """
    by.require(Permission.OVERRIDE)
    now = desk.clock.now()
    with desk.store.write() as connection:
        given = _one(connection, delegation_id)
        if given.leader_id != by.id:
            raise RuleError(
                "not-permitted",
                t("Chỉ người đã ủy quyền mới rút lại được ủy quyền này."),
                t("Nhờ {name} đăng nhập và rút lại.").format(name=given.leader_name),
            )
        if given.ended_at is None:
            connection.execute(
                update(delegation).where(delegation.c.id == delegation_id).values(ended_at=now)
            )
            Recorder(connection, desk, by, now).audit(
                "end_delegation", "delegation", delegation_id, ("ended_at",)
            )
            given = _one(connection, delegation_id)
    return given


def list_delegations(desk: Desk, by: Officer, *, all_of_them: bool = False) -> tuple[Delegation, ...]:
    """Delegations that hold today or later, newest first; with ``all_of_them`` the past ones too."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        rows = connection.execute(_query().order_by(delegation.c.made_at.desc())).mappings().all()
    today = _today(desk)
    found = (_read(row) for row in rows)
    return tuple(one for one in found if all_of_them or (one.ended_at is None and one.to_day >= today))


def signer_title(desk: Desk, *, deputy: bool) -> str:
    """The words above the signature: the leader's, or the deputy's; empty until the office has set them."""
    with desk.store.read() as connection:
        return kept_signer_title(connection, deputy=deputy)


def kept_signer_title(connection: Connection, *, deputy: bool) -> str:
    """The same inside a transaction: a paper being made."""
    kept = read_setting(connection, _title_key(deputy))
    return kept if isinstance(kept, str) else ""


def set_signer_title(desk: Desk, by: Officer, words: str, *, deputy: bool) -> None:
    """Keep the words above the signature, as the office's own rules have them (NĐ 30/2020)."""
    by.require(Permission.OVERRIDE if by.role is Role.LEADER else Permission.CONFIGURE)
    now = desk.clock.now()
    with desk.store.write() as connection:
        write_setting(
            connection, _title_key(deputy), clean_text(require_text(words, "title"))[:LONGEST_WORDS]
        )
        Recorder(connection, desk, by, now).audit("set_signer_title", "setting", _title_key(deputy))


def _title_key(deputy: bool) -> str:
    return _TITLE + ("deputy" if deputy else "leader")


def _check_days(from_day: date, to_day: date, today: date) -> None:
    if from_day < today:
        raise RuleError(
            "delegation-past",
            t("Ngày bắt đầu ủy quyền đã qua."),
            t("Ủy quyền chỉ có từ hôm nay trở đi; chọn lại ngày bắt đầu."),
            field="from_day",
        )
    if to_day < from_day or to_day - from_day > LONGEST:
        raise RuleError(
            "delegation-days",
            t("Ngày kết thúc ủy quyền phải từ ngày bắt đầu và trong vòng một năm."),
            t("Gõ lại ngày kết thúc."),
            field="to_day",
        )


def _words(reason: str) -> str:
    words = clean_text(require_text(reason, "reason"))[:LONGEST_WORDS]
    if not words:
        raise RuleError(
            "reason-missing",
            t("Chưa ghi lý do hoặc văn bản ủy quyền."),
            t("Ghi ngắn gọn, ví dụ: nghỉ phép."),
            field="reason",
        )
    return words


def _deputy(connection: Connection, by: Officer, deputy_id: str) -> str:
    o = tables.officer.c
    row = connection.execute(select(o.name, o.role, o.active).where(o.id == deputy_id)).first()
    if row is None or not row.active:
        raise NotFoundError(
            "no-officer", t("Không tìm thấy cán bộ được ủy quyền."), t("Chọn lại trong danh sách cán bộ.")
        )
    if deputy_id == by.id or Role(row.role) not in _DEPUTIES:
        raise RuleError(
            "delegation-deputy",
            t("Không ủy quyền cho người này được."),
            t("Chọn một cán bộ tiếp nhận, cán bộ xử lý hoặc lãnh đạo khác."),
            field="deputy",
        )
    return str(row.name)


def _require_free(connection: Connection, by: Officer, from_day: date, to_day: date) -> None:
    c = delegation.c
    taken = connection.execute(
        _query().where(c.leader_id == by.id, c.ended_at.is_(None), c.from_day <= to_day, c.to_day >= from_day)
    ).mappings()
    other = taken.first()
    if other is not None:
        raise RuleError(
            "delegation-twice",
            t("Những ngày này đã ủy quyền cho {name} ({start}–{end}).").format(
                name=other["deputy_name"],
                start=other["from_day"].strftime("%d/%m"),
                end=other["to_day"].strftime("%d/%m/%Y"),
            ),
            t("Rút ủy quyền đó trước, hoặc chọn ngày khác."),
            field="from_day",
        )


def _query() -> Select[Any]:
    leader, deputy = tables.officer.alias("leader"), tables.officer.alias("deputy")
    return (
        select(delegation, leader.c.name.label("leader_name"), deputy.c.name.label("deputy_name"))
        .join(leader, leader.c.id == delegation.c.leader_id)
        .join(deputy, deputy.c.id == delegation.c.deputy_id)
    )


def _one(connection: Connection, delegation_id: str) -> Delegation:
    row = connection.execute(_query().where(delegation.c.id == delegation_id)).mappings().first()
    if row is None:
        raise NotFoundError(
            "no-delegation", t("Không tìm thấy ủy quyền này."), t("Xem lại danh sách ủy quyền.")
        )
    return _read(row)


def _read(row: RowMapping) -> Delegation:
    return Delegation(**{name: row[name] for name in Delegation.__dataclass_fields__})


def _today(desk: Desk) -> date:
    return desk.clock.now().astimezone(VIETNAM).date()
