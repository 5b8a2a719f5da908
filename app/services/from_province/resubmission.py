"""Sending again what the province sent back: a new event in the refused one's place (SYNC-PROTOCOL §3.4).

The refused event stays as it was; the new one names it (``corrects``), tells of the same act at the same
time, and lets what waited behind it go on. Corrected are the people of the dossier, here and on the wire in
one commit; anything else the province found wrong is for the officer to settle in the dossier itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from app.clock import VIETNAM
from app.domain.people import IdKind, Person
from app.domain.roles import Officer, Permission
from app.domain.typed_date import parse_typed_date
from app.domain.vietnamese import sort_key
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.search_index import refresh_search
from app.protocol.parts import Subject
from app.services.audit.verify import note_seen
from app.services.desk import Desk, with_fresh_profile
from app.services.intake.received_event import party
from app.services.intake.stored_filing import StoredFiling, read_filing
from app.services.intake.tidy_person import tidy_person
from app.services.recording import Recorder
from app.text import t

RESENT = "resent"
"""Name of the act in history."""
_SENDABLE = ("dossier.received", "dossier.refused", "dossier.amended")
_PLACE = re.compile(
    r"/payload(?:/filing|/set)?/(owner|submitter)/"
    r"(full_name|date_of_birth|phone|email|identifiers(?:/0(?:/value)?)?)"
)
_NAMES = {"full_name": "name", "date_of_birth": "birth_date", "phone": "phone", "email": "email"}


class PersonField(StrEnum):
    """What can be corrected here and sent again: ``owner_…`` and ``submitter_…``."""

    OWNER_NAME = "owner_name"
    OWNER_ID_VALUE = "owner_id_value"
    OWNER_BIRTH_DATE = "owner_birth_date"
    OWNER_PHONE = "owner_phone"
    OWNER_EMAIL = "owner_email"
    SUBMITTER_NAME = "submitter_name"
    SUBMITTER_ID_VALUE = "submitter_id_value"
    SUBMITTER_BIRTH_DATE = "submitter_birth_date"
    SUBMITTER_PHONE = "submitter_phone"
    SUBMITTER_EMAIL = "submitter_email"

    @property
    def role(self) -> str:
        """Owner or submitter."""
        return self.value.partition("_")[0]

    @property
    def member(self) -> str:
        """The member of the person."""
        return self.value.partition("_")[2]


@dataclass(frozen=True)
class Returned:
    """A refused event as it can be mended. ``fields``: what the province pointed at and can be corrected
    here, with its value now; ``elsewhere``: whether it pointed at anything else; ``phone``: whom to ask;
    ``type``: of the event."""

    event_id: str
    dossier_id: str | None
    fields: Mapping[PersonField, str]
    elsewhere: bool
    sendable: bool
    phone: str
    type: str = ""


def read_returned(desk: Desk, by: Officer, event_id: str) -> Returned:
    """What can be done about a refused event; seeing the person's values is audited, looking on is not.

    Raises ``RuleError`` "not-permitted", "not-returned", ``NotFoundError``.
    """
    by.require(Permission.SYNC)
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        row = returned_row(connection, event_id)
        if row["dossier_id"] is None or row["type"] not in _SENDABLE:
            return Returned(
                event_id, row["dossier_id"], {}, elsewhere=True, sendable=False, phone="", type=row["type"]
            )
        filing = read_filing(connection, desk, row["dossier_id"])
    problem = (row["verdict_body"] or {}).get("problem") or {}
    pointers = [str(each.get("pointer", "")) for each in problem.get("errors") or ()]
    found = {place: field_at(place) for place in pointers}
    people = {"owner": filing.owner, "submitter": filing.submitter}
    fields: dict[PersonField, str] = {}
    for field in found.values():
        person = None if field is None else people[field.role]
        if field is not None and person is not None:
            fields[field] = _shown(person, field)
    elsewhere = any(field not in fields for field in found.values())
    phone = (filing.submitter or filing.owner).phone or filing.owner.phone or ""
    dossier_id = row["dossier_id"]
    note_seen(desk, by, "dossier", dossier_id)
    return Returned(
        event_id, dossier_id, fields, elsewhere=elsewhere, sendable=True, phone=phone, type=row["type"]
    )


def field_at(pointer: str) -> PersonField | None:
    """The field a JSON Pointer into an event names; ``None`` where it is not one that is corrected here."""
    found = _PLACE.fullmatch(pointer.replace("~1", "/").replace("~0", "~").replace("//", "/"))
    if found is None:
        return None
    role, name = found.groups()
    return PersonField(f"{role}_{_NAMES.get(name, 'id_value')}")


def resubmit(desk: Desk, by: Officer, event_id: str, changes: Mapping[PersonField, str]) -> str:
    """Correct the people and send the act again; without ``changes`` as the dossier reads now.

    Gives the new event's id. Raises ``RuleError`` "not-returned", "not-resendable", "no-submitter" and what
    a person's fields break (``field`` as in ``PersonField``).
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        row = returned_row(connection, event_id)
        if row["dossier_id"] is None or row["type"] not in _SENDABLE:
            raise RuleError(
                "not-resendable",
                t("Việc này không sửa để gửi lại tại đây được."),
                t("Mở hồ sơ xem chỗ tỉnh nêu, hoặc gọi tỉnh hỏi cách xử lý."),
                field="act",
            )
        filing = read_filing(connection, desk, row["dossier_id"])
        now = desk.clock.now()
        people = _corrected(desk, filing, changes, now)
        told = _write_people(connection, filing, people)
        body: Mapping[str, Any] = json.loads(row["body"])
        sent = Recorder(connection, desk, by, row["occurred_at"]).event(
            row["type"],
            Subject(**{name: value for name, value in body["subject"].items() if name in _SUBJECT}),
            _payload(body["payload"], {role: party(each).as_wire() for role, each in people.items()}),
            dossier_id=row["dossier_id"],
            base_version=body.get("base_version"),
            corrects=event_id,
            approved_by=(body.get("actor") or {}).get("approved_by"),
        )
        recorder = Recorder(connection, desk, by, now)
        recorder.history(row["dossier_id"], RESENT, {"type": row["type"], "changes": told}, sent)
        recorder.audit("resend", "dossier", row["dossier_id"], sorted(each["field"] for each in told))
    return sent


