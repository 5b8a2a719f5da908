"""A dossier made again from the desk's own events, as far as they tell (SYNC-PROTOCOL §3.3 step 3).

What an event does not carry stays empty: papers asked for, notes, receipts' counters. The line of the
register is a new one of the restored book, since the event does not name the old one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.clock import VIETNAM, from_wire
from app.domain.dossier_status import Act
from app.domain.vietnamese import sort_key
from app.models import tables
from app.models.epochs import RESTORED
from app.models.search_index import refresh_search
from app.printing.form_texts import form_set_for
from app.protocol.ids import new_id
from app.protocol.messages import Verdict
from app.sync.spent_numbers import next_of
from app.sync.verdicts import STATUS_AFTER

ACTS: Final = {
    "dossier.received": Act.ACCEPT,
    "dossier.refused": Act.REFUSE,
    "dossier.progress": Act.START,
    "dossier.supplement_requested": Act.REQUEST_SUPPLEMENT,
    "dossier.supplement_received": Act.SUPPLEMENT,
    "dossier.fee_requested": Act.REQUEST_FEE,
    "fee.collected": Act.PAY,
    "dossier.due_date_changed": Act.EXTEND,
    "dossier.completed": Act.COMPLETE,
    "dossier.returned": Act.RETURN,
    "dossier.withdrawn": Act.WITHDRAW,
    "dossier.stopped": Act.STOP,
    "dossier.transferred": Act.TRANSFER,
    "dossier.custody_accepted": Act.ACCEPT_CUSTODY,
}
_ENDS: Final = (3, 7, 8, 9)
_DETAILS: Final = {"reason": "reason", "content": "reason", "round": "round", "method": "method"}
RECOVERED_ACT: Final = "recovered"
"""A history line: the dossier, or a step of it, came back from the province after a restore."""


def moment_of(body: Mapping[str, Any], name: str) -> datetime | None:
    """A time of an event or payload, where it says one readably."""
    try:
        return from_wire(str(body[name]))
    except (KeyError, ValueError, OverflowError):
        return None


def ensure_dossier(connection: Connection, body: Mapping[str, Any], verdict: Verdict, now: datetime) -> bool:
    """Make the dossier an event took in, where this copy does not know it; whether one was made.

    A rejected reception makes none here: its words stay in the event, for the officer to correct.
    """
    subject, payload = body.get("subject"), body.get("payload")
    if not isinstance(subject, dict) or not isinstance(payload, dict) or verdict.outcome == "rejected":
        return False
    filing = payload if body.get("type") == "dossier.received" else payload.get("filing")
    if body.get("type") not in ("dossier.received", "dossier.refused") or not isinstance(filing, dict):
        return False
    c = tables.dossier.c
    if connection.execute(select(c.id).where(c.id == subject["id"])).first() is not None:
        return False
    number = str(subject["code"])
    if connection.execute(
        select(c.id).where((c.number == number) | (c.provisional_number == number))
    ).first():
        return False
    connection.execute(insert(tables.dossier).values(**dossier_row(connection, body, filing, now)))
    insert_parts(connection, str(subject["id"]), filing)
    refresh_search(connection, str(subject["id"]))
    return True


def retell(
    connection: Connection, body: Mapping[str, Any], verdict: Verdict, now: datetime, *, made: bool
) -> None:
    """The event's line in the dossier's history, and what the act left of it: status, dates."""
    event_type, subject = str(body.get("type")), body.get("subject")
    if event_type not in ACTS or not isinstance(subject, dict) or verdict.outcome == "rejected":
        return
    row = (
        connection.execute(select(tables.dossier).where(tables.dossier.c.id == subject.get("id")))
        .mappings()
        .first()
    )
    if row is None:
        return
    at = moment_of(body, "occurred_at") or verdict.received_at
    payload = body["payload"] if isinstance(body.get("payload"), dict) else {}
    changes = _changes(dict(row), event_type, payload, at)
    if changes:
        connection.execute(update(tables.dossier).where(tables.dossier.c.id == row["id"]).values(**changes))
    detail = {ours: payload[theirs] for theirs, ours in _DETAILS.items() if payload.get(theirs) is not None}
    if event_type == "dossier.received":
        detail = {"number": row["number"] or row["provisional_number"]}
    _history(connection, row["id"], ACTS[event_type].value, at, now, body, detail)
    if made:
        _history(connection, row["id"], RECOVERED_ACT, now, now, body, {})


def dossier_row(
    connection: Connection,
    body: Mapping[str, Any],
    filing: Mapping[str, Any],
    now: datetime,
    line: tuple[str, int] | None = None,
) -> dict[str, Any]:
    """The row of a dossier as its receiving event tells it, of this unit.

    ``line``: book and number of the register; else a new line of this desk's own book.
    """
    subject, procedure, owner = body["subject"], filing["procedure"], filing["owner"]
    received_at = from_wire(filing["received_at"])
    recorded_at = moment_of(body, "recorded_at") or now
    due_at = None if filing.get("due_at") is None else from_wire(filing["due_at"])
    provisional = filing.get("code_kind") == "provisional"
    handling = filing["handling_unit"]
    desk = connection.execute(select(tables.desk)).mappings().one()
    receiving = desk["agency_code"] or desk["unit_code"]
    day = received_at.astimezone(VIETNAM).date()
    book, number = line or _register_line(connection, desk["desk_no"], day)
    fees = filing.get("fees") or []
    return {
        "id": subject["id"],
        "request_id": subject["id"],
        "number": None if provisional else subject["code"],
        "provisional_number": subject["code"] if provisional else None,
        "procedure_code": procedure["code"],
        "procedure_version": procedure["version"],
        "procedure_name": filing.get("abstract") or procedure["code"],
        "procedure_detail": "full",
        "form_set": form_set_for(received_at.astimezone(VIETNAM).date()),
        "tariff_version": "",
        "calendar_version": "",
        "channel": filing["channel"],
        "status": 2 if body["type"] == "dossier.received" else 3,
        "submitted_at": from_wire(filing["submitted_at"]),
        "received_at": received_at,
        "recorded_at": recorded_at,
        "due_at": due_at,
        "due_reason": "",
        "due_confirmed": True,
        "due_manual": False,
        "copies": 1,
        "return_method": filing.get("return_method") or "counter",
        "return_address": _address(filing["return_address"]) if filing.get("return_address") else None,
        "receiving_unit": receiving,
        "receiving_unit_name": _unit_name(connection, handling, receiving),
        "handling_unit": handling["code"],
        "handling_unit_name": handling["name"],
        "custodian_unit": receiving,
        "officer_id": _officer(connection, body, recorded_at),
        "owner_name": owner["full_name"],
        "owner_sort": sort_key(owner["full_name"]),
        "fee_total": sum(int(fee["amount_vnd"]) for fee in fees) if fees else None,
        "facts": [],
        "answers": {},
        "register_book": book,
        "register_no": number,
        "sync_state": "accepted",
    }


def _register_line(connection: Connection, desk_no: int, day: date) -> tuple[str, int]:
    """A line of the book this copy writes since its restore (numbering: the book bears the epoch's mark)."""
    c = tables.stream.c
    restored = connection.execute(
        select(c.mark, c.opened_at).where(c.reason == RESTORED).order_by(c.position.desc()).limit(1)
    ).first()
    old = restored is not None and day.year <= restored.opened_at.astimezone(VIETNAM).year
    mark = restored.mark if restored is not None and old else ""
    book = f"{desk_no:02d}{mark}/{day.year}"
    return book, next_of(connection, f"register:{book}", str(day.year))


def _unit_name(connection: Connection, handling: Mapping[str, Any], receiving: str) -> str:
    """The name of the desk's own unit as its papers say it: from any dossier here, else the event's."""
    c = tables.dossier.c
    here = connection.execute(select(c.receiving_unit_name).order_by(c.row_no.desc()).limit(1)).scalar()
    return str(here or handling["name"])


def _officer(connection: Connection, body: Mapping[str, Any], at: datetime) -> str:
    """The officer who acted; one this copy does not know is kept by name, without a way to sign in."""
    actor = body.get("actor")
    known = actor if isinstance(actor, dict) else {}
    officer_id = str(known.get("officer_id") or "unknown")
    c = tables.officer.c
    if connection.execute(select(c.id).where(c.id == officer_id)).first() is None:
        connection.execute(
            insert(tables.officer).values(
                id=officer_id,
                login=f"~{officer_id}",
                name=str(known.get("officer_name") or officer_id),
                position=str(known.get("position") or ""),
                role="reception",
                password_hash="",
                must_change=True,
                active=False,
                created_at=at,
            )
        )
    return officer_id


def insert_parts(connection: Connection, dossier_id: str, filing: Mapping[str, Any]) -> None:
    """Its people, papers and fees."""
    for role in ("owner", "submitter"):
        party = filing.get(role)
        if isinstance(party, dict):
            connection.execute(insert(tables.party).values(**_party(dossier_id, role, party)))
    for position, paper in enumerate(filing.get("components") or (), 1):
        row = _component(dossier_id, position, paper)
        connection.execute(upsert(tables.component).values(**row).on_conflict_do_nothing())
    for fee in filing.get("fees") or ():
        connection.execute(
            insert(tables.fee).values(
                id=new_id(),
                dossier_id=dossier_id,
                code=fee["code"],
                name=fee["name"],
                amount_vnd=fee["amount_vnd"],
                rule="",
                kind=fee.get("kind", "ordinary"),
                stage=fee.get("stage", "on_receipt"),
                exempt_reason=fee.get("exempt_reason"),
            )
        )


def _party(dossier_id: str, role: str, party: Mapping[str, Any]) -> dict[str, Any]:
    first = (party.get("identifiers") or [{}])[0]
    birth = party.get("date_of_birth") or ""
    return {
        "id": new_id(),
        "dossier_id": dossier_id,
        "role": role,
        "full_name": party["full_name"],
        "id_kind": first.get("scheme", "none"),
        "id_value": first.get("value"),
        "birth_date": date.fromisoformat(birth) if len(birth) == len("2000-01-01") else None,
        "sex": party.get("sex"),
        "phone": party.get("phone"),
        "email": party.get("email"),
        "address": _address(party.get("address") or {}),
        "source": "typed",
    }


def _address(wire: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "as_written": "",
        "detail": wire.get("detail") or "",
        "commune_code": wire.get("commune_code"),
        "province_code": wire.get("province_code"),
    }


def _component(dossier_id: str, position: int, paper: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": paper["component_id"],
        "dossier_id": dossier_id,
        "position": position,
        "code": paper["code"],
        "national_code": paper["code"],
        "name": paper["name"],
        "mandatory": "no",
        "presented_only": False,
        "copy_kind": paper["copy_kind"],
        "quantity": paper["quantity"],
        "reuse": paper.get("reuse", "none"),
        "from_national_store": bool(paper.get("from_national_store")),
    }


def _changes(
    row: Mapping[str, Any], event_type: str, payload: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    status = STATUS_AFTER.get(event_type)
    if event_type == "fee.collected" and row["status"] in (5, 6):
        status = 4
    changes: dict[str, Any] = {} if status is None else {"status": status}
    if status in _ENDS:
        changes["ended_at"] = at
    elif status == 10:
        changes |= {"ended_at": row["ended_at"] or at, "returned_at": at}
    elif status is not None:
        changes["ended_at"] = None
    due = moment_of(payload, "new_due_at")
    if due is not None:
        changes |= {"due_at": due, "due_reason": str(payload.get("reason") or row["due_reason"])}
    if event_type == "dossier.supplement_requested":
        changes["supplement_rounds"] = max(row["supplement_rounds"], int(payload.get("round") or 1))
    return changes


def _history(
    connection: Connection,
    dossier_id: str,
    act: str,
    at: datetime,
    now: datetime,
    body: Mapping[str, Any],
    detail: Mapping[str, Any],
) -> None:
    actor = body.get("actor")
    known = actor if isinstance(actor, dict) else {}
    officer = connection.execute(
        select(tables.officer.c.id).where(tables.officer.c.id == known.get("officer_id"))
    ).scalar()
    connection.execute(
        insert(tables.history).values(
            dossier_id=dossier_id,
            act=act,
            at=at,
            recorded_at=now,
            officer_id=officer,
            by_name=str(known.get("officer_name") or ""),
            detail=json.loads(json.dumps(detail)),
            event_id=body["event_id"],
        )
    )
