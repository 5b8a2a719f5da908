"""The feed no longer reaches back: the present state is taken, nothing of this desk is lost (§3.7)."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import select

from app.models import tables
from app.protocol.parts import Subject
from app.sync.context import SyncDesk
from app.sync.marks import CURSOR, read_mark, write_mark
from app.sync.report import RoundReport
from app.sync.round import run_round
from tests.support.desk_store import add_event, dossier_row, receive, verdicts
from tests.support.fault_proxy import FaultProxy, drop_answer
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import dossiers_of


def sync(desk: SyncDesk) -> RoundReport:
    return run_round(desk, sleep=lambda _: None)


def forget_place(desk: SyncDesk) -> str:
    """A place in a feed the gateway does not know any more."""
    gone = base64.urlsafe_b64encode(b"gone:5").rstrip(b"=").decode()
    with desk.store.write() as connection:
        write_mark(connection, CURSOR, gone)
    return gone


def cursor(desk: SyncDesk) -> Any:
    with desk.store.read() as connection:
        return read_mark(connection, CURSOR)


def test_cursor_gone_while_much_waits(gateway: Gateway, new_desk: EnrolledDesk, unit: str) -> None:
    desk, other = new_desk(), new_desk()
    first = receive(desk, 1)
    assert sync(desk).reconciled
    theirs = receive(other, 700)
    with other.store.write() as connection:
        subject = Subject("dossier", first.id, first.number)
        add_event(connection, other.clock, "dossier.progress", subject, {"note": "Thẩm tra"})
    assert sync(other).reconciled
    for n in range(2, 62):
        receive(desk, n)
    gone = forget_place(desk)
    report = sync(desk)
    assert report.reconciled, report.outcome
    assert report.pushed == 60 and None not in verdicts(desk)
    assert dossiers_of(gateway, unit) == 62
    assert dossier_row(desk, first.id)["status"] == 4
    assert cursor(desk) not in (None, gone)
    with desk.store.read() as connection:
        numbers = connection.execute(select(tables.dossier.c.number)).scalars().all()
        proposals = connection.execute(select(tables.proposal.c.id)).all()
    assert all(numbers) and len(numbers) == 62 and not proposals
    assert dossier_row(desk, theirs.id)["provisional_number"] == theirs.number
    again = sync(desk)
    assert again.reconciled and again.pulled == 0


def test_a_deferred_event_is_asked_for_again(new_desk: EnrolledDesk) -> None:
    from tests.sync.test_uploads import scan

    desk, helper = new_desk(), new_desk()
    file = scan(helper, 2000)
    wanted = receive(desk, 1, files=(file,))
    assert sync(desk).deferred == 1
    receive(helper, 2, files=(file,))
    assert sync(helper).files_sent == 1
    forget_place(desk)
    assert sync(desk).reconciled
    assert dossier_row(desk, wanted.id)["sync_state"] == "accepted"


@pytest.mark.parametrize("times", [1, 4])
def test_a_snapshot_that_breaks_off_is_taken_again(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, times: int
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    assert sync(desk).reconciled
    gone = forget_place(desk)
    for _ in range(times):
        proxy.once(drop_answer(), "/v1/snapshot")
    report = sync(desk)
    assert report.reconciled == (times == 1)
    if not report.reconciled:
        assert cursor(desk) == gone
        assert sync(desk).reconciled
    assert cursor(desk) != gone
