"""What the papers of a dossier's life are made from: the stored dossier, its history, the events told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.domain.catalogue import ProcedureVersion
from app.domain.dossier_status import STEPS, Act, Status
from app.models import tables
from app.services.desk import Desk, read_setting
from app.services.finding.dossier_view import no_dossier

REGISTERED = "registered"
CUSTODY_CHANGED = "custody_changed"
"""What the province adds to the history when another unit has taken a dossier over."""

_MOVES = {REGISTERED, CUSTODY_CHANGED, *(act.value for act in Act)}


@dataclass(frozen=True)
class PastAct:
    """One line of the history that moved the dossier. ``event``: what the province was told, or empty."""

    id: int
    act: str
    at: datetime
    by_name: str
    detail: Mapping[str, Any]
    event: Mapping[str, Any]

    @property
    def payload(self) -> Mapping[str, Any]:
        """The event's content; empty where none was sent."""
        content: Mapping[str, Any] = self.event.get("payload", {})
        return content


@dataclass(frozen=True)
class Story:
    """A dossier with all that happened to it, oldest first."""

    row: RowMapping
    version: ProcedureVersion
    people: Mapping[str, RowMapping]
    papers: Sequence[RowMapping]
    acts: Sequence[PastAct]
    officers: Mapping[str, str]
    """Officer id to name."""
    counter_phone: str

    @property
    def submitter_name(self) -> str:
        """Who stood at the counter: the representative, else the owner."""
        return str(self.people.get("submitter", self.people["owner"])["full_name"])

    def latest(self, act: Act) -> PastAct | None:
        """The latest act of that kind."""
        return next((past for past in reversed(self.acts) if past.act == act.value), None)

    def status_before(self, until: PastAct) -> Status:
        """Where the dossier stood when that act was done."""
        status = Status.NEW
        for past in self.acts:
            if past.id == until.id:
                break
            if past.act in (REGISTERED, CUSTODY_CHANGED):
                continue
            status = STEPS[Act(past.act)].get(status, status)
        return status

    def signed_by_deputy(self, past: PastAct) -> str:
        """The officer who did the act in a leader's stead (``delegation``); else empty."""
        actor = past.event.get("actor", {})
        if actor.get("role") == "leader" or not actor.get("approved_by"):
            return ""
        return str(actor.get("officer_name", ""))

    def leader_of(self, past: PastAct) -> str:
        """The leader who did or approved the act, as the event names him; else empty."""
        actor = past.event.get("actor", {})
        if actor.get("role") == "leader":
            return str(actor.get("officer_name", ""))
        return self.officers.get(str(actor.get("approved_by")), "")


def read_story(connection: Connection, desk: Desk, dossier_id: str) -> Story:
    """Raises ``NotFoundError`` "no-dossier"."""
    d, p, c, o = tables.dossier.c, tables.party.c, tables.component.c, tables.officer.c
    row = connection.execute(select(tables.dossier).where(d.id == dossier_id)).mappings().first()
    if row is None:
        raise no_dossier()
    parties = connection.execute(select(tables.party).where(p.dossier_id == dossier_id)).mappings()
    papers = connection.execute(
        select(tables.component).where(c.dossier_id == dossier_id).order_by(c.position)
    ).mappings()
    phone = read_setting(connection, "counter_phone")
    return Story(
        row=row,
        version=desk.reference.catalogue.get(row["procedure_code"], row["procedure_version"]),
        people={each["role"]: each for each in parties},
        papers=list(papers),
        acts=read_acts(connection, [dossier_id]).get(dossier_id, []),
        officers={each.id: each.name for each in connection.execute(select(o.id, o.name))},
        counter_phone=phone if isinstance(phone, str) else "",
    )


def read_acts(connection: Connection, dossier_ids: Sequence[str]) -> dict[str, list[PastAct]]:
    """What happened to each of these dossiers, oldest first; at most some hundreds at once."""
    h, e = tables.history.c, tables.event.c
    rows = connection.execute(
        select(h.dossier_id, h.id, h.act, h.at, h.by_name, h.detail, e.body)
        .outerjoin_from(tables.history, tables.event, e.event_id == h.event_id)
        .where(h.dossier_id.in_(dossier_ids), h.act.in_(_MOVES))
        .order_by(h.id)
    )
    acts: dict[str, list[PastAct]] = {}
    for row in rows:
        event = json.loads(row.body) if row.body else {}
        past = PastAct(row.id, row.act, row.at, row.by_name, row.detail, event)
        acts.setdefault(row.dossier_id, []).append(past)
    return acts
