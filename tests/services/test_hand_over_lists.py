"""Hand-over lists both ways: each dossier moves by its own act, those kept back are named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import hand_over_item, hand_over_list
from app.services.finding.dossier_view import show_dossier
from app.services.hand_over.lists import (
    ListOrder,
    hand_over_to,
    list_content,
    lists,
    print_list,
    take_over_from,
)
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers.forms import make_paper
from tests.printing import reading
from tests.support.desk import MONDAY, birth, make_desk, officer

OTHER = "02269"


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def other(desk):
    """Another commune of the province."""
    own = desk.profile.unit_code
    return next(unit for unit in desk.reference.units.units_of("08") if unit.code != own)


def received(desk, clock, count):
    numbers = []
    for _ in range(count):
        numbers.append(receive_dossier(desk, officer(desk), birth()).number)
        clock.advance(timedelta(minutes=1))
    return numbers


def acts_of(desk, number):
    return [line.act for line in show_dossier(desk, officer(desk), number, audited=False).history]


def test_every_dossier_of_the_list_is_transferred_and_the_paper_names_it(desk, clock, other):
    numbers = received(desk, clock, 3)
    made = hand_over_to(desk, officer(desk), ListOrder(other.code, numbers, "kèm bản giấy"))
    assert (made.no, made.taken, made.left) == ("1/BK02/2026", tuple(numbers), ())
    assert all(acts_of(desk, number)[-1] == Act.TRANSFER for number in numbers)
    paper = list_content(desk, officer(desk), made.id)
    assert [line.number for line in paper.lines] == numbers
    assert paper.receiver == made.other_name and other.name.split(" ", 1)[1] in paper.receiver
    assert all(line.papers > 0 for line in paper.lines)
    control = reading.squeezed(reading.raw(make_paper(desk, officer(desk), numbers[0], "06").pdf))
    assert reading.squeezed("Bảng kê số 1/BK02/2026") in control


def test_what_a_rule_keeps_back_is_named_and_the_rest_goes(desk, clock, other):
    first, done, last = received(desk, clock, 3)
    do_act(desk, officer(desk), done, ActOrder(Act.COMPLETE))
    order = ListOrder(other.code, [first, done, "TN-nothing", last, first])
    made = hand_over_to(desk, officer(desk), order)
    assert made.taken == (first, last)
    assert {each.number: each.code for each in made.left} == {
        done: "illegal-transition",
        "TN-nothing": "no-dossier",
    }
    assert all(each.title and each.next_step for each in made.left)
    assert [row.count for row in lists(desk, officer(desk))] == [2]


def test_where_none_goes_there_is_no_list_and_no_number_is_lost(desk, clock, other):
    [number] = received(desk, clock, 1)
    do_act(desk, officer(desk), number, ActOrder(Act.COMPLETE))
    made = hand_over_to(desk, officer(desk), ListOrder(other.code, [number]))
    assert (made.id, made.no, made.taken) == (None, "", ())
    [fresh] = received(desk, clock, 1)
    assert hand_over_to(desk, officer(desk), ListOrder(other.code, [fresh])).no == "1/BK02/2026"


def test_a_dossier_on_its_way_goes_on_no_second_list(desk, clock, other):
    numbers = received(desk, clock, 2)
    hand_over_to(desk, officer(desk), ListOrder(other.code, numbers[:1]))
    made = hand_over_to(desk, officer(desk), ListOrder(other.code, numbers))
    assert made.taken == (numbers[1],)
    assert [each.code for each in made.left] == ["transfer-pending"]


@pytest.mark.parametrize(
    ("unit", "numbers", "code", "field"),
    [
        ("", ["x"], "unit-missing", "unit"),
        ("99999", ["x"], "unknown-unit", "unit"),
        ("02221", ["x"], "transfer-own-unit", "unit"),
        ("OTHER", [" "], "list-empty", "number"),
        ("OTHER", [str(n) for n in range(501)], "list-long", "number"),
    ],
)
def test_an_order_that_says_nothing_is_refused_whole(desk, other, unit, numbers, code, field):
    order = ListOrder(other.code if unit == "OTHER" else unit, numbers)
    with pytest.raises(RuleError) as error:
        hand_over_to(desk, officer(desk), order)
    assert (error.value.code, error.value.field) == (code, field)


def test_the_other_side_takes_over_by_its_list(desk, clock, other):
    """Dossiers that the other unit holds are brought with its list, before the province has told of it."""
    numbers = received(desk, clock, 2)
    with desk.store.write() as connection:
        connection.execute(update(tables.dossier).values(custodian_unit=other.code))
    made = take_over_from(desk, officer(desk), ListOrder(other.code, [*numbers, "H60.99-1"], "đủ giấy"))
    assert made.taken == tuple(numbers)
    assert [each.code for each in made.left] == ["no-dossier"]
    paper = list_content(desk, officer(desk), made.id)
    assert paper.giver == made.other_name and paper.receiver_name == officer(desk).name
    assert "H60.99-1" in paper.note and "đủ giấy" in paper.note
    assert lists(desk, officer(desk))[0].direction == "in"
    assert acts_of(desk, numbers[0])[-2:] == ["arriving", Act.ACCEPT_CUSTODY]
    with desk.store.read() as connection:
        assert set(connection.execute(select(tables.dossier.c.custodian_unit)).scalars()) == {"02221"}


def test_taking_what_nobody_sent_is_a_sentence_for_each(desk, clock, other):
    numbers = received(desk, clock, 2)
    made = take_over_from(desk, officer(desk), ListOrder(other.code, numbers))
    assert made.id is None
    assert [each.code for each in made.left] == ["no-transfer", "no-transfer"]


def test_the_list_is_printed_kept_and_reprinted_with_a_mark(desk, clock, other):
    made = hand_over_to(desk, officer(desk), ListOrder(other.code, received(desk, clock, 2)))
    first = print_list(desk, officer(desk), made.id)
    again = print_list(desk, officer(desk), made.id)
    assert (first.copy_no, again.copy_no) == (1, 2)
    assert "In lại lần 1" in reading.words(again.pdf)
    with pytest.raises(NotFoundError) as error:
        print_list(desk, officer(desk), "nothing")
    assert error.value.code == "no-list"


def test_the_administrator_hands_nothing_over(desk, clock, other):
    with pytest.raises(RuleError) as error:
        hand_over_to(desk, officer(desk, "quantri"), ListOrder(other.code, received(desk, clock, 1)))
    assert error.value.code == "not-permitted"
    with desk.store.read() as connection:
        assert connection.execute(select(hand_over_list.c.id)).all() == []
        assert connection.execute(select(hand_over_item.c.list_id)).all() == []
