"""Trình ký: an officer lays an act before the leader, who signs, declines, or lets it lie.

Asking is the office's own affair: it writes a line of history and an audit row but no event. Signing does
the act itself through ``life`` in the same commit, so that nothing is signed that was not done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from app.clock import VIETNAM
from app.domain.dossier_status import STEPS, Act, Status, status_after
from app.domain.roles import Officer, Permission, Role
from app.domain.vietnamese import clean_text, require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import approval
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.finding.row_state import RowState, row_state
from app.services.life import ActDone, ActOrder, do_act_within
from app.services.people.approval_order import order_as_json, order_from_json
from app.services.people.delegation import leader_behind, signs_for
from app.services.recording import Recorder
from app.text import t

LAID_BEFORE = frozenset({Act.COMPLETE, Act.EXTEND, Act.STOP, Act.REOPEN})
"""Acts an officer may lay before the leader; besides them an acceptance without a mandatory paper."""

LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Approval:
    """One act laid before the leader. ``state``: waiting, approved, declined or taken_back;
    ``possible``: the dossier still stands where the act can be done."""

    id: str
    dossier_id: str
    number: str
    owner_name: str
    procedure_name: str
    status: Status
    due_at: datetime | None
    stands: RowState
    order: ActOrder
    words: str
    asked_at: datetime
    asked_by_id: str
    asked_by: str
    state: str
    decided_at: datetime | None
    decided_by: str
    answer: str

    @property
    def possible(self) -> bool:
        """Whether the act can still be done."""
        return self.status in STEPS[self.order.act]


def ask_approval(desk: Desk, by: Officer, number: str, order: ActOrder, words: str = "") -> Approval:
    """Lay one act before the leader. The act is tried out first and undone, so that the leader is never
    given what could not be done; ``order.at`` does not count.

    Raises ``NotFoundError`` "no-dossier", ``RuleError``: "not-permitted", "approval-not-needed",
    "approval-waiting", "no-leader", and what the act itself asks for.
    """
    by.require(Permission.PROCESS)
    _require_laid(order)
    said = clean_text(require_text(words, "words"))[:LONGEST_WORDS]
    order = replace(order, at=None)
    dossier_id, now, approval_id = find_dossier_id(desk, number), desk.clock.now(), new_id()
    with desk.store.write() as connection:
        status = connection.execute(
            select(tables.dossier.c.status).where(tables.dossier.c.id == dossier_id)
        ).scalar_one()
        status_after(order.act, Status(status))
        _require_not_asked(connection, dossier_id, order.act)
        _try_out(connection, desk, dossier_id, order)
        connection.execute(
            insert(approval).values(
                id=approval_id,
                dossier_id=dossier_id,
                act=order.act.value,
                order=order_as_json(order),
                words=said,
                asked_at=now,
                asked_by=by.id,
                state="waiting",
            )
        )
        _note(connection, desk, by, now, "approval_asked", approval_id, dossier_id, order.act, note=said)
        return _one(connection, desk, approval_id)


def waiting_approvals(desk: Desk, by: Officer) -> tuple[Approval, ...]:
    """What waits for a signature, the oldest first: all of it for who may sign today, else one's own."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        query = _query().where(approval.c.state == "waiting").order_by(approval.c.asked_at, approval.c.id)
        if not _may_sign(connection, desk, by):
            query = query.where(approval.c.asked_by == by.id)
        return _read_all(desk, connection.execute(query).mappings().all())


def approvals_of(desk: Desk, by: Officer, number: str) -> tuple[Approval, ...]:
    """Everything ever laid before the leader for one dossier, the newest first."""
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        query = _query().where(approval.c.dossier_id == dossier_id).order_by(approval.c.asked_at.desc())
        return _read_all(desk, connection.execute(query).mappings().all())


def approve(desk: Desk, by: Officer, approval_id: str, *, at: datetime | None = None) -> ActDone:
    """Sign: the act is done by the leader (or who signs for him) in the same commit; never by who asked.

    Raises ``NotFoundError`` "no-approval", ``RuleError``: "not-permitted", "approval-decided",
    "approval-own", and what the act itself asks for; then it goes on waiting.
    """
    with desk.store.write() as connection:
        laid = _decide(connection, desk, by, approval_id, "approved", "")
        done = do_act_within(connection, desk, by, laid.dossier_id, replace(laid.order, at=at))
        _note(
            connection,
            desk,
            by,
            desk.clock.now(),
            "approved",
            approval_id,
            laid.dossier_id,
            laid.order.act,
            asked_by=laid.asked_by,
            note=laid.words,
        )
    return done


