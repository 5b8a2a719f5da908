"""One whole round upward, in the order a desk keeps it (§3.3): events before changes before files, and the
end check last. Each step is complete in itself; a round that breaks off is gone on with by the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from app.clock import Clock
from app.protocol.chain import chain_start, files_digest
from app.province.store import Store
from app.province.tables import desks, event_files, events, streams
from app.province.times import to_ms
from app.province.upward import adopt, down, links, parcels, procedures, relay, slices
from app.province.upward.links import Upward
from app.province.upward.upper import Upper, UpperBusy, UpperRefused
from app.province.upward.wire import NotBelieved, NoUpperLine, Wire
from app.province.upward.work import Counts, StoppedError, Work

_VERSION: Final = "1."


@dataclass(frozen=True)
class Report:
    """How a round ended. ``trouble``: ``None`` where the end check fitted; else its stable code.

    ``waiting``: events the upper gateway has not answered; ``retry_after_s``: what it asked for.
    """

    unit: str
    counts: Counts
    waiting: int
    trouble: str | None
    retry_after_s: float | None = None


def run_round(
    store: Store,
    clock: Clock,
    link: Upward,
    *,
    stop: Callable[[], bool] = lambda: False,
    wire: Wire | None = None,
) -> Report:
    """One round of one line; never raises for the line, the report says how it ended."""
    counts = Counts()
    upper = Upper(link, clock, wire)
    trouble, retry_after = None, None
    try:
        trouble = _steps(store, clock, link, upper, stop, counts)
    except StoppedError:
        trouble = "stopped"
    except NoUpperLine:
        trouble = "no-line"
    except NotBelieved:
        trouble = "not-believed"
    except UpperBusy as busy:
        trouble, retry_after = "busy", busy.retry_after_s
    except UpperRefused as refused:
        trouble = refused.code
    finally:
        upper.close()
    return _finish(store, clock, link, counts, trouble, retry_after)


def _steps(
    store: Store, clock: Clock, link: Upward, upper: Upper, stop: Callable[[], bool], counts: Counts
) -> str | None:
    meta = upper.meta()
    if not any(version.startswith(_VERSION) for version in meta.api_versions):
        raise NotBelieved("no common version")
    work = Work(store, clock, link.unit_code, upper, meta, stop, counts)
    with store.write() as db:
        links.note(db, link.unit_code, server_id=meta.server_id, answered_at=to_ms(clock.now()))
    counts.answered = relay.push_all(work)
    down.pull_all(work)
    parcels.send_all(work)
    if counts.files_sent:
        counts.answered += relay.push_all(work)
        down.pull_all(work)
    parcels.fetch_all(work)
    _quietly(lambda: procedures.fetch_all(work))
    _quietly(lambda: slices.refill(work))
    adopt.adopt_all(work)
    return _end_check(work)


def _quietly(step: Callable[[], None]) -> None:
    """A step whose refusal must not keep the round from its end check."""
    try:
        step()
    except (UpperRefused, UpperBusy, NotBelieved):
        return


def _end_check(work: Work) -> str | None:
    """Every stream compared by count, chain and files; ``None`` where all fit."""
    with work.store.read() as db:
        if next(relay.troubles(db, work.unit), None) is not None:
            return "stream-trouble"
        rows = db.execute(_open_streams(work.unit)).all()
        asked = [_question(db, row) for row in rows]
    missing = False
    for question in asked:
        work.check()
        answer = work.upper.reconcile(question)
        if not answer.stream.match:
            return "difference"
        missing = missing or not (answer.files is None or answer.files.match)
    return "files-waiting" if missing else None


def _question(db: Connection, row: Any) -> dict[str, Any]:
    named = set(
        db.execute(
            select(event_files.c.sha256)
            .join(events, events.c.row_id == event_files.c.row_id)
            .where(events.c.stream_id == row.stream_id)
        ).scalars()
    )
    return {
        "epoch": row.epoch,
        "through_seq": row.received_through,
        "count": row.received_through,
        "chain": row.chain if row.received_through else chain_start(row.epoch),
        "files": {"count": len(named), "digest": files_digest(named)},
    }


def _open_streams(unit: str) -> Any:
    return (
        select(streams)
        .join(desks, desks.c.desk_id == streams.c.desk_id)
        .where(desks.c.unit_code == unit, streams.c.closed.is_(False))
        .order_by(streams.c.stream_id)
    )


def _finish(
    store: Store,
    clock: Clock,
    link: Upward,
    counts: Counts,
    trouble: str | None,
    retry_after: float | None,
) -> Report:
    now_ms = to_ms(clock.now())
    with store.write() as db:
        done = {"complete_at": now_ms} if trouble in (None, "files-waiting") else {}
        links.note(db, link.unit_code, tried_at=now_ms, trouble=trouble, **done)
        waiting = relay.waiting(db, link.unit_code)
    return Report(link.unit_code, counts, waiting, trouble, retry_after)
