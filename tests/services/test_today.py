"""Hôm nay: every figure against dossiers made by hand around the holiday of 24/11/2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from app.clock import VIETNAM, FixedClock
from app.domain.account_help import ConsentPurpose, HelpState
from app.domain.people import Person
from app.errors import RuleError
from app.models import tables
from app.services.demo import acts
from app.services.finding.row_state import StateKind
from app.services.help.account_help import open_case, step_case
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ManualDue
from app.services.overview.today import FirstAct, today
from tests.support.desk import HUONG, birth, make_desk, officer

NOW = datetime(2026, 11, 23, 15, 12, tzinfo=VIETNAM)


def at(day, month, hour=9, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(NOW))
    yield desk
    desk.close()


def receive(desk, name, received, due):
    intake = birth(
        owner=Person(name=name),
        procedure_code="1.001776",
        received_at=received,
        manual_due=ManualDue(due, "thử"),
    )
    return receive_dossier(desk, officer(desk), intake).id


def act(desk, dossier_id, plan, when):
    acts.perform(desk, officer(desk), dossier_id, plan, when)


def show(desk):
    return today(desk, officer(desk))


def test_an_empty_desk_has_zeros_and_no_shares(desk):
    view = show(desk)
    assert (view.received_today, view.certified_copies, view.digitised) == (0, None, None)
    assert (view.due_today.total, view.overdue.total, view.waiting.total, view.unsent.total) == (0, 0, 0, 0)
    assert (view.waiting.oldest_since, view.unsent.oldest_at) == (None, None)
    assert [month.percent for month in view.months] == [None] * 6
    assert view.first == ()
    assert view.help_week.total == 0


def test_due_today_counts_done_and_left(desk):
    for name, plans in (("A", ()), ("B", (acts.start,)), ("C", (acts.start, acts.complete))):
        dossier = receive(desk, name, at(16, 11), at(23, 11, 17))
        for hour, plan in enumerate(plans, 10):
            act(desk, dossier, plan, at(16, 11, hour))
    waiting = receive(desk, "D", at(16, 11), at(23, 11, 17))
    act(desk, waiting, acts.request_supplement("thiếu giấy"), at(17, 11))
    gone = receive(desk, "E", at(16, 11), at(23, 11, 17))
    act(desk, gone, acts.withdraw("đơn"), at(17, 11))
    due = show(desk).due_today
    assert (due.total, due.done, due.left) == (3, 1, 2)


def test_overdue_and_those_without_an_apology(desk):
    receive(desk, "A", at(10, 11), at(19, 11, 17))
    with_letter = receive(desk, "B", at(10, 11), at(20, 11, 17))
    done_late = receive(desk, "C", at(10, 11), at(19, 11, 17))
    act(desk, done_late, acts.start, at(11, 11))
    act(desk, done_late, acts.complete, at(20, 11))
    with desk.store.write() as connection:
        from app.services.recording import Recorder

        Recorder(connection, desk, officer(desk), NOW).history(with_letter, "extend", {})
    overdue = show(desk).overdue
    assert (overdue.total, overdue.without_apology) == (2, 1)


def test_waiting_for_the_citizen_counts_from_the_day_asked(desk):
    for name, asked in (("A", at(17, 11)), ("B", at(20, 11))):
        dossier = receive(desk, name, at(10, 11), at(27, 11, 17))
        act(desk, dossier, acts.request_supplement("thiếu giấy"), asked)
    waiting = show(desk).waiting
    assert (waiting.total, waiting.oldest_since, waiting.oldest_days) == (2, at(17, 11), 6)


def test_unsent_tells_the_oldest(desk):
    desk.clock.at = NOW - timedelta(minutes=32)
    first = receive(desk, "A", at(10, 11), at(27, 11, 17))
    desk.clock.at = NOW
    receive(desk, "B", at(10, 11), at(27, 11, 17))
    unsent = show(desk).unsent
    assert (unsent.total, unsent.oldest_minutes) == (2, 32)
    with desk.store.write() as connection:
        e = tables.event.c
        connection.execute(update(tables.event).where(e.dossier_id == first).values(verdict="accepted"))
        connection.execute(
            update(tables.dossier).where(tables.dossier.c.id == first).values(sync_state="accepted")
        )
    unsent = show(desk).unsent
    assert (unsent.total, unsent.oldest_minutes) == (1, 0)


def test_received_today_leaves_out_what_is_not_accepted(desk):
    receive(desk, "A", at(23, 11), at(27, 11, 17))
    receive(desk, "B", at(20, 11), at(27, 11, 17))
    receive_dossier(desk, officer(desk), birth(register_only=True, all_required=False))
    assert show(desk).received_today == 1


def test_the_strip_has_ten_working_days_the_holiday_and_the_gaps(desk):
    for name, due in (("A", at(23, 11, 17)), ("B", at(25, 11, 17)), ("C", at(25, 11, 17))):
        receive(desk, name, at(16, 11), due)
    receive(desk, "D", at(16, 11), at(8, 12, 17))
    strip = show(desk).strip
    assert [day.day.isoformat()[5:] for day in strip] == [
        "11-23",
        "11-24",
        "11-25",
        "11-26",
        "11-27",
        "11-30",
        "12-01",
        "12-02",
        "12-03",
        "12-04",
        "12-07",
    ]
    assert [day.day.day for day in strip if day.gap_before] == [30, 7]
    assert [(day.day.day, day.holiday) for day in strip if day.holiday] == [(24, "Ngày Văn hóa Việt Nam")]
    assert [(day.day.day, day.total, day.left) for day in strip if day.total] == [(23, 1, 1), (25, 2, 2)]


def test_the_strip_from_a_sunday_begins_on_monday(desk):
    desk.clock.at = datetime(2026, 11, 22, 10, 0, tzinfo=VIETNAM)
    view = show(desk)
    assert view.strip[0].day == date(2026, 11, 23)
    assert not view.strip[0].gap_before
    assert view.next_holiday is None


def test_a_worked_saturday_has_its_column(desk):
    desk.clock.at = datetime(2026, 8, 20, 10, 0, tzinfo=VIETNAM)
    days = [day.day for day in show(desk).strip]
    assert date(2026, 8, 22) in days
    assert date(2026, 8, 31) in days
    assert next(day for day in show(desk).strip if day.day == date(2026, 8, 31)).holiday


def test_the_next_holiday_is_named(desk):
    assert show(desk).next_holiday == (date(2026, 11, 24), "Ngày Văn hóa Việt Nam")


def test_on_time_by_the_end_of_processing_month_by_month(desk):
    on_time = receive(desk, "A", at(1, 10), at(8, 10, 17))
    act(desk, on_time, acts.start, at(2, 10))
    act(desk, on_time, acts.complete, at(8, 10, 17))
    late = receive(desk, "B", at(1, 10), at(8, 10, 17))
    act(desk, late, acts.start, at(2, 10))
    act(desk, late, acts.complete, at(8, 10, 17, 1))
    receive(desk, "C", at(2, 10), at(30, 10, 17))
    receive(desk, "D", at(2, 11), at(30, 11, 17))
    asked_in_time = receive(desk, "E", at(2, 11), at(10, 11, 17))
    act(desk, asked_in_time, acts.request_supplement("thiếu"), at(9, 11))
    asked_late = receive(desk, "F", at(2, 11), at(10, 11, 17))
    act(desk, asked_late, acts.request_supplement("thiếu"), at(11, 11))
    twice = receive(desk, "G", at(2, 11), at(30, 11, 17))
    with desk.store.write() as connection:
        d = tables.dossier.c
        connection.execute(update(tables.dossier).where(d.id == twice).values(supplement_rounds=2))
    receive(desk, "H", at(1, 5), at(8, 5, 17))
    months = {month.month: (month.total, month.on_time) for month in show(desk).months}
    assert list(months) == [date(2026, month, 1) for month in range(6, 12)]
    assert months[date(2026, 10, 1)] == (3, 1)
    assert months[date(2026, 11, 1)] == (4, 2)
    assert sum(total for total, _ in months.values()) == 7
    assert {month.percent for month in show(desk).months} == {None, 33.3, 50.0}


def test_what_to_do_first(desk):
    receive(desk, "Triệu Tòn Phin", at(10, 11), at(19, 11, 17))
    letter = receive(desk, "Phạm Thị Nga", at(10, 11), at(20, 11, 17))
    ready = receive(desk, "Hoàng Văn Quyết", at(16, 11), at(23, 11, 17))
    act(desk, ready, acts.start, at(17, 11))
    act(desk, ready, acts.complete, at(18, 11))
    receive(desk, "Quan Văn Đạt", at(16, 11), at(23, 11, 17))
    receive(desk, "Lộc Thị Mến", at(16, 11), at(26, 11, 17))
    receive(desk, "Xa hơn", at(16, 11), at(27, 11, 17))
    with desk.store.write() as connection:
        from app.services.recording import Recorder

        Recorder(connection, desk, officer(desk), NOW).history(letter, "extend", {})
    shown = [(row.owner_name, row.words, row.act, row.kind) for row in show(desk).first]
    assert shown == [
        ("Triệu Tòn Phin", "Quá hạn 2 ngày", FirstAct.APOLOGISE, StateKind.LATE),
        ("Phạm Thị Nga", "Quá hạn 1 ngày", FirstAct.OPEN, StateKind.LATE),
        ("Hoàng Văn Quyết", "Còn 1 giờ 48", FirstAct.RETURN, StateKind.READY),
        ("Quan Văn Đạt", "Còn 1 giờ 48", FirstAct.OPEN, StateKind.NEAR),
        ("Lộc Thị Mến", "Còn 2 ngày", FirstAct.OPEN, StateKind.WORKING),
    ]


def test_account_help_of_the_week(desk):
    by = officer(desk)
    desk.clock.at = at(20, 11)
    open_case(desk, by, HUONG, None, ())
    desk.clock.at = at(23, 11)
    open_case(desk, by, HUONG, None, ())
    case = open_case(desk, by, HUONG, None, (ConsentPurpose.TRACKING,))
    for state in ("du_dieu_kien", "da_chuyen_cong_an", "cho_phe_duyet", "da_duyet_cho_kich_hoat"):
        step_case(desk, by, case.id, HelpState(state))
    assert show(desk).help_week.signed_in == 0
    step_case(desk, by, case.id, HelpState.ACTIVATED)
    step_case(desk, by, case.id, HelpState.SIGNED_IN)
    week = show(desk).help_week
    assert (week.total, week.signed_in) == (2, 1)
    assert week.days == ((date(2026, 11, 23), 2),)


def test_hom_nay_is_refused_outside_the_role(desk):
    with pytest.raises(RuleError) as refused:
        today(desk, officer(desk, "quantri"))
    assert refused.value.code == "not-permitted"
