"""Acts of a dossier's life after reception: what each changes, and what the province is told of it.

A step is planned from where the dossier stands (``Standing``) without touching the store, checked against
``domain.dossier_status``, and written as history, event and audit in one commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Executable, Table, insert, select, update

from app.clock import VIETNAM
from app.domain.dossier_status import Act, Status, permission_for, status_after
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol.events import Payload
from app.protocol.parts import Fee, Identifier, Subject
from app.protocol.payloads import (
    Completed,
    DossierReceived,
    EndWithReason,
    FeeList,
    Progress,
    Returned,
    SupplementRequested,
)
from app.services.desk import Desk
from app.services.people.delegation import DELEGATED, leader_behind, signs_for
from app.services.recording import Recorder
from app.text import t


@dataclass(frozen=True)
class Standing:
    """Where a dossier stands. ``number``: as printed; ``last_at``: time of its latest act."""

    id: str
    number: str
    status: Status
    due_at: datetime | None
    supplement_rounds: int
    last_at: datetime


@dataclass(frozen=True)
class Step:
    """One act ready to be written. ``changes``: further columns of the dossier's row."""

    act: Act
    event: str
    payload: Payload
    changes: Mapping[str, object] = field(default_factory=dict)
    detail: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    """The dossier's number, where this event is the first the province hears of it."""
    approved_by: str | None = None
    """The leader who approved, where a step needs it."""
    inserts: Sequence[tuple[Table, Mapping[str, object]]] = ()
    """Further rows of the same commit (papers received, fees asked for)."""
    statements: Sequence[Executable] = ()
    """Further changes of the same commit (results that no longer hold)."""
    notes: Sequence[tuple[str, Mapping[str, object]]] = ()
    """Further history lines that belong to the act and its event (an override)."""
    told: Sequence[tuple[Table, Mapping[str, object]]] = ()
    """Further rows that name the act's event in ``event_id`` (a receipt)."""
    further: Sequence[tuple[str, Payload]] = ()
    """Events after the act's own, by type (the due date that a paid fee moved)."""


_ACTS = ("registered", *(act.value for act in Act))
"""History lines that are acts; what the province adds or a printer does is not one."""

Plan = Callable[[Standing, datetime], Step]
"""From where the dossier stands and the time of the act to the step."""


def start(standing: Standing, at: datetime) -> Step:
    """Hand the dossier on to processing (2 → 4)."""
    return Step(Act.START, "dossier.progress", Progress(step_started_at=at))


def request_supplement(content: str) -> Plan:
    """Ask the citizen, once and in writing, to complete the dossier (→ 5; form 02)."""

    def plan(standing: Standing, at: datetime) -> Step:
        number = standing.supplement_rounds + 1
        words = _required(content, "reason")
        return Step(
            Act.REQUEST_SUPPLEMENT,
            "dossier.supplement_requested",
            SupplementRequested(round=number, content=words),
            {"supplement_rounds": number},
            {"round": number, "reason": words},
        )

    return plan


def request_fee(fees: Sequence[Fee]) -> Plan:
    """Ask for what is due before processing goes on (→ 6)."""

    def plan(standing: Standing, at: datetime) -> Step:
        if not fees:
            raise RuleError(
                "no-fee",
                t("Hồ sơ này không có khoản phí nào đã biết số tiền."),
                t("Ghi số tiền rồi làm lại."),
                field="amount",
            )
        total = sum(fee.amount_vnd for fee in fees)
        return Step(Act.REQUEST_FEE, "dossier.fee_requested", FeeList(fees), detail={"amount_vnd": total})

    return plan


def complete(standing: Standing, at: datetime) -> Step:
    """Processing is done (→ 9); this moment decides whether the dossier was on time (DOMAIN §3)."""
    return Step(Act.COMPLETE, "dossier.completed", Completed(), {"ended_at": at})


def hand_over(recipient: str, method: str = "counter", identifier: Identifier | None = None) -> Plan:
    """Give the result to the citizen (→ 10)."""

    def plan(standing: Standing, at: datetime) -> Step:
        payload = Returned(method=method, recipient_name=recipient, recipient_identifier=identifier)
        return Step(Act.RETURN, "dossier.returned", payload, {"returned_at": at}, {"method": method})

    return plan


def withdraw(reason: str) -> Plan:
    """The citizen takes the dossier back (→ 7)."""
    return _end(Act.WITHDRAW, "dossier.withdrawn", reason)


def stop(reason: str, approved_by: str | None = None) -> Plan:
    """Processing is stopped by the competent person (→ 8; form 05)."""
    return _end(Act.STOP, "dossier.stopped", reason, approved_by)


def refuse(reason: str, filing: DossierReceived) -> Plan:
    """Not taken in (1 → 3; form 03). ``filing``: what was handed in, for the province has not heard of it."""

    def plan(standing: Standing, at: datetime) -> Step:
        words = _required(reason, "reason")
        return Step(
            Act.REFUSE,
            "dossier.refused",
            EndWithReason(reason=words, filing=filing),
            {"ended_at": at},
            {"reason": words},
            code=standing.number,
        )

    return plan


def perform(desk: Desk, by: Officer, dossier_id: str, plan: Plan, at: datetime | None = None) -> Status:
    """Do one act to a stored dossier; its status afterwards. Raises what ``perform_reading`` raises."""
    return perform_reading(desk, by, dossier_id, lambda _, standing, moment: plan(standing, moment), at)


