"""A dossier's state as the upper gateway has it, taken over here where the two may differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from app.protocol.messages import Change
from app.province import apply, dossiers, feed
from app.province.dossiers import Dossier, raised
from app.province.problems import JsonObject
from app.province.tables import events
from app.province.times import to_ms
from app.province.upward import links, parcels
from app.province.upward.tables import upward_adopts, upward_events
from app.province.upward.upper import UpperRefused
from app.province.upward.verdicts import take_by_event
from app.province.upward.work import Work

TakeEach = Callable[[Connection, datetime, str, list[Change], list[JsonObject]], None]
_AT_A_TIME: Final = 200
_BEGINNINGS: Final = 3


def adopt_all(work: Work) -> None:
    """Ask for every dossier whose state may differ and of which nothing waits."""
    with work.store.read() as db:
        ids = list(db.execute(_ready(work.unit)).scalars())
    for dossier_id in ids:
        work.check()
        try:
            state = work.upper.dossier(dossier_id).raw
        except UpperRefused as refused:
            if refused.status != 404:
                raise
            state = None
        with work.store.write() as db:
            if state is not None and not waits_above(db, dossier_id):
                parcels.want(db, work.unit, state)
                take_state(db, work.now(), work.unit, state, tell=True, anyway=True)
            db.execute(delete(upward_adopts).where(upward_adopts.c.dossier_id == dossier_id))


def take_state(
    db: Connection, now: datetime, unit: str, state: JsonObject, *, tell: bool, anyway: bool = False
) -> int | None:
    """The dossier as it stands above; this gateway's version of it after that.

    ``anyway``: told also where nothing differs here, since the desks may have been told of changes that
    this gateway did not put in force while something of the dossier waited.

    Without its filing a dossier that is new here cannot be kept: ``None``.
    """
    here = dossiers.load(db, state["dossier_id"])
    if here is None:
        return _create(db, now, unit, state, tell=tell)
    wanted = _as_above(here, state)
    if wanted == here and not anyway:
        return here.version
    changed = raised(wanted, to_ms(now))
    dossiers.save(db, changed)
    if tell:
        _tell(db, now, unit, here, changed)
    return changed.version


def take_snapshot(work: Work, take_each: TakeEach) -> None:
    """Present state instead of a feed that no longer reaches back (410); then its cursor.

    Events still waiting above are asked for by their id, since late verdicts have passed by.
    """
    for beginning in range(1, _BEGINNINGS + 1):
        try:
            cursor = _pages(work, take_each)
            break
        except UpperRefused as refused:
            if refused.code != "page-expired" or beginning == _BEGINNINGS:
                raise
    ask_waiting(work)
    with work.store.write() as db:
        links.note(db, work.unit, cursor=cursor)


def ask_waiting(work: Work) -> None:
    """The verdict now of every event the upper gateway keeps waiting."""
    with work.store.read() as db:
        ids = list(
            db.execute(
                select(events.c.event_id)
                .join(upward_events, upward_events.c.row_id == events.c.row_id)
                .where(events.c.unit_code == work.unit, upward_events.c.final.is_(False))
                .order_by(events.c.row_id)
            ).scalars()
        )
    for event_id in ids:
        work.check()
        try:
            raw = work.upper.event_verdict(event_id).raw
        except UpperRefused:
            continue
        with work.store.write() as db:
            take_by_event(db, work.now(), work.unit, raw)


def _pages(work: Work, take_each: TakeEach) -> str:
    page: str | None = None
    cursor = ""
    while True:
        work.check()
        answer = work.upper.snapshot(page)
        if page is None:
            cursor = answer.said.cursor
        with work.store.write() as db:
            raw = answer.raw.get("changes", [])
            take_each(db, work.now(), work.unit, answer.said.changes, raw)
            for state in answer.raw["dossiers"]:
                parcels.want(db, work.unit, state)
                if not waits_above(db, state["dossier_id"]):
                    take_state(db, work.now(), work.unit, state, tell=True)
        page = answer.said.next_page
        if page is None:
            return cursor


def _ready(unit: str) -> Any:
    waiting = (
        select(events.c.row_id)
        .outerjoin(upward_events, upward_events.c.row_id == events.c.row_id)
        .where(events.c.subject_id == upward_adopts.c.dossier_id, upward_events.c.row_id.is_(None))
    )
    mine = upward_adopts.c.unit_code == unit
    return select(upward_adopts.c.dossier_id).where(mine, ~waiting.exists()).limit(_AT_A_TIME)


def waits_above(db: Connection, dossier_id: str) -> bool:
    """Whether an event about the dossier has not been answered from above yet."""
    query = (
        select(events.c.row_id)
        .outerjoin(upward_events, upward_events.c.row_id == events.c.row_id)
        .where(events.c.subject_id == dossier_id, upward_events.c.row_id.is_(None))
    )
    return db.execute(query.limit(1)).first() is not None


def _create(db: Connection, now: datetime, unit: str, state: JsonObject, *, tell: bool) -> int | None:
    if state.get("received") is None:
        return None
    custodian = state["custodian"]
    ours = custodian["code"] == unit or str(state["code"]).startswith(f"{unit}-")
    elsewhere = None if custodian["code"] == unit or ours else unit
    bare = Dossier(
        dossier_id=state["dossier_id"],
        unit_code=unit if ours else custodian["code"],
        code=state["code"],
        version=1,
        status=state["status"],
        custodian_code=custodian["code"],
        custodian_name=custodian["name"],
        received=state["received"],
        pending_code=elsewhere,
        changed_at=to_ms(now),
    )
    made = _as_above(bare, state)
    dossiers.create(db, made)
    if tell:
        change = feed.Change("dossier.assigned", apply.subject_of(made), made.state(), made.version)
        feed.tell_units(db, now, change, {unit})
    return made.version


def _as_above(here: Dossier, state: JsonObject) -> Dossier:
    """This gateway's dossier with everything the upper one says of it."""
    custodian = state["custodian"]
    names = ("code", "provisional_code", "national_code", "status", "due_at", "completed_at", "returned_at")
    told = {name: state[name] for name in names if name in state}
    if custodian["code"] != here.custodian_code:
        told |= {"custodian_code": custodian["code"], "custodian_name": custodian["name"]}
        if here.pending_code == custodian["code"]:
            told |= {"pending_code": None, "pending_name": None}
    if state.get("received") is not None:
        told["received"] = state["received"]
    return replace(here, results=tuple(state["results"]), **told)


def _tell(db: Connection, now: datetime, unit: str, before: Dossier, after: Dossier) -> None:
    """A step the desks have not seen, or the whole state."""
    subject = apply.subject_of(after)
    if before.status != after.status:
        data = {"from": before.status, "to": after.status}
        change = feed.Change("dossier.status_changed", subject, data, after.version)
    else:
        change = feed.Change("dossier.assigned", subject, after.state(), after.version)
    feed.tell_units(db, now, change, {unit})
