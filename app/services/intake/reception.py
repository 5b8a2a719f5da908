"""Taking in a dossier: rules, number, due date, papers, fees, and the three records, in one commit.

Printed implies stored, stored implies queued (SCREENS): the paper is made only from what this module
has committed, and the event to the province is part of that commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.clock import VIETNAM
from app.domain.catalogue import Channel, Fact, ProcedureVersion
from app.domain.component_rules import ComponentSpec, missing_components, standing_state
from app.domain.deadline import Deadline, check_manual_due, reckon_due
from app.domain.dossier_status import Status
from app.domain.people import Person
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text, sort_key
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import component_override
from app.models.search_index import refresh_search
from app.printing.form_texts import form_set_for
from app.protocol.ids import new_id
from app.protocol.parts import Subject
from app.protocol.payloads import DossierReceived
from app.services.desk import Desk, with_fresh_profile
from app.services.drafts import forget_draft
from app.services.field.mark import session_for
from app.services.intake.overrides import HISTORY, Override, lacking, settle_missing
from app.services.intake.received_event import received_payload, unit_ref
from app.services.intake.received_parts import FeeLine, fee_lines, fee_total, paper_lines
from app.services.intake.tidy_person import tidy_person
from app.services.intake.visit import RETURN_METHODS, Authority, Intake
from app.services.money.tariff import price, price_now
from app.services.numbering import GivenNumber, NumberGiver
from app.services.recording import Recorder
from app.services.reference import SHIPPED_CATALOGUE
from app.text import t


@dataclass(frozen=True)
class Received:
    """A stored dossier. ``already``: this very request was stored before, nothing new was made."""

    id: str
    number: str
    provisional: bool
    due_at: datetime | None
    due_reason: str
    status: int
    already: bool = False


@dataclass(frozen=True)
class Reckoned:
    """What acceptance would give, before it is done: shown while the form is filled in."""

    version: ProcedureVersion
    deadline: Deadline
    missing: tuple[str, ...]
    fees: tuple[FeeLine, ...]
    fee_total: int | None


def facts_of(intake: Intake) -> frozenset[Fact]:
    """The conditions that the program itself knows to hold."""
    known = {
        Fact.BY_PROXY: intake.submitter is not None,
        Fact.PAPER_CHANNEL: intake.channel is not Channel.ONLINE,
    }
    return frozenset(fact for fact, holds in known.items() if holds)


def reckon(desk: Desk, intake: Intake) -> Reckoned:
    """Version, due date, missing papers and fees for the form as it stands. Writes nothing."""
    received_at = (intake.received_at or desk.clock.now()).astimezone(VIETNAM)
    version = price_now(desk, _version(desk, intake, received_at), intake.channel, received_at.date()).version
    facts = facts_of(intake)
    given = _with_required(version, intake, facts)
    lines = fee_lines(version, intake)
    return Reckoned(
        version=version,
        deadline=reckon_due(received_at, version.time_limit(intake.channel), desk.reference.calendar),
        missing=missing_components(version, [g.id for g in given], facts, intake.answers),
        fees=lines,
        fee_total=fee_total(lines),
    )


def receive_dossier(desk: Desk, by: Officer, intake: Intake) -> Received:
    """Accept one dossier (NĐ 118/2025; form 01) and store everything of it in one commit.

    Raises ``RuleError``: "components-missing" (with the missing IDs), "procedure-unknown",
    "due-unknown" where neither catalogue nor officer gives a date, and what the person's fields break.
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        received, numbers = receive_within(connection, desk, by, intake)
        numbers.keep()
        return received


def receive_within(
    connection: Connection, desk: Desk, by: Officer, intake: Intake
) -> tuple[Received, NumberGiver]:
    """The same inside a transaction that does more. The caller may take further numbers, then ``keep``s."""
    desk = with_fresh_profile(connection, desk)
    numbers = NumberGiver(connection, desk.profile)
    return receive_with(connection, desk, by, intake, numbers), numbers


