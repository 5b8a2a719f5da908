"""What is asked of both sides: nothing lost, nothing doubled, nothing said to be sent that is not, one number
once, the same chain and the same files, and no personal data where others may read it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import Connection, select

from app.models import tables
from app.protocol.chain import chain_start
from app.province import tables as p
from app.province.store import Store
from app.sync.marks import KEYS_ASKED, KEYS_NEXT, KEYS_REFUSED, read_mark
from tests.hunt.line.side import Side, leaks


@dataclass(frozen=True)
class There:
    """The province's side, read once: by event id, its row; per desk, its streams; and so on."""

    rows: dict[str, Any]
    twice: list[str]
    streams: dict[tuple[str, str], tuple[int, str]]
    codes: list[str]
    feed: list[Any]
    files: dict[tuple[str, str], int]
    keys: set[tuple[str, str]]


def read_province(store: Store) -> There:
    """Everything the rules ask about."""
    e = p.events.c
    with store.read() as db:
        rows = db.execute(select(e.event_id, e.holds_id, e.desk_id, e.verdict, e.digest)).all()
        streams = db.execute(select(p.streams)).all()
        codes = list(db.execute(select(p.dossiers.c.code)).scalars())
        feed = list(db.execute(select(p.changes)).all())
        files = db.execute(select(p.files)).all()
        k = p.desk_keys.c
        keys = db.execute(select(k.desk_id, k.kid).where(k.valid_until.is_(None))).all()
    counted = Counter(row.event_id for row in rows)
    return There(
        {row.holds_id: row for row in rows if row.holds_id},
        [event_id for event_id, count in counted.items() if count > 1],
        {(row.desk_id, row.epoch): (row.received_through, row.chain) for row in streams},
        codes,
        feed,
        {(row.unit_code, row.sha256): row.size for row in files},
        {(row.desk_id, row.kid) for row in keys},
    )


def ask_on_the_way(side: Side, store: Store) -> Iterator[str]:
    """What holds at any moment: nothing counts as sent that the province does not hold."""
    e = p.events.c
    with side.desk.store.read() as connection:
        with store.read() as db:
            rows = db.execute(
                select(e.holds_id, e.digest).where(e.desk_id == side.client_id, e.holds_id.is_not(None))
            )
            held = {row.holds_id: row for row in rows}
        yield from _sent_is_there(connection, held)


def ask_at_the_end(sides: Iterable[Side], there: There, files_folder: Path) -> Iterator[str]:
    """What holds when the line was good for a while."""
    if len(there.codes) != len(set(there.codes)):
        yield "two dossiers with one number at the province"
    if there.twice:
        yield f"{len(there.twice)} events held twice at the province"
    for side in sides:
        with side.desk.store.read() as connection:
            yield from _sent_is_there(connection, there.rows)
            yield from _nothing_lost(connection, side, there)
            yield from _same_chains(connection, side, there)
            yield from _feed_taken(connection, side, there)
            yield from _files_equal(connection, side, there, files_folder)
            yield from _same_key(connection, side, there)


def ask_privacy(sides: Iterable[Side], logs: Iterable[Path]) -> Iterator[str]:
    """No personal data in an address or a log."""
    for side in sides:
        for path in {seen.path for seen in list(side.proxy.seen)}:
            if leaks(path) or leaks(unquote_plus(path)):
                yield "personal data in an address"
    for log in logs:
        if log.exists() and leaks(log.read_text(encoding="utf-8", errors="replace")):
            yield f"personal data in {log.name}"


def _sent_is_there(connection: Connection, rows: Mapping[str, Any]) -> Iterator[str]:
    c = tables.event.c
    for row in connection.execute(select(c.event_id, c.verdict, c.dossier_id, c.digest)):
        held = rows.get(row.event_id)
        if row.verdict is not None and held is None:
            yield f"verdict {row.verdict} here, and the province does not have the event"
        elif row.verdict is not None and held is not None and held.digest != row.digest:
            yield "another content there than here"
    d = tables.dossier.c
    sent = select(d.id).where(d.sync_state == "accepted")
    for event_id in connection.execute(select(c.event_id).where(c.dossier_id.in_(sent))).scalars():
        if event_id not in rows:
            yield "a dossier marked sent has an event the province does not have"


def _nothing_lost(connection: Connection, side: Side, there: There) -> Iterator[str]:
    c = tables.event.c
    here = {
        row.event_id: row for row in connection.execute(select(c.event_id, c.type, c.verdict, c.dossier_id))
    }
    lost = side.made_events - set(there.rows)
    if lost:
        yield f"{len(lost)} events made and not at the province"
    own = {event_id for event_id, row in there.rows.items() if row.desk_id == side.client_id}
    if own - set(here):
        yield "the province has events of this desk that it does not have"
    for row in here.values():
        if row.verdict is None and row.type != "stream.opened":
            yield "an event without a verdict on a good line"
        elif row.verdict is not None:
            held = there.rows.get(row.event_id)
            if held is not None and held.verdict != row.verdict:
                yield f"verdict {row.verdict} here, {held.verdict} there"


def _same_chains(connection: Connection, side: Side, there: There) -> Iterator[str]:
    s, e = tables.stream.c, tables.event.c
    streams = connection.execute(select(s.epoch, s.last_seq, s.chain).order_by(s.position)).all()
    for index, row in enumerate(streams):
        through, chain = there.streams.get((side.client_id, row.epoch), (0, chain_start(row.epoch)))
        mine = connection.execute(
            select(e.chain).where(e.epoch == row.epoch, e.desk_seq == through)
        ).scalar_one_or_none()
        if chain != (mine if through else chain_start(row.epoch)):
            yield "the chains differ"
        if index == len(streams) - 1 and (through, chain) != (row.last_seq, row.chain):
            yield "the province does not have the whole stream"


def _feed_taken(connection: Connection, side: Side, there: There) -> Iterator[str]:
    taken = set(connection.execute(select(tables.change.c.change_id)).scalars())
    missed = [
        row.change_id
        for row in there.feed
        if row.except_desk != side.client_id
        and (row.desk_id == side.client_id or (row.desk_id is None and row.unit_code == side.unit))
        and row.change_id not in taken
    ]
    if missed:
        yield f"{len(missed)} changes of the province never taken in"


def _files_equal(connection: Connection, side: Side, there: There, folder: Path) -> Iterator[str]:
    c = tables.event.c
    wanted = select(c.files).where(c.verdict.is_distinct_from("rejected"))
    named = {sha for (each,) in connection.execute(wanted) for sha in each or ()}
    for sha256 in named & set(side.scans):
        size = there.files.get((side.unit, sha256))
        path = folder / sha256[:2] / sha256
        if size is None or not path.exists():
            yield "a scan the province does not have"
        elif size != path.stat().st_size or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield "a scan that is not the one that was sent"


def _same_key(connection: Connection, side: Side, there: There) -> Iterator[str]:
    kid = connection.execute(select(tables.gateway.c.signing_kid)).scalar_one()
    if [known for desk, known in there.keys if desk == side.client_id] != [kid]:
        waits = sorted(
            name for name in (KEYS_ASKED, KEYS_NEXT, KEYS_REFUSED) if read_mark(connection, name) is not None
        )
        yield f"the province's newest key of a desk is not the one it uses ({', '.join(waits)})"
