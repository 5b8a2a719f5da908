"""Giving results out: what is handed over, to whom, what is still owed, what cannot go out and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.component_rules import ComponentSpec
from app.domain.dossier_status import Act, Status
from app.domain.people import IdKind, Person
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol.ids import new_id
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, Recipient, do_act
from app.services.money.payments import receipts_of_dossier
from app.services.post import parcels as post
from app.services.post.parcels import Parcel
from app.services.returning import results as returning
from app.services.returning.paper import print_receipt, return_receipt
from app.services.returning.view import compare_card, read_return
from tests.printing import reading
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

BROTHER = Person("Ma Văn Pẩu", IdKind.PERSONAL_NUMBER, "008090000017", birth_date=date(1990, 1, 2))

PROXY = (ComponentSpec("van_ban_uy_quyen"),)


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def received(desk, clock, **changes):
    number = receive_dossier(desk, officer(desk), birth(**changes)).number
    clock.advance(timedelta(minutes=5))
    return number


def done(desk, clock, number, act, **order):
    do_act(desk, officer(desk, "lanhdao"), number, ActOrder(act, **order))
    clock.advance(timedelta(minutes=5))


def finished(desk, clock, **changes):
    number = received(desk, clock, **changes)
    done(desk, clock, number, Act.COMPLETE, result_no="25/2026")
    return number


def view(desk, number):
    return read_return(desk, officer(desk), number)


def events(desk, kind):
    e = tables.event.c
    with desk.store.read() as connection:
        bodies = connection.execute(select(e.body).where(e.type == kind)).scalars()
        return [json.loads(body)["payload"] for body in bodies]


# ---- what stands on screen


def test_a_finished_dossier_shows_its_result_and_that_it_can_go_out(desk, clock):
    shown = view(desk, finished(desk, clock))
    assert shown.blocked is None
    assert [paper.detail for paper in shown.papers] == ["số 25/2026"]
    assert shown.timing == "Đúng hạn" and not shown.apology_due
    assert shown.submitter.name == "Ma Thị Hường"


def test_a_late_result_says_so_and_that_no_apology_was_written(desk, clock):
    number = received(desk, clock)
    clock.advance(timedelta(days=9))
    done(desk, clock, number, Act.COMPLETE)
    shown = view(desk, number)
    assert (shown.timing, shown.apology_due) == ("Quá hạn", True)


@pytest.mark.parametrize(
    ("act", "order", "words"),
    [
        (None, {}, "đang được giải quyết"),
        (Act.REQUEST_SUPPLEMENT, {"items": ("Giấy chứng sinh",)}, "bổ sung"),
        (Act.REQUEST_FEE, {"amount_vnd": 5000}, "nộp phí"),
    ],
)
def test_what_cannot_be_returned_yet_says_why_and_what_next(desk, clock, act, order, words):
    number = received(desk, clock)
    if act is not None:
        done(desk, clock, number, act, **order)
    blocked = view(desk, number).blocked
    assert blocked is not None and words in blocked.title and blocked.next_step
    with pytest.raises(RuleError):
        returning.hand_over(desk, officer(desk), number, Recipient())


def test_papers_go_back_where_the_dossier_was_withdrawn(desk, clock):
    number = received(desk, clock)
    done(desk, clock, number, Act.WITHDRAW)
    shown = view(desk, number)
    assert shown.blocked is None and shown.papers and all(paper.back for paper in shown.papers)
    assert shown.timing == ""
    returning.hand_over(desk, officer(desk), number, Recipient())
    paper = return_receipt(desk, officer(desk), number)
    assert len(paper.papers) == len(shown.papers) and paper.late_words == ""


# ---- who it goes to


def test_cards_are_told_apart(desk, clock):
    number = finished(desk, clock, submitter=BROTHER, relation="anh ruột", components=PROXY)
    shown = view(desk, number)
    assert compare_card(shown, BROTHER).role == "submitter"
    assert compare_card(shown, HUONG).role == "owner"
    stranger = compare_card(shown, replace(BROTHER, name="Lò Thị Mai", id_value="008190000022"))
    assert stranger.role == "" and "không phải" in stranger.title and "ủy quyền" in stranger.next_step


def test_a_card_without_number_is_never_a_match(desk, clock):
    number = finished(desk, clock, owner=replace(HUONG, id_value=None, id_kind=IdKind.NONE))
    assert compare_card(view(desk, number), replace(HUONG, id_value=None)).role == ""


def test_the_result_goes_to_the_submitter_with_what_was_shown(desk, clock):
    number = finished(desk, clock)
    after = returning.hand_over(desk, officer(desk), number, Recipient("Ma Thị Hường", "008198000000"))
    assert after.status is Status.RETURNED
    [told] = events(desk, "dossier.returned")
    assert told["method"] == "counter"
    assert told["recipient_identifier"]["value"] == "008198000000"
    words = reading.half(print_receipt(desk, officer(desk), number).pdf, True)
    assert "Người nhận: Ma Thị Hường" in words
    assert "Thẻ căn cước số 008198000000" in words
    assert "số 25/2026" in words


def test_somebody_else_needs_relation_and_number_and_both_are_on_the_receipt(desk, clock):
    number = finished(desk, clock)
    with pytest.raises(RuleError) as error:
        returning.hand_over(desk, officer(desk), number, Recipient("Lò Thị Mai", "008190000022"))
    assert error.value.field == "relation"
    with pytest.raises(RuleError) as error:
        returning.hand_over(desk, officer(desk), number, Recipient("Lò Thị Mai", relation="chị"))
    assert error.value.field == "recipient_id"
    returning.hand_over(
        desk,
        officer(desk),
        number,
        Recipient("Lò Thị Mai", "008190000022", "chị"),
        authority="Giấy ủy quyền số 3",
    )
    words = reading.half(print_receipt(desk, officer(desk), number).pdf, True)
    assert "Lò Thị Mai" in words and "chị, Giấy ủy quyền số 3" in words


def test_a_number_that_was_not_shown_is_not_on_the_receipt(desk, clock):
    number = finished(desk, clock)
    returning.hand_over(desk, officer(desk), number, Recipient())
    assert return_receipt(desk, officer(desk), number).identity == ""


def test_a_result_returned_twice_is_a_sentence_with_who_took_it(desk, clock):
    number = finished(desk, clock)
    returning.hand_over(desk, officer(desk), number, Recipient())
    with pytest.raises(RuleError) as error:
        returning.hand_over(desk, officer(desk), number, Recipient())
    assert "đã trả" in error.value.title
    blocked = view(desk, number).blocked
    assert blocked is not None and "Ma Thị Hường" in blocked.title
    assert len(events(desk, "dossier.returned")) == 1


# ---- money


def owing(desk, clock):
    """A finished dossier that still owes 8.000 đ."""
    number = received(desk, clock)
    done(desk, clock, number, Act.REQUEST_FEE, amount_vnd=8000)
    done(desk, clock, number, Act.PAY)
    from app.services.money.payments import cancel_receipt

    done(desk, clock, number, Act.COMPLETE)
    [receipt] = receipts_of_dossier(desk, officer(desk), number)
    cancel_receipt(desk, officer(desk, "lanhdao"), receipt.id, "ghi nhầm")
    return number


def test_money_and_return_are_one_commit_and_one_receipt(desk, clock):
    number = owing(desk, clock)
    shown = view(desk, number)
    assert shown.owed.left_vnd == 8000 and shown.can_collect
    with pytest.raises(RuleError):  # the return is refused: no money was taken either
        returning.hand_over(desk, officer(desk), number, Recipient("Lò Thị Mai"), collect=True)
    assert [each for each in receipts_of_dossier(desk, officer(desk), number) if each.stands] == []
    request = new_id()
    after = returning.hand_over(desk, officer(desk), number, Recipient(), collect=True, request_id=request)
    assert after.status is Status.RETURNED
    [taken] = [each for each in receipts_of_dossier(desk, officer(desk), number) if each.stands]
    assert taken.amount_vnd == 8000
    assert "đã thu 8.000 đồng" in reading.half(print_receipt(desk, officer(desk), number).pdf, True)


def test_nothing_owed_is_nothing_taken(desk, clock):
    number = finished(desk, clock)
    if view(desk, number).owed.left_vnd == 0:
        returning.hand_over(desk, officer(desk), number, Recipient(), collect=True)
        assert receipts_of_dossier(desk, officer(desk), number) == ()


# ---- the post


def test_what_is_with_the_post_is_not_at_the_counter(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill="EB000717595VN"))
    assert view(desk, number).blocked is None
    post.hand_to_post(desk, officer(desk))
    blocked = view(desk, number).blocked
    assert blocked is not None and "EB000717595VN" in blocked.title
    with pytest.raises(RuleError) as error:
        returning.hand_over(desk, officer(desk), number, Recipient())
    assert error.value.code == "with-the-post"
    post.came_back(desk, officer(desk), number, "Sai địa chỉ")
    assert returning.hand_over(desk, officer(desk), number, Recipient()).status is Status.RETURNED


def test_the_act_itself_knows_that_the_post_has_it(desk, clock):
    """The form of a dossier's screen (F8) does the plain act: it is refused in the same words."""
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill="EB000717595VN"))
    post.hand_to_post(desk, officer(desk))
    with pytest.raises(RuleError) as error:
        do_act(desk, officer(desk), number, ActOrder(Act.RETURN))
    assert error.value.code == "with-the-post" and "EB000717595VN" in error.value.title
    assert show_dossier(desk, officer(desk), number).status is Status.COMPLETED
    assert post.delivered(desk, officer(desk), number).status is Status.RETURNED


