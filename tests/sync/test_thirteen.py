"""The thirteen tests of the protocol's §5, by their numbers.

Most live where their subject lives; ``PLACES`` names them, and a name that is gone is red here. What spans
both sides and has no other home follows below.
"""

from __future__ import annotations

import importlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.models import tables
from app.province.tables import events as province_events
from app.sync import uploads
from app.sync.report import Progress
from app.sync.round import run_round
from tests.support.desk_store import act, receive, verdicts
from tests.support.fault_proxy import FaultProxy, drop_answer
from tests.support.gateway import Gateway
from tests.sync.conftest import EnrolledDesk
from tests.sync.peer import dossiers_of
from tests.sync.test_uploads import at_province, row_of, scan, small_chunks

PLACES = {
    1: (
        "sync.test_round:test_a_push_broken_anywhere_is_one_push",
        "sync.test_round:test_the_answer_lost_after_the_commit_is_asked_for_with_the_same_key",
        "sync.test_round:test_a_process_killed_at_a_failpoint_loses_and_doubles_nothing",
        "province.test_crash:test_killed_in_the_middle_of_pushes",
    ),
    2: (
        "province.test_verdicts:test_the_same_run_twice_overlapping_and_with_another_key",
        "province.test_push_envelope:test_a_key_gives_the_same_answer_again",
    ),
    3: (
        "province.test_verdicts:test_event_5_of_10_malformed_stops_nobody",
        "sync.test_round:test_a_rejected_event_does_not_stop_the_next",
    ),
    4: (
        "sync.test_recovery:test_yesterdays_copy_takes_its_own_events_back_and_goes_on",
        "sync.test_recovery:test_a_copy_of_a_copy_knows_the_epochs_between",
        "sync.test_recovery:test_a_cut_in_the_middle_of_the_way_back_is_gone_on_with",
    ),
    5: (
        "sync.test_round:test_two_desks_of_one_commune_fit_together",
        "province.test_verdicts:test_custody_moves_by_two_events",
        "province.test_verdicts:test_a_number_is_given_once",
    ),
    6: (
        "sync.test_uploads:test_a_flipped_bit_in_a_chunk_is_found_and_the_chunk_sent_again",
        "sync.test_bundles:test_an_altered_bit_anywhere_applies_nothing",
        "services.safety.test_check:test_a_changed_event_is_named",
    ),
    7: (
        "sync.test_thirteen:test_07_clocks_years_off_are_taken_and_flagged",
        "sync.test_round:test_a_clock_years_off_still_syncs_and_carries_its_offset",
        "province.test_verdicts:test_clocks_are_flagged_never_refused",
        "province.test_verdicts:test_a_clock_running_backwards_and_a_large_offset",
    ),
    8: ("sync.test_round:test_what_is_not_the_province_changes_nothing",),
    9: ("sync.test_thirteen:test_09_a_month_offline_goes_in_one_sync_and_scans_over_many",),
    10: (
        "sync.test_snapshot:test_cursor_gone_while_much_waits",
        "sync.test_snapshot:test_a_deferred_event_is_asked_for_again",
    ),
    11: ("sync.test_bundles:test_bundle_and_line_in_any_order_are_one_application",),
    12: ("protocol.test_vectors:test_digest_and_chain_of_the_example_events",),
    13: (
        "contract.test_gateway:test_every_operation_offered",
        "sync.test_round:test_a_whole_round_and_a_second_that_has_nothing_to_do",
    ),
}


@pytest.mark.parametrize("number", range(1, 14))
def test_each_has_its_place(number: int) -> None:
    for place in PLACES[number]:
        module, _, name = place.partition(":")
        assert callable(getattr(importlib.import_module(f"tests.{module}"), name)), place


def test_07_clocks_years_off_are_taken_and_flagged(gateway: Gateway, new_desk: EnrolledDesk) -> None:
    """A clock three years ahead, a year behind, and one that jumps back between two acts."""
    now = datetime.now(VIETNAM)
    for offset in (timedelta(days=3 * 365), timedelta(days=-365)):
        clock = FixedClock(now + offset)
        desk = new_desk(clock=clock)
        dossier = receive(desk, 1)
        clock.at = now + offset - timedelta(days=2)
        act(desk, dossier, "dossier.progress", {"note": "Thẩm tra"})
        report = run_round(desk, sleep=lambda _: None)
        assert report.reconciled and verdicts(desk) == ["accepted"] * 3
        receive(desk, 2)
        assert run_round(desk, sleep=lambda _: None).reconciled
        with desk.store.read() as connection:
            ids = list(connection.execute(select(tables.event.c.event_id)).scalars())
        with gateway.store() as store, store.read() as db:
            query = select(province_events.c.warnings).where(province_events.c.event_id.in_(ids))
            said = " ".join(text or "" for text in db.execute(query).scalars())
        assert "clock-backwards" in said
        assert ("clock-future" in said) == (offset > timedelta())


def test_09_a_month_offline_goes_in_one_sync_and_scans_over_many(
    gateway: Gateway,
    proxy: FaultProxy,
    new_desk: EnrolledDesk,
    unit: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In small: 120 events and eight scans, a line that dies again and again under the scans."""
    desk = new_desk(proxy.url)
    small_chunks(desk)
    files = [scan(desk, 40_000, seed) for seed in range(8)]
    for n in range(1, 61):
        dossier = receive(desk, n, files=(files[n % 8],) if n <= 8 else ())
        act(desk, dossier, "dossier.progress", {"note": "Thẩm tra"})
    monkeypatch.setattr(uploads, "LARGEST", 16 * 1024)
    asked = 0

    def dying(method: str, path: str) -> object:
        nonlocal asked
        if not path.startswith("/v1/uploads"):
            return None
        asked += 1
        return drop_answer() if asked % 9 >= 3 else None

    proxy.decide = dying  # type: ignore[assignment]
    seen: list[str] = []

    def watch(progress: Progress) -> None:
        seen.append(progress.step)

    report = run_round(desk, sleep=lambda _: None, progress=watch)
    assert report.pushed >= 121 and report.waiting == 0, "events are through in one sync"
    assert report.outcome.code in ("files-waiting", "no-line", "complete")
    assert 52 <= dossiers_of(gateway, unit) < 60, "those with a scan not yet there wait"
    assert seen.index("push") < seen.index("files")
    rounds = 1
    while report.outcome.code != "complete" and rounds < 60:
        receive(desk, 100 + rounds)
        report = run_round(desk, sleep=lambda _: None)
        assert report.waiting == 0
        rounds += 1
    assert report.outcome.code == "complete" and rounds > 1
    assert all(at_province(gateway, file) for file in files)
    again = sum(row_of(desk, file).sent_bytes - file.size for file in files)
    assert 0 <= again < 8 * 40_000 * 4