def receive_with(
    connection: Connection,
    desk: Desk,
    by: Officer,
    intake: Intake,
    numbers: NumberGiver,
    group_id: str | None = None,
) -> Received:
    """The same with numbers that several dossiers of one commit share; the caller ``keep``s them."""
    by.require(Permission.RECEIVE)
    before = _already(connection, intake.request_id)
    if before is not None:
        return before
    if intake.session_id is None:
        journey = session_for(connection, intake.procedure_code, intake.received_at)
        intake = replace(intake, session_id=journey)
    taken = take_in(desk, by, intake, numbers, connection)
    if group_id is not None:
        taken = replace(taken, dossier={**taken.dossier, "group_id": group_id})
    return _store(connection, desk, by, intake, taken)


@dataclass(frozen=True)
class TakenIn:
    """A checked dossier ready to be written: its rows, and what the province is told."""

    dossier: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]]
    papers: Sequence[Mapping[str, Any]]
    fees: Sequence[Mapping[str, Any]]
    payload: DossierReceived
    received: Received
    override: Override | None = None


def take_in(
    desk: Desk, by: Officer, intake: Intake, numbers: NumberGiver, connection: Connection | None = None
) -> TakenIn:
    """Check everything and give the numbers; writes nothing. Raises what ``receive_dossier`` raises.

    ``connection`` is read for a leader's override and the office's tariff; without it a paper that lacks is
    refused and fees are the catalogue's.
    """
    by.require(Permission.RECEIVE)
    received_at = (intake.received_at or desk.clock.now()).astimezone(VIETNAM)
    owner = tidy_person(desk.reference.units, intake.owner, received_at.date(), "")
    submitter = (
        None
        if intake.submitter is None
        else tidy_person(desk.reference.units, intake.submitter, received_at.date(), "submitter_")
    )
    version, tariff = _version(desk, intake, received_at), SHIPPED_CATALOGUE
    if connection is not None:
        held = price(connection, version, intake.channel, received_at.date())
        version, tariff = held.version, held.tariff_version
    facts = facts_of(intake)
    given = _with_required(version, intake, facts)
    override = _override(connection, by, version, given, facts, intake, received_at)
    deadline = _deadline(desk, version, intake, received_at)
    _check_rest(intake)
    papers = paper_lines(version, given, intake, received_at.date())
    fees = fee_lines(version, intake)
    number = numbers.number(received_at)
    book, line = numbers.register_line(received_at.date())
    dossier_id = new_id()
    status = Status.NEW if intake.register_only else Status.RECEIVED
    handling = unit_ref(desk, intake.for_unit)
    receiving = unit_ref(desk, None)
    dossier = {
        "id": dossier_id,
        "request_id": intake.request_id,
        "number": number.official,
        "provisional_number": number.provisional,
        "procedure_code": version.code,
        "procedure_version": version.version,
        "procedure_name": version.short_name,
        "procedure_detail": version.detail.value,
        "form_set": form_set_for(received_at.date()),
        "tariff_version": tariff,
        "calendar_version": desk.reference.calendar.version,
        "channel": intake.channel.value,
        "status": int(status),
        "submitted_at": received_at,
        "received_at": received_at,
        "recorded_at": desk.clock.now(),
        "due_at": deadline.due_at,
        "due_reason": deadline.reason,
        "due_confirmed": deadline.confirmed,
        "due_manual": intake.manual_due is not None,
        "copies": intake.copies,
        "return_method": intake.return_method,
        "return_address": None if intake.return_address is None else asdict(intake.return_address),
        "receiving_unit": receiving.code,
        "receiving_unit_name": receiving.name,
        "handling_unit": handling.code,
        "handling_unit_name": handling.name,
        "custodian_unit": receiving.code,
        "officer_id": by.id,
        "owner_name": owner.name,
        "owner_sort": sort_key(owner.name),
        "fee_total": fee_total(fees),
        "facts": sorted(facts),
        "answers": dict(intake.answers),
        "register_book": book,
        "register_no": line,
        "sync_state": "none",
        "session_id": intake.session_id,
    }
    return TakenIn(
        dossier=dossier,
        parties=_party_rows(desk, dossier_id, intake, owner, submitter),
        papers=[{"dossier_id": dossier_id, **line.as_row()} for line in papers],
        fees=[{"dossier_id": dossier_id, **line.as_row()} for line in fees],
        payload=received_payload(
            version,
            intake,
            owner,
            submitter,
            papers,
            fees,
            handling,
            received_at,
            deadline.due_at,
            provisional=number.official is None,
        ),
        received=Received(
            id=dossier_id,
            number=number.printed,
            provisional=number.official is None,
            due_at=deadline.due_at,
            due_reason=deadline.reason,
            status=int(status),
        ),
        override=override,
    )


