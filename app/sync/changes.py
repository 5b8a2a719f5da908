"""What each provincial change does to the desk's own records (SYNC-PROTOCOL §3.5, §3.7).

What the citizen's paper states is never overwritten: a different value of the province becomes a proposal
for the officer, with both values (I17). Only called inside the transaction that moves the cursor (I12).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, insert, select, update

from app.clock import to_wire
from app.models import tables
from app.models.search_index import refresh_search
from app.protocol import messages as m
from app.protocol.ids import new_id
from app.sync.blocks import keep_block
from app.sync.results_here import keep_results
from app.sync.taken_in import missed_changes, note_coming_back, take_in
from app.sync.verdicts import add_history, apply_verdict, note_version
from app.text import t

_HANDLERS: dict[str, Callable[[Taken], bool]] = {}
_BY_CUSTODIAN: Final = (4, 5, 6, 7, 8, 9)
_ENDED: Final = (3, 7, 8, 9)
ABOVE: Final = "upper-gateway"
"""What an office gateway names as awaited while its line up has not answered yet."""
_CONTACTS: Final = {
    "/owner/phone": ("owner", "phone"),
    "/owner/email": ("owner", "email"),
    "/submitter/phone": ("submitter", "phone"),
    "/submitter/email": ("submitter", "email"),
}
"""Fields both sides own: the server's order wins, both values stay in history (§3.5)."""

AnyData = TypeVar("AnyData", bound=m.Message)


@dataclass(frozen=True)
class Taken:
    """One change as it is taken in, inside its transaction. ``units``: every code of the desk's own unit."""

    connection: Connection
    change: m.Change
    now: datetime
    units: frozenset[str]

    def data(self, model: type[AnyData]) -> AnyData:
        """The change's data. Raises pydantic's ``ValidationError`` where it breaks the contract."""
        return model.model_validate(self.change.data)

    def dossier(self) -> RowMapping | None:
        """The dossier the change is about, where this store holds it."""
        c = tables.dossier.c
        return (
            self.connection.execute(select(tables.dossier).where(c.id == self.change.subject.id))
            .mappings()
            .first()
        )

    def note(self, status: int | None = None) -> bool:
        """Remember the version the change brought, with its status; whether it was news."""
        if self.change.dossier_version is None:
            return True
        return note_version(self.connection, self.change.subject.id, self.change.dossier_version, status)

    def history(self, act: str, at: datetime, detail: dict[str, Any], by: str | None = None) -> None:
        """A history line of the dossier."""
        add_history(self.connection, self.change.subject.id, act, at=at, now=self.now, detail=detail, by=by)

    def propose(self, field: str, ours: Any, theirs: Any) -> None:
        """A case for the officer: both values, nothing changed. An older case of the same field is closed."""
        c = tables.proposal.c
        same = (c.dossier_id == self.change.subject.id) & (c.field == field) & (c.state == "open")
        self.connection.execute(update(tables.proposal).where(same).values(state="superseded"))
        self.connection.execute(
            insert(tables.proposal).values(
                id=new_id(),
                dossier_id=self.change.subject.id,
                change_id=self.change.change_id,
                field=field,
                ours=ours,
                theirs=theirs,
                made_at=self.now,
                state="open",
            )
        )


def apply_change(taken: Taken) -> bool:
    """Do what the change says; false where its type is unknown, its data broken, or it cannot be done here.

    Such a change stays stored as it came, and the feed goes on.
    """
    handler = _HANDLERS.get(taken.change.change_type)
    if handler is None:
        return False
    try:
        return handler(taken)
    except ValidationError:
        return False


def _handles(*types: str) -> Callable[[Callable[[Taken], bool]], Callable[[Taken], bool]]:
    def register(handler: Callable[[Taken], bool]) -> Callable[[Taken], bool]:
        _HANDLERS.update(dict.fromkeys(types, handler))
        return handler

    return register


@_handles("dossier.numbered")
def _numbered(taken: Taken) -> bool:
    """The official number is added beside the provisional one, which stays for ever (I10)."""
    data = taken.data(m.DossierNumbered)
    row = taken.dossier()
    taken.note()
    if row is None or row["number"] == data.code:
        return row is not None
    if row["number"] is not None or row["provisional_number"] != data.provisional_code:
        taken.propose("/code", row["number"] or row["provisional_number"], data.code)
        return False
    if _number_taken(taken.connection, data.code):
        _tell(taken, "urgent", t("Tỉnh cấp một số hồ sơ đã dùng cho hồ sơ khác; báo tỉnh kiểm tra."))
        return False
    taken.connection.execute(
        update(tables.dossier).where(tables.dossier.c.id == row["id"]).values(number=data.code)
    )
    taken.history("numbered", data.numbered_at, {"number": data.code, "provisional": data.provisional_code})
    refresh_search(taken.connection, row["id"])
    return True


