"""Sends the outbox: contiguous runs, each under one key until it is answered (SYNC-PROTOCOL §3.3 step 4).

Where a second lane stands open, the next run is already on the line while the province judges the one before.
That is harmless: a run that comes before its turn meets ``seq-gap``, stores nothing there, and goes again.
"""

from __future__ import annotations

import contextlib
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from app import failpoints
from app.models.epochs import StreamEnd, stream_end
from app.models.tables import event
from app.protocol import messages as m
from app.protocol.chain import chain_start
from app.protocol.ids import new_id
from app.sync.kept_runs import KeptRun, drop_run, keep_run, kept_runs
from app.sync.lanes import Turn
from app.sync.link import Link, StoppedError
from app.sync.marks import NARROW, RUN_SIZE, drop_mark, read_mark, write_mark
from app.sync.province import Province
from app.sync.status import count_waiting
from app.sync.trouble import (
    BusyError,
    ForkError,
    LineTroubleError,
    NoLineError,
    NotBelievedError,
    RefusedError,
)
from app.sync.verdicts import apply_verdicts
from app.sync.words import outcome_of

MAX_EVENTS: Final = 500
MAX_BYTES: Final = 1_048_576
_ENVELOPE: Final = 256
_TROUBLES: Final = 6
_SAME_AGAIN: Final = 2
"""How often an unanswered run is repeated as it is before a smaller one takes its place."""
_LAST_RUN: Final = 192
_MEASURED: Final = 64
_SLOW_MS: Final = 40_000
_QUICK_MS: Final = 15_000
"""Two runs at once share the line: beyond the first they come near the stall limit, below the second a run
alone was quick enough to try it again."""


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


@dataclass
class _Sent:
    """A run under way."""

    run: Run
    answer: Future[m.PushResponse]
    begun_ms: int
    turn: Turn


@dataclass
class _Flight:
    """Runs under way, oldest first. ``broken``: one of them failed, so that the others are not repeated."""

    sent: deque[_Sent] = field(default_factory=deque)
    broken: Event = field(default_factory=Event)
    begun: int = 0

    def through(self, seq: int) -> int:
        """How far the stream is held, or sent."""
        return max(seq, self.sent[-1].run.last) if self.sent else seq


def push_all(link: Link, *, from_seq: int | None = None) -> int:
    """Push until nothing is left; gives the number through which the province holds the stream.

    ``from_seq``: push again from there (repair). Raises ``ForkError`` where the province's history is not
    ours: nothing is pushed over it.
    """
    held = stream_state(link)
    after, again, troubles = (from_seq or 1) - 1, from_seq, 0
    flight = _Flight()
    try:
        while True:
            _fill(link, flight, held, after, again)
            if not flight.sent:
                return held
            try:
                answer = _awaited(link, flight)
                if link.lanes.wide:
                    _fill(link, flight, held, after, None, more=1)
                run, through = _land_one(link, flight, answer)
            except LineTroubleError as trouble:
                troubles += 1
                _note_trouble(link, flight.sent.popleft().run, trouble)
                _land(link, flight)
                if troubles > _TROUBLES or not _goes_on(trouble):
                    raise
                held, flight = stream_state(link), _Flight()
                continue
            held, after, again = max(held, through), run.last, None
    except BaseException:
        with contextlib.suppress(Exception):
            _land(link, flight)
        raise


def _fill(link: Link, flight: _Flight, held: int, after: int, again: int | None, *, more: int = 0) -> None:
    """Start runs until every lane carries one or nothing is left to send. ``more``: so many are answered
    and only have to be stored, so that their lanes are free."""
    lanes = 2 if link.lanes.wide and not link.narrow else 1
    while len(flight.sent) < lanes + more:
        link.tell("push", link.tally.pushed, link.tally.pushed + _waiting(link))
        link.under_way = {sent.run.key for sent in flight.sent}
        run = _prepare(link, flight.through(held), flight.through(after), None if flight.sent else again)
        if run is None:
            return
        failpoints.hit("before_send")
        turn = Turn(flight.sent[-1].turn.gone if flight.sent else None, off=flight.broken)
        begun = link.desk.clock.monotonic_ms()
        answer = link.lanes.begin(flight.begun, partial(_push, link, flight, run), turn)
        flight.sent.append(_Sent(run, answer, begun, turn))
        flight.begun += 1


def _push(link: Link, flight: _Flight, run: Run, province: Province) -> m.PushResponse:
    return link.patiently(partial(province.push, run.body, run.key), flight.broken.is_set)


def _awaited(link: Link, flight: _Flight) -> m.PushResponse:
    """The answer to the oldest run, believed as far as its own words go."""
    answer = flight.sent[0].answer.result()
    failpoints.hit("after_send")
    _check_answer(flight.sent[0].run, answer)
    return answer


