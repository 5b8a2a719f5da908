"""A new epoch of the desk's stream, with what the province does not hold moved into it (§3.3 step 3, §3.13).

Opened when the desk becomes a new desk to the province (its keys were lost and it enrolled again), and by
whatever makes a desk out of a copy (I9). Events the province has judged stay where they are.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from app.clock import Clock
from app.domain.dossier_number import draw_mark
from app.models.tables import event, stream, sync_mark
from app.protocol.canonical import canonical_bytes
from app.protocol.chain import chain_start
from app.protocol.events import EventDraft, build_event, renumbered
from app.protocol.ids import new_id
from app.protocol.parts import Actor, ClockEvidence, Subject
from app.protocol.payloads import StreamOpened
from app.version import VERSION

RESTORED: Final = "restored"
"""The reason of an epoch that a restored copy begins (StreamOpened)."""
SYSTEM: Final = Actor(officer_id="program", officer_name="Chương trình", role="system")
CLOCK_MARK: Final = "clock"
SENDING_MARK: Final = "sending"
"""Marks of sync that an event needs and that a new epoch ends."""


@dataclass(frozen=True)
class StreamEnd:
    """The stream now written to."""

    epoch: str
    last_seq: int
    chain: str


def stream_end(connection: Connection) -> StreamEnd:
    """Epoch, last number and chain of the stream now written to."""
    c = stream.c
    row = connection.execute(select(c.epoch, c.last_seq, c.chain).order_by(c.position.desc()).limit(1)).one()
    return StreamEnd(*row)


def open_epoch(
    connection: Connection,
    clock: Clock,
    reason: str,
    *,
    parent: StreamEnd | None = None,
    mark: str | None = None,
) -> str:
    """Open a new epoch and give its id. Unjudged events keep their id and content and get a new number,
    digest and chain in it, in their old order; an unjudged ``stream.opened`` stays behind, since only the
    first event of an epoch may be one.

    ``parent``: the epoch this one follows at the province, where that is not the one written to until now;
    ``mark``: a mark to keep, where the numbers given under it go on (the same copy of the desk).
    """
    parent = parent or stream_end(connection)
    epoch, now = new_id(), clock.now()
    position = connection.execute(select(func.max(stream.c.position))).scalar_one()
    connection.execute(
        insert(stream).values(
            epoch=epoch,
            position=position + 1,
            reason=reason,
            parent_epoch=parent.epoch,
            parent_last_seq=parent.last_seq,
            mark=mark or _fresh_mark(connection),
            opened_at=now,
            last_seq=0,
            chain=chain_start(epoch),
        )
    )
    connection.execute(delete(sync_mark).where(sync_mark.c.key == SENDING_MARK))
    opened = _opening_event(connection, clock, epoch, parent.epoch, parent.last_seq, reason)
    seq, chain = 1, opened["chain"]
    for moved in _unjudged(connection):
        seq += 1
        body = renumbered(json.loads(moved.body), seq, chain)
        chain = body["chain"]
        connection.execute(
            update(event)
            .where(event.c.event_id == moved.event_id)
            .values(
                epoch=epoch,
                desk_seq=seq,
                body=canonical_bytes(body),
                digest=body["digest"],
                chain=chain,
            )
        )
    connection.execute(update(stream).where(stream.c.epoch == epoch).values(last_seq=seq, chain=chain))
    return epoch


def _fresh_mark(connection: Connection) -> str:
    """A mark that no epoch of this desk has borne."""
    borne = set(connection.execute(select(stream.c.mark)).scalars())
    while (mark := draw_mark(secrets.SystemRandom())) in borne:
        pass
    return mark


def _unjudged(connection: Connection) -> list[Any]:
    c = event.c
    return list(
        connection.execute(
            select(c.event_id, c.body)
            .join(stream, stream.c.epoch == c.epoch)
            .where(c.verdict.is_(None), c.type != "stream.opened")
            .order_by(stream.c.position, c.desk_seq)
        )
    )


def _opening_event(
    connection: Connection, clock: Clock, epoch: str, parent: str, parent_last: int, reason: str
) -> dict[str, Any]:
    now, event_id = clock.now(), new_id()
    query = select(sync_mark.c.value).where(sync_mark.c.key == CLOCK_MARK)
    measured = connection.execute(query).scalar_one_or_none()
    payload = StreamOpened(
        reason=reason,
        software_version=VERSION,
        parent_epoch=parent,
        parent_last_seq=parent_last,
    )
    body = build_event(
        EventDraft("stream.opened", Subject("stream", epoch), SYSTEM, now, payload),
        event_id=event_id,
        desk_seq=1,
        recorded_at=now,
        clock=ClockEvidence(
            offset_ms=measured["offset_ms"] if measured else None,
            boot_id=clock.boot_id,
            monotonic_ms=clock.monotonic_ms(),
        ),
        previous_chain=chain_start(epoch),
    )
    connection.execute(
        insert(event).values(
            event_id=event_id,
            epoch=epoch,
            desk_seq=1,
            type="stream.opened",
            schema=body["schema"],
            subject_kind="stream",
            subject_id=epoch,
            occurred_at=now,
            recorded_at=now,
            body=canonical_bytes(body),
            digest=body["digest"],
            chain=body["chain"],
            files=[],
        )
    )
    return body
