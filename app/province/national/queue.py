"""What is to be told onward, kept in the gateway's store so that several processes may share the work.

The change feed says which dossiers moved: its places appear in the order of commits, so a cursor misses
nothing, and no desk's call does any work for the portal. A dossier is claimed for a while by one process;
what was begun is written down before it is done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, and_, func, insert, literal, or_, select, update

from app.province import dialect
from app.province.national import reasons
from app.province.national.adapter import Memory
from app.province.national.reasons import Reason
from app.province.national.tables import national_dossiers as rows
from app.province.national.tables import national_facts as facts
from app.province.national.tables import national_files as files
from app.province.national.tables import national_steps as steps
from app.province.tables import changes, dossiers, server

LEASE_MS: Final = 10 * 60 * 1000
_PAGE: Final = 2000
_CURSOR, _FEED, _MAPPING, _PAUSE = "cursor", "feed", "mapping", "pause_until"
_NEW: Final[dict[str, Any]] = {
    "state": "waiting",
    "done_version": 0,
    "created": False,
    "doubt": False,
    "tries": 0,
    "not_before": 0,
    "claimed_until": 0,
}
UNCLEAR: Final = reasons.to_text((Reason("steps-unclear"),))


@dataclass(frozen=True)
class Claim:
    """One dossier for one process, until the lease ends."""

    dossier_id: str
    owner: str


def discover(db: Connection, mapping: str) -> int:
    """Note every dossier that moved since the last look; free what another mapping held.

    Answers how many changes were read; a full page means: look again.
    """
    dialect.lock(db, "national")
    feed_id = db.execute(select(server.c.value).where(server.c.name == "feed_id")).scalar()
    if _fact(db, _FEED) != feed_id:
        _after_restore(db, known=_fact(db, _FEED) is not None)
        _keep(db, _FEED, feed_id or "")
    if _fact(db, _MAPPING) != mapping:
        free(db)
        _keep(db, _MAPPING, mapping)
    cursor = _fact(db, _CURSOR)
    floor = int(db.execute(select(server.c.value).where(server.c.name == "feed_floor")).scalar() or 0)
    if cursor is None or int(cursor) < floor:
        return _sweep(db)
    return _read_on(db, int(cursor))


def has_work(db: Connection, now_ms: int, mapping: str) -> bool:
    """Whether a look is worth a writing transaction: the feed, the mapping, or a dossier's time has come."""
    cursor, feed_id = _fact(db, _CURSOR), _fact(db, _FEED)
    here = db.execute(select(server.c.value).where(server.c.name == "feed_id")).scalar()
    if cursor is None or _fact(db, _MAPPING) != mapping or feed_id != here:
        return True
    if (db.execute(select(func.max(changes.c.seq))).scalar() or 0) > int(cursor):
        return True
    due = (rows.c.state == "waiting", rows.c.not_before <= now_ms, rows.c.claimed_until <= now_ms)
    waiting = db.execute(select(rows.c.dossier_id).where(*due).limit(1)).first() is not None
    return waiting and paused_until(db) <= now_ms