def record_reception(recorder: Recorder, taken: TakenIn) -> None:
    """The three records of a reception; what is only registered is not told to the province yet."""
    dossier_id, number = taken.received.id, taken.received.number
    if taken.received.status == Status.NEW:
        recorder.history(dossier_id, "registered", {"number": number})
    else:
        subject = Subject(kind="dossier", id=dossier_id, code=number)
        override = taken.override
        event_id = recorder.event(
            "dossier.received",
            subject,
            taken.payload,
            dossier_id=dossier_id,
            approved_by=None if override is None else override.approved_by,
        )
        recorder.history(dossier_id, "accept", {"number": number}, event_id)
        if override is not None:
            recorder.history(dossier_id, HISTORY, override.as_detail(), event_id)
    recorder.audit("receive", "dossier", dossier_id)


def _store(connection: Connection, desk: Desk, by: Officer, intake: Intake, taken: TakenIn) -> Received:
    connection.execute(insert(tables.dossier).values(**taken.dossier))
    for table, rows in (
        (tables.party, taken.parties),
        (tables.component, taken.papers),
        (tables.fee, taken.fees),
    ):
        if rows:
            connection.execute(insert(table), list(rows))
    if taken.override is not None:
        row = taken.override.as_row(taken.received.id)
        connection.execute(insert(component_override).values(**row))
        approver = Recorder(connection, desk, intake.approver or by, taken.dossier["received_at"])
        approver.audit("override", "dossier", taken.received.id, ("missing", "reason"))
    refresh_search(connection, taken.received.id)
    forget_draft(connection, by, intake.request_id)
    _count_use(connection, taken.dossier["procedure_code"])
    desk.reference.used[taken.dossier["procedure_code"]] += 1
    record_reception(Recorder(connection, desk, by, taken.dossier["received_at"]), taken)
    return taken.received


def _already(connection: Connection, request_id: str) -> Received | None:
    c = tables.dossier.c
    row = connection.execute(
        select(c.id, c.number, c.provisional_number, c.due_at, c.due_reason, c.status).where(
            c.request_id == request_id
        )
    ).first()
    if row is None:
        return None
    number = GivenNumber(row.number, row.provisional_number)
    return Received(
        row.id, number.printed, row.number is None, row.due_at, row.due_reason, row.status, already=True
    )


def _version(desk: Desk, intake: Intake, received_at: datetime) -> ProcedureVersion:
    return desk.reference.catalogue.version_for(intake.procedure_code, received_at.date())


def _with_required(
    version: ProcedureVersion, intake: Intake, facts: frozenset[Fact]
) -> tuple[ComponentSpec, ...]:
    if not intake.all_required:
        return intake.components
    named = {given.id for given in intake.components}
    standing = [ComponentSpec(id) for id in standing_state(version, facts) if id not in named]
    return (*intake.components, *standing)