_SUBJECT = ("kind", "id", "code")


def returned_row(connection: Connection, event_id: str) -> RowMapping:
    """The row of an event that came back and was not answered. Raises ``NotFoundError`` "no-event",
    ``RuleError`` "not-returned"."""
    row = (
        connection.execute(select(tables.event).where(tables.event.c.event_id == event_id)).mappings().first()
    )
    if row is None:
        raise NotFoundError("no-event", t("Không tìm thấy việc này."), t("Mở lại màn hình Đồng bộ."))
    if row["verdict"] != "rejected" or row["answered_by"] is not None:
        raise RuleError(
            "not-returned",
            t("Việc này không còn bị trả về."),
            t("Mở lại màn hình Đồng bộ để xem tình trạng mới."),
            field="act",
        )
    return row


def _shown(person: Person, field: PersonField) -> str:
    value = getattr(person, field.member)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _corrected(
    desk: Desk, filing: StoredFiling, changes: Mapping[PersonField, str], at: datetime
) -> dict[str, Person]:
    """The people as they read now, tidied where something was typed anew."""
    today = at.astimezone(VIETNAM).date()
    people = {"owner": filing.owner}
    if filing.submitter is not None:
        people["submitter"] = filing.submitter
    for role in dict.fromkeys(field.role for field in changes):
        if role not in people:
            raise RuleError(
                "no-submitter",
                t("Hồ sơ này do chính chủ hồ sơ nộp."),
                t("Sửa thông tin của chủ hồ sơ."),
                field=f"{role}_name",
            )
        values = {field.member: text.strip() for field, text in changes.items() if field.role == role}
        people[role] = _tidied(desk, people[role], values, role, today)
    return people


def _tidied(desk: Desk, person: Person, values: Mapping[str, str], role: str, today: date) -> Person:
    typed: dict[str, Any] = {member: text or None for member, text in values.items()}
    if "name" in values:
        typed["name"] = values["name"]
    if values.get("birth_date"):
        typed["birth_date"] = parse_typed_date(values["birth_date"], today, field=f"{role}_birth_date")
    if values.get("id_value") and person.id_kind is IdKind.NONE:
        typed["id_kind"] = IdKind.PERSONAL_NUMBER
    person = replace(person, **typed)
    return tidy_person(desk.reference.units, person, today, f"{role}_")


def _write_people(
    connection: Connection, filing: StoredFiling, people: Mapping[str, Person]
) -> list[dict[str, str]]:
    """Party rows, the dossier's name and the search index; what differs, with both values."""
    told: list[dict[str, str]] = []
    dossier_id = filing.row["id"]
    for role, new in people.items():
        old = filing.owner if role == "owner" else filing.submitter
        fields = [field for field in PersonField if field.role == role]
        assert old is not None
        differing = [field for field in fields if _shown(old, field) != _shown(new, field)]
        told += [
            {"field": field.value, "from": _shown(old, field), "to": _shown(new, field)}
            for field in differing
        ]
        if differing:
            p = tables.party.c
            connection.execute(
                update(tables.party)
                .where(p.dossier_id == dossier_id, p.role == role)
                .values(
                    full_name=new.name,
                    id_kind=new.id_kind.value,
                    id_value=new.id_value,
                    birth_date=new.birth_date,
                    phone=new.phone,
                    email=new.email,
                )
            )
    if any(each["field"] == PersonField.OWNER_NAME for each in told):
        name = people["owner"].name
        connection.execute(
            update(tables.dossier)
            .where(tables.dossier.c.id == dossier_id)
            .values(owner_name=name, owner_sort=sort_key(name))
        )
    if told:
        refresh_search(connection, dossier_id)
    return told


def _payload(old: Mapping[str, Any], people: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The refused payload with the people as they read now, wherever it names them."""
    if "set" in old:
        return {**old, "set": {place: _at(place, value, people) for place, value in old["set"].items()}}
    if "filing" in old:
        return {**old, "filing": _payload(old["filing"], people)}
    known = {role: {**old[role], **person} for role, person in people.items() if role in old}
    for role, person in known.items():
        _drop_gone(person, people[role])
    return {**old, **known}


def _drop_gone(person: dict[str, object], now: Mapping[str, object]) -> None:
    """A reason for having no number goes once there is one; contacts that were taken out go."""
    for member in ("no_identifier_reason", "phone", "email", "date_of_birth"):
        if member not in now:
            person.pop(member, None)


def _at(place: str, value: object, people: Mapping[str, Mapping[str, object]]) -> object:
    """The value of an amendment's pointer, taken from the person where it points into one."""
    parts: Sequence[str] = place.split("/")[1:]
    if not parts or parts[0] not in people:
        return value
    found: Any = people[parts[0]]
    for part in parts[1:]:
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return value
    return found
