"""Sends the outbox: contiguous runs, each under one key until it is answered (SYNC-PROTOCOL §3.3 step 4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from app import failpoints
from app.models.epochs import StreamEnd, stream_end
from app.models.tables import event
from app.protocol import messages as m
from app.protocol.chain import chain_start
from app.protocol.ids import new_id
from app.sync.link import Link
from app.sync.marks import RUN_SIZE, SENDING, drop_mark, read_mark, write_mark
from app.sync.status import count_waiting
from app.sync.trouble import (
    BusyError,
    ForkError,
    LineTroubleError,
    NoLineError,
    NotBelievedError,
    RefusedError,
)
from app.sync.verdicts import apply_verdict
from app.sync.words import outcome_of

MAX_EVENTS: Final = 500
MAX_BYTES: Final = 1_048_576
_ENVELOPE: Final = 256
_TROUBLES: Final = 6
_SAME_AGAIN: Final = 2
"""How often an unanswered run is repeated as it is before a smaller one takes its place."""


@dataclass(frozen=True)
class Run:
    """A contiguous run as it goes out; ``events``: (event id, number) in order."""

    epoch: str
    key: str
    events: tuple[tuple[str, int], ...]
    body: bytes

    @property
    def first(self) -> int:
        return self.events[0][1]

    @property
    def last(self) -> int:
        return self.events[-1][1]


def push_all(link: Link, *, from_seq: int | None = None) -> int:
    """Push until nothing is left; gives the number through which the province holds the stream.

    ``from_seq``: push again from there (repair). Raises ``ForkError`` where the province's history is not
    ours: nothing is pushed over it.
    """
    held = stream_state(link)
    after = (from_seq or 1) - 1
    again = from_seq
    troubles = 0
    while True:
        link.tell("push", link.tally.pushed, link.tally.pushed + _waiting(link))
        run = _prepare(link, held, after, again)
        if run is None:
            return held
        failpoints.hit("before_send")
        try:
            answer = link.patiently(partial(link.province.push, run.body, run.key))
        except LineTroubleError as trouble:
            troubles += 1
            _note_trouble(link, run, trouble)
            if troubles > _TROUBLES or not _goes_on(trouble):
                raise
            held = stream_state(link)
            continue
        failpoints.hit("after_send")
        held = _commit(link, run, answer)
        after, again = run.last, None


def stream_state(link: Link) -> int:
    """How far the province holds my stream. Raises ``ForkError`` (§3.3 step 3)."""
    with link.desk.store.read() as connection:
        end = stream_end(connection)
    state = link.patiently(lambda: link.province.stream(end.epoch))
    closed = any(other.epoch == end.epoch and other.closed for other in state.other_epochs)
    if state.epoch != end.epoch:
        raise NotBelievedError("another epoch")
    with link.desk.store.read() as connection:
        if closed or chain_at(connection, stream_end(connection), state.received_through_seq) != state.chain:
            raise ForkError("the province holds another history")
    return state.received_through_seq


def chain_at(connection: Connection, end: StreamEnd, seq: int) -> str | None:
    """My chain after event ``seq``; ``None`` beyond my last."""
    if seq == 0:
        return chain_start(end.epoch)
    c = event.c
    return connection.execute(
        select(c.chain).where(c.epoch == end.epoch, c.desk_seq == seq)
    ).scalar_one_or_none()


def _waiting(link: Link) -> int:
    with link.desk.store.read() as connection:
        return count_waiting(connection)


def _prepare(link: Link, held: int, after: int, again: int | None) -> Run | None:
    """The next run, its key kept and its try counted before a byte leaves (I10, I12)."""
    with link.desk.store.read() as connection:
        if _start(connection, stream_end(connection), held, after, again) is None:
            return None
    failpoints.hit("between_commit_and_send")
    with link.desk.store.write() as connection:
        end = stream_end(connection)
        run = _unanswered_run(connection, link, end, held)
        if run is None:
            start = _start(connection, end, held, after, again)
            run = None if start is None else _new_run(connection, link, end, start, new_id())
        if run is None:
            link.held_back = count_waiting(connection)
            return None
        kept = read_mark(connection, SENDING)
        tries = kept["tries"] + 1 if kept and kept["key"] == run.key else 1
        mark = {"epoch": run.epoch, "first": run.first, "last": run.last, "key": run.key, "tries": tries}
        write_mark(connection, SENDING, mark)
        connection.execute(
            update(event).where(_within(run)).values(tries=event.c.tries + 1, last_try_at=link.now())
        )
        return run


def _unanswered_run(connection: Connection, link: Link, end: StreamEnd, held: int) -> Run | None:
    """The very same run as before, where its outcome is still unknown.

    A run the province surely has not got, and that failed twice, makes room for a smaller one.
    """
    kept = read_mark(connection, SENDING)
    if kept is None or kept["epoch"] != end.epoch:
        return None
    lost = held < kept["first"] - 1 or (held < kept["first"] and kept["tries"] >= _SAME_AGAIN)
    c = event.c
    inside = (c.epoch == end.epoch) & (c.desk_seq >= kept["first"]) & (c.desk_seq <= kept["last"])
    open_still = connection.execute(select(c.event_id).where(inside, c.verdict.is_(None)).limit(1)).first()
    if lost or open_still is None:
        drop_mark(connection, SENDING)
        return None
    return _run_of(connection, link, end.epoch, kept["first"], kept["last"], kept["key"], check=False)


def _start(connection: Connection, end: StreamEnd, held: int, after: int, again: int | None) -> int | None:
    """Where to push from: the first event the province lacks, or the first whose verdict the desk lacks."""
    c = event.c
    unanswered = connection.execute(
        select(func.min(c.desk_seq)).where(c.epoch == end.epoch, c.verdict.is_(None), c.desk_seq > after)
    ).scalar_one()
    lacking = held + 1 if held < end.last_seq else None
    found = [seq for seq in (unanswered, lacking, again) if seq is not None]
    return min(found) if found else None


def _new_run(connection: Connection, link: Link, end: StreamEnd, start: int, key: str) -> Run | None:
    limits = link.meta.limits if link.meta else {}
    size = min(
        read_mark(connection, RUN_SIZE) or MAX_EVENTS, MAX_EVENTS, limits.get("max_events_per_push", 1)
    )
    return _run_of(connection, link, end.epoch, start, start + max(1, size) - 1, key, check=True)


def _run_of(
    connection: Connection, link: Link, epoch: str, first: int, last: int, key: str, *, check: bool
) -> Run | None:
    """The run from the stored bytes themselves; the same numbers always give the same bytes.

    ``check``: keep to the byte limit and stop before the first event the province does not know yet.
    """
    c = event.c
    rows = connection.execute(
        select(c.event_id, c.desk_seq, c.type, c.schema, c.body)
        .where(c.epoch == epoch, c.desk_seq >= first, c.desk_seq <= last)
        .order_by(c.desk_seq)
    )
    limit = min(MAX_BYTES, link.meta.limits["max_push_bytes"]) if link.meta else MAX_BYTES
    taken: list[Any] = []
    size = _ENVELOPE
    for row in rows:
        size += len(row.body) + 1
        if check and ((taken and size > limit) or not _known_there(link, row.type, row.schema)):
            break
        taken.append(row)
    rows.close()
    if not taken:
        return None
    head = f'{{"epoch":"{epoch}","first_seq":{taken[0].desk_seq},"last_seq":{taken[-1].desk_seq},"events":['
    body = head.encode("ascii") + b",".join(row.body for row in taken) + b"]}"
    return Run(epoch, key, tuple((row.event_id, row.desk_seq) for row in taken), body)


def _known_there(link: Link, event_type: str, schema: int) -> bool:
    """Types and schemas the province does not list are held back with all later events (§3.11)."""
    return link.meta is None or schema in link.meta.event_schemas.get(event_type, [])


def _commit(link: Link, run: Run, answer: m.PushResponse) -> int:
    """Believe the answer, then store verdicts, marks and run size in one transaction (I12)."""
    _check_answer(run, answer)
    with link.desk.store.write() as connection:
        end = stream_end(connection)
        if chain_at(connection, end, answer.received_through_seq) != answer.chain:
            raise ForkError("the chain after the push differs")
        now = link.now()
        for verdict in answer.verdicts:
            apply_verdict(connection, verdict, now)
        _settle(connection, run)
        size = read_mark(connection, RUN_SIZE) or MAX_EVENTS
        write_mark(connection, RUN_SIZE, min(MAX_EVENTS, size + max(1, size // 4)))
    for verdict in answer.verdicts:
        link.tally.count(verdict.verdict)
    link.tally.next_after_s = answer.next_sync_after_s
    return answer.received_through_seq


def _check_answer(run: Run, answer: m.PushResponse) -> None:
    """An answer names each of these events in order, and nothing else (I11)."""
    named = tuple((verdict.event_id, verdict.desk_seq) for verdict in answer.verdicts)
    if answer.epoch != run.epoch or named != run.events or answer.received_through_seq < run.last:
        raise NotBelievedError("an answer to something else")


def _note_trouble(link: Link, run: Run, trouble: LineTroubleError) -> None:
    """Say on the events why they still wait, and make the next run fit what happened."""
    with link.desk.store.write() as connection:
        connection.execute(
            update(event).where(_within(run), event.c.verdict.is_(None)).values(last_word=_word(trouble))
        )
        if isinstance(trouble, RefusedError) and trouble.code != "idempotency-in-progress":
            _settle(connection, run)
        if isinstance(trouble, NoLineError) or _too_large(trouble):
            write_mark(connection, RUN_SIZE, max(1, _asked_size(trouble, len(run.events))))


def _word(trouble: LineTroubleError) -> str:
    if isinstance(trouble, (RefusedError, BusyError)) and trouble.problem and trouble.problem.detail:
        return trouble.problem.detail
    return outcome_of(trouble).words


def _asked_size(trouble: LineTroubleError, sent: int) -> int:
    half = sent // 2
    if isinstance(trouble, RefusedError):
        return min(half, trouble.problem.limits.get("max_events_per_push", half))
    return half


def _too_large(trouble: LineTroubleError) -> bool:
    return isinstance(trouble, RefusedError) and trouble.problem.status == 413


def _goes_on(trouble: LineTroubleError) -> bool:
    """Whether the round can go on from the stream's state: 409s (§3.3 step 4), damage on the way, a run
    that was too large and can be made smaller."""
    if not isinstance(trouble, RefusedError):
        return False
    again = ("seq-gap", "chain-mismatch", "epoch-closed", "digest-mismatch", "idempotency-key-reuse")
    return trouble.code in again or _too_large(trouble)


def _settle(connection: Connection, run: Run) -> None:
    kept = read_mark(connection, SENDING)
    if kept is not None and kept["key"] == run.key:
        drop_mark(connection, SENDING)


def _within(run: Run) -> Any:
    c = event.c
    return (c.epoch == run.epoch) & (c.desk_seq >= run.first) & (c.desk_seq <= run.last)
