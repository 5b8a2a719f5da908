"""Carries the desks' streams upward as they are: same epoch, numbers, digests and chain (nothing re-signed).

Order: that in which this gateway took the events in, so that an act of one desk never overtakes another
desk's act on the same dossier. A run's key is made of its epoch and numbers: the same key always goes with
the same bytes (I10), also after a crash. How far a stream is answered moves in the transaction that stores
the verdicts (I12).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from app import failpoints
from app.protocol.chain import chain_start
from app.province.tables import desks, events, streams
from app.province.upward.tables import upward_streams
from app.province.upward.upper import UpperRefused
from app.province.upward.verdicts import take_verdict
from app.province.upward.wire import NotBelieved
from app.province.upward.work import Work

WINDOW: Final = 500
_ENVELOPE: Final = 300
_BEHIND: Final = "behind"
_SPACE: Final = uuid.UUID("5b8a4f1e-7f7d-5c55-9a5e-3f2b9d1c6a70")
_STREAM_TROUBLES: Final = ("seq-gap", "epoch-closed", "chain-mismatch")


@dataclass
class Run:
    """A contiguous run of one stream. ``size``: bytes of its events."""

    stream_id: int
    epoch: str
    rows: list[Any] = field(default_factory=list)
    size: int = 0

    def add(self, row: Any) -> None:
        """One more event."""
        self.rows.append(row)
        self.size += len(row.body.encode()) + 1

    def body(self) -> bytes:
        """The push, from the stored bytes themselves."""
        first, last = self.rows[0].desk_seq, self.rows[-1].desk_seq
        head = f'{{"epoch":"{self.epoch}","first_seq":{first},"last_seq":{last},"events":['
        return (head + ",".join(row.body for row in self.rows) + "]}").encode()

    def key(self) -> str:
        """The same run always has the same key."""
        name = f"{self.epoch}:{self.rows[0].desk_seq}-{self.rows[-1].desk_seq}"
        return str(uuid.uuid5(_SPACE, name))


@dataclass
class _Held:
    """What cannot go on now: streams in trouble, and behind them whatever is about the same subject."""

    streams: set[int]
    desks: set[str]
    subjects: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, db: Connection, unit: str) -> _Held:
        rows = [row for row in db.execute(_streams_of(unit)) if row.trouble]
        behind = {row.desk_id for row in rows if row.trouble == _BEHIND}
        return cls({row.stream_id for row in rows}, behind)

    def holds(self, row: Any, subject: str) -> bool:
        """Whether the event stays here; a desk whose stream is behind opens no new one above before."""
        if row.stream_id in self.streams or subject in self.subjects or row.desk_id in self.desks:
            self.streams.add(row.stream_id)
            self.subjects.add(subject)
            return True
        return False


def push_all(work: Work) -> int:
    """Send what the upper gateway lacks; how many events it has answered."""
    _check_streams(work)
    answered = 0
    while True:
        work.check()
        with work.store.read() as db:
            runs = _next_runs(db, work)
        if not runs:
            return answered
        for run in runs:
            answered += _send(work, run)


def _check_streams(work: Work) -> None:
    """Ask how far each open stream is held: an upper store that was restored has gone back, this one too."""
    with work.store.read() as db:
        known = db.execute(_streams_of(work.unit)).all()
    for row in known:
        if row.closed and row.through is not None and row.through >= row.received_through:
            continue
        work.check()
        state = work.upper.stream(row.epoch)
        if state.epoch != row.epoch:
            raise NotBelieved("another epoch")
        with work.store.write() as db:
            through, trouble = _where(db, row, state)
            _keep(db, row.stream_id, through, trouble)


def _where(db: Connection, row: Any, state: Any) -> tuple[int, str | None]:
    """From where to go on. What the upper gateway holds beyond this store comes again from the desk."""
    held = state.received_through_seq
    if held > row.received_through:
        return row.received_through, _BEHIND
    if _chain_at(db, row, held) != state.chain:
        return row.through or 0, "chain-mismatch"
    return min(held, row.through or 0), None


def _chain_at(db: Connection, row: Any, seq: int) -> str | None:
    if seq == 0:
        return chain_start(row.epoch)
    at_seq = (events.c.stream_id == row.stream_id, events.c.desk_seq == seq)
    return db.execute(select(events.c.chain).where(*at_seq)).scalar()


def _next_runs(db: Connection, work: Work) -> list[Run]:
    """Runs that may go in any order among themselves, and before all that comes after them."""
    limits = work.meta.limits
    most, largest = min(WINDOW, limits["max_events_per_push"]), limits["max_push_bytes"]
    runs: dict[int, Run] = {}
    owners: dict[str, int] = {}
    held = _Held.of(db, work.unit)
    for row in db.execute(_unsent(work.unit)):
        subject = row.subject_id or row.event_id
        if held.holds(row, subject):
            continue
        run = runs.setdefault(row.stream_id, Run(row.stream_id, row.epoch))
        owner = owners.setdefault(subject, row.stream_id)
        full = len(run.rows) >= most or run.size + len(row.body.encode()) + _ENVELOPE > largest
        if owner != row.stream_id or full:
            break
        run.add(row)
    return [run for run in runs.values() if run.rows]


def _send(work: Work, run: Run) -> int:
    work.check()
    failpoints.hit("before_relay")
    try:
        answer = work.upper.push(run.body(), run.key())
    except UpperRefused as refused:
        if refused.code not in _STREAM_TROUBLES:
            raise
        with work.store.write() as db:
            _keep(db, run.stream_id, None, refused.code)
        return 0
    failpoints.hit("after_relay")
    said = {each["event_id"]: each for each in answer.raw["verdicts"]}
    if answer.said.epoch != run.epoch or set(said) != {row.event_id for row in run.rows}:
        raise NotBelieved("verdicts of another run")
    with work.store.write() as db:
        for row in run.rows:
            take_verdict(db, work.now(), work.unit, row.row_id, said[row.event_id])
        _keep(db, run.stream_id, run.rows[-1].desk_seq, None)
    return len(run.rows)


def _keep(db: Connection, stream_id: int, through: int | None, trouble: str | None) -> None:
    values: dict[str, Any] = {"trouble": trouble} | ({} if through is None else {"through": through})
    mine = upward_streams.c.stream_id == stream_id
    if db.execute(update(upward_streams).where(mine).values(**values)).rowcount == 0:
        db.execute(insert(upward_streams).values({"stream_id": stream_id, "through": 0, **values}))


def _streams_of(unit: str) -> Any:
    """Every stream of the unit's desks with how far it has gone up, the oldest first."""
    return (
        select(streams, upward_streams.c.through, upward_streams.c.trouble)
        .join(desks, desks.c.desk_id == streams.c.desk_id)
        .outerjoin(upward_streams, upward_streams.c.stream_id == streams.c.stream_id)
        .where(desks.c.unit_code == unit)
        .order_by(streams.c.stream_id)
    )


def _unsent(unit: str) -> Any:
    columns = ("row_id", "stream_id", "desk_id", "desk_seq", "event_id", "subject_id", "body")
    return (
        select(*(events.c[name] for name in columns), streams.c.epoch)
        .join(streams, streams.c.stream_id == events.c.stream_id)
        .join(upward_streams, upward_streams.c.stream_id == events.c.stream_id)
        .where(events.c.unit_code == unit, events.c.desk_seq > upward_streams.c.through)
        .order_by(events.c.row_id)
        .limit(WINDOW * 2)
    )


def waiting(db: Connection, unit: str) -> int:
    """Events of the unit the upper gateway has not answered."""
    counted = 0
    for row in db.execute(_streams_of(unit)):
        counted += row.received_through - (row.through or 0)
    return counted


def troubles(db: Connection, unit: str) -> Iterator[tuple[str, str]]:
    """(epoch, code) of each stream that cannot go on."""
    for row in db.execute(_streams_of(unit)):
        if row.trouble:
            yield row.epoch, row.trouble
