"""Acts of a dossier's life: lawful, recorded three times, told to the province as the contract says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import jsonschema_rs
import pytest
from sqlalchemy import select

from app.clock import VIETNAM, FixedClock
from app.domain.component_rules import ComponentSpec
from app.domain.dossier_status import Act, Status
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.protocol import contract
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act, warning_before
from tests.support.desk import MONDAY, birth, make_desk, officer

PROCEDURE = "1.004884"
"""Five working days."""


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def number(desk):
    return receive_dossier(desk, officer(desk), birth(procedure_code=PROCEDURE)).number


def do(desk, number, act, login="lanhdao", **order):
    return do_act(desk, officer(desk, login), number, ActOrder(Act(act), **order))


def refused(desk, number, act, **order):
    with pytest.raises(RuleError) as error:
        do(desk, number, act, **order)
    assert error.value.title
    assert error.value.next_step
    return error.value


def events(desk, kind=None):
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body).order_by(tables.event.c.desk_seq)).scalars()
        return [event for event in map(json.loads, bodies) if kind in (None, event["type"])]


def row(desk):
    with desk.store.read() as connection:
        return connection.execute(select(tables.dossier)).mappings().one()


def test_the_plain_life(desk, number, clock):
    assert do(desk, number, "start").status is Status.PROCESSING
    clock.advance(timedelta(days=2))
    assert do(desk, number, "complete", result_no="25/2026").status is Status.COMPLETED
    assert do(desk, number, "return").status is Status.RETURNED
    kinds = [event["type"] for event in events(desk)]
    assert kinds[1:] == ["dossier.received", "dossier.progress", "dossier.completed", "dossier.returned"]
    assert events(desk, "dossier.completed")[0]["payload"]["results"][0]["number"] == "25/2026"
    assert row(desk)["ended_at"] == MONDAY + timedelta(days=2)
    assert row(desk)["returned_at"] is not None
    assert refused(desk, number, "return").code == "illegal-transition"


def test_supplement_stops_the_clock_and_resumes_it(desk, number, clock):
    before = row(desk)["due_at"]
    do(desk, number, "start")
    assert do(desk, number, "request-supplement", items=("Giấy chứng sinh",)).warnings == ()
    clock.advance(timedelta(days=7))
    done = do(desk, number, "supplement", items=("Giấy chứng sinh bản gốc",))
    assert done.status is Status.PROCESSING
    assert done.due_at > before
    event = events(desk, "dossier.supplement_received")[0]["payload"]
    assert event["components"][0]["name"] == "Giấy chứng sinh bản gốc"
    assert event["new_due_at"] != event["previous_due_at"]
    again = do(desk, number, "request-supplement", reason="Thiếu chữ ký")
    assert "trễ hạn" in again.warnings[0]
    assert warning_before(Act.REQUEST_SUPPLEMENT, 1)
    assert not warning_before(Act.REQUEST_SUPPLEMENT, 0)


def test_a_supplement_after_withdrawal_is_refused(desk, number):
    do(desk, number, "withdraw")
    assert refused(desk, number, "supplement").code == "illegal-transition"
    assert refused(desk, number, "request-supplement", items=("x",)).code == "illegal-transition"


def test_fee_asked_and_paid(desk, number, clock):
    do(desk, number, "start")
    assert refused(desk, number, "request-fee", amount_vnd=-5).field == "amount"
    do(desk, number, "request-fee", amount_vnd=50000, reason="Phí thẩm định")
    clock.advance(timedelta(days=1))
    assert refused(desk, number, "pay", amount_vnd=-1).code == "amount-range"
    assert do(desk, number, "pay").status is Status.PROCESSING
    paid = events(desk, "fee.collected")[0]["payload"]
    assert paid["amount_vnd"] == 50000
    assert paid["receipt"]["number"] == "1"
    asked = events(desk, "dossier.fee_requested")[0]["payload"]["fees"][0]["fee_id"]
    assert asked in paid["fee_ids"]


def test_receipts_have_no_gap_and_no_repeat(desk, number):
    for _ in range(3):
        do(desk, number, "pay", amount_vnd=1000)
    assert [e["payload"]["receipt"]["number"] for e in events(desk, "fee.collected")] == ["1", "2", "3"]


def test_extension_once_before_the_due_date_and_later(desk, number, clock):
    later = datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM)
    assert refused(desk, number, "extend", due_at=later).field == "reason"
    assert refused(desk, number, "extend", reason="Xác minh").field == "due"
    early = datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)
    assert refused(desk, number, "extend", reason="Xác minh", due_at=early).code == "extension-not-later"
    assert do(desk, number, "extend", reason="Xác minh", due_at=later).due_at == later
    much = later + timedelta(days=3)
    assert refused(desk, number, "extend", reason="Nữa", due_at=much).code == "extension-used"


def test_extension_after_the_due_date_is_refused(desk, number, clock):
    clock.advance(timedelta(days=30))
    due = datetime(2027, 1, 8, 17, 0, tzinfo=VIETNAM)
    assert refused(desk, number, "extend", reason="Muộn", due_at=due).code == "extension-late"


def test_stop_and_refuse_need_a_reason(desk, number):
    assert refused(desk, number, "stop").field == "reason"
    assert do(desk, number, "stop", reason="Theo yêu cầu").status is Status.STOPPED
    assert do(desk, number, "return").status is Status.RETURNED


def test_registered_only_then_accepted_or_refused(desk, clock):
    by = officer(desk)
    incomplete = birth(register_only=True, all_required=False, components=(ComponentSpec("to_khai"),))
    one = receive_dossier(desk, by, incomplete).number
    error = refused(desk, one, "accept")
    assert error.missing == ("giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than")
    assert do(desk, one, "refuse", reason="Không thuộc thẩm quyền").status is Status.REFUSED
    event = events(desk, "dossier.refused")[0]
    assert event["subject"]["code"] == one
    assert event["payload"]["filing"]["owner"]["full_name"] == "Ma Thị Hường"
    two = receive_dossier(desk, by, birth(register_only=True)).number
    clock.advance(timedelta(days=2))
    done = do(desk, two, "accept")
    assert done.status is Status.RECEIVED
    assert done.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)
    assert len(events(desk, "dossier.received")) == 1


def test_only_a_leader_reopens(desk, number):
    do(desk, number, "start")
    do(desk, number, "complete")
    with pytest.raises(RuleError) as error:
        do(desk, number, "reopen", login="canbo")
    assert error.value.code == "not-permitted"
    assert do(desk, number, "reopen", reason="Sai tên").status is Status.PROCESSING
    reopened = events(desk, "dossier.progress")[-1]
    assert reopened["actor"]["approved_by"] == officer(desk, "lanhdao").id
    assert row(desk)["ended_at"] is None


def test_a_refusal_is_reversed_by_the_leader(desk):
    number = receive_dossier(desk, officer(desk), birth(register_only=True)).number
    do(desk, number, "refuse", reason="Nhầm")
    assert do(desk, number, "reopen", reason="Từ chối nhầm").status is Status.RECEIVED
    assert events(desk, "dossier.received")[0]["actor"]["approved_by"]


def test_hand_over_to_another_commune_keeps_custody_until_it_is_taken(desk, number):
    assert refused(desk, number, "accept-custody").code == "no-transfer"
    assert refused(desk, number, "transfer").field == "to"
    assert refused(desk, number, "transfer", to_unit="02221").code == "transfer-own-unit"
    do(desk, number, "transfer", to_unit="02350")
    assert row(desk)["custodian_unit"] == "02221"
    assert refused(desk, number, "transfer", to_unit="02350").code == "transfer-pending"
    assert refused(desk, number, "accept-custody").code == "no-transfer"


def test_who_does_not_hold_the_dossier_cannot_move_it(desk, number):
    with desk.store.write() as connection:
        connection.execute(tables.dossier.update().values(custodian_unit="02350"))
    assert refused(desk, number, "start").code == "not-custodian"
    assert do(desk, number, "withdraw").status is Status.WITHDRAWN


def test_an_act_is_never_before_the_act_before(desk, number):
    assert refused(desk, number, "start", at=MONDAY - timedelta(minutes=1)).field == "at"
    assert do(desk, number, "start", at=MONDAY + timedelta(hours=1)).status is Status.PROCESSING


def test_unknown_dossier(desk):
    with pytest.raises(NotFoundError):
        do(desk, "TN-02221-261123-2999", "start")


def test_every_act_has_one_history_line_one_audit_row_and_its_event(desk, number):
    def counts():
        with desk.store.read() as connection:
            return [
                len(connection.execute(select(table)).all())
                for table in (tables.event, tables.history, tables.audit)
            ]

    steps = ["start", "request-supplement", "supplement", "complete", "return"]
    for act in steps:
        before = counts()
        do(desk, number, act, reason="Đủ lý do")
        assert [b + 1 for b in before] == counts()


def test_all_events_are_what_the_contract_says(desk, number, clock):
    do(desk, number, "start")
    do(desk, number, "request-supplement", items=("a",))
    do(desk, number, "supplement", items=("a", "giay_to_cu_tru"))
    do(desk, number, "request-fee", amount_vnd=5000)
    do(desk, number, "pay", amount_vnd=5000)
    do(desk, number, "extend", reason="x", due_at=datetime(2026, 12, 11, 17, 0, tzinfo=VIETNAM))
    do(desk, number, "transfer", to_unit="02350", reason="liên thông")
    do(desk, number, "complete", result_no="1")
    do(desk, number, "reopen", reason="sửa")
    do(desk, number, "stop", reason="dừng")
    do(desk, number, "return")
    validator = jsonschema_rs.validator_for(contract.schema("Event"))
    for event in events(desk):
        assert [error.message for error in validator.iter_errors(event)] == [], event["type"]