def _land_one(link: Link, flight: _Flight, answer: m.PushResponse) -> tuple[Run, int]:
    """Store the answer to the oldest run; the run, and how far the province held the stream by then."""
    sent = flight.sent[0]
    through = _commit(link, sent.run, answer, link.desk.clock.monotonic_ms() - sent.begun_ms)
    flight.sent.popleft()
    return sent.run, through


def _land(link: Link, flight: _Flight) -> None:
    """Let what is still under way come to its end; a good answer counts, whatever happened before it."""
    flight.broken.set()
    while flight.sent:
        sent = flight.sent[0]
        try:
            _land_one(link, flight, _awaited(link, flight))
        except LineTroubleError as trouble:
            _note_trouble(link, flight.sent.popleft().run, trouble)
        except StoppedError:
            flight.sent.remove(sent)


def ask_stream(link: Link) -> None:
    """Ask for the stream's state beside what is asked first, where a token is at hand."""
    if link.province.has_token():
        with link.desk.store.read() as connection:
            epoch = stream_end(connection).epoch
        link.ask_ahead("stream", lambda province: province.stream(epoch))


def stream_state(link: Link) -> int:
    """How far the province holds my stream. Raises ``ForkError`` (§3.3 step 3)."""
    with link.desk.store.read() as connection:
        end = stream_end(connection)
    state = link.asked("stream", lambda province: province.stream(end.epoch))
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
        keep_run(connection, run.epoch, run.first, run.last, run.key)
        connection.execute(
            update(event).where(_within(run)).values(tries=event.c.tries + 1, last_try_at=link.now())
        )
        return run


def _unanswered_run(connection: Connection, link: Link, end: StreamEnd, held: int) -> Run | None:
    """The very same run as before, where its outcome is still unknown.

    A run the province surely has not got, and that failed twice, makes room for a smaller one.
    """
    for kept in kept_runs(connection):
        if kept["key"] in link.under_way:
            continue
        if kept["epoch"] == end.epoch and not _given_up(connection, kept, held):
            return _run_of(connection, link, end.epoch, kept["first"], kept["last"], kept["key"], check=False)
        drop_run(connection, kept["key"])
    return None


def _given_up(connection: Connection, kept: KeptRun, held: int) -> bool:
    if held < kept["first"] - 1 or (held < kept["first"] and kept["tries"] >= _SAME_AGAIN):
        return True
    c = event.c
    inside = (c.epoch == kept["epoch"]) & (c.desk_seq >= kept["first"]) & (c.desk_seq <= kept["last"])
    return connection.execute(select(c.event_id).where(inside, c.verdict.is_(None)).limit(1)).first() is None


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
    if link.lanes.wide:
        size = min(size, _share(end.last_seq - start + 1))
    return _run_of(connection, link, end.epoch, start, start + max(1, size) - 1, key, check=True)


def _share(left: int) -> int:
    """Runs get shorter towards the end, so that little has to be judged once the last byte has come; the last
    is long enough to be on the line until the answer to the one before is here."""
    return left if left <= _LAST_RUN else left * 2 // 3


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


def _commit(link: Link, run: Run, answer: m.PushResponse, took_ms: int) -> int:
    """Believe the answer, then store verdicts, marks and run size in one transaction (I12)."""
    with link.desk.store.write() as connection:
        end = stream_end(connection)
        if chain_at(connection, end, answer.received_through_seq) != answer.chain:
            raise ForkError("the chain after the push differs")
        now = link.now()
        apply_verdicts(connection, answer.verdicts, now)
        drop_run(connection, run.key)
        _note_pace(connection, link, run, took_ms)
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
        if isinstance(trouble, RefusedError) and trouble.code not in _SAME_KEY_AGAIN:
            drop_run(connection, run.key)
        if isinstance(trouble, NoLineError) and trouble.slow and link.lanes.wide:
            _go_narrow(connection, link)
        if isinstance(trouble, NoLineError) or _too_large(trouble):
            write_mark(connection, RUN_SIZE, max(1, _asked_size(trouble, len(run.events))))


_SAME_KEY_AGAIN: Final = ("idempotency-in-progress", "seq-gap")
"""Refusals that leave it open whether the very same request comes through after all."""


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


def _note_pace(connection: Connection, link: Link, run: Run, took_ms: int) -> None:
    if link.lanes.wide and took_ms > _SLOW_MS:
        _go_narrow(connection, link)
    elif not link.lanes.wide and took_ms < _QUICK_MS and len(run.events) >= _MEASURED:
        drop_mark(connection, NARROW)


def _go_narrow(connection: Connection, link: Link) -> None:
    """One run after the other from here on."""
    link.narrow = True
    write_mark(connection, NARROW, True)


def _within(run: Run) -> Any:
    c = event.c
    return (c.epoch == run.epoch) & (c.desk_seq >= run.first) & (c.desk_seq <= run.last)
