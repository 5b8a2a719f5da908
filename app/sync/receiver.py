"""Takes in provincial changes: page and cursor in one transaction, then the receipt (§3.3 step 5, I12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, insert, select

from app.models.tables import change as change_table
from app.protocol import messages as m
from app.sync.changes import Taken, apply_change
from app.sync.link import Link, own_units
from app.sync.marks import ACKED, CURSOR, read_mark, write_mark
from app.sync.snapshot import take_snapshot
from app.sync.trouble import BusyError, NotBelievedError, RefusedError, TooLargeAnswerError

PAGE: Final = 200


def pull_all(link: Link) -> int:
    """Take pages until there are no more; gives how many changes were new.

    A page larger than an answer may be is asked for again in smaller pieces. Where the province no longer
    knows the desk's place in the feed, its present state is taken first (§3.7).
    """
    taken, limit, renewed = 0, PAGE, False
    while True:
        link.tell("pull", taken)
        with link.desk.store.read() as connection:
            cursor = read_mark(connection, CURSOR)
        try:
            page = link.patiently(partial(link.province.changes, cursor, limit))
        except TooLargeAnswerError:
            if limit == 1:
                raise
            limit = max(1, limit // 10)
            continue
        except RefusedError as refused:
            if refused.code != "cursor-expired" or renewed:
                raise
            link.tally.pulled += take_snapshot(link, take_each)
            renewed = True
            continue
        if page.more and page.next_cursor == cursor:
            raise NotBelievedError("a feed that does not move")
        taken += _commit_page(link, page)
        link.tally.pulled += len(page.changes)
        if not page.more:
            _acknowledge(link)
            return taken


def _commit_page(link: Link, page: m.ChangePage) -> int:
    with link.desk.store.write() as connection:
        return take_changes(connection, page.changes, page.next_cursor, link.now())


def take_changes(connection: Connection, changes: Iterable[m.Change], cursor: str, now: datetime) -> int:
    """Changes and the place in the feed they lead to, in the caller's transaction; how many were new."""
    new = take_each(connection, changes, now)
    write_mark(connection, CURSOR, cursor)
    return new


def take_each(connection: Connection, changes: Iterable[m.Change], now: datetime) -> int:
    """The same without a place in the feed: what a snapshot repeats."""
    new, units, c = 0, own_units(connection), change_table.c
    for change in changes:
        if connection.execute(select(c.change_id).where(c.change_id == change.change_id)).first():
            continue
        new += 1
        row = {
            "change_id": change.change_id,
            "type": change.change_type,
            "at": change.at,
            "subject_kind": change.subject.kind,
            "subject_id": change.subject.id,
            "body": change.model_dump(mode="json"),
            "taken_at": now,
        }
        connection.execute(insert(change_table).values(**row, applied=False))
        if apply_change(Taken(connection, change, now, units)):
            connection.execute(
                change_table.update().where(c.change_id == change.change_id).values(applied=True)
            )
    return new


def _acknowledge(link: Link) -> None:
    """Tell the province what this desk has, beside the steps that follow where there is a second lane."""
    with link.desk.store.read() as connection:
        cursor, acked = read_mark(connection, CURSOR), read_mark(connection, ACKED)
    if cursor == acked:
        return
    finish_ack(link)
    now = link.now()
    link.acking = cursor, lambda: link.asked("ack", lambda province: province.ack(cursor, now))
    link.ask_ahead("ack", lambda province: province.ack(cursor, now))
    if not link.lanes.wide:
        finish_ack(link)


def finish_ack(link: Link) -> None:
    """See the receipt through; without an answer the province is told next time."""
    if link.acking is None:
        return
    (cursor, told), link.acking = link.acking, None
    try:
        told()
    except (RefusedError, BusyError):
        return
    with link.desk.store.write() as connection:
        write_mark(connection, ACKED, cursor)
