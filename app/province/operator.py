"""What the province's operator does by hand, each one transaction on the gateway's store."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from app.protocol.ids import new_id
from app.province import (
    apply,
    catalogue,
    dialect,
    dossiers,
    enrolment,
    feed,
    operator_door,
    overview,
    restores,
)
from app.province.dossiers import raised
from app.province.json_pointer import with_value
from app.province.problems import JsonObject
from app.province.store import Store
from app.province.tables import desks, events, number_blocks, server, tokens, units
from app.province.times import to_ms


def enrolment_code(store: Store, now: datetime, desk: str, unit: str | None = None) -> str:
    """A one-time code; with ``unit`` the desk may claim no other. Raises ``ValueError``."""
    with store.write() as db:
        return enrolment.new_code(db, now, desk, unit)


def name_unit(store: Store, unit_code: str, name: str) -> None:
    """Give a unit the name desks are told."""
    with store.write() as db:
        db.execute(delete(units).where(units.c.unit_code == unit_code))
        db.execute(insert(units).values(unit_code=unit_code, name=name))


def suspend(store: Store, desk_id: str, *, suspended: bool = True) -> None:
    """Stop a desk's calls, or let them through again. Nothing it sent is touched."""
    with store.write() as db:
        state = "suspended" if suspended else "active"
        db.execute(update(desks).where(desks.c.desk_id == desk_id).values(state=state))


def revoke(store: Store, desk_id: str) -> None:
    """End a desk for good: no call, no new token, no number of its slice from now on.

    What it sent stays; a new desk of the unit gets another slice. Raises ``LookupError``.
    """
    with store.write() as db:
        mine = desks.c.desk_id == desk_id
        if db.execute(update(desks).where(mine).values(state="revoked")).rowcount == 0:
            raise LookupError(desk_id)
        active = (number_blocks.c.desk_id == desk_id, number_blocks.c.state == "active")
        db.execute(update(number_blocks).where(*active).values(state="ended"))


def note_restored(store: Store, now: datetime) -> None:
    """After a restore: what was given out since the copy is unknown here, and none of it is given again.

    No cursor is known any more, so every desk takes a snapshot; numbers and desk digits come from where the
    store never gave any (``app.province.restores``). Processes that run must be started again.
    """
    with store.write() as db:
        db.execute(update(server).where(server.c.name == "feed_id").values(value=secrets.token_hex(4)))
        restores.note(db, now)


def operator_token(store: Store, now: datetime) -> str:
    """A token that opens the operator's page for 30 days."""
    with store.write() as db:
        return operator_door.new_token(db, now)


def desk_list(store: Store, unit: str = "") -> list[overview.DeskLine]:
    """Every desk, or those of units whose code begins with ``unit``."""
    found: list[overview.DeskLine] = []
    with store.read() as db:
        while True:
            after = found[-1].desk_id if found else ""
            page = overview.desk_lines(db, unit=unit, after=after)
            found += page
            if len(page) < overview.PAGE:
                return found


def revoke_tokens(store: Store, desk_id: str) -> None:
    """End every token of a desk; it asks for a new one."""
    with store.write() as db:
        db.execute(delete(tokens).where(tokens.c.desk_id == desk_id))


def publish_procedure(store: Store, now: datetime, procedure: JsonObject) -> int:
    """Publish a procedure version; answers the manifest number. Raises ``ValueError``."""
    with store.write() as db:
        dialect.lock(db, "catalogue")
        return catalogue.publish(db, now, procedure)


def notice(
    store: Store, now: datetime, text: str, *, severity: str = "info", desk: str | None = None
) -> None:
    """A notice to one desk, or to all."""
    with store.write() as db:
        change = feed.Change(
            "desk.notice", {"kind": "desk", "id": desk or "all"}, {"severity": severity, "text": text}
        )
        if desk is None:
            feed.tell_everyone(db, now, change)
        else:
            feed.tell_desk(db, now, change, desk)


def account_outcome(
    store: Store, now: datetime, request_event_id: str, outcome: str, reason: str = ""
) -> None:
    """How a citizen's account request ended, told to the desk that sent it. Raises ``LookupError``."""
    with store.write() as db:
        row = db.execute(select(events).where(events.c.holds_id == request_event_id)).one_or_none()
        if row is None:
            raise LookupError(request_event_id)
        data: JsonObject = {"request_event_id": request_event_id, "outcome": outcome, "account_id": None}
        if reason:
            data["reason"] = reason
        subject = {"kind": "citizen_account", "id": row.subject_id}
        feed.tell_desk(db, now, feed.Change("account.outcome", subject, data), row.desk_id)


def propose_fields(store: Store, now: datetime, dossier_id: str, changes: JsonObject, reason: str) -> int:
    """Change fields of a filing from the province's side; desks show it as a proposal.

    Answers the dossier's new version. Raises ``LookupError``, ``NoSuchPlace``.
    """
    with store.write() as db:
        dossier = _dossier(db, dossier_id)
        filing = dossier.received
        for pointer, value in changes.items():
            filing = with_value(filing, pointer, value)
        changed = raised(dossier, to_ms(now), received=filing)
        dossiers.save(db, changed)
        data = {"set": changes, "reason": reason}
        change = feed.Change("dossier.fields_changed", apply.subject_of(changed), data, changed.version)
        feed.tell_units(db, now, change, changed.units())
        return changed.version


def assign_online(store: Store, now: datetime, unit_code: str, code: str, filing: JsonObject) -> str:
    """An online filing (status 1) for a unit to take in; answers its dossier id."""
    with store.write() as db:
        dossier = dossiers.Dossier(
            dossier_id=new_id(),
            unit_code=unit_code,
            code=code,
            version=1,
            status=1,
            custodian_code=unit_code,
            custodian_name=unit_code,
            received=filing,
            due_at=None,
            changed_at=to_ms(now),
        )
        dossiers.create(db, dossier)
        change = feed.Change("dossier.assigned", apply.subject_of(dossier), dossier.state(), 1)
        feed.tell_units(db, now, change, dossier.units())
        return dossier.dossier_id


def _dossier(db: Connection, dossier_id: str) -> dossiers.Dossier:
    dossier = dossiers.load(db, dossier_id)
    if dossier is None:
        raise LookupError(dossier_id)
    return dossier
