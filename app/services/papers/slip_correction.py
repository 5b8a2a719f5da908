"""Correcting a slip that is already in the citizen's hands.

The desk that received the dossier owns names, addresses, contacts and the way of return (SYNC-PROTOCOL §3.5);
the due date is the custodian's and is moved only by an extension. What was wrong stays readable: the history
line keeps both values, the paper handed out is kept as it was, and the new one says which it replaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from app.clock import VIETNAM
from app.domain.dossier_status import Status
from app.domain.people import Address, Person
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text, sort_key
from app.errors import RuleError
from app.models import tables
from app.models.search_index import refresh_search
from app.protocol.parts import Subject, Wire
from app.protocol.payloads import DossierAmended
from app.services.demo.acts import read_standing
from app.services.desk import Desk, with_fresh_profile
from app.services.finding.dossier_view import find_dossier_id
from app.services.intake.received_event import party, wire_address
from app.services.intake.stored_filing import StoredFiling, read_filing
from app.services.intake.tidy_person import tidy_person
from app.services.intake.visit import RETURN_METHODS
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

CORRECT = "correct"
"""Name of the act in history and audit."""


class SlipField(StrEnum):
    """What may be corrected; ``owner_…`` and ``submitter_…`` are the people, the rest the way of return."""

    OWNER_NAME = "owner_name"
    OWNER_ADDRESS = "owner_address"
    OWNER_PHONE = "owner_phone"
    OWNER_EMAIL = "owner_email"
    SUBMITTER_NAME = "submitter_name"
    SUBMITTER_ADDRESS = "submitter_address"
    SUBMITTER_PHONE = "submitter_phone"
    SUBMITTER_EMAIL = "submitter_email"
    RETURN_METHOD = "return_method"
    RETURN_ADDRESS = "return_address"


@dataclass(frozen=True)
class Corrected:
    """``fields``: what differs now; ``paper``: the new slip, marked as replacing the old one."""

    number: str
    fields: tuple[SlipField, ...]
    paper: MadePaper


def correct_slip(
    desk: Desk,
    by: Officer,
    number: str,
    changes: Mapping[SlipField, str],
    reason: str,
    paper: str = "a5_two_up",
    at: datetime | None = None,
) -> Corrected:
    """Correct the dossier and print the slip that replaces the one handed out.

    Raises what ``correct_dossier`` raises. Paper is made after the commit (I1): where it fails, the
    correction holds and ``replacing_slip`` makes it again.
    """
    by.require(Permission.PRINT)
    fields = correct_dossier(desk, by, number, changes, reason, at)
    return Corrected(number, fields, replacing_slip(desk, by, number, paper))


def correct_dossier(
    desk: Desk,
    by: Officer,
    number: str,
    changes: Mapping[SlipField, str],
    reason: str,
    at: datetime | None = None,
) -> tuple[SlipField, ...]:
    """Write the correction: dossier, history with both values, ``dossier.amended``, audit, in one commit.

    Raises ``NotFoundError`` "no-dossier"; ``RuleError`` "not-permitted", "reason-missing",
    "act-not-done" before acceptance, "field-not-owned" where another unit received it, "no-submitter",
    "correction-empty" where nothing differs, "act-before-last", and what a person's fields break.
    """
    by.require(Permission.RECEIVE)
    words = require_text(reason, "reason")
    if not words:
        raise RuleError(
            "reason-missing", t("Chưa ghi lý do sửa."), t("Ghi lý do rồi làm lại."), field="reason"
        )
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        standing = read_standing(connection, dossier_id)
        filing = read_filing(connection, desk, dossier_id)
        _require_ours(desk, filing.row)
        moment = at or max(desk.clock.now(), standing.last_at)
        if moment < standing.last_at:
            raise RuleError(
                "act-before-last",
                t("Việc này không thể xảy ra trước việc đã ghi gần nhất của hồ sơ."),
                t("Xem lại thời điểm rồi làm lại; hồ sơ giữ nguyên."),
                field="at",
            )
        new = _new_values(desk, filing, changes, moment)
        _write(Recorder(connection, desk, by, moment), filing, new, words)
    return tuple(new.fields)


def replacing_slip(desk: Desk, by: Officer, number: str, paper: str = "a5_two_up") -> MadePaper:
    """The slip as it reads after the latest correction, saying which printing it takes the place of; a
    plain first slip where none had been printed. Raises ``RuleError`` "correction-empty" without one."""
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        correction = _latest_correction(connection, dossier_id)
        old = _printed_before(connection, dossier_id, correction["recorded_at"])
    if old is None:
        return slips.make_slip(desk, by, dossier_id, paper)
    reason = str(correction["detail"].get("reason") or "")
    return slips.make_slip(
        desk,
        by,
        dossier_id,
        paper,
        replaces=slips.Replaced(old["id"], old["copy_no"], old["made_at"], reason),
    )


@dataclass(frozen=True)
class _New:
    """The corrected values: people, columns of the dossier, what the wire is told, what differs."""

    people: Mapping[str, Person]
    columns: Mapping[str, Any]
    wire: Mapping[str, object]
    fields: Mapping[SlipField, tuple[str, str]]


def _require_ours(desk: Desk, row: RowMapping) -> None:
    if Status(row["status"]) in (Status.NEW, Status.REFUSED):
        raise RuleError(
            "act-not-done",
            t("Hồ sơ này chưa được tiếp nhận nên chưa có giấy hẹn để sửa."),
            t("Sửa ngay trên màn hình tiếp nhận."),
            field="act",
        )
    if row["receiving_unit"] not in (desk.profile.unit_code, desk.profile.agency_code):
        raise RuleError(
            "field-not-owned",
            t("Hồ sơ này do đơn vị khác tiếp nhận nên không sửa giấy hẹn ở đây được."),
            t("Báo đơn vị đã tiếp nhận sửa và in lại."),
            field="act",
        )


def _new_values(desk: Desk, filing: StoredFiling, changes: Mapping[SlipField, str], at: datetime) -> _New:
    people: dict[str, Person] = {}
    wire: dict[str, object] = {}
    for role, person in (("owner", filing.owner), ("submitter", filing.submitter)):
        wanted = {field: text for field, text in changes.items() if field.value.startswith(role + "_")}
        if wanted:
            people[role] = _corrected(desk, person, wanted, at, role)
            wire |= _people_wire(role, person, people[role])
    columns = _way_back(filing.row, changes)
    if "return_method" in columns:
        wire["/return_method"] = "post" if columns["return_method"] == "post" else "counter"
    if columns.get("return_address"):
        address = wire_address(Address(**columns["return_address"]))
        if address is not None:
            wire["/return_address"] = address.as_wire()
    fields = _differences(filing, people, columns)
    if not fields or not wire:
        raise RuleError(
            "correction-empty",
            t("Không có gì khác với giấy đã in."),
            t("Gõ lại chỗ cần sửa, hoặc in lại giấy hẹn như cũ."),
            field="act",
        )
    return _New(people, columns, wire, fields)


def _corrected(
    desk: Desk, person: Person | None, wanted: Mapping[SlipField, str], at: datetime, role: str
) -> Person:
    if person is None:
        raise RuleError(
            "no-submitter",
            t("Hồ sơ này do chính chủ hồ sơ nộp."),
            t("Sửa thông tin của chủ hồ sơ."),
            field=next(iter(wanted)).value,
        )
    values = {field.value.removeprefix(role + "_"): text.strip() for field, text in wanted.items()}
    address = values.pop("address", None)
    if address is not None:
        person = replace(person, address=Address(as_written=address))
    if "name" in values:
        person = replace(person, name=values["name"])
    if "phone" in values:
        person = replace(person, phone=values["phone"] or None)
    if "email" in values:
        person = replace(person, email=values["email"] or None)
    prefix = "" if role == "owner" else "submitter_"
    return tidy_person(desk.reference.units, person, at.astimezone(VIETNAM).date(), prefix)


def _people_wire(role: str, old: Person | None, new: Person) -> dict[str, object]:
    """Only the members that differ; the whole person where one was taken away, for a pointer cannot."""
    assert old is not None
    before, after = party(old).as_wire(), party(new).as_wire()
    if set(before) - set(after):
        return {f"/{role}": after}
    return {f"/{role}/{name}": value for name, value in after.items() if before.get(name) != value}


def _way_back(row: RowMapping, changes: Mapping[SlipField, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    method = changes.get(SlipField.RETURN_METHOD)
    if method is not None and method != row["return_method"]:
        if method not in RETURN_METHODS:
            raise RuleError(
                "return-method",
                t("Chưa chọn nơi nhận kết quả."),
                t("Chọn tại quầy, bưu chính hoặc điện tử."),
                field="return_method",
            )
        columns["return_method"] = method
    address = changes.get(SlipField.RETURN_ADDRESS)
    if address is not None:
        columns["return_address"] = asdict(Address(as_written=require_text(address, "return_address")[:500]))
    return columns


def _differences(
    filing: StoredFiling, people: Mapping[str, Person], columns: Mapping[str, Any]
) -> dict[SlipField, tuple[str, str]]:
    found: dict[SlipField, tuple[str, str]] = {}
    for role, new in people.items():
        old = filing.owner if role == "owner" else filing.submitter
        assert old is not None
        for name, (before, after) in _person_words(old, new).items():
            if before != after:
                found[SlipField(f"{role}_{name}")] = (before, after)
    for column in ("return_method", "return_address"):
        if column in columns:
            pair = _words(filing.row[column]), _words(columns[column])
            if pair[0] != pair[1]:
                found[SlipField(column)] = pair
    return found


def _person_words(old: Person, new: Person) -> dict[str, tuple[str, str]]:
    return {
        "name": (old.name, new.name),
        "address": (slips.address_words(old.address), slips.address_words(new.address)),
        "phone": (old.phone or "", new.phone or ""),
        "email": (old.email or "", new.email or ""),
    }


def _words(value: object) -> str:
    if isinstance(value, dict):
        return slips.address_words(Address(**value))
    return str(value or "")


def _write(recorder: Recorder, filing: StoredFiling, new: _New, reason: str) -> None:
    connection, dossier_id = recorder.connection, str(filing.row["id"])
    p, d = tables.party.c, tables.dossier.c
    for role, person in new.people.items():
        connection.execute(
            update(tables.party)
            .where(p.dossier_id == dossier_id, p.role == role)
            .values(
                full_name=person.name,
                phone=person.phone,
                email=person.email,
                address=asdict(person.address),
            )
        )
    columns = dict(new.columns)
    if "owner" in new.people:
        owner = new.people["owner"].name
        columns |= {"owner_name": owner, "owner_sort": sort_key(owner)}
    if columns:
        connection.execute(update(tables.dossier).where(d.id == dossier_id).values(**columns))
    refresh_search(connection, dossier_id)
    payload = DossierAmended(set=_as_wire(new.wire), reason=reason)
    event_id = recorder.event(
        "dossier.amended", Subject(kind="dossier", id=dossier_id), payload, dossier_id=dossier_id
    )
    changes = [
        {"field": field.value, "from": before, "to": after} for field, (before, after) in new.fields.items()
    ]
    recorder.history(dossier_id, CORRECT, {"reason": reason, "changes": changes}, event_id)
    recorder.audit(CORRECT, "dossier", dossier_id, sorted(field.value for field in new.fields))


def _as_wire(members: Mapping[str, object]) -> Wire:
    return dict(members)


def _latest_correction(connection: Connection, dossier_id: str) -> RowMapping:
    h = tables.history.c
    row = (
        connection.execute(
            select(h.detail, h.recorded_at)
            .where(h.dossier_id == dossier_id, h.act == CORRECT)
            .order_by(h.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise RuleError(
            "correction-empty",
            t("Giấy hẹn này chưa được sửa lần nào."),
            t("In lại giấy hẹn như cũ, hoặc sửa trước."),
            field="act",
        )
    return row


def _printed_before(connection: Connection, dossier_id: str, moment: datetime) -> RowMapping | None:
    """The latest slip printed before the correction was recorded."""
    j = tables.print_job.c
    query = (
        select(j.id, j.copy_no, j.made_at)
        .where(j.dossier_id == dossier_id, j.form == slips.FORM, j.made_at <= moment)
        .order_by(j.copy_no.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()
