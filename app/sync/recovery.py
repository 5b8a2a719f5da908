"""The desk's own events fetched back after a restored backup (SYNC-PROTOCOL §3.3 step 3, I9).

What the province holds of older epochs is put back as it holds it, with its verdict; what it does not hold
goes on in the new epoch under new numbers. Until all of it is here nothing is sent, so no event is sent
twice and no number is given twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from app.models.epochs import RESTORED, StreamEnd, open_epoch, stream_end
from app.models.tables import dossier, event, notice, stream
from app.protocol import messages as m
from app.protocol.canonical import canonical_bytes
from app.protocol.chain import chain_next, chain_start, event_digest
from app.sync.blocks import keep_block
from app.sync.downloads import want_files
from app.sync.link import Link
from app.sync.marks import RECOVERED, read_mark, write_mark
from app.sync.rebuild import ensure_dossier, moment_of, retell
from app.sync.sender import chain_at
from app.sync.spent_numbers import note_number
from app.sync.trouble import ForkError, NotBelievedError, RefusedError, TooLargeAnswerError, TwinError
from app.sync.verdicts import apply_verdict, confirm_stream
from app.text import t

PAGE: Final = 200


def recover_restored(link: Link) -> int:
    """Fetch own events back where this desk was made out of a copy and has not asked yet; how many came.

    Raises ``ForkError`` where the province's history differs from what it has judged before: then
    nothing is sent over it.
    """
    with link.desk.store.read() as connection:
        here = stream_end(connection)
        row = connection.execute(select(stream).where(stream.c.epoch == here.epoch)).mappings().one()
        done = read_mark(connection, RECOVERED)
    if row["reason"] != RESTORED or done == here.epoch:
        return 0
    state = link.patiently(partial(link.province.stream, here.epoch))
    _take_blocks(link)
    came = 0
    for other in state.other_epochs:
        came += _take_epoch(link, other, StreamEnd(here.epoch, state.received_through_seq, state.chain))
    _go_on(link, state, dict(row))
    return came


def begin_again(link: Link) -> None:
    """After a fork: open an epoch of its own for what the province lacks and tell the officer.

    The province is asked once more first; raises ``ForkError`` where it does not confirm the fork, and
    ``TwinError`` where another copy of this desk has closed the epoch: this desk never closes the one it
    writes to, so that copy has gone on, and the second to sync stops (RELIABILITY, promise 2).
    """
    with link.desk.store.read() as connection:
        here = stream_end(connection)
    state = link.patiently(partial(link.province.stream, here.epoch))
    with link.desk.store.write() as connection:
        here = stream_end(connection)
        if _closed(here, state):
            raise TwinError("another copy has gone on")
        if not _forked(connection, here, state):
            raise ForkError("an answer of another history, not confirmed")
        open_epoch(connection, link.desk.clock, RESTORED)
        words = t(
            "Máy này thiếu việc tỉnh đang giữ (có thể vừa chạy lại từ bản cũ). Máy đã lấy lại các việc đó "
            "từ tỉnh và mở sổ gửi mới; không việc nào bị ghi đè."
        )
        connection.execute(insert(notice).values(at=link.now(), severity="warning", body=words))


def _forked(connection: Connection, here: StreamEnd, state: m.StreamState) -> bool:
    return chain_at(connection, here, state.received_through_seq) != state.chain


def _closed(here: StreamEnd, state: m.StreamState) -> bool:
    return any(other.epoch == here.epoch and other.closed for other in state.other_epochs)


def _take_blocks(link: Link) -> None:
    """The number blocks this desk holds at the province, which an older copy may not know."""
    try:
        blocks = link.patiently(link.province.number_blocks)
    except RefusedError:
        return
    with link.desk.store.write() as connection:
        for block in blocks:
            keep_block(connection, block)


def _take_epoch(link: Link, other: m.OtherEpoch, sent: StreamEnd) -> int:
    """Every event of one older epoch that this copy lacks; page by page, each page one commit.

    ``sent``: how far the province has the present epoch already (brought by a bundle): that part stays.
    """
    epoch, limit, came = other.epoch, PAGE, 0
    with link.desk.store.write() as connection:
        _know_stream(connection, link, epoch)
        last, chain = _held_here(connection, epoch)
    while last < other.received_through_seq:
        link.tell("recover", last, other.received_through_seq)
        try:
            page = link.patiently(partial(link.province.own_events, epoch, last + 1, limit))
        except TooLargeAnswerError:
            if limit == 1:
                raise
            limit = max(1, limit // 10)
            continue
        _check_page(page, epoch, last, chain)
        with link.desk.store.write() as connection:
            for body, verdict in zip(page.events, page.verdicts, strict=True):
                came += _put_back(connection, link, epoch, body, verdict, sent)
            last, chain = page.events[-1]["desk_seq"], page.events[-1]["chain"]
            connection.execute(
                update(stream)
                .where(stream.c.epoch == epoch, stream.c.last_seq <= last)
                .values(last_seq=last, chain=chain)
            )
    return came


def _know_stream(connection: Connection, link: Link, epoch: str) -> None:
    """A row for an epoch this copy never saw, placed before the one written to."""
    c = stream.c
    if connection.execute(select(c.epoch).where(c.epoch == epoch)).first() is not None:
        return
    here = stream_end(connection).epoch
    place = connection.execute(select(c.position).where(c.epoch == here)).scalar_one()
    connection.execute(update(stream).where(c.epoch == here).values(position=place + 1))
    connection.execute(
        insert(stream).values(
            epoch=epoch,
            position=place,
            reason="recovered",
            opened_at=link.now(),
            last_seq=0,
            chain=chain_start(epoch),
        )
    )


def _held_here(connection: Connection, epoch: str) -> tuple[int, str]:
    """How far this copy holds the epoch with the province's word on each event, and the chain there."""
    c = event.c
    numbers = connection.execute(
        select(c.desk_seq).where(c.epoch == epoch, c.verdict.is_not(None)).order_by(c.desk_seq)
    ).scalars()
    last = 0
    for number in numbers:
        if number != last + 1:
            break
        last = number
    chain = chain_at(connection, StreamEnd(epoch, last, ""), last)
    assert chain is not None
    return last, chain


