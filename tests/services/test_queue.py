"""Numbers at the door: each once, called once, absent and back, the day begins anew; off by default."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import FixedClock
from app.domain.roles import Role
from app.errors import AppError, NotFoundError, RuleError
from app.services.desk import Desk
from app.services.people.access import add_officer
from app.services.queue import numbers as queue
from app.services.queue.paper import queue_slip, ticket_pdf
from tests.printing import reading
from tests.support.desk import MONDAY, make_desk, officer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock)
    queue.switch_queue(opened, officer(opened, "quantri"), True)
    yield opened
    opened.close()


def test_off_until_switched_on(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by = officer(desk)
    assert not queue.queue_enabled(desk)
    assert not queue.queue_state(desk, by).enabled
    for step in (lambda: queue.draw(desk, by), lambda: queue.call_next(desk, by)):
        with pytest.raises(RuleError) as refused:
            step()
        assert refused.value.code == "queue-off"
    with pytest.raises(RuleError):
        queue.switch_queue(desk, by, True)
    queue.switch_queue(desk, officer(desk, "lanhdao"), True)
    assert queue.draw(desk, by).number == 1
    queue.switch_queue(desk, officer(desk, "quantri"), False)
    assert not queue.queue_enabled(desk)


def test_priority_first_then_by_number(desk: Desk) -> None:
    by = officer(desk)
    for priority in (False, False, True):
        queue.draw(desk, by, priority=priority)
    assert [queue.call_next(desk, by).shown for _ in range(3)] == ["A003", "001", "002"]
    with pytest.raises(NotFoundError) as told:
        queue.call_next(desk, by)
    assert told.value.code == "queue-empty"
    mine = queue.queue_state(desk, by).mine
    assert mine is not None and mine.number == 2, "nobody waiting: the one at the counter stays"


def test_again_absent_back_served_left(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    for _ in range(3):
        queue.draw(desk, by)
    queue.call_next(desk, by)
    assert queue.call_again(desk, by).calls == 2
    assert queue.absent(desk, by).state == "absent"
    assert queue.queue_state(desk, by).mine is None
    queue.call_next(desk, by)
    back = queue.call_back(desk, by, 1)
    assert (back.number, back.state, back.calls) == (1, "called", 3)
    assert queue.served(desk, by).number == 1
    with pytest.raises(NotFoundError):
        queue.served(desk, by)
    assert queue.left(desk, by, 3).state == "left"
    for number in (3, 9):
        with pytest.raises(NotFoundError):
            queue.left(desk, by, number)
    assert queue.queue_state(desk, by).waiting == 0


def test_the_day_begins_anew(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    assert [queue.draw(desk, by).number for _ in range(2)] == [1, 2]
    clock.advance(timedelta(days=1))
    assert queue.draw(desk, by).number == 1
    assert queue.queue_state(desk, by).waiting == 1, "who waited yesterday does not wait today"


def test_lanes(desk: Desk) -> None:
    by = officer(desk)
    queue.draw(desk, by, "Hộ tịch")
    queue.draw(desk, by, "Chứng thực")
    assert queue.queue_state(desk, by).lanes == (("Chứng thực", 1), ("Hộ tịch", 1))
    assert queue.call_next(desk, by, "Chứng thực").number == 2
    with pytest.raises(NotFoundError):
        queue.call_next(desk, by, "Chứng thực")


def test_the_citizens_window_shows_the_latest_first(desk: Desk, clock: FixedClock) -> None:
    by = officer(desk)
    other = add_officer(desk, officer(desk, "quantri"), "tu", "Triệu Văn Tú", Role.RECEPTION).officer
    for _ in range(3):
        queue.draw(desk, by)
    queue.call_next(desk, by)
    clock.advance(timedelta(seconds=9))
    queue.call_next(desk, other)
    calling = queue.queue_state(desk, by).calling
    assert [(ticket.shown, counter) for ticket, counter in calling] == [
        ("002", desk.profile.name),
        ("001", desk.profile.name),
    ]


def test_two_officers_never_call_the_same_number(desk: Desk) -> None:
    admin = officer(desk, "quantri")
    officers = [
        add_officer(desk, admin, f"cb{n}", f"Cán bộ {name}", Role.RECEPTION).officer
        for n, name in enumerate(("Một", "Hai", "Ba"))
    ]
    for _ in range(24):
        queue.draw(desk, officers[0])
    called: list[int] = []
    failures: list[BaseException] = []

    def work(place: int) -> None:
        try:
            for _ in range(8):
                called.append(queue.call_next(desk, officers[place]).number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(called) == list(range(1, 25))


_STEPS = st.sampled_from(("draw", "priority", "next", "again", "absent", "served", "left", "back"))


@settings(max_examples=12, deadline=None)
@given(steps=st.lists(_STEPS, max_size=25))
def test_whatever_is_pressed_numbers_have_no_gap_and_at_most_one_is_at_the_counter(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    desk = make_desk(tmp_path_factory.mktemp("queue"))
    by = officer(desk)
    queue.switch_queue(desk, officer(desk, "quantri"), True)
    drawn = []
    for step in steps:
        before = queue.queue_state(desk, by)
        try:
            if step in ("draw", "priority"):
                drawn.append(queue.draw(desk, by, priority=step == "priority").number)
            elif step in ("left", "back"):
                {"left": queue.left, "back": queue.call_back}[step](desk, by, 1)
            else:
                call = {"next": queue.call_next, "again": queue.call_again}
                (call | {"absent": queue.absent, "served": queue.served})[step](desk, by)
        except AppError as told:
            assert told.title.endswith(".") and told.next_step.endswith(".")
            assert queue.queue_state(desk, by) == before
    assert drawn == list(range(1, len(drawn) + 1))
    assert len(queue.queue_state(desk, by).calling) <= 1
    desk.close()


def test_the_ticket(desk: Desk) -> None:
    by = officer(desk)
    first = queue.draw(desk, by, "Hộ tịch")
    assert queue_slip(desk, by, first).ahead == 0
    second, third = queue.draw(desk, by), queue.draw(desk, by, priority=True)
    assert [queue_slip(desk, by, each).ahead for each in (second, third)] == [2, 0]
    words = reading.words(ticket_pdf(desk, by, second))
    assert "002" in words and "Có 2 người chờ trước" in words and "09:00" in words
    assert ticket_pdf(desk, by, second) == ticket_pdf(desk, by, second)
    assert "Số ưu tiên" in reading.words(ticket_pdf(desk, by, third))