def decline(desk: Desk, by: Officer, approval_id: str, words: str) -> Approval:
    """Send it back with words to the officer who asked; the dossier stays as it is.

    Raises ``NotFoundError`` "no-approval", ``RuleError``: "not-permitted", "approval-decided",
    "reason-missing".
    """
    said = clean_text(require_text(words, "words"))[:LONGEST_WORDS]
    if not said:
        raise RuleError(
            "reason-missing",
            t("Chưa ghi vì sao chưa ký."),
            t("Ghi ngắn gọn cần sửa gì, để cán bộ trình lại đúng."),
            field="words",
        )
    with desk.store.write() as connection:
        laid = _decide(connection, desk, by, approval_id, "declined", said)
        _note(
            connection,
            desk,
            by,
            desk.clock.now(),
            "declined",
            approval_id,
            laid.dossier_id,
            laid.order.act,
            asked_by=laid.asked_by,
            note=said,
        )
        return _one(connection, desk, approval_id)


def take_back(desk: Desk, by: Officer, approval_id: str) -> Approval:
    """The officer who asked takes it back before it is signed. Raises as ``decline`` does."""
    with desk.store.write() as connection:
        laid = _waiting(connection, desk, approval_id)
        if laid.asked_by_id != by.id:
            raise RuleError(
                "not-permitted",
                t("Chỉ người đã trình mới rút lại được."),
                t("Nhờ {name} rút, hoặc lãnh đạo trả lại kèm lý do.").format(name=laid.asked_by),
            )
        now = desk.clock.now()
        _set(connection, approval_id, "taken_back", by, now, "")
        _note(connection, desk, by, now, "approval_taken_back", approval_id, laid.dossier_id, laid.order.act)
        return _one(connection, desk, approval_id)


def _require_laid(order: ActOrder) -> None:
    if order.act in LAID_BEFORE or (order.act is Act.ACCEPT and clean_text(order.override)):
        return
    raise RuleError(
        "approval-not-needed",
        t("Việc “{act}” không cần trình ký.").format(act=order.act.label),
        t("Làm thẳng việc này ở hồ sơ."),
        field="act",
    )


def _require_not_asked(connection: Connection, dossier_id: str, act: Act) -> None:
    c = approval.c
    waiting = connection.execute(
        select(c.id).where(c.dossier_id == dossier_id, c.act == act.value, c.state == "waiting")
    ).first()
    if waiting is not None:
        raise RuleError(
            "approval-waiting",
            t("Việc “{act}” của hồ sơ này đang chờ lãnh đạo ký.").format(act=act.label),
            t("Chờ ký, hoặc rút lại rồi trình bản khác."),
            field="act",
        )


def _try_out(connection: Connection, desk: Desk, dossier_id: str, order: ActOrder) -> None:
    leader = _a_leader(connection)
    attempt = connection.begin_nested()
    try:
        do_act_within(connection, desk, leader, dossier_id, order)
    finally:
        attempt.rollback()


def _a_leader(connection: Connection) -> Officer:
    o = tables.officer.c
    row = connection.execute(
        select(o.id, o.login, o.name, o.position)
        .where(o.role == Role.LEADER.value, o.active)
        .order_by(o.created_at, o.id)
        .limit(1)
    ).first()
    if row is None:
        raise RuleError(
            "no-leader",
            t("Quầy này chưa có lãnh đạo nào để trình."),
            t("Nhờ quản trị viên thêm lãnh đạo trong phần cán bộ."),
        )
    return Officer(row.id, row.login, row.name, Role.LEADER, row.position)


def _decide(
    connection: Connection, desk: Desk, by: Officer, approval_id: str, state: str, answer: str
) -> Approval:
    now = desk.clock.now()
    leader_behind(connection, by, Permission.OVERRIDE, now.astimezone(VIETNAM).date())
    laid = _waiting(connection, desk, approval_id)
    if state == "approved":
        _require_another(by, laid)
    _set(connection, approval_id, state, by, now, answer)
    return laid


