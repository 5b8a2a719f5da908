"""One whole sync, step by step (SYNC-PROTOCOL §3.3). Each step is complete in itself: a round may break off
anywhere and the next one goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import RowMapping, delete, insert, update

from app.clock import to_wire
from app.models.tables import gateway, sync_round
from app.protocol.age_keys import is_recipient
from app.sync import words
from app.sync.blocks import refill
from app.sync.context import SyncDesk
from app.sync.desk_keys import adopt, change_keys, other_pairs
from app.sync.downloads import fetch_files
from app.sync.lanes import Lane, LaneLine, Lanes
from app.sync.link import Link, StoppedError, gateway_row, identity_of, open_client, own_desk_id
from app.sync.marks import (
    ALARM,
    CLOCK,
    COMPLETE,
    NARROW,
    RUN_SIZE,
    SERVER_ID,
    drop_mark,
    read_mark,
    write_mark,
)
from app.sync.procedures import ask_catalogue, fetch_procedures
from app.sync.province import Identity, Measured, Province
from app.sync.receiver import finish_ack, pull_all
from app.sync.reconcile import end_check
from app.sync.recovery import begin_again, recover_restored
from app.sync.report import Progress, RoundReport
from app.sync.sender import ask_stream, push_all
from app.sync.status import count_for_officer, count_waiting
from app.sync.trouble import BusyError, ForkError, LineTroubleError, NotBelievedError, RefusedError
from app.sync.uploads import send_files
from app.sync.words import Outcome

BESIDE_FROM: Final = 64
"""From so many waiting events on, a second connection is worth its own round trips."""
_ROUNDS_KEPT: Final = 2000
_Ended = tuple[Link, Outcome | None, float | None]
_VERSION: Final = "1."
_NEEDS_LOOK: Final = (
    "stream-forked",
    "twin",
    "difference",
    "credentials-refused",
    "desk-suspended",
    "cursor-expired",
    "clock-wrong",
)
"""Outcomes an officer must see: the light turns red until a round fits."""


def run_round(
    desk: SyncDesk,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> RoundReport:
    """One whole round; never raises for the line, the report says how it ended.

    Raises ``LineError`` "never-enrolled", ``StorageError`` "gateway-key-missing", and what the store
    raises. ``stop`` is asked between steps; ``desk.line.hang_up()`` ends a wait inside one.
    """
    started = desk.clock.now()
    with desk.store.read() as connection:
        row, desk_id = gateway_row(connection), own_desk_id(connection)
    with_keys = partial(_with_keys, desk, row, stop, progress, sleep)
    link, outcome, retry_after = with_keys(identity_of(row, desk_id))
    if outcome is not None and outcome.code == "credentials-refused":
        link, outcome, retry_after = _with_other_keys(desk, row, with_keys, (link, outcome, retry_after))
    return _finish(link, started, outcome, retry_after)


def _with_keys(
    desk: SyncDesk,
    row: RowMapping,
    stop: Callable[[], bool],
    progress: Callable[[Progress], None],
    sleep: Callable[[float], None],
    identity: Identity,
) -> _Ended:
    """The round under one identity, up to how it ended."""
    with ExitStack() as stack:
        two = _worth_two(desk)

        def lane() -> Lane:
            line = LaneLine(desk.line, shallow=two)
            client = stack.enter_context(open_client(desk, row, line))
            return Lane(Province(client, desk.clock, identity, desk.tokens), line)

        main = lane()
        link = Link(desk, main.province, row, stop, progress, sleep)
        if two:
            link.lanes = stack.enter_context(Lanes(main.province, [main, lane()]))
        return link, *_attempt(link)


def _with_other_keys(
    desk: SyncDesk, row: RowMapping, with_keys: Callable[[Identity], _Ended], ended: _Ended
) -> _Ended:
    """The province does not know the present key: one of a change that was not confirmed, or an earlier
    one, may be the key it knows. What it gives a token for is the desk's key from then on."""
    for pair in other_pairs(desk):
        desk.tokens.forget()
        again = with_keys(Identity(row["client_id"], row["token_url"], pair))
        if desk.tokens.token:
            adopt(desk, pair, desk.clock.now())
        if again[1] is None or again[1].code != "credentials-refused":
            return again
    return ended


def _worth_two(desk: SyncDesk) -> bool:
    """Whether so much waits that it takes several runs, on a line that bears two of them at once."""
    with desk.store.read() as connection:
        most = min(BESIDE_FROM, read_mark(connection, RUN_SIZE) or BESIDE_FROM)
        return count_waiting(connection) > most and not read_mark(connection, NARROW)