def _check_page(page: m.RecoveredEvents, epoch: str, last: int, chain: str) -> None:
    """Own events in order, each whole, each the next link after what is here."""
    if page.epoch != epoch or not page.events or len(page.events) != len(page.verdicts):
        raise NotBelievedError("not the events asked for")
    for number, (body, verdict) in enumerate(zip(page.events, page.verdicts, strict=True), last + 1):
        named = (body.get("desk_seq"), body.get("event_id"))
        if named != (number, verdict.event_id) or verdict.desk_seq != number:
            raise NotBelievedError("not the events asked for")
        try:
            digest = event_digest(body)
        except ValueError:
            raise NotBelievedError("an event that is none") from None
        if digest != body.get("digest"):
            raise NotBelievedError("a damaged event")
        chain = chain_next(chain, digest)
        if chain != body.get("chain"):
            raise ForkError("the province holds another history")


def _put_back(
    connection: Connection,
    link: Link,
    epoch: str,
    body: dict[str, Any],
    verdict: m.Verdict,
    sent: StreamEnd,
) -> int:
    """One event as the province holds it; 1 where this copy did not have it."""
    c = event.c
    columns = {
        "epoch": epoch,
        "desk_seq": body["desk_seq"],
        "body": canonical_bytes(body),
        "digest": body["digest"],
        "chain": body["chain"],
    }
    known = connection.execute(
        select(c.epoch, c.desk_seq, c.body).where(c.event_id == body["event_id"])
    ).first()
    if known is None:
        made = ensure_dossier(connection, body, verdict, link.now())
        connection.execute(insert(event).values(**columns, **_facts(connection, body, verdict)))
        if body.get("corrects"):
            connection.execute(
                update(event)
                .where(c.event_id == body["corrects"], c.answered_by.is_(None))
                .values(answered_by=body["event_id"])
            )
        note_number(connection, body)
        if verdict.outcome != "rejected":
            want_files(connection, body.get("payload"), "component")
        retell(connection, body, verdict, link.now(), made=made)
    elif known.epoch != epoch:
        if _content(json.loads(known.body)) != _content(body):
            return 0
        if known.epoch != sent.epoch or known.desk_seq > sent.last_seq:
            connection.execute(update(event).where(c.event_id == body["event_id"]).values(**columns))
    apply_verdict(connection, verdict, link.now())
    return int(known is None)


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in body if name not in ("desk_seq", "digest", "chain")}


def _facts(connection: Connection, body: Mapping[str, Any], verdict: m.Verdict) -> dict[str, Any]:
    """The columns beside the body. A rejected event may break the contract; what is unreadable is plain."""
    subject = body.get("subject")
    kind, subject_id = ("", "")
    if isinstance(subject, Mapping):
        kind, subject_id = str(subject.get("kind", "")), str(subject.get("id", ""))
    known = None
    if kind == "dossier":
        known = connection.execute(select(dossier.c.id).where(dossier.c.id == subject_id)).scalar()
    schema, files = body.get("schema"), body.get("files")
    return {
        "event_id": body["event_id"],
        "type": str(body.get("type", "")),
        "schema": schema if isinstance(schema, int) else 1,
        "subject_kind": kind,
        "subject_id": subject_id,
        "dossier_id": known,
        "occurred_at": moment_of(body, "occurred_at") or verdict.received_at,
        "recorded_at": moment_of(body, "recorded_at") or verdict.received_at,
        "files": list(files) if isinstance(files, Sequence) and not isinstance(files, str) else [],
        "corrects": body.get("corrects"),
        "tries": 1,
    }


def _go_on(link: Link, state: m.StreamState, row: Mapping[str, Any]) -> None:
    """The epoch that goes on: this one where it is whole and follows the last the province knows, else a
    new one with the same mark, because an event never changes its number within an epoch."""
    last = state.other_epochs[-1] if state.other_epochs else None
    with link.desk.store.write() as connection:
        here = stream_end(connection)
        c = event.c
        held = connection.execute(select(func.count()).where(c.epoch == here.epoch)).scalar_one()
        follows = last is None or row["parent_epoch"] == last.epoch
        if state.received_through_seq == 0 and (held != here.last_seq or not follows):
            parent = None if last is None else StreamEnd(last.epoch, last.received_through_seq, "")
            open_epoch(connection, link.desk.clock, RESTORED, parent=parent, mark=row["mark"])
        now_on = stream_end(connection).epoch
        write_mark(connection, RECOVERED, now_on)
        first = (c.epoch == now_on) & (c.desk_seq == 1) & (c.verdict == "accepted")
        if connection.execute(select(c.event_id).where(first)).first() is not None:
            confirm_stream(connection, now_on)