@_handles("dossier.status_changed")
def _status_changed(taken: Taken) -> bool:
    data = taken.data(m.StatusChanged)
    news = taken.note(data.to)
    row = taken.dossier()
    if row is None or not news:
        return row is not None
    detail = {"from": data.from_status, "to": data.to, "note": data.note, "name": data.actor_name}
    known = {name: value for name, value in detail.items() if value is not None}
    taken.history("province_status", taken.change.at, known, data.actor_unit)
    if row["status"] == data.to or _own_acts_under_way(taken.connection, row["id"]):
        return True
    if _follows(taken, row, data.to):
        taken.connection.execute(
            update(tables.dossier)
            .where(tables.dossier.c.id == row["id"])
            .values(status=data.to, **_ends(row, data.to, taken.change.at))
        )
    else:
        taken.propose("/status", row["status"], data.to)
    return True


@_handles("dossier.due_date_changed")
def _due_date_changed(taken: Taken) -> bool:
    """The slip keeps its date; the province's is a proposal beside it."""
    data = taken.data(m.DueDateChanged)
    taken.note()
    row = taken.dossier()
    if row is None:
        return False
    if row["due_at"] != data.new_due_at:
        ours = None if row["due_at"] is None else to_wire(row["due_at"])
        taken.propose("/due_at", ours, to_wire(data.new_due_at))
        taken.history("due_date_proposed", taken.change.at, {"due_at": to_wire(data.new_due_at)})
    return True


@_handles("dossier.fields_changed")
def _fields_changed(taken: Taken) -> bool:
    data = taken.data(m.FieldsChanged)
    taken.note()
    row = taken.dossier()
    if row is None:
        return False
    filing = _filing(taken.connection, row["id"])
    for pointer, theirs in data.set.items():
        if pointer in _CONTACTS and (theirs is None or isinstance(theirs, str)):
            _set_contact(taken, pointer, theirs)
        else:
            ours = _at_pointer(filing, pointer)
            if ours != theirs:
                taken.propose(pointer, ours, theirs)
    return True


@_handles("dossier.custody_changed")
def _custody_changed(taken: Taken) -> bool:
    data = taken.data(m.CustodyChanged)
    taken.note()
    row = taken.dossier()
    if row is None:
        return False
    taken.connection.execute(
        update(tables.dossier)
        .where(tables.dossier.c.id == row["id"])
        .values(custodian_unit=data.to_unit.code)
    )
    taken.history("custody_changed", taken.change.at, {"to": data.to_unit.code, "name": data.to_unit.name})
    return True


@_handles("dossier.result_issued")
def _result_issued(taken: Taken) -> bool:
    data = taken.data(m.ResultIssued)
    taken.note()
    if taken.dossier() is None:
        return False
    results = [result.model_dump(mode="json", exclude_none=True) for result in data.results]
    keep_results(taken.connection, taken.change.subject.id, results, taken.change.at)
    taken.history("result_issued", taken.change.at, {"results": results, "note": data.note or ""})
    return True


@_handles("dossier.assigned")
def _assigned(taken: Taken) -> bool:
    """A dossier of another desk, of another unit or of the portal: taken in whole, so that this desk can go
    on with it. One that is here already follows the state it is told."""
    state = taken.data(m.DossierState)
    row = taken.dossier()
    if row is None:
        made = take_in(taken.connection, state, taken.units, taken.now)
        note_version(taken.connection, state.dossier_id, state.version, state.status)
        return made
    cause = taken.change.caused_by_event_id
    if cause is not None and _is_own_event(taken.connection, cause):
        note_version(taken.connection, state.dossier_id, state.version, state.status)
        return True
    if cause is not None:
        note_coming_back(taken.connection, dict(row), state, taken.units, taken.now)
    if not _own_acts_under_way(taken.connection, row["id"]):
        for missed in missed_changes(state, dict(row), taken.change.at, taken.units):
            apply_change(replace(taken, change=missed))
    note_version(taken.connection, state.dossier_id, state.version, state.status)
    return True


