"""Whole rounds against a real gateway process over a good line and a bad one."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.clock import FixedClock, SystemClock
from app.errors import LineError
from app.models import tables
from app.protocol.canonical import canonical_bytes
from app.protocol.ids import new_id
from app.protocol.parts import FileRef
from app.province import operator
from app.province.tables import events as province_events
from app.sync import status
from app.sync.blocks import refill
from app.sync.context import SyncDesk
from app.sync.marks import (
    ALARM,
    BLOCK_REFUSED,
    BLOCK_REQUEST,
    CLOCK,
    RUN_SIZE,
    SENDING,
    read_mark,
    write_mark,
)
from app.sync.province import Province
from app.sync.report import Progress, RoundReport
from app.sync.round import run_round
from app.sync.transport import Timing
from app.sync.trouble import NoLineError
from app.sync.watcher import LineState
from tests.support.desk_store import (
    GSO,
    act,
    dossier_row,
    make_sync_desk,
    receive,
    reopen,
    verdicts,
)
from tests.support.fault_proxy import (
    FaultProxy,
    answer,
    captive_portal,
    cut_answer,
    cut_request,
    drop_answer,
    duplicate,
    redirect,
    refuse,
    slow,
    stall,
    truncated,
    unavailable,
)
from tests.support.gateway import Gateway, running_gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import dossiers_of, held, own_chain, province_of, stream_state

PUSH = "/v1/push"
MARKER = "Zzqxmarker"


def sync(desk: SyncDesk, **more: Any) -> RoundReport:
    """A round that does not really wait between its tries."""
    return run_round(desk, sleep=lambda _: None, **more)


def complete(desk: SyncDesk) -> RoundReport:
    report = sync(desk)
    assert report.reconciled, report.outcome
    return report


def mark(desk: SyncDesk, key: str) -> Any:
    with desk.store.read() as connection:
        return read_mark(connection, key)


def same_as_province(gateway: Gateway, desk: SyncDesk) -> None:
    """Every event there exactly once, chains equal, nothing left here."""
    c = tables.event.c
    with desk.store.read() as connection:
        ours = list(connection.execute(select(c.desk_seq, c.event_id).order_by(c.desk_seq)))
    assert held(gateway, desk) == [tuple(row) for row in ours]
    state = stream_state(gateway, desk)
    assert (state.received_through_seq, state.chain) == own_chain(desk)
    assert None not in verdicts(desk)
    assert mark(desk, SENDING) is None


def test_a_whole_round_and_a_second_that_has_nothing_to_do(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str
) -> None:
    desk = new_desk()
    dossiers = [receive(desk, n) for n in range(1, 4)]
    act(desk, dossiers[0], "dossier.progress", {"note": "Thẩm tra"})
    first = complete(desk)
    assert (first.pushed, first.accepted, first.waiting, first.needs_officer) == (5, 5, 0, 0)
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 3
    second = complete(desk)
    assert (second.pushed, second.duplicate) == (0, 0)
    third = complete(desk)
    assert (third.pushed, third.pulled) == (0, 0)
    assert list(third.as_dict()) == [
        "pushed", "accepted", "duplicate", "deferred", "rejected", "pulled",
        "files_sent", "files_left", "reconciled", "waiting", "needs_officer",
    ]  # fmt: skip
    row = dossier_row(desk, dossiers[0].id)
    assert (row["province_status"], row["sync_state"]) == (4, "accepted")
    assert status.light(desk.store, LineState.UP, desk.clock.now()).words.startswith("Đã đồng bộ ")


def test_the_official_number_comes_back_and_is_found(new_desk: EnrolledDesk, unit: str) -> None:
    desk = new_desk()
    dossier = receive(desk)
    complete(desk)
    row = dossier_row(desk, dossier.id)
    assert row["number"].startswith(unit + "-") and row["provisional_number"] == dossier.number
    with desk.store.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT rowid FROM dossier_search WHERE dossier_search MATCH ?",
            (f'"{row["number"].replace("-", "").replace(".", "").lower()}"*',),
        ).all()
    assert [each[0] for each in found] == [row["row_no"]]


def test_the_epoch_is_confirmed_and_a_block_granted(new_desk: EnrolledDesk, unit: str) -> None:
    desk = new_desk()
    complete(desk)
    with desk.store.read() as connection:
        assert connection.execute(select(tables.stream.c.confirmed)).scalar_one() is True
        block = connection.execute(select(tables.number_block)).mappings().one()
    assert (block["unit_code"], block["seq_from"], block["seq_to"]) == (unit, 1001, 1999)
    complete(desk)
    with desk.store.read() as connection:
        assert len(connection.execute(select(tables.number_block)).all()) == 1


def test_never_enrolled_is_told(tmp_path: Path) -> None:
    with pytest.raises(LineError) as caught:
        run_round(make_sync_desk(tmp_path / "d"))
    assert caught.value.code == "never-enrolled" and caught.value.exit_code == 6


def test_the_answer_lost_after_the_commit_is_asked_for_with_the_same_key(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, unit: str
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    for _ in range(3):
        proxy.once(drop_answer(), PUSH)
    broken = sync(desk)
    assert broken.outcome.code == "no-line" and broken.waiting == 2 and not broken.reconciled
    assert len(held(gateway, desk)) == 2
    key = mark(desk, SENDING)["key"]
    repaired = complete(desk)
    assert (repaired.pushed, repaired.accepted, repaired.duplicate) == (2, 2, 0), (
        "a stored answer, not duplicates"
    )
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 1
    assert key not in (mark(desk, SENDING) or {}).values()


def test_the_very_same_bytes_go_out_again(
    proxy: FaultProxy, new_desk: EnrolledDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, bytes]] = []
    real = Province.push

    def spy(self: Province, body: bytes, key: str) -> Any:
        sent.append((key, body))
        return real(self, body, key)

    monkeypatch.setattr(Province, "push", spy)
    desk = new_desk(proxy.url)
    receive(desk, 1)
    for _ in range(4):
        proxy.once(drop_answer(), PUSH)
    sync(desk)
    receive(desk, 2)
    sync(desk)
    complete(desk)
    assert len({sent[0], sent[1], sent[2], sent[3]}) == 1
    by_key: dict[str, set[bytes]] = {}
    for key, body in sent:
        by_key.setdefault(key, set()).add(body)
    assert all(len(bodies) == 1 for bodies in by_key.values()), "one key, one body"


@pytest.mark.parametrize(
    "fault",
    [
        cut_request(0), cut_request(40), cut_request(700), refuse(), drop_answer(),
        cut_answer(10), cut_answer(150), cut_answer(300), duplicate(),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.count}",
)  # fmt: skip
def test_a_push_broken_anywhere_is_one_push(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, unit: str, fault: Any
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    proxy.once(fault, PUSH)
    complete(desk)
    same_as_province(gateway, desk)
    assert dossiers_of(gateway, unit) == 1


@pytest.mark.parametrize(
    "path", ["/v1/meta", "/oauth2/token", "/v1/stream", PUSH, "/v1/changes", "/v1/reconcile"]
)
@pytest.mark.parametrize(
    "fault",
    [captive_portal(), redirect("http://127.0.0.1:9/"), truncated(b'{"epoch": "0199'), answer(204)],
    ids=["portal", "redirect", "truncated", "204"],
)
def test_what_is_not_the_province_changes_nothing(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, path: str, fault: Any
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    proxy.once(fault, path)
    report = sync(desk)
    assert report.outcome.code == "not-believed" and not report.reconciled
    if path in ("/v1/meta", "/oauth2/token", "/v1/stream", PUSH):
        assert verdicts(desk) == [None, None]
        assert held(gateway, desk) == []
    complete(desk)
    same_as_province(gateway, desk)


def test_an_answer_about_other_events_is_not_believed(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    dossier = receive(desk)
    with desk.store.read() as connection:
        c = tables.event.c
        rows = connection.execute(select(c.event_id, c.epoch, c.chain).order_by(c.desk_seq)).all()
    for named in ([rows[0].event_id], [new_id(), dossier.event_id], [dossier.event_id, rows[0].event_id]):
        lie = {
            "epoch": rows[0].epoch,
            "received_through_seq": 2,
            "chain": rows[1].chain,
            "verdicts": [
                {
                    "event_id": event_id,
                    "desk_seq": n + 1,
                    "verdict": "accepted",
                    "received_at": "2026-11-23T09:00:00+07:00",
                }
                for n, event_id in enumerate(named)
            ],
        }
        proxy.once(truncated(json.dumps(lie).encode()), PUSH)
        assert sync(desk).outcome.code == "not-believed"
        assert verdicts(desk) == [None, None]
    complete(desk)
    same_as_province(gateway, desk)


def test_a_stalled_line_ends_and_leaves_the_outbox(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    quick = Timing(connect_s=1, stall_s=0.5, grace_s=0.5, lowest_rate=2000)
    desk = new_desk(proxy.url, timing=quick)
    receive(desk)
    proxy.once(stall(4, after=20), PUSH)
    started = time.monotonic()
    report = sync(desk)
    assert report.outcome.code == "line-slow" and time.monotonic() - started < 3
    assert report.waiting == 2
    assert [item.tries for item in status.outbox(desk.store)] == [1, 1]
    assert all("Mạng quá chậm" in item.last for item in status.outbox(desk.store))
    complete(desk)
    same_as_province(gateway, desk)


def test_an_answer_below_the_lowest_rate_ends(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    desk = new_desk(proxy.url, timing=Timing(connect_s=1, stall_s=5, grace_s=0.3, lowest_rate=5000))
    proxy.once(slow(300), "/v1/meta")
    assert sync(desk).outcome.code == "line-slow"


def test_a_busy_province_is_left_alone_for_as_long_as_it_asks(
    proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    waits: list[float] = []
    proxy.once(unavailable(2), PUSH)
    assert run_round(desk, sleep=waits.append).reconciled
    assert len(waits) == 1 and 2 <= waits[0] <= 5
    receive(desk, 2)
    proxy.once(unavailable(120), PUSH)
    report = run_round(desk, sleep=waits.append)
    assert report.outcome.code == "province-busy" and report.retry_after_s == 120
    assert len(waits) == 1, "a long wait is the watcher's, not the round's"
    proxy.once(unavailable(7200, status=429), "/v1/meta")
    assert sync(desk).retry_after_s == 3600
    complete(desk)


def test_the_gateway_restarted_in_the_middle_of_a_round(tmp_path: Path) -> None:
    with running_gateway(tmp_path / "gateway") as own, FaultProxy(own.url) as line:
        desk = make_sync_desk(tmp_path / "desk")
        from app.sync.enrolment import enrol

        enrol(desk, line.url, own.enrolment_code("quay-1", "H60.1"))
        for n in range(1, 7):
            receive(desk, n)
        with desk.store.write() as connection:
            write_mark(connection, RUN_SIZE, 3)

        restarts = iter([True])

        def restart(progress: Progress) -> None:
            if progress.step == "push" and progress.done == 3 and next(restarts, False):
                own.kill()
                own.start()

        report = run_round(desk, progress=restart, sleep=lambda _: None)
        rest = report if report.reconciled else complete(desk)
        accepted = report.accepted + (0 if rest is report else rest.accepted)
        assert accepted == 7 and not report.duplicate and not rest.duplicate, (
            "a run under way is asked for again"
        )
        same_as_province(own, desk)

        def stop(progress: Progress) -> None:
            if progress.step == "push":
                own.kill()

        receive(desk, 8)
        broken = run_round(desk, progress=stop, sleep=lambda _: None)
        assert broken.outcome.code == "no-line" and broken.waiting == 1
        own.start()
        complete(desk)
        same_as_province(own, desk)
        desk.store.dispose()


def test_a_rejected_event_does_not_stop_the_next(gateway: Gateway, new_desk: EnrolledDesk, unit: str) -> None:
    desk = new_desk()
    first, bad, last = receive(desk, 1), receive(desk, 2, break_payload=True), receive(desk, 3)
    report = complete(desk)
    assert (report.pushed, report.accepted, report.rejected, report.needs_officer) == (4, 3, 1, 1)
    same_as_province(gateway, desk)
    states = [dossier_row(desk, each.id)["sync_state"] for each in (first, bad, last)]
    assert states == ["accepted", "rejected", "accepted"]
    (item,) = status.answered_open(desk.store)
    assert item.event_id == bad.event_id and item.last
    light = status.light(desk.store, LineState.UP, desk.clock.now())
    assert light.words == "Cần xem: 1 hồ sơ bị trả về"


def test_an_event_that_waits_for_a_scan_is_no_fault(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    content = b"%PDF-1.7 made up"
    sha256 = desk.files.put(content)
    dossier = receive(desk, files=(FileRef(sha256, len(content), "application/pdf", "a.pdf"),))
    report = complete(desk)
    assert (report.deferred, report.files_left, report.outcome.code) == (1, 1, "files-waiting")
    assert dossier_row(desk, dossier.id)["sync_state"] == "deferred"
    assert [item.last for item in status.answered_open(desk.store)] == ["Tỉnh chờ bản quét"]


def test_a_lost_scan_is_shown(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    receive(desk, files=(FileRef("ab" * 32, 5, "application/pdf", "a.pdf"),))
    report = sync(desk)
    assert report.outcome.code == "difference" and report.needs_officer == 1


def test_an_expired_token_is_renewed_once_and_unnoticed(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    complete(desk)
    assert desk.tokens.token
    with desk.store.read() as connection:
        client_id = connection.execute(select(tables.gateway.c.client_id)).scalar_one()
    with gateway.store() as store:
        operator.revoke_tokens(store, client_id)
    before = desk.tokens.token
    receive(desk)
    complete(desk)
    assert desk.tokens.token != before


def test_the_token_is_asked_for_again_before_it_ends(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    clock = FixedClock(SystemClock().now())
    desk = new_desk(proxy.url, clock=clock)
    complete(desk)
    complete(desk)
    asked = [seen for seen in proxy.seen if seen.path == "/oauth2/token"]
    assert len(asked) == 1
    clock.advance(timedelta(seconds=3590))
    complete(desk)
    assert len([seen for seen in proxy.seen if seen.path == "/oauth2/token"]) == 2


def test_a_clock_years_off_still_syncs_and_carries_its_offset(new_desk: EnrolledDesk) -> None:
    clock = FixedClock(SystemClock().now() - timedelta(days=1200))
    desk = new_desk(clock=clock)
    receive(desk)
    complete(desk)
    offset = timedelta(milliseconds=mark(desk, CLOCK)["offset_ms"])
    assert timedelta(days=1199) < offset < timedelta(days=1201)


def test_a_revoked_key_is_told_and_nothing_is_lost(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    from app.province.tables import desk_keys

    desk = new_desk()
    with desk.store.read() as connection:
        client_id = connection.execute(select(tables.gateway.c.client_id)).scalar_one()
    with gateway.store() as store, store.write() as db:
        db.execute(delete(desk_keys).where(desk_keys.c.desk_id == client_id))
    receive(desk)
    report = sync(desk)
    assert report.outcome.code == "credentials-refused" and report.waiting == 2
    assert status.light(desk.store, LineState.UP, desk.clock.now()).words.startswith("Cần xem: ")


def test_a_suspended_desk_is_told(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    complete(desk)
    with desk.store.read() as connection:
        client_id = connection.execute(select(tables.gateway.c.client_id)).scalar_one()
    with gateway.store() as store:
        operator.suspend(store, client_id)
        assert sync(desk).outcome.code == "desk-suspended"
        operator.suspend(store, client_id, suspended=False)
    complete(desk)
    assert mark(desk, ALARM) is None


def test_a_raw_older_copy_pushes_nothing_over_the_province(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    """What the province got is as it was; the copy's own act follows in an epoch of its own."""
    desk = new_desk()
    receive(desk, 1)
    complete(desk)
    copy = tmp_path / "copy"
    copy.mkdir()
    raw = desk.folder / "desk.db"
    desk.store.dispose()
    (copy / "desk.db").write_bytes(raw.read_bytes())
    ahead, behind = reopen(desk.folder), reopen(copy)
    receive(ahead, 2)
    complete(ahead)
    before = held(gateway, ahead)
    receive(behind, 3)
    receive(behind, 4)
    complete(behind)
    assert held(gateway, ahead) == before
    assert len(held(gateway, behind)) == 3
    assert None not in verdicts(behind)
    ahead.store.dispose()
    behind.store.dispose()


