"""The upper feed taken in and passed on to the desks: page and cursor in one transaction (I12).

A change about a dossier is put in force here as far as nothing of that dossier waits above (own acts win
until they are judged, §3.7), and goes to every desk of the unit under its own id, with this gateway's
version of the dossier. What is for one desk (verdicts, account outcomes) goes to that desk alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.clock import from_wire, to_wire
from app.protocol.messages import Change
from app.province import dossiers, feed
from app.province.dossiers import Dossier, raised
from app.province.json_pointer import NoSuchPlace, with_value
from app.province.problems import JsonObject
from app.province.tables import changes, events
from app.province.times import to_ms
from app.province.upward import adopt, links, parcels, slices
from app.province.upward.upper import UpperRefused
from app.province.upward.verdicts import take_by_event, want_state
from app.province.upward.wire import NotBelieved
from app.province.upward.work import Work

PAGE: Final = 200


@dataclass(frozen=True)
class Arriving:
    """One change from above, inside its transaction. ``raw``: as it came."""

    db: Connection
    now: datetime
    unit: str
    said: Change
    raw: JsonObject

    @property
    def data(self) -> JsonObject:
        """What it says."""
        return self.said.data

    def pass_on(self, *, desk_id: str | None = None, version: int | None = None) -> None:
        """To every desk of the unit, or to one, under the id it came with.

        ``version``: this gateway's of the dossier; its desks compare no other, also not inside a state.
        """
        body = dict(self.raw)
        if version is not None:
            body["dossier_version"] = version
            if self.said.change_type == "dossier.assigned":
                body["data"] = {**self.data, "version": version}
        feed.pass_on(self.db, self.now, body, unit_code=None if desk_id else self.unit, desk_id=desk_id)


def pull_all(work: Work) -> None:
    """Take pages until there are no more; where the cursor has expired, the present state first."""
    renewed = False
    while True:
        work.check()
        with work.store.read() as db:
            link = links.link_of(db, work.unit)
        cursor = None if link is None else link.cursor
        try:
            page = work.upper.changes(cursor, min(PAGE, work.meta.limits["max_changes_per_pull"]))
        except UpperRefused as refused:
            if refused.code != "cursor-expired" or renewed:
                raise
            adopt.take_snapshot(work, take_each)
            renewed = True
            continue
        if page.said.more and page.said.next_cursor == cursor:
            raise NotBelieved("a feed that does not move")
        with work.store.write() as db:
            take_each(db, work.now(), work.unit, page.said.changes, page.raw["changes"])
            links.note(db, work.unit, cursor=page.said.next_cursor)
        work.counts.changes += len(page.said.changes)
        if not page.said.more:
            _acknowledge(work)
            return


def take_each(db: Connection, now: datetime, unit: str, said: list[Change], raw: list[JsonObject]) -> None:
    """Changes in order; one that came before is left out."""
    for change, body in zip(said, raw, strict=True):
        known = select(changes.c.seq).where(changes.c.change_id == change.change_id)
        if db.execute(known).first() is None:
            arriving = Arriving(db, now, unit, change, body)
            _HANDLERS.get(change.change_type, _others)(arriving)


def _acknowledge(work: Work) -> None:
    with work.store.read() as db:
        link = links.link_of(db, work.unit)
    if link is None or link.cursor is None or link.cursor == link.acked_cursor:
        return
    try:
        work.upper.acknowledge(link.cursor, work.now())
    except UpperRefused:
        return
    with work.store.write() as db:
        links.note(db, work.unit, acked_cursor=link.cursor)


def _others(arriving: Arriving) -> None:
    """Unknown types and those without effect here: passed on as they are."""
    arriving.pass_on()


def _verdict(arriving: Arriving) -> None:
    take_by_event(arriving.db, arriving.now, arriving.unit, arriving.data)


def _account(arriving: Arriving) -> None:
    desk = arriving.db.execute(
        select(events.c.desk_id).where(events.c.holds_id == arriving.data.get("request_event_id"))
    ).scalar()
    if desk is not None:
        arriving.pass_on(desk_id=desk)


def _block(arriving: Arriving) -> None:
    """The grant is kept and cut into slices; the desks hear of theirs."""
    block = dict(arriving.data)
    if arriving.said.change_type == "number_block.revoked":
        block["state"] = "revoked"
    slices.keep_block(arriving.db, arriving.now, arriving.unit, block)


def _assigned(arriving: Arriving) -> None:
    db, dossier_id = arriving.db, arriving.said.subject.id
    parcels.want(db, arriving.unit, arriving.data)
    here = dossiers.load(db, dossier_id)
    if here is None or not adopt.waits_above(db, dossier_id):
        arriving.pass_on(version=adopt.take_state(db, arriving.now, arriving.unit, arriving.data, tell=False))
        return
    want_state(db, dossier_id, arriving.unit)
    changed = raised(here, to_ms(arriving.now))
    dossiers.save(db, changed)
    arriving.pass_on(version=changed.version)


def _numbered(arriving: Arriving) -> None:
    _change(arriving, lambda dossier: replace(dossier, code=arriving.data["code"]), always=True)


def _dossier(arriving: Arriving) -> None:
    parcels.want(arriving.db, arriving.unit, arriving.data)
    effect = _EFFECTS[arriving.said.change_type]
    _change(arriving, lambda dossier: effect(dossier, arriving.data, arriving.said.at))


def _change(arriving: Arriving, effect: Callable[[Dossier], Dossier], *, always: bool = False) -> None:
    """Put it in force, or remember to ask for the state once nothing of the dossier waits."""
    db, dossier_id = arriving.db, arriving.said.subject.id
    dossier = dossiers.load(db, dossier_id)
    if dossier is None:
        want_state(db, dossier_id, arriving.unit)
        arriving.pass_on()
        return
    if always or not adopt.waits_above(db, dossier_id):
        try:
            dossier = effect(dossier)
        except (KeyError, TypeError, ValueError, NoSuchPlace):
            want_state(db, dossier_id, arriving.unit)
    else:
        want_state(db, dossier_id, arriving.unit)
    changed = raised(dossier, to_ms(arriving.now))
    dossiers.save(db, changed)
    arriving.pass_on(version=changed.version)


def _status(dossier: Dossier, data: JsonObject, at: datetime) -> Dossier:
    moved: dict[str, Any] = {"status": data["to"]}
    if data["to"] == 9 and dossier.completed_at is None:
        moved["completed_at"] = to_wire(at)
    if data["to"] == 10 and dossier.returned_at is None:
        moved["returned_at"] = to_wire(at)
    return replace(dossier, **moved)


def _due(dossier: Dossier, data: JsonObject, _at: datetime) -> Dossier:
    from_wire(data["new_due_at"])
    return replace(dossier, due_at=data["new_due_at"])


def _fields(dossier: Dossier, data: JsonObject, _at: datetime) -> Dossier:
    filing = dossier.received
    for pointer, value in data["set"].items():
        filing = with_value(filing, pointer, value)
    return replace(dossier, received=filing)


def _custody(dossier: Dossier, data: JsonObject, _at: datetime) -> Dossier:
    to = data["to_unit"]
    return replace(
        dossier,
        custodian_code=to["code"],
        custodian_name=to["name"],
        pending_code=None,
        pending_name=None,
    )


def _results(dossier: Dossier, data: JsonObject, _at: datetime) -> Dossier:
    return replace(dossier, results=tuple(data["results"]))


_EFFECTS: Final[dict[str, Callable[[Dossier, JsonObject, datetime], Dossier]]] = {
    "dossier.status_changed": _status,
    "dossier.due_date_changed": _due,
    "dossier.fields_changed": _fields,
    "dossier.custody_changed": _custody,
    "dossier.result_issued": _results,
}
_HANDLERS: Final[dict[str, Callable[[Arriving], None]]] = {
    "event.verdict": _verdict,
    "account.outcome": _account,
    "number_block.granted": _block,
    "number_block.revoked": _block,
    "dossier.assigned": _assigned,
    "dossier.numbered": _numbered,
    **dict.fromkeys(_EFFECTS, _dossier),
}
