"""Statuses, lawful steps, what a role may do, and how the term stands."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.dossier_status import (
    NEEDS_APPROVAL,
    STEPS,
    TRANSITIONS,
    Act,
    Status,
    TermClock,
    Urgency,
    ended_on_time,
    is_transition,
    lawful_acts,
    permission_for,
    require_transition,
    status_after,
    term_clock,
    urgency,
)
from app.domain.roles import PERMISSIONS, Role
from app.errors import RuleError
from tests.domain.calendars import at, shipped_calendar

CALENDAR = shipped_calendar()

# The protocol's sentence, typed again: from -> to
PROTOCOL = {
    None: {2, 3},
    1: {2, 3},
    2: {4, 5, 6, 7, 8, 9},
    3: {2},
    4: {4, 5, 6, 7, 8, 9},
    5: {4, 7, 8},
    6: {4, 7, 8},
    7: {8, 10, 4},
    8: {10},
    9: {10, 4},
    10: set(),
}


def test_transitions_are_the_protocol_s_to_the_letter() -> None:
    told = {
        None if old is None else int(old): {int(new) for new in after} for old, after in TRANSITIONS.items()
    }
    assert told == PROTOCOL


@pytest.mark.parametrize(("old", "new"), list(product([None, *Status], Status)))
def test_every_pair_is_taken_or_refused_in_words(old: Status | None, new: Status) -> None:
    lawful = int(new) in PROTOCOL[None if old is None else int(old)]
    needs_leader = (old, new) in {(Status.REFUSED, Status.RECEIVED), (Status.COMPLETED, Status.PROCESSING)}
    for approved in (False, True):
        allowed = lawful and (approved or not needs_leader)
        assert is_transition(old, new, approved=approved) is allowed
        if allowed:
            require_transition(old, new, approved)
            continue
        with pytest.raises(RuleError) as refused:
            require_transition(old, new, approved)
        assert refused.value.code == ("approval-missing" if lawful else "illegal-transition")
        assert refused.value.field == "status"
        assert refused.value.next_step


def test_labels_are_the_national_names() -> None:
    assert [status.label for status in Status] == [
        "Mới đăng ký",
        "Được tiếp nhận",
        "Không được tiếp nhận",
        "Đang xử lý",
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Công dân yêu cầu rút hồ sơ",
        "Dừng xử lý",
        "Đã xử lý xong",
        "Đã trả kết quả",
    ]
    assert [int(status) for status in Status] == list(range(1, 11))
    assert all(act.label for act in Act)
    assert [mark.label for mark in Urgency] == ["Đúng hạn", "Sắp đến hạn", "Quá hạn"]


def test_acts_are_those_of_the_command_line() -> None:
    told = " ".join(act.value for act in Act)
    assert told == (
        "accept start request-supplement supplement request-fee pay extend complete return refuse "
        "withdraw stop reopen transfer accept-custody"
    )
    assert set(STEPS) == set(Act)


@pytest.mark.parametrize(("act", "status"), [(act, status) for act in Act for status in STEPS[act]])
def test_no_act_leaves_the_protocol_s_steps(act: Act, status: Status) -> None:
    after = status_after(act, status)
    assert after == status or is_transition(status, after, approved=act is Act.REOPEN)


def test_every_step_of_the_protocol_has_an_act() -> None:
    by_act = {(old, new) for steps in STEPS.values() for old, new in steps.items()}
    missing = {
        (old, new)
        for old, after in TRANSITIONS.items()
        if old is not None
        for new in after
        if (old, new) not in by_act
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("act", "status", "after"),
    [
        (Act.ACCEPT, 1, 2),
        (Act.REFUSE, 1, 3),
        (Act.START, 2, 4),
        (Act.REQUEST_SUPPLEMENT, 4, 5),
        (Act.SUPPLEMENT, 5, 4),
        (Act.REQUEST_FEE, 4, 6),
        (Act.PAY, 6, 4),
        (Act.PAY, 2, 2),
        (Act.EXTEND, 4, 4),
        (Act.COMPLETE, 2, 9),
        (Act.COMPLETE, 4, 9),
        (Act.RETURN, 9, 10),
        (Act.RETURN, 8, 10),
        (Act.RETURN, 7, 10),
        (Act.WITHDRAW, 5, 7),
        (Act.STOP, 7, 8),
        (Act.REOPEN, 9, 4),
        (Act.REOPEN, 3, 2),
        (Act.REOPEN, 7, 4),
        (Act.TRANSFER, 2, 2),
        (Act.ACCEPT_CUSTODY, 4, 4),
    ],
)
def test_where_acts_lead(act: Act, status: int, after: int) -> None:
    assert status_after(act, Status(status)) == after


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (Act.ACCEPT, 2),
        (Act.REFUSE, 2),
        (Act.START, 4),
        (Act.SUPPLEMENT, 4),
        (Act.PAY, 5),
        (Act.EXTEND, 9),
        (Act.COMPLETE, 5),
        (Act.RETURN, 4),
        (Act.WITHDRAW, 9),
        (Act.STOP, 9),
        (Act.REOPEN, 8),
        (Act.REOPEN, 10),
        (Act.TRANSFER, 9),
    ],
)
def test_an_act_out_of_turn_is_refused_with_what_can_be_done(act: Act, status: int) -> None:
    with pytest.raises(RuleError) as refused:
        status_after(act, Status(status))
    assert refused.value.field == "act"
    assert Status(status).label in refused.value.title
    assert act.label in refused.value.title
    assert refused.value.next_step


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_a_role_sees_only_what_it_may_do_now(status: Status, role: Role) -> None:
    acts = lawful_acts(status, role)
    assert list(acts) == sorted(acts, key=list(Act).index)
    for act in Act:
        allowed = permission_for(act) in PERMISSIONS[role]
        assert (act in acts) is (allowed and status in STEPS[act])
    assert (Act.REOPEN in acts) is (role is Role.LEADER and status in (3, 7, 9))
    if role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert acts == ()


def test_a_dossier_in_process_offers_the_acts_of_its_screen() -> None:
    assert lawful_acts(Status.PROCESSING, Role.RECEPTION) == (
        Act.REQUEST_SUPPLEMENT,
        Act.REQUEST_FEE,
        Act.PAY,
        Act.EXTEND,
        Act.COMPLETE,
        Act.WITHDRAW,
        Act.STOP,
        Act.TRANSFER,
        Act.ACCEPT_CUSTODY,
    )
    assert lawful_acts(Status.RETURNED, Role.LEADER) == ()


def test_where_the_term_runs() -> None:
    assert [term_clock(status) for status in Status] == [
        TermClock.NOT_STARTED,
        TermClock.RUNS,
        TermClock.NOT_STARTED,
        TermClock.RUNS,
        TermClock.STOPPED,
        TermClock.STOPPED,
        TermClock.ENDED,
        TermClock.ENDED,
        TermClock.ENDED,
        TermClock.ENDED,
    ]


@pytest.mark.parametrize(
    ("now", "due", "same_day", "told"),
    [
        ("2026-11-25 17:00:01", "2026-11-25 17:00", False, Urgency.LATE),
        ("2026-11-25 17:00", "2026-11-25 17:00", False, Urgency.NEAR),
        ("2026-11-25 08:00", "2026-11-25 17:00", False, Urgency.NEAR),
        ("2026-11-23 09:00", "2026-11-25 17:00", False, Urgency.NEAR),  # 24/11 is off: one working day
        ("2026-11-23 09:00", "2026-11-26 17:00", False, Urgency.ON_TIME),
        ("2026-11-20 09:00", "2026-11-23 17:00", False, Urgency.NEAR),  # over a weekend
        ("2026-11-19 09:00", "2026-11-23 17:00", False, Urgency.ON_TIME),
        ("2026-11-23 14:59", "2026-11-23 17:00", True, Urgency.ON_TIME),
        ("2026-11-23 15:00", "2026-11-23 17:00", True, Urgency.NEAR),
        ("2026-11-23 16:00", "2026-11-25 17:00", True, Urgency.ON_TIME),  # 60 + 450 minutes
        ("2026-11-24 23:00", "2026-11-25 09:30", True, Urgency.NEAR),
        ("2026-11-25 17:01", "2026-11-25 17:00", True, Urgency.LATE),
    ],
)
def test_urgency_of_a_running_term(now: str, due: str, same_day: bool, told: Urgency) -> None:
    for status in (Status.RECEIVED, Status.PROCESSING):
        assert urgency(at(due), at(now), status, CALENDAR, same_day=same_day) is told


@pytest.mark.parametrize("status", [status for status in Status if status not in (2, 4)])
def test_no_urgency_where_no_term_runs(status: Status) -> None:
    assert urgency(at("2026-11-20 17:00"), at("2026-11-23 09:00"), status, CALENDAR) is None


def test_no_urgency_without_a_due_date() -> None:
    assert urgency(None, at("2026-11-23 09:00"), Status.PROCESSING, CALENDAR) is None


def test_a_finished_dossier_is_on_time_up_to_its_due_moment() -> None:
    assert ended_on_time(at("2026-11-25 17:00"), at("2026-11-25 17:00"))
    assert not ended_on_time(at("2026-11-25 17:00"), at("2026-11-25 17:00:01"))
    assert ended_on_time(None, at("2026-11-25 17:00"))


def test_approval_is_for_undoing_only() -> None:
    assert {(int(old), int(new)) for old, new in NEEDS_APPROVAL} == {(3, 2), (9, 4)}