def perform_reading(
    desk: Desk,
    by: Officer,
    dossier_id: str,
    plan: Callable[[Connection, Standing, datetime], Step],
    at: datetime | None = None,
) -> Status:
    """The same for a plan that reads more of the dossier, in the transaction that writes the act."""
    with desk.store.write() as connection:
        return perform_within(connection, desk, by, dossier_id, plan, at)


def perform_within(
    connection: Connection,
    desk: Desk,
    by: Officer,
    dossier_id: str,
    plan: Callable[[Connection, Standing, datetime], Step],
    at: datetime | None = None,
) -> Status:
    """The same inside a transaction that does more.

    An act without a time of its own is done now. Where the clock was set back since the dossier's latest
    act, "now" is that act's time (the recording time stays the clock's): order comes from the sequence of
    the history, not from clocks (I14), so a wrong clock never blocks a citizen. A time that was given and
    lies before the latest act is refused.

    Raises ``NotFoundError`` "no-dossier", ``RuleError`` "not-permitted", "illegal-transition",
    "act-before-last" for a given time before the latest act.
    """
    standing = read_standing(connection, dossier_id)
    moment = at or max(desk.clock.now(), standing.last_at)
    if moment < standing.last_at:
        raise RuleError(
            "act-before-last",
            t("Việc này không thể xảy ra trước việc đã ghi gần nhất của hồ sơ."),
            t("Xem lại thời điểm rồi làm lại; hồ sơ giữ nguyên."),
            field="at",
        )
    step = plan(connection, standing, moment)
    recorder = Recorder(connection, desk, by, moment)
    for table, row in step.inserts:
        connection.execute(insert(table).values(**row))
    for statement in step.statements:
        connection.execute(statement)
    after, changes = write_step(recorder, standing, step)
    connection.execute(update(tables.dossier).where(tables.dossier.c.id == dossier_id).values(**changes))
    return after


def approver_of(connection: Connection, by: Officer, act: Act, at: datetime) -> str | None:
    """The leader whose word the act rests on: who leads, or is signed for (``delegation``); ``None`` where
    the act needs none and the officer is none. Raises ``RuleError`` "not-permitted"."""
    permission, day = permission_for(act), at.astimezone(VIETNAM).date()
    if permission in DELEGATED:
        return leader_behind(connection, by, permission, day)
    by.require(permission)
    return by.id if by.may(Permission.OVERRIDE) else signs_for(connection, by.id, day)


def write_step(recorder: Recorder, standing: Standing, step: Step) -> tuple[Status, dict[str, object]]:
    """Check the step and write its three records; gives the status after it and the columns of the
    dossier that change."""
    permission = permission_for(step.act)
    if permission in DELEGATED:
        approver_of(recorder.connection, recorder.by, step.act, recorder.at)
    else:
        recorder.by.require(permission)
    after = status_after(step.act, standing.status)
    subject = Subject(kind="dossier", id=standing.id, code=step.code)
    event_id = recorder.event(
        step.event, subject, step.payload, dossier_id=standing.id, approved_by=step.approved_by
    )
    for kind, payload in step.further:
        recorder.event(kind, Subject(kind="dossier", id=standing.id), payload, dossier_id=standing.id)
    for table, row in step.told:
        recorder.connection.execute(insert(table).values(**row, event_id=event_id))
    recorder.history(standing.id, step.act.value, step.detail, event_id)
    for name, detail in step.notes:
        recorder.history(standing.id, name, detail, event_id)
    recorder.audit(step.act.value, "dossier", standing.id, sorted({"status", *step.changes}))
    return after, {**step.changes, "status": int(after)}


def _end(act: Act, event: str, reason: str, approved_by: str | None = None) -> Plan:
    def plan(standing: Standing, at: datetime) -> Step:
        words = _required(reason, "reason")
        return Step(
            act,
            event,
            EndWithReason(reason=words),
            {"ended_at": at},
            {"reason": words},
            approved_by=approved_by,
        )

    return plan


def read_standing(connection: Connection, dossier_id: str) -> Standing:
    """Where a stored dossier stands. Raises ``NotFoundError`` "no-dossier"."""
    c = tables.dossier.c
    row = connection.execute(
        select(
            c.id, c.number, c.provisional_number, c.status, c.due_at, c.supplement_rounds, c.received_at
        ).where(c.id == dossier_id)
    ).first()
    if row is None:
        raise NotFoundError("no-dossier", t("Không tìm thấy hồ sơ này."), t("Kiểm tra lại số hồ sơ."))
    h = tables.history.c
    last = connection.execute(
        select(h.at).where(h.dossier_id == dossier_id, h.act.in_(_ACTS)).order_by(h.at.desc()).limit(1)
    ).scalar_one_or_none()
    return Standing(
        id=row.id,
        number=row.number or row.provisional_number,
        status=Status(row.status),
        due_at=row.due_at,
        supplement_rounds=row.supplement_rounds,
        last_at=max(last or row.received_at, row.received_at),
    )


def _required(text: str, name: str) -> str:
    words = clean_text(text)
    if not words:
        raise RuleError(
            "reason-missing", t("Chưa ghi lý do."), t("Ghi lý do cụ thể rồi làm lại."), field=name
        )
    return words