def test_two_copies_that_race_cannot_both_win(
    gateway: Gateway, new_desk: EnrolledDesk, tmp_path: Path
) -> None:
    """The second copy learns of the fork only from the answer to its push."""
    desk = new_desk()
    complete(desk)
    desk.store.dispose()
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "desk.db").write_bytes((desk.folder / "desk.db").read_bytes())
    one, other = reopen(desk.folder), reopen(copy)
    receive(one, 2)
    receive(other, 3)

    def overtake(progress: Progress) -> None:
        if progress.step == "push" and progress.done == 0:
            complete(one)

    report = run_round(other, progress=overtake, sleep=lambda _: None)
    assert report.reconciled, report.outcome
    assert None not in verdicts(other) and len(held(gateway, other)) == 2
    assert len(held(gateway, one)) == 2, "the one that was first stands as it was"
    one.store.dispose()
    other.store.dispose()


def test_long_runs_are_cut_to_the_limits(gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    desk = new_desk(proxy.url)
    dossier = receive(desk)
    for n in range(9):
        act(desk, dossier, "dossier.progress", {"note": f"{n}" + "x" * 200_000})
    report = complete(desk)
    assert report.pushed == 11
    assert len([seen for seen in proxy.seen if seen.path == PUSH]) >= 2
    same_as_province(gateway, desk)


def test_a_run_that_is_too_large_is_halved(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    for n in range(1, 9):
        receive(desk, n)
    problem = {"type": "/p", "code": "too-large", "title": "x", "status": 413}
    body = json.dumps({**problem, "limits": {"max_events_per_push": 3}}).encode()
    proxy.once(answer(413, body, Content_Type="application/problem+json"), PUSH)
    report = complete(desk)
    assert report.pushed == 9
    assert len([seen for seen in proxy.seen if seen.path == PUSH]) == 4, "413, then runs of 3"
    same_as_province(gateway, desk)


def test_runs_shrink_on_a_bad_line_and_grow_on_a_good_one(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    for n in range(1, 8):
        receive(desk, n)
    for _ in range(2):
        proxy.once(cut_request(40), PUSH)
        proxy.once(cut_request(40), PUSH)
        proxy.once(cut_request(40), PUSH)
        sync(desk)
    assert mark(desk, RUN_SIZE) == 4
    assert mark(desk, SENDING)["tries"] == 2
    before = len(proxy.seen)
    complete(desk)
    pushes = [seen for seen in proxy.seen[before:] if seen.path == PUSH]
    assert len(pushes) in (2, 3), "8 events in runs of 4, the second before its turn perhaps; not a run of 8"
    same_as_province(gateway, desk)
    assert mark(desk, RUN_SIZE) > 4


def test_events_the_province_lost_are_sent_again(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    """The province itself was restored from an older copy: what it lacks goes out again."""
    from app.province.tables import streams

    desk = new_desk()
    complete(desk)
    with desk.store.read() as connection:
        epoch = connection.execute(select(tables.stream.c.epoch)).scalar_one()
        first = connection.execute(select(tables.event.c.chain)).scalar_one()
    with gateway.store() as store, store.read() as db:
        stream_id = db.execute(select(streams.c.stream_id).where(streams.c.epoch == epoch)).scalar_one()
    event_id = new_id()
    from app.protocol.parts import Subject
    from tests.support.desk_store import add_event

    with desk.store.write() as connection:
        event_id = add_event(
            connection, desk.clock, "feedback.recorded", Subject("desk", "quay"), {"rating": 5}
        )
    complete(desk)
    with gateway.store() as store, store.write() as db:
        db.execute(delete(province_events).where(province_events.c.event_id == event_id))
        values = {"received_through": 1, "chain": first}
        db.execute(update(streams).where(streams.c.stream_id == stream_id).values(**values))
    report = complete(desk)
    assert report.pushed == 1
    same_as_province(gateway, desk)


def test_types_the_province_does_not_know_yet_are_held_back(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    import requests

    desk = new_desk(proxy.url)
    dossier = receive(desk)
    act(desk, dossier, "dossier.progress", {})
    receive(desk, 2)
    meta = requests.get(gateway.url + "/v1/meta", timeout=5).json()
    del meta["event_schemas"]["dossier.progress"]
    proxy.once(truncated(json.dumps(meta).encode()), "/v1/meta")
    report = sync(desk)
    assert (report.pushed, report.waiting, report.outcome.code) == (2, 2, "held-back")
    assert len(held(gateway, desk)) == 2, "later events wait too: the stream stays contiguous"
    complete(desk)
    same_as_province(gateway, desk)


def test_a_difference_is_repaired_from_the_provinces_own_word(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    dossier = receive(desk)
    complete(desk)
    version = dossier_row(desk, dossier.id)["province_version"]
    with desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(province_version=version + 5, province_status=4))
    complete(desk)
    row = dossier_row(desk, dossier.id)
    assert (row["province_version"], row["province_status"]) == (version, 2)


def test_a_difference_that_cannot_be_repaired_is_shown_with_both_counts(
    proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    receive(desk)
    complete(desk)
    with desk.store.read() as connection:
        row = connection.execute(select(tables.stream)).mappings().one()
    said = {
        "match": False,
        "stream": {"match": True, "count": row["last_seq"], "chain": row["chain"]},
        "files": {"match": True, "count": 0, "missing": []},
        "dossiers": {"match": False, "count": 41},
        "deferred": 0,
        "rejected_open": 0,
    }
    for _ in range(2):
        proxy.once(truncated(json.dumps(said).encode()), "/v1/reconcile")
    proxy.once(
        truncated(b'{"stale":[],"unknown_to_server":[],"missing_at_desk":[]}'), "/v1/reconcile/dossiers"
    )
    proxy.once(truncated(json.dumps(said).encode()), "/v1/reconcile")
    report = sync(desk)
    assert report.outcome.code == "difference" and not report.reconciled
    assert "(1)" in report.outcome.words and "(41)" in report.outcome.words
    assert mark(desk, ALARM)["code"] == "difference"
    complete(desk)
    assert mark(desk, ALARM) is None


def test_a_change_between_pull_and_check_is_pulled_once_more(
    gateway: Gateway, new_desk: EnrolledDesk
) -> None:
    desk = new_desk()
    dossier = receive(desk)
    complete(desk)

    def change(progress: Progress) -> None:
        if progress.step == "check":
            with gateway.store() as store:
                operator.propose_fields(
                    store, SystemClock().now(), dossier.id, {"/owner/full_name": "Tên Khác"}, "đối chiếu"
                )

    report = run_round(desk, progress=change, sleep=lambda _: None)
    assert report.reconciled
    assert [case.theirs for case in status.open_proposals(desk.store)] == ["Tên Khác"]


def test_two_desks_of_one_commune_fit_together(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    one, other = new_desk(), new_desk()
    receive(one, 1)
    complete(one)
    complete(other)
    receive(other, 2)
    complete(other)
    complete(one)
    with other.store.read() as connection:
        assert connection.execute(select(tables.desk.c.desk_no)).scalar_one() == 2


def test_a_catalogue_version_comes_over_the_line(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    complete(desk)
    code = "1.990001"
    procedure = {
        "code": code, "version": 2, "name": "Thủ tục mẫu", "field": {"code": "X", "name": "Mẫu"},
        "level": "commune", "effective_from": "2026-12-01", "effective_to": None,
        "time_limits": [{"channel": "counter", "amount": None, "unit": "working_day"}], "fees": [],
        "cases": [{"case_code": "default", "name": "Chung", "components": []}],
        "results": [{"code": "K", "name": "Kết quả"}],
    }  # fmt: skip
    with gateway.store() as store:
        operator.publish_procedure(store, SystemClock().now(), procedure)
    path = f"/v1/catalogue/procedures/{code}"
    right = canonical_bytes(procedure)
    other = right.replace("Thủ tục mẫu".encode(), "Thủ tục xấu".encode())
    assert len(other) == len(right)
    for lie in (truncated(other), answer(200, right, Content_Type="text/html")):
        proxy.once(lie, path)
        complete(desk)
        with desk.store.read() as connection:
            assert connection.execute(select(tables.procedure_package)).all() == []
    complete(desk)
    with desk.store.read() as connection:
        row = connection.execute(select(tables.procedure_package)).mappings().one()
    assert (row["code"], row["version"], str(row["effective_from"])) == (code, 2, "2026-12-01")
    assert json.loads(row["body"])["name"] == "Thủ tục mẫu"
    fetched = len([seen for seen in proxy.seen if seen.path.startswith(path)])
    complete(desk)
    assert len([seen for seen in proxy.seen if seen.path.startswith(path)]) == fetched


def test_a_refused_block_is_told_and_not_asked_for_every_minute(
    proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    clock = FixedClock(SystemClock().now())
    desk = new_desk(proxy.url, clock=clock)
    problem = {"type": "/p", "code": "block-refused", "title": "x", "status": 409, "detail": "Chưa cấp."}
    refusal = answer(409, json.dumps(problem).encode(), Content_Type="application/problem+json")
    proxy.decide = lambda method, path: refusal if (method, path) == ("POST", "/v1/number-blocks") else None
    complete(desk)
    complete(desk)
    asked = [seen for seen in proxy.seen if (seen.method, seen.path) == ("POST", "/v1/number-blocks")]
    assert len(asked) == 1 and mark(desk, BLOCK_REFUSED)["word"] == "Chưa cấp."
    clock.advance(timedelta(hours=13))
    proxy.decide = None
    complete(desk)
    assert mark(desk, BLOCK_REFUSED) is None


def test_a_lost_answer_to_a_block_request_gives_one_block(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    desk = new_desk(proxy.url)
    posts = 0

    def lose(method: str, path: str) -> Any:
        nonlocal posts
        if (method, path) != ("POST", "/v1/number-blocks"):
            return None
        posts += 1
        return drop_answer() if posts <= 3 else None

    proxy.decide = lose
    assert sync(desk).outcome.code == "no-line"
    complete(desk)
    with desk.store.read() as connection:
        assert len(connection.execute(select(tables.number_block)).all()) == 1


def test_a_block_is_asked_for_again_by_the_same_words(new_desk: EnrolledDesk, unit: str) -> None:
    """Where neither feed nor list tells of the grant whose answer was lost."""
    desk, asked = new_desk(), []

    class Deaf(Province):
        def number_blocks(self) -> list[Any]:
            return []

        def request_block(self, request: Any, key: str) -> Any:
            asked.append((json.dumps(request), key))
            if len(asked) < 3:
                raise NoLineError("lost")
            return super().request_block(request, key)

    with province_of(desk, Deaf) as deaf:
        for day in range(2):
            with pytest.raises(NoLineError):
                refill(desk.store, deaf, unit, desk.clock.now() + timedelta(days=day))
        assert refill(desk.store, deaf, unit, desk.clock.now())
    assert len(asked) == 3 and len(set(asked)) == 1
    assert mark(desk, BLOCK_REQUEST) is None


def test_a_chain_that_differs_after_a_push_is_a_fork_and_nothing_is_marked(
    proxy: FaultProxy, new_desk: EnrolledDesk
) -> None:
    desk = new_desk(proxy.url)
    with desk.store.read() as connection:
        row = connection.execute(select(tables.event)).mappings().one()
    lie = {
        "epoch": row["epoch"],
        "received_through_seq": 1,
        "chain": "ab" * 32,
        "verdicts": [
            {
                "event_id": row["event_id"],
                "desk_seq": 1,
                "verdict": "accepted",
                "received_at": "2026-11-23T09:00:00+07:00",
            }
        ],
    }
    proxy.once(truncated(json.dumps(lie).encode()), PUSH)
    assert sync(desk).outcome.code == "stream-forked"
    assert verdicts(desk) == [None]


def test_stopping_between_steps_leaves_a_round_that_goes_on(new_desk: EnrolledDesk) -> None:
    desk = new_desk()
    receive(desk)
    steps: list[str] = []
    report = run_round(desk, stop=lambda: "pull" in steps, progress=lambda p: steps.append(p.step))
    assert report.outcome.code == "stopped" and report.accepted == 2 and not report.reconciled
    complete(desk)


def test_hanging_up_ends_a_round_within_a_moment(proxy: FaultProxy, new_desk: EnrolledDesk) -> None:
    import threading

    desk = new_desk(proxy.url, timing=Timing(stall_s=30))
    proxy.once(stall(20), "/v1/stream")
    timer = threading.Timer(0.5, desk.line.hang_up)
    timer.start()
    started = time.monotonic()
    assert sync(desk).outcome.code == "stopped"
    assert time.monotonic() - started < 3
    timer.join()
    assert sync(desk).outcome.code == "stopped"
    desk.line.pick_up()
    complete(desk)


@pytest.mark.parametrize("point", ["between_commit_and_send", "before_send", "after_send", "before_commit"])
def test_a_process_killed_at_a_failpoint_loses_and_doubles_nothing(
    gateway: Gateway, new_desk: EnrolledDesk, unit: str, point: str
) -> None:
    desk = new_desk()
    receive(desk)
    desk.store.dispose()
    script = (
        "import sys; from pathlib import Path; from tests.support.desk_store import reopen;"
        "from app.sync.round import run_round; run_round(reopen(Path(sys.argv[1])))"
    )
    for nth in (1, 2) if point != "before_commit" else (1, 2, 3):
        environ = {**os.environ, "MOTCUA_FAILPOINT": f"{point}:kill@{nth}"}
        done = subprocess.run([sys.executable, "-c", script, str(desk.folder)], env=environ, check=False)
        if nth == 1:
            assert done.returncode == -signal.SIGKILL
    again = reopen(desk.folder)
    complete(again)
    same_as_province(gateway, again)
    assert dossiers_of(gateway, unit) == 1
    again.store.dispose()


def test_no_name_leaves_through_urls_logs_or_words(
    gateway: Gateway, proxy: FaultProxy, new_desk: EnrolledDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = new_desk(proxy.url)
    receive(desk, 1, name=f"Trần {MARKER}", phone="0987654321", personal_id="008198765432")
    receive(desk, 2, name=f"Bàn {MARKER}", break_payload=True)
    words: list[str] = []
    for fault in (drop_answer(), captive_portal(), stall(0.2), unavailable(1), None):
        if fault is not None:
            proxy.once(fault, PUSH)
        report = sync(desk)
        words += [repr(report), repr(report.error())]
    complete(desk)
    said = "\n".join([*words, caplog.text, gateway.log, *(seen.path for seen in proxy.seen)])
    for secret in (MARKER, "0987654321", "008198765432", desk.tokens.token):
        assert secret not in said
    with desk.store.read() as connection:
        rounds = connection.execute(select(tables.sync_round)).all()
    assert len(rounds) == 6 and MARKER not in repr(rounds)
    assert MARKER.encode() not in (desk.folder / "desk.db").read_bytes()
    assert GSO
