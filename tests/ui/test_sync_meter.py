"""How far a round is, from what is left: it never goes back, and says no time left before it can."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.ui.ports import SyncStatus
from app.ui.sync_status.meter import RoundMeter

IDLE = SyncStatus(True, "tinh", None, 0, 0, 0, None, True, "")
MB = 1 << 20


def test_events_first_then_scans_with_bytes_pace_and_time() -> None:
    meter = RoundMeter()
    full = replace(IDLE, waiting=10, files_left=4, bytes_left=40 * MB)
    assert meter.look(full, 0.0).total == 10
    state = meter.look(replace(full, waiting=4), 1.0)
    assert (state.done, state.total, state.bytes_total) == (6, 10, None)
    state = meter.look(replace(full, waiting=0), 2.0)
    assert (state.done, state.total, state.bytes_done, state.bytes_total) == (0, 4, 0, 40 * MB)
    for second in range(1, 11):
        state = meter.look(
            replace(full, waiting=0, files_left=3, bytes_left=(40 - second) * MB), 2.0 + second
        )
    assert state.done == 1 and state.bytes_done == 10 * MB
    assert state.bytes_per_second is not None and 0.8 * MB < state.bytes_per_second <= MB
    assert state.seconds_left is not None and 30 <= state.seconds_left < 40


def test_no_pace_is_told_at_once_and_none_while_nothing_moves() -> None:
    meter = RoundMeter()
    left = replace(IDLE, files_left=1, bytes_left=MB)
    meter.look(left, 0.0)
    assert meter.look(replace(left, bytes_left=MB // 2), 1.0).seconds_left is None
    still = RoundMeter()
    for second in range(8):
        state = still.look(left, float(second))
    assert state.seconds_left is None and state.bytes_per_second is None


def test_a_new_round_begins_anew() -> None:
    meter = RoundMeter()
    meter.look(replace(IDLE, waiting=9), 0.0)
    meter.forget()
    assert meter.look(IDLE, 5.0).total == 0
    assert meter.look(replace(IDLE, waiting=2), 6.0).total == 2


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9), st.integers(0, 10**9)), min_size=1, max_size=20)
)
def test_shares_stay_between_nothing_and_all(looks: list[tuple[int, int, int]]) -> None:
    meter = RoundMeter()
    for second, (waiting, files, size) in enumerate(looks):
        state = meter.look(replace(IDLE, waiting=waiting, files_left=files, bytes_left=size), float(second))
        assert 0 <= state.done <= state.total
        if state.bytes_total is not None:
            assert 0 <= (state.bytes_done or 0) <= state.bytes_total
        assert state.seconds_left is None or state.seconds_left >= 0
