"""The province's present state, where its feed no longer reaches back to this desk's place (§3.7).

Provincial state is noted beside the desk's own; what waits here is neither deleted nor overwritten. The
cursor moves only with the last page, so a snapshot that breaks off is simply taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, select

from app.models.tables import dossier, event
from app.protocol import messages as m
from app.sync.blocks import keep_block
from app.sync.link import Link, own_units
from app.sync.marks import CURSOR, write_mark
from app.sync.status import DEFERRED
from app.sync.taken_in import missed_changes, take_in
from app.sync.trouble import RefusedError
from app.sync.verdicts import apply_verdict, note_version

_BEGINNINGS: Final = 3
TakeEach = Callable[[Connection, Iterable[m.Change], datetime], int]


def take_snapshot(link: Link, take_each: TakeEach) -> int:
    """Take every page, then ask again for what a feed would have brought; how many dossiers came.

    Raises ``RefusedError`` where the pages go stale again and again, and what the line raises.
    """
    for beginning in range(1, _BEGINNINGS + 1):
        try:
            count, cursor = _pages(link, take_each)
        except RefusedError as refused:
            if refused.code != "page-expired" or beginning == _BEGINNINGS:
                raise
            continue
        _deferred_again(link)
        _blocks_again(link)
        with link.desk.store.write() as connection:
            write_mark(connection, CURSOR, cursor)
        return count
    raise AssertionError("unreachable")


def _pages(link: Link, take_each: TakeEach) -> tuple[int, str]:
    page: str | None = None
    count, cursor = 0, ""
    while True:
        link.tell("snapshot", count)
        answer = link.patiently(partial(link.province.snapshot, page))
        if page is None:
            cursor = answer.cursor
        with link.desk.store.write() as connection:
            now = link.now()
            take_each(connection, answer.changes, now)
            for state in answer.dossiers:
                _take_state(connection, state, now, take_each)
        count += len(answer.dossiers)
        page = answer.next_page
        if page is None:
            return count, cursor


def _take_state(connection: Connection, state: m.DossierState, now: datetime, take_each: TakeEach) -> None:
    """A dossier as the province has it: what differs here is taken as the changes that were missed."""
    c = dossier.c
    row = connection.execute(select(dossier).where(c.id == state.dossier_id)).mappings().first()
    if row is None:
        take_in(connection, state, own_units(connection), now)
    else:
        take_each(connection, list(missed_changes(state, dict(row), now, own_units(connection))), now)
    note_version(connection, state.dossier_id, state.version, state.status)


def _deferred_again(link: Link) -> None:
    """Late verdicts have passed by: every event that waited is asked for by its id."""
    with link.desk.store.read() as connection:
        ids = list(connection.execute(select(event.c.event_id).where(DEFERRED)).scalars())
    for event_id in ids:
        link.check()
        try:
            verdict = link.patiently(partial(link.province.event_verdict, event_id))
        except RefusedError:
            continue
        if verdict.event_id == event_id:
            with link.desk.store.write() as connection:
                apply_verdict(connection, verdict, link.now())


def _blocks_again(link: Link) -> None:
    try:
        blocks = link.patiently(link.province.number_blocks)
    except RefusedError:
        return
    with link.desk.store.write() as connection:
        for block in blocks:
            keep_block(connection, block)
