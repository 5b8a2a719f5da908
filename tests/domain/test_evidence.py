"""Pauses from acts, gaps from tries: what the evidence page states and what it leaves unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.clock import VIETNAM
from app.domain.dossier_status import Act
from app.domain.evidence import LineGap, Pause, RoundEnd, gaps_of, pauses_of
from tests.printing.evidence_samples import LATE_LINE, UNSENT, done

DAY = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)


def hours(n: float) -> datetime:
    return DAY + timedelta(hours=n)


def tried(n: float, outcome: str) -> RoundEnd:
    return RoundEnd(hours(n), hours(n) + timedelta(seconds=9), outcome, outcome)


def test_the_term_stands_still_from_the_request_to_the_papers() -> None:
    acts = [
        (Act.ACCEPT, hours(0)),
        (Act.START, hours(1)),
        (Act.REQUEST_SUPPLEMENT, hours(2)),
        (Act.SUPPLEMENT, hours(30)),
        (Act.REQUEST_FEE, hours(31)),
    ]
    first, second = pauses_of(acts)
    assert (first.since, first.until) == (hours(2), hours(30))
    assert (second.since, second.until) == (hours(31), None)
    assert second.words == "Yêu cầu thực hiện nghĩa vụ tài chính"
    assert pauses_of(acts[:2]) == ()


def test_a_stop_ends_the_pause() -> None:
    acts = [(Act.ACCEPT, hours(0)), (Act.REQUEST_SUPPLEMENT, hours(1)), (Act.STOP, hours(9))]
    assert pauses_of(acts) == (Pause("Yêu cầu bổ sung giấy tờ", hours(1), hours(9)),)


def test_a_gap_runs_to_the_next_answer() -> None:
    rounds = [
        tried(0, "complete"),
        tried(1, "no-line"),
        tried(2, "province-busy"),
        tried(5, "files-waiting"),
        tried(6, "no-line"),
    ]
    assert gaps_of(rounds) == (
        LineGap(hours(1), hours(5), 2, "no-line"),
        LineGap(hours(6), None, 1, "no-line"),
    )


def test_a_round_the_officer_broke_off_says_nothing_of_the_line() -> None:
    rounds = [tried(1, "no-line"), tried(2, "stopped"), tried(3, "no-line"), tried(4, "complete")]
    assert gaps_of(rounds) == (LineGap(hours(1), hours(4), 2, "no-line"),)
    assert gaps_of([tried(1, "stopped")]) == ()


def test_a_round_the_province_answered_is_no_gap() -> None:
    assert gaps_of([tried(n, "difference") for n in range(3)]) == ()
    assert gaps_of([]) == ()


@given(st.lists(st.sampled_from(["complete", "no-line", "line-slow", "held-back", "province-busy"])))
def test_every_fruitless_try_is_in_one_gap_and_no_answer_is(outcomes: list[str]) -> None:
    rounds = [tried(n, each) for n, each in enumerate(outcomes)]
    gaps = gaps_of(rounds)
    lost = [each for each in rounds if each.outcome in ("no-line", "line-slow", "province-busy")]
    assert sum(gap.tries for gap in gaps) == len(lost)
    inside = [
        each
        for each in rounds
        for gap in gaps
        if gap.since <= each.started_at and (gap.until is None or each.started_at < gap.until)
    ]
    assert inside == lost


def test_only_an_answer_after_the_due_date_to_work_done_before_it_is_a_late_line() -> None:
    assert LATE_LINE.known_late
    assert not UNSENT.known_late
    assert LATE_LINE.due_at is not None
    late_here = done(9, "Đã xử lý xong", 28, 9, 0, ends=True)
    assert not replace(LATE_LINE, events=(late_here,)).known_late
    in_time = done(9, "Đã xử lý xong", 27, 9, 0, ends=True, answered_at=LATE_LINE.due_at)
    assert not replace(LATE_LINE, events=(in_time,)).known_late
    unanswered = replace(in_time, answered_at=None, answer="")
    assert replace(LATE_LINE, events=(unanswered,)).known_late
    before_due = LATE_LINE.due_at - timedelta(hours=1)
    assert not replace(LATE_LINE, events=(unanswered,), made_at=before_due).known_late
