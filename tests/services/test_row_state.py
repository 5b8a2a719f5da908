"""State words of lists, worked out by hand around the holiday of 24/11/2026."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.clock import VIETNAM
from app.domain.dossier_status import Status
from app.services.finding.row_state import StateKind, due_column, left_words, row_state
from tests.support.desk import reference


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%d/%m %H:%M").replace(tzinfo=VIETNAM)


WEEK_AGO = at("16/11 09:00")


@pytest.mark.parametrize(
    ("now", "due", "kind", "words"),
    [
        ("23/11 15:16", "19/11 17:00", StateKind.LATE, "Quá hạn 2 ngày"),
        ("23/11 15:16", "20/11 17:00", StateKind.LATE, "Quá hạn 1 ngày"),
        ("21/11 09:00", "20/11 17:00", StateKind.LATE, "Quá hạn từ 20/11"),
        ("23/11 17:01", "23/11 17:00", StateKind.LATE, "Quá hạn từ 17:00"),
        ("23/11 17:00", "23/11 17:00", StateKind.NEAR, "Hạn hôm nay"),
        ("23/11 08:00", "23/11 17:00", StateKind.NEAR, "Hạn hôm nay"),
        ("23/11 15:16", "25/11 17:00", StateKind.NEAR, "Còn 1 ngày"),
        ("23/11 15:16", "26/11 17:00", StateKind.WORKING, "Đang xử lý"),
    ],
)
def test_a_running_term(now, due, kind, words):
    state = row_state(Status.PROCESSING, WEEK_AGO, at(due), at(now), reference().calendar)
    assert (state.kind, state.words) == (kind, words)


def test_a_same_day_dossier_is_near_in_its_last_two_hours_only():
    received, due = at("23/11 08:00"), at("23/11 17:00")
    calendar = reference().calendar
    early = row_state(Status.RECEIVED, received, due, at("23/11 14:59"), calendar)
    late = row_state(Status.RECEIVED, received, due, at("23/11 15:00"), calendar)
    assert (early.kind, late.kind) == (StateKind.WORKING, StateKind.NEAR)


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.RECEIVED, Status.PROCESSING)])
def test_no_other_status_is_ever_late(status):
    state = row_state(status, WEEK_AGO, at("19/11 17:00"), at("23/11 15:16"), reference().calendar)
    assert state.kind not in (StateKind.LATE, StateKind.NEAR)
    assert state.words


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        ("23/11 15:12", "23/11 17:00", "Còn 1 giờ 48"),
        ("23/11 16:12", "23/11 17:00", "Còn 48 phút"),
        ("23/11 10:00", "23/11 17:00", "Còn 5 giờ"),
        ("23/11 15:12", "25/11 17:00", "Còn 1 ngày"),
        ("23/11 15:12", "27/11 17:00", "Còn 3 ngày"),
        ("23/11 15:12", "19/11 17:00", "Quá hạn 2 ngày"),
        ("22/11 10:00", "22/11 17:00", "Còn 0 phút"),
    ],
)
def test_time_left(now, due, words):
    assert left_words(at(due), at(now), reference().calendar) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SUPPLEMENT_REQUESTED, "Đang dừng"),
        (Status.FEE_REQUESTED, "Đang dừng"),
        (Status.WITHDRAWN, "–"),
        (Status.STOPPED, "–"),
        (Status.REFUSED, "–"),
        (Status.PROCESSING, ""),
        (Status.RETURNED, ""),
    ],
)
def test_the_due_column(status, words):
    assert due_column(status, WEEK_AGO) == words
    assert due_column(Status.PROCESSING, None) == "–"