def _override(
    connection: Connection | None,
    by: Officer,
    version: ProcedureVersion,
    given: Sequence[ComponentSpec],
    facts: frozenset[Fact],
    intake: Intake,
    at: datetime,
) -> Override | None:
    """The leader's word for a dossier that lacks a paper; what is only registered may lack any."""
    ids = [spec.id for spec in given]
    if intake.register_only:
        missing_components(version, ids, facts, intake.answers)
        return None
    if connection is None:
        missing = missing_components(version, ids, facts, intake.answers)
        if missing:
            raise lacking(version, missing)
        return None
    leader = intake.approver or by
    return settle_missing(connection, leader, version, ids, facts, intake.answers, intake.override, at)


def _deadline(desk: Desk, version: ProcedureVersion, intake: Intake, received_at: datetime) -> Deadline:
    calendar = desk.reference.calendar
    manual = intake.manual_due
    if manual is not None:
        check_manual_due(manual.due_at, received_at, manual.reason, calendar)
        return Deadline(
            manual.due_at, require_text(manual.reason, "reason"), calendar.is_confirmed(manual.due_at.year)
        )
    deadline = reckon_due(received_at, version.time_limit(intake.channel), calendar)
    if deadline.due_at is None and not intake.register_only:
        raise RuleError(
            "due-unknown",
            t("Danh mục chưa có thời hạn của thủ tục này."),
            t("Nhập ngày hẹn trả và lý do rồi tiếp nhận lại."),
            field="due",
        )
    return deadline


def _check_rest(intake: Intake) -> None:
    if not 1 <= intake.copies <= 99:
        raise RuleError("copies-range", t("Số bộ hồ sơ từ 1 đến 99."), t("Gõ lại số bộ."), field="copies")
    if intake.return_method not in RETURN_METHODS:
        raise RuleError(
            "return-method",
            t("Chưa chọn nơi nhận kết quả."),
            t("Chọn tại quầy, bưu chính hoặc điện tử."),
            field="return_method",
        )


def _party_rows(
    desk: Desk, dossier_id: str, intake: Intake, owner: Person, submitter: Person | None
) -> list[dict[str, Any]]:
    rows = [_party_row(dossier_id, "owner", owner, "", intake.source)]
    if submitter is not None:
        row = _party_row(dossier_id, "submitter", submitter, intake.relation, "typed")
        rows.append({**row, "authority": _authority(intake.authority)})
    today = (intake.received_at or desk.clock.now()).astimezone(VIETNAM).date()
    for number, other in enumerate(intake.others, 1):
        person = tidy_person(desk.reference.units, other.person, today, f"other{number}_")
        rows.append(_party_row(dossier_id, other.role.value, person, other.relation, "typed"))
    return rows


def _party_row(dossier_id: str, role: str, person: Person, relation: str, source: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "dossier_id": dossier_id,
        "role": role,
        "full_name": person.name,
        "id_kind": person.id_kind.value,
        "id_value": person.id_value,
        "old_id": person.old_id,
        "birth_date": person.birth_date,
        "sex": person.sex.value if person.sex else None,
        "nationality": person.nationality,
        "phone": person.phone,
        "email": person.email,
        "address": asdict(person.address),
        "relation": relation,
        "source": source,
        "authority": None,
    }


def _authority(authority: Authority | None) -> dict[str, object] | None:
    """The paper by which a representative acts. Raises ``RuleError`` "authority-kind"."""
    if authority is None:
        return None
    kind = require_text(authority.kind, "authority")
    if not kind:
        raise RuleError(
            "authority-kind",
            t("Chưa ghi giấy tờ ủy quyền hoặc đại diện."),
            t("Ghi loại giấy tờ, ví dụ Giấy ủy quyền, hoặc để trống cả mục."),
            field="authority",
        )
    return {
        "kind": kind,
        "number": require_text(authority.number, "authority"),
        "day": None if authority.day is None else authority.day.isoformat(),
        "issuer": require_text(authority.issuer, "authority"),
    }


def _count_use(connection: Connection, code: str) -> None:
    statement = upsert(tables.procedure_use).values(code=code, count=1)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["code"], set_={"count": tables.procedure_use.c.count + 1}
        )
    )