def _attempt(link: Link) -> tuple[Outcome | None, float | None]:
    try:
        return _steps(link), None
    except StoppedError:
        return words.stopped(), None
    except LineTroubleError as trouble:
        if link.stop() or link.desk.line.hung_up:
            return words.stopped(), None
        asked = trouble.retry_after_s if isinstance(trouble, (BusyError, RefusedError)) else None
        return words.outcome_of(trouble), asked


def _steps(link: Link) -> Outcome | None:
    """The steps in their fixed order; ``None`` when the end check fits and nothing is held back."""
    link.tell("meta")
    ask_stream(link)
    measured = link.province.meta()
    if not any(version.startswith(_VERSION) for version in measured.meta.api_versions):
        raise NotBelievedError("no common version")
    _keep_meta(link, measured)
    link.meta = measured.meta
    held = _push(link)
    ask_catalogue(link)
    pull_all(link)
    if "resumable-upload" in measured.meta.features:
        held = _files(link, held)
    _optional(link, lambda: fetch_procedures(link))
    if "number-blocks" in measured.meta.features:
        link.tell("blocks")
        _optional(link, lambda: refill(link.desk.store, link.province, link.row["unit_code"], link.now()))
    outcome = end_check(link, held)
    finish_ack(link)
    _keys(link)
    if outcome is None and link.held_back:
        return words.held_back(link.held_back)
    return outcome


def _push(link: Link) -> int:
    """Send what waits; a desk made out of an older copy first takes its own events back (§3.3 step 3)."""
    recover_restored(link)
    try:
        return push_all(link)
    except ForkError:
        begin_again(link)
        recover_restored(link)
        return push_all(link)


def _files(link: Link, held: int) -> int:
    """Files after events: an event made meanwhile goes before the next chunk."""
    while True:
        with link.desk.store.read() as connection:
            left = count_waiting(connection)
        if not send_files(link, left):
            break
        held = push_all(link)
    if link.tally.files_sent:
        pull_all(link)
    fetch_files(link)
    return held


def _optional(link: Link, step: Callable[[], object]) -> None:
    """A step whose refusal must not keep the round from its end check: catalogue, number blocks."""
    try:
        step()
    except (RefusedError, NotBelievedError, BusyError):
        link.check()


def _keys(link: Link) -> None:
    """The last step: whatever becomes of it, the round has done its work."""
    try:
        change_keys(link)
    except LineTroubleError:
        link.check()


def _keep_meta(link: Link, measured: Measured) -> None:
    """The measured clock, which every later event carries (§3.9), and the recipients for bundles."""
    recipients = [each for each in measured.meta.bundle_recipients if is_recipient(each)]
    with link.desk.store.write() as connection:
        value = {"offset_ms": measured.offset_ms, "synced_at": to_wire(measured.at)}
        write_mark(connection, CLOCK, value)
        write_mark(connection, SERVER_ID, measured.meta.server_id)
        if recipients and recipients != link.row["bundle_recipients"]:
            connection.execute(update(gateway).values(bundle_recipients=recipients))


def _finish(link: Link, started: datetime, outcome: Outcome | None, retry_after: float | None) -> RoundReport:
    """Count what is left, write the round down, move the marks that stand for its end."""
    store, tally = link.desk.store, link.tally
    reconciled = outcome is None or outcome.code == "files-waiting"
    with store.write() as connection:
        ended = link.now()
        if reconciled:
            write_mark(connection, COMPLETE, to_wire(ended))
            drop_mark(connection, ALARM)
        elif outcome is not None and outcome.code in _NEEDS_LOOK:
            alarm = {"code": outcome.code, "words": outcome.words, "next": outcome.next_step}
            write_mark(connection, ALARM, {**alarm, "at": to_wire(ended)})
        waiting, needs = count_waiting(connection), count_for_officer(connection)
        final = outcome or words.complete(waiting, needs)
        report = RoundReport(
            pushed=tally.pushed,
            accepted=tally.accepted,
            duplicate=tally.duplicate,
            deferred=tally.deferred,
            rejected=tally.rejected,
            pulled=tally.pulled,
            files_sent=tally.files_sent,
            files_left=tally.files_left,
            reconciled=reconciled,
            waiting=waiting,
            needs_officer=needs,
            outcome=final,
            retry_after_s=retry_after,
            next_after_s=tally.next_after_s,
        )
        done = connection.execute(
            insert(sync_round).values(
                started_at=started,
                ended_at=ended,
                outcome=final.code,
                counts=report.as_dict(),
                word=final.words,
            )
        )
        key = done.inserted_primary_key
        newest = int(key[0]) if key is not None else 0
        connection.execute(delete(sync_round).where(sync_round.c.id <= newest - _ROUNDS_KEPT))
    return report