def claim(db: Connection, now_ms: int, owner: str) -> Claim | None:
    """The dossier that has been due longest, ``None`` where none is."""
    due = (rows.c.state == "waiting", rows.c.not_before <= now_ms, rows.c.claimed_until <= now_ms)
    row = db.execute(
        select(rows.c.dossier_id, rows.c.in_flight, rows.c.doubt)
        .where(*due)
        .order_by(rows.c.not_before, rows.c.dossier_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    taken = {"claimed_by": owner, "claimed_until": now_ms + LEASE_MS}
    if row.in_flight == "progress":
        taken |= {"doubt": True, "in_flight": None}
    _set(db, row.dossier_id, **taken)
    return Claim(row.dossier_id, owner)


def begin(db: Connection, now_ms: int, mine: Claim, kind: str) -> bool:
    """Write down that a call is about to be made, and lengthen the lease.

    ``False`` where another process has the dossier by now: the call must not be made.
    """
    done = db.execute(
        update(rows)
        .where(rows.c.dossier_id == mine.dossier_id, rows.c.claimed_by == mine.owner)
        .values(in_flight=kind, claimed_until=now_ms + LEASE_MS)
    )
    return bool(done.rowcount == 1)


def memory_of(db: Connection, dossier_id: str) -> Memory:
    """What the portal has of the dossier, as far as we know."""
    row = db.execute(select(rows).where(rows.c.dossier_id == dossier_id)).one()
    sent = db.execute(select(steps.c.event_id).where(steps.c.dossier_id == dossier_id)).scalars()
    return Memory(
        dossier_id=dossier_id,
        created=row.created,
        number=row.number,
        portal_id=row.portal_id,
        created_digest=row.created_digest,
        body_digest=row.body_digest,
        sent=frozenset(sent),
        doubt=row.doubt,
        in_flight=row.in_flight,
        files={each.sha256: (each.file_id, each.file_hash) for each in _files(db, dossier_id)},
    )


def tries_of(db: Connection, dossier_id: str) -> int:
    """How often in a row it has not gone through."""
    return int(db.execute(select(rows.c.tries).where(rows.c.dossier_id == dossier_id)).scalar() or 0)


def learned(db: Connection, now_ms: int, dossier_id: str, **facts_: Any) -> None:
    """The portal has taken something: keep it, and forget earlier trouble."""
    clear = {"tries": 0, "trouble": None, "trouble_since": None, "in_flight": None}
    _set(db, dossier_id, **{**clear, "succeeded_at": now_ms, **facts_})


def mark_steps(db: Connection, now_ms: int, dossier_id: str, event_ids: Iterable[str]) -> None:
    """These steps are there."""
    known = set(db.execute(select(steps.c.event_id).where(steps.c.dossier_id == dossier_id)).scalars())
    new = [event_id for event_id in dict.fromkeys(event_ids) if event_id not in known]
    if new:
        made = [{"dossier_id": dossier_id, "event_id": each, "sent_at": now_ms} for each in new]
        db.execute(insert(steps), made)


def keep_file(db: Connection, dossier_id: str, sha256: str, file_id: str, file_hash: str) -> None:
    """The portal has taken a file and named it so."""
    mine = (files.c.dossier_id == dossier_id, files.c.sha256 == sha256)
    db.execute(files.delete().where(*mine))
    named = {"dossier_id": dossier_id, "sha256": sha256, "file_id": file_id, "file_hash": file_hash}
    db.execute(insert(files).values(named))


def finish(db: Connection, mine: Claim, version: int) -> None:
    """Nothing more to tell of this version; a newer one waits on."""
    settled = {"done_version": version, "reasons": None, "trouble": None, "trouble_since": None}
    _release(db, mine, "done", version, **settled)


def hold(
    db: Connection, now_ms: int, mine: Claim, version: int, why: Sequence[Reason], **facts_: Any
) -> None:
    """Held, with the reasons; a newer version is tried again by itself."""
    before = db.execute(select(rows.c.reasons).where(rows.c.dossier_id == mine.dossier_id)).scalar()
    text = reasons.to_text(why)
    since = {} if before == text else {"trouble_since": now_ms}
    _release(db, mine, "held", version, reasons=text, **since, **facts_)


def put_off(db: Connection, mine: Claim, until_ms: int, **facts_: Any) -> None:
    """To be tried again later."""
    _set_mine(db, mine, claimed_by=None, claimed_until=0, not_before=until_ms, **facts_)


def pause(db: Connection, until_ms: int) -> None:
    """Leave the portal alone until then: nothing would fare better."""
    _keep(db, _PAUSE, str(max(until_ms, paused_until(db))))


def paused_until(db: Connection) -> int:
    """Until when the portal is left alone, in milliseconds; 0 for not at all."""
    return int(_fact(db, _PAUSE) or 0)


def free(db: Connection, dossier_id: str | None = None) -> int:
    """Let held dossiers try again, all or one, and end every wait; answers how many were held.

    Those whose steps are in doubt stay held: a new mapping does not settle that.
    """
    which = [rows.c.state == "held", or_(rows.c.reasons.is_(None), rows.c.reasons != UNCLEAR)]
    if dossier_id is not None:
        which.append(rows.c.dossier_id == dossier_id)
    done = db.execute(update(rows).where(and_(*which)).values(state="waiting", not_before=0, tries=0))
    return int(done.rowcount)


def release_pause(db: Connection) -> None:
    """The operator says: try now."""
    _keep(db, _PAUSE, "0")
    sure = (rows.c.state == "waiting", rows.c.doubt.is_(False))
    db.execute(update(rows).where(*sure).values(not_before=0))


def settle_doubt(db: Connection, now_ms: int, dossier_id: str, event_ids: Sequence[str]) -> None:
    """The operator has looked at the portal: these steps are there, no others."""
    mark_steps(db, now_ms, dossier_id, event_ids)
    _set(db, dossier_id, doubt=False, state="waiting", not_before=0, tries=0, reasons=None)


def forget_creation(db: Connection, dossier_id: str) -> None:
    """The operator says the portal has lost the dossier: make it again, with every step."""
    db.execute(steps.delete().where(steps.c.dossier_id == dossier_id))
    fresh = {"created": False, "created_digest": None, "body_digest": None, "portal_id": None}
    _set(db, dossier_id, **fresh, doubt=False, state="waiting", not_before=0, tries=0, reasons=None)


def told(db: Connection, dossier_id: str, word: str) -> bool:
    """Keep what desks are told of a dossier; ``False`` where they have heard it."""
    before = db.execute(select(rows.c.told).where(rows.c.dossier_id == dossier_id)).scalar()
    if before == word:
        return False
    _set(db, dossier_id, told=word)
    return True


def _read_on(db: Connection, cursor: int) -> int:
    found = db.execute(
        select(changes.c.seq, changes.c.change_type, changes.c.body)
        .where(changes.c.seq > cursor)
        .order_by(changes.c.seq)
        .limit(_PAGE)
    ).all()
    if not found:
        return 0
    moved = {subject["id"] for row in found if (subject := _subject(row)) is not None}
    _want(db, sorted(moved))
    _keep(db, _CURSOR, str(found[-1].seq))
    return len(found)


def _subject(row: Any) -> dict[str, str] | None:
    """The dossier a change is about, except what we told ourselves."""
    if row.change_type == "national.sync_outcome":
        return None
    subject: dict[str, str] = json.loads(row.body)["subject"]
    return subject if subject["kind"] == "dossier" else None


def _want(db: Connection, ids: Sequence[str]) -> None:
    """Bring the wanted versions of these dossiers up to date."""
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        present = db.execute(
            select(dossiers.c.dossier_id, dossiers.c.version).where(dossiers.c.dossier_id.in_(part))
        ).all()
        known = set(db.execute(select(rows.c.dossier_id).where(rows.c.dossier_id.in_(part))).scalars())
        new = [
            {**_NEW, "dossier_id": each.dossier_id, "wanted_version": each.version}
            for each in present
            if each.dossier_id not in known
        ]
        if new:
            db.execute(insert(rows), new)
        for each in present:
            if each.dossier_id in known:
                _moved(db, each.dossier_id, each.version)


def _moved(db: Connection, dossier_id: str, version: int) -> None:
    newer = (rows.c.dossier_id == dossier_id, rows.c.wanted_version < version)
    again = {"wanted_version": version, "state": "waiting"}
    db.execute(update(rows).where(*newer).values(**again))


def _sweep(db: Connection) -> int:
    """Every dossier there is: the first look, or the feed was cut off behind us."""
    end = db.execute(select(func.max(changes.c.seq))).scalar() or 0
    known = select(rows.c.dossier_id).where(rows.c.dossier_id == dossiers.c.dossier_id).exists()
    names = ["dossier_id", "wanted_version", *_NEW]
    fresh = [literal(value, type_=rows.c[name].type) for name, value in _NEW.items()]
    missing = select(dossiers.c.dossier_id, dossiers.c.version, *fresh).where(~known)
    db.execute(insert(rows).from_select(names, missing))
    version = select(dossiers.c.version).where(dossiers.c.dossier_id == rows.c.dossier_id).scalar_subquery()
    behind = func.coalesce(version, 0) > rows.c.wanted_version
    db.execute(update(rows).where(behind).values(wanted_version=version, state="waiting"))
    _keep(db, _CURSOR, str(end))
    return 0


def _after_restore(db: Connection, *, known: bool) -> None:
    """The store came from a copy: the portal may have steps from after it."""
    if known:
        db.execute(update(rows).where(rows.c.state != "none").values(doubt=True))
        _keep(db, _CURSOR, None)


def _release(db: Connection, mine: Claim, state: str, version: int, **facts_: Any) -> None:
    wanted = select(rows.c.wanted_version).where(rows.c.dossier_id == mine.dossier_id)
    newer = (db.execute(wanted).scalar() or 0) > version
    _set_mine(
        db,
        mine,
        claimed_by=None,
        claimed_until=0,
        not_before=0,
        tries=0,
        state="waiting" if newer else state,
        **facts_,
    )


def _set_mine(db: Connection, mine: Claim, **facts_: Any) -> None:
    """Change the row while it is ours; a process that came late leaves it to the other."""
    own = (rows.c.dossier_id == mine.dossier_id, rows.c.claimed_by == mine.owner)
    db.execute(update(rows).where(*own).values(**facts_))


def _set(db: Connection, dossier_id: str, **facts_: Any) -> None:
    db.execute(update(rows).where(rows.c.dossier_id == dossier_id).values(**facts_))


def _files(db: Connection, dossier_id: str) -> Sequence[Any]:
    return db.execute(select(files).where(files.c.dossier_id == dossier_id)).all()


def _fact(db: Connection, name: str) -> str | None:
    return db.execute(select(facts.c.value).where(facts.c.name == name)).scalar()


def _keep(db: Connection, name: str, value: str | None) -> None:
    db.execute(facts.delete().where(facts.c.name == name))
    if value is not None:
        db.execute(insert(facts).values(name=name, value=value))