@_handles("event.verdict")
def _late_verdict(taken: Taken) -> bool:
    apply_verdict(taken.connection, taken.data(m.Verdict), taken.now)
    return True


@_handles("account.outcome")
def _account_outcome(taken: Taken) -> bool:
    data = taken.data(m.AccountOutcome)
    c = tables.help_case.c
    done = taken.connection.execute(
        update(tables.help_case)
        .where(c.event_id == data.request_event_id)
        .values(province_outcome=data.outcome)
    )
    return done.rowcount == 1


@_handles("number_block.granted", "number_block.revoked")
def _number_block(taken: Taken) -> bool:
    block = taken.data(m.NumberBlock)
    if taken.change.change_type == "number_block.revoked":
        block = block.model_copy(update={"state": "revoked"})
    return keep_block(taken.connection, block)


@_handles("desk.notice")
def _notice(taken: Taken) -> bool:
    data = taken.data(m.Notice)
    _tell(taken, data.severity, data.text)
    return True


@_handles("catalogue.published", "national.sync_outcome")
def _kept(taken: Taken) -> bool:
    """Stored; the catalogue is asked for in every round anyway, national states are shown from the store."""
    return True


def _tell(taken: Taken, severity: str, body: str) -> None:
    taken.connection.execute(
        insert(tables.notice).values(at=taken.change.at, severity=severity, body=body[:2000])
    )


def _number_taken(connection: Connection, code: str) -> bool:
    c = tables.dossier.c
    return connection.execute(select(c.id).where(c.number == code)).first() is not None


def _own_acts_under_way(connection: Connection, dossier_id: str) -> bool:
    """Local state is the provincial one plus own acts not yet judged (§3.7): those win until then.

    An act that an office gateway has put in force and that only waits for the word from above it is judged
    as far as the desks of the office are concerned.
    """
    c = tables.event.c
    waiting = c.verdict.is_(None) | (c.verdict == "deferred")
    rows = connection.execute(select(c.verdict, c.verdict_body).where(c.dossier_id == dossier_id, waiting))
    return any(row.verdict is None or not _in_force(row.verdict_body) for row in rows)


def _in_force(verdict: Any) -> bool:
    waits = (verdict or {}).get("waiting_for") or []
    return bool(waits) and all(each == {"kind": "approval", "ref": ABOVE} for each in waits)


def _is_own_event(connection: Connection, event_id: str) -> bool:
    c = tables.event.c
    return connection.execute(select(c.event_id).where(c.event_id == event_id)).first() is not None


def _follows(taken: Taken, row: RowMapping, to: int) -> bool:
    """Whether the local status follows (§3.5): steps of the custodian do; 2, 3 and 10 belong to the unit
    that deals with the citizen, so they follow only for another unit's dossier or another desk's act."""
    if to in _BY_CUSTODIAN:
        return True
    return row["receiving_unit"] not in taken.units or taken.change.caused_by_event_id is not None


def _ends(row: RowMapping, to: int, at: datetime) -> dict[str, datetime | None]:
    if to in _ENDED:
        return {"ended_at": row["ended_at"] or at}
    if to == 10:
        return {"ended_at": row["ended_at"] or at, "returned_at": row["returned_at"] or at}
    return {"ended_at": None}


def _set_contact(taken: Taken, pointer: str, theirs: str | None) -> None:
    role, column = _CONTACTS[pointer]
    c = tables.party.c
    here = (c.dossier_id == taken.change.subject.id) & (c.role == role)
    row = taken.connection.execute(select(c.id, c[column]).where(here)).first()
    if row is None or row[1] == theirs:
        return
    taken.connection.execute(update(tables.party).where(c.id == row.id).values({column: theirs}))
    taken.history("contact_changed", taken.change.at, {"field": pointer, "ours": row[1], "theirs": theirs})
    refresh_search(taken.connection, taken.change.subject.id)


def _filing(connection: Connection, dossier_id: str) -> Any:
    """The filing as it was sent: what the citizen's paper says."""
    c = tables.event.c
    body = connection.execute(
        select(c.body)
        .where(c.dossier_id == dossier_id, c.type == "dossier.received")
        .order_by(c.recorded_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if body is None else json.loads(body)["payload"]


def _at_pointer(document: Any, pointer: str) -> Any:
    """The value a JSON Pointer (RFC 6901) names, or ``None``."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isascii() and name.isdigit() and len(name) < 6:
            document = document[int(name)] if int(name) < len(document) else None
        else:
            return None
    return document
