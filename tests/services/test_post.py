"""The public post: envelopes in, results out, delivered is returned, what comes back keeps waiting."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import jsonschema_rs
import pytest
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.catalogue import Channel
from app.domain.component_rules import ComponentSpec, CopyKind
from app.domain.dossier_status import Act, Status
from app.domain.roles import Permission
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import post_item
from app.protocol import contract
from app.services.finding.dossier_view import show_dossier
from app.services.hand_over.lists import list_content, lists
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.post import parcels as post
from app.services.post.incoming import Arrival, note_arrival, receive_by_post
from app.services.post.items import post_items
from app.services.post.labels import print_labels
from app.services.post.parcels import Parcel
from tests.support.desk import MONDAY, birth, make_desk, officer

BILL, OTHER = "EB000717595VN", "EB000717618VN"


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def finished(desk, clock):
    """A dossier whose result waits."""
    number = receive_dossier(desk, officer(desk), birth(return_method="post")).number
    clock.advance(timedelta(minutes=5))
    do_act(desk, officer(desk), number, ActOrder(Act.COMPLETE, result_no="25/2026"))
    clock.advance(timedelta(minutes=5))
    return number


def shown(desk, number):
    return show_dossier(desk, officer(desk), number, audited=False)


def last_event(desk):
    with desk.store.read() as connection:
        e = tables.event.c
        body = connection.execute(select(e.body).order_by(e.desk_seq.desc()).limit(1)).scalar_one()
    return json.loads(body)


def refused(code, call, *args, **more):
    with pytest.raises((RuleError, NotFoundError)) as error:
        call(*args, **more)
    assert error.value.code == code
    assert error.value.title and error.value.next_step
    return error.value


# ---- in


def test_an_envelope_becomes_a_dossier_with_its_day_and_number(desk):
    posted = receive_by_post(
        desk, officer(desk), birth(), Arrival(date(2026, 11, 20), "PB-7", "eb000717595vn")
    )
    assert posted.warnings == ()
    detail = shown(desk, posted.number)
    assert detail.channel == "post"
    [item] = post_items(desk, officer(desk))
    assert (item.direction, item.state, item.envelope_no, item.bill) == ("in", "arrived", "PB-7", BILL)
    assert item.made_at.date() == date(2026, 11, 20)
    assert "post_arrived" in [line.act for line in detail.history]
    assert last_event(desk)["payload"]["channel"] == "post"


def test_the_same_envelope_twice_is_one_dossier_and_one_item(desk):
    intake = birth()
    first = receive_by_post(desk, officer(desk), intake, Arrival(date(2026, 11, 23), "PB-7"))
    again = receive_by_post(desk, officer(desk), intake, Arrival(date(2026, 11, 23), "PB-7"))
    assert again.already and again.item_id == first.item_id
    assert len(post_items(desk, officer(desk))) == 1


def test_the_envelope_of_a_dossier_already_stored_is_noted_once(desk):
    number = receive_dossier(desk, officer(desk), birth(channel=Channel.POST)).number
    first = note_arrival(desk, officer(desk), number, Arrival(date(2026, 11, 21), "PB-8"))
    again = note_arrival(desk, officer(desk), number, Arrival(date(2026, 11, 21), "PB-8"))
    assert (first.already, again.already, again.item_id) == (False, True, first.item_id)
    other = receive_dossier(desk, officer(desk), birth()).number
    refused("not-by-post", note_arrival, desk, officer(desk), other, Arrival(date(2026, 11, 21)))


def test_plain_copies_by_post_are_said(desk):
    intake = birth(components=(ComponentSpec("to_khai", CopyKind.PHOTOCOPY, 1),))
    posted = receive_by_post(desk, officer(desk), intake, Arrival(date(2026, 11, 23)))
    assert "bản sao chứng thực" in posted.warnings[0]


def test_an_envelope_of_tomorrow_is_refused_and_nothing_is_stored(desk):
    error = refused(
        "arrived-later", receive_by_post, desk, officer(desk), birth(), Arrival(date(2026, 11, 24))
    )
    assert error.field == "arrived_on"
    assert post_items(desk, officer(desk)) == ()


# ---- out


def test_the_whole_way_out_closes_the_dossier_with_the_bill_code(desk, clock):
    number = finished(desk, clock)
    item = post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    assert (item.state, item.bill, item.recipient) == ("ready", BILL, "Ma Thị Hường")
    assert item.address == "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang"
    assert shown(desk, number).status is Status.COMPLETED
    manifest = post.hand_to_post(desk, officer(desk))
    assert (manifest.no, manifest.numbers, manifest.without_bill) == ("1/BK02/2026", (number,), ())
    paper = list_content(desk, officer(desk), manifest.id)
    assert [(line.bill, line.recipient) for line in paper.lines] == [(BILL, "Ma Thị Hường")]
    clock.advance(timedelta(days=2))
    done = post.delivered(desk, officer(desk), number)
    assert done.status is Status.RETURNED
    event = last_event(desk)
    assert event["type"] == "dossier.returned"
    assert event["payload"]["method"] == "post"
    assert event["payload"]["postal_code"] == BILL
    assert jsonschema_rs.validator_for(contract.schema("Event")).is_valid(event)
    [kept] = post_items(desk, officer(desk))
    assert kept.state == "delivered" and kept.delivered_at == MONDAY + timedelta(days=2, minutes=10)
    refused("not-posted", post.delivered, desk, officer(desk), number)


def test_an_addressee_who_is_neither_submitter_nor_owner_is_named_to_the_province(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL, recipient="Ma Văn Pẩu"))
    assert post.delivered(desk, officer(desk), number).status is Status.RETURNED
    assert last_event(desk)["payload"]["recipient_name"] == "Ma Văn Pẩu"
    assert "recipient_identifier" not in last_event(desk)["payload"]


def test_delivered_names_the_day_on_the_notice(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    opening = datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)
    post.hand_to_post(desk, officer(desk))
    assert post.delivered(desk, officer(desk), number, opening).status is Status.RETURNED
    assert shown(desk, number).returned_at > MONDAY


def test_delivered_before_it_was_handed_is_a_sentence(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    post.hand_to_post(desk, officer(desk))
    refused("act-before-last", post.delivered, desk, officer(desk), number, MONDAY - timedelta(days=1))
    assert shown(desk, number).status is Status.COMPLETED


def test_what_came_back_keeps_waiting_and_goes_out_again_under_a_new_bill(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    post.hand_to_post(desk, officer(desk))
    refused("reason-missing", post.came_back, desk, officer(desk), number, "  ")
    back = post.came_back(desk, officer(desk), number, "Không có người nhận")
    assert (back.state, back.note) == ("came_back", "Không có người nhận")
    detail = shown(desk, number)
    assert detail.status is Status.COMPLETED
    assert detail.history[-1].act == "post_came_back"
    refused("bill-used", post.prepare, desk, officer(desk), number, Parcel(bill=BILL))
    assert post.prepare(desk, officer(desk), number, Parcel(bill=OTHER)).state == "ready"
    assert [item.state for item in post_items(desk, officer(desk))] == ["ready", "came_back"]


def test_the_bill_may_come_after_the_list(desk, clock):
    number = finished(desk, clock)
    assert post.prepare(desk, officer(desk), number, Parcel()).bill == ""
    assert post.hand_to_post(desk, officer(desk)).without_bill == (number,)
    item = post.prepare(desk, officer(desk), number, Parcel(bill="vnp2026001"))
    assert (item.state, item.bill) == ("handed", "VNP2026001")
    assert "13 ký tự" in item.warning
    assert post.delivered(desk, officer(desk), number).status is Status.RETURNED
    assert last_event(desk)["payload"]["postal_code"] == "VNP2026001"


def test_preparing_twice_is_one_parcel_with_the_latest_address(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL, phone="0900 000 456"))
    item = post.prepare(desk, officer(desk), number, Parcel(address="Số 5, xã Thượng Lâm"))
    assert (item.bill, item.phone, item.address) == (BILL, "0900000456", "Số 5, xã Thượng Lâm")
    assert len(post_items(desk, officer(desk), open_only=True)) == 1


def test_a_bill_of_another_dossier_names_that_dossier(desk, clock):
    first, second = finished(desk, clock), finished(desk, clock)
    post.prepare(desk, officer(desk), first, Parcel(bill=BILL))
    error = refused("bill-used", post.prepare, desk, officer(desk), second, Parcel(bill=BILL))
    assert error.field == "bill" and first in error.title
    assert post_items(desk, officer(desk))[0].number == first


def test_what_is_not_finished_cannot_be_posted(desk):
    number = receive_dossier(desk, officer(desk), birth()).number
    refused("illegal-transition", post.prepare, desk, officer(desk), number, Parcel())
    refused("nothing-ready", post.hand_to_post, desk, officer(desk))
    refused("not-posted", post.delivered, desk, officer(desk), number)
    refused("no-dossier", post.prepare, desk, officer(desk), "TN-0-0-0", Parcel())


@pytest.mark.parametrize(
    ("parcel", "field"),
    [
        (Parcel(bill="@@"), "bill"),
        (Parcel(phone="12"), "phone"),
        (Parcel(recipient="123"), "recipient"),
        (Parcel(fee_payer="ai"), "fee_payer"),
    ],
)
def test_what_is_mistyped_is_refused_beside_its_field(desk, clock, parcel, field):
    number = finished(desk, clock)
    with pytest.raises(RuleError) as error:
        post.prepare(desk, officer(desk), number, parcel)
    assert error.value.field == field
    assert post_items(desk, officer(desk)) == ()


def test_roles_decide(desk, clock):
    number = finished(desk, clock)
    admin = officer(desk, "quantri")
    assert not admin.may(Permission.RETURN)
    refused("not-permitted", post.prepare, desk, admin, number, Parcel())
    refused("not-permitted", post.hand_to_post, desk, admin)
    refused("not-permitted", post.delivered, desk, admin, number)


def test_lists_are_numbered_without_gaps(desk, clock):
    for n in range(1, 4):
        finished_one = finished(desk, clock)
        post.prepare(desk, officer(desk), finished_one, Parcel())
        assert post.hand_to_post(desk, officer(desk)).no == f"{n}/BK02/2026"
    assert [row.count for row in lists(desk, officer(desk))] == [1, 1, 1]


def test_what_was_returned_another_way_goes_on_no_list(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel())
    do_act(desk, officer(desk), number, ActOrder(Act.RETURN))
    assert post_items(desk, officer(desk), open_only=True) == ()
    refused("nothing-ready", post.hand_to_post, desk, officer(desk))


def test_labels_are_drawn_kept_and_counted(desk, clock):
    number = finished(desk, clock)
    refused("not-posted", print_labels, desk, officer(desk), [number])
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    made = print_labels(desk, officer(desk), [number], "c5")
    assert made.pdf.startswith(b"%PDF") and made.copy_no == 1
    assert print_labels(desk, officer(desk), [number]).copy_no == 2


def test_nothing_of_an_item_is_ever_deleted(desk, clock):
    number = finished(desk, clock)
    post.prepare(desk, officer(desk), number, Parcel(bill=BILL))
    post.came_back(desk, officer(desk), number, "Sai địa chỉ")
    post.prepare(desk, officer(desk), number, Parcel(bill=OTHER))
    with desk.store.read() as connection:
        assert len(connection.execute(select(post_item.c.id)).all()) == 2