def _require_another(by: Officer, laid: Approval) -> None:
    """Two people stand in the history of a signed act, also where a deputy signs for the leader today."""
    if laid.asked_by_id == by.id:
        raise RuleError(
            "approval-own",
            t("Việc này do chính bạn trình nên cần người khác ký."),
            t("Chờ lãnh đạo ký, hoặc rút lại; hồ sơ giữ nguyên."),
        )


def _waiting(connection: Connection, desk: Desk, approval_id: str) -> Approval:
    laid = _one(connection, desk, approval_id)
    if laid.state != "waiting":
        raise RuleError("approval-decided", *_decided_words(laid))
    return laid


def _decided_words(laid: Approval) -> tuple[str, str]:
    said = {
        "approved": t("{name} đã ký việc này rồi."),
        "declined": t("{name} đã trả lại việc này rồi."),
        "taken_back": t("{name} đã rút lại việc này rồi."),
    }[laid.state]
    return said.format(name=laid.decided_by), t("Hồ sơ giữ nguyên như sau lần đó; xem lại danh sách chờ ký.")


def _set(
    connection: Connection, approval_id: str, state: str, by: Officer, now: datetime, answer: str
) -> None:
    connection.execute(
        update(approval)
        .where(approval.c.id == approval_id)
        .values(state=state, decided_at=now, decided_by=by.id, answer=answer)
    )


def _note(
    connection: Connection,
    desk: Desk,
    by: Officer,
    now: datetime,
    line: str,
    approval_id: str,
    dossier_id: str,
    act: Act,
    **detail: str,
) -> None:
    """History and audit of one step of the signing; no event."""
    recorder = Recorder(connection, desk, by, now)
    said = {name: value for name, value in detail.items() if value}
    recorder.history(dossier_id, line, {"act": act.value, **said})
    recorder.audit(line, "approval", approval_id, ("state",))


def _may_sign(connection: Connection, desk: Desk, by: Officer) -> bool:
    day = desk.clock.now().astimezone(VIETNAM).date()
    return by.may(Permission.OVERRIDE) or signs_for(connection, by.id, day) is not None


def _query() -> Select[Any]:
    d = tables.dossier.c
    asked, decided = tables.officer.alias("asked"), tables.officer.alias("decided")
    return (
        select(
            approval,
            func.coalesce(d.number, d.provisional_number).label("number"),
            d.owner_name,
            d.procedure_name,
            d.status,
            d.due_at,
            d.received_at,
            asked.c.name.label("asked_name"),
            decided.c.name.label("decided_name"),
        )
        .join(tables.dossier, d.id == approval.c.dossier_id)
        .join(asked, asked.c.id == approval.c.asked_by)
        .outerjoin(decided, decided.c.id == approval.c.decided_by)
    )


def _one(connection: Connection, desk: Desk, approval_id: str) -> Approval:
    rows = connection.execute(_query().where(approval.c.id == approval_id)).mappings().all()
    if not rows:
        raise NotFoundError(
            "no-approval", t("Không tìm thấy việc trình ký này."), t("Xem lại danh sách chờ ký.")
        )
    return _read_all(desk, rows)[0]


def _read_all(desk: Desk, rows: Sequence[RowMapping]) -> tuple[Approval, ...]:
    now, calendar = desk.clock.now(), desk.reference.calendar
    return tuple(
        Approval(
            id=row["id"],
            dossier_id=row["dossier_id"],
            number=row["number"],
            owner_name=row["owner_name"],
            procedure_name=row["procedure_name"],
            status=Status(row["status"]),
            due_at=row["due_at"],
            stands=row_state(Status(row["status"]), row["received_at"], row["due_at"], now, calendar),
            order=order_from_json(row["order"]),
            words=row["words"],
            asked_at=row["asked_at"],
            asked_by_id=row["asked_by"],
            asked_by=row["asked_name"],
            state=row["state"],
            decided_at=row["decided_at"],
            decided_by=row["decided_name"] or "",
            answer=row["answer"],
        )
        for row in rows
    )