def test_what_came_back_from_the_post_is_given_by_the_plain_act(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel())
    post.hand_to_post(desk, officer(desk))
    post.came_back(desk, officer(desk), number, "Sai địa chỉ")
    assert do_act(desk, officer(desk), number, ActOrder(Act.RETURN)).status is Status.RETURNED


def test_who_comes_before_the_post_takes_it_off_the_list(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel())
    returning.hand_over(desk, officer(desk), number, Recipient())
    with pytest.raises(RuleError) as error:
        post.hand_to_post(desk, officer(desk))
    assert error.value.code == "nothing-ready"


# ---- finding


def test_found_by_code_name_and_card(desk, clock):
    number = finished(desk, clock)
    for text in (number, number.lower(), f"  {number} ", "ma thi huong", "008198000000"):
        found = returning.look_up(desk, officer(desk), text)
        assert found.view is not None and found.view.dossier.number == number
    assert returning.of_person(desk, officer(desk), "008198000000").view is not None
    second = finished(desk, clock)
    found = returning.look_up(desk, officer(desk), "hường")
    assert found.view is None and {hit.number for hit in found.hits} == {number, second}
    for text in ("khong co ai", ""):
        with pytest.raises(NotFoundError):
            returning.look_up(desk, officer(desk), text)


def test_a_name_opens_the_one_that_waits_among_others(desk, clock):
    received(desk, clock)
    number = finished(desk, clock)
    found = returning.look_up(desk, officer(desk), "hường")
    assert found.view is not None and found.view.dossier.number == number


def test_a_card_of_somebody_without_result_is_a_sentence(desk, clock):
    received(desk, clock)
    with pytest.raises(NotFoundError) as error:
        returning.of_person(desk, officer(desk), "008198000000")
    assert error.value.code == "no-result-waiting"


def test_results_that_wait_the_longest_first_with_their_days(desk, clock):
    first = finished(desk, clock)
    clock.advance(timedelta(days=3))
    second = finished(desk, clock)
    post.prepare(desk, officer(desk), second, Parcel())
    clock.advance(timedelta(days=1))
    count, rows = returning.waiting_results(desk, officer(desk))
    assert count == 2
    assert [(row.number, row.days, row.post) for row in rows] == [(first, 4, ""), (second, 1, "ready")]
    assert rows[0].phone == "0900000123"


def test_roles_decide(desk, clock):
    number = finished(desk, clock)
    admin = officer(desk, "quantri")
    for call in (
        lambda: read_return(desk, admin, number),
        lambda: returning.look_up(desk, admin, number),
        lambda: returning.hand_over(desk, admin, number, Recipient()),
    ):
        with pytest.raises(RuleError) as error:
            call()
        assert error.value.code == "not-permitted"
