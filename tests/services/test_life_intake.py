"""Mandatory papers at acceptance: brought, held already, substituted, or gone without by a leader's word."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import jsonschema_rs
import pytest
from sqlalchemy import func, select

from app.clock import VIETNAM, FixedClock
from app.domain.component_rules import ComponentSpec, CopyKind, HeldPaper, Reuse
from app.domain.dossier_status import Act, Status
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import component_override
from app.protocol import contract
from app.services.finding.dossier_view import show_dossier
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import ManualDue
from app.services.life import ActOrder, do_act
from app.services.papers import slips
from app.services.people.delegation import delegate
from tests.support.desk import MONDAY, birth, make_desk, officer

LACKING = ("giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than")


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


def some(**changes):
    return birth(all_required=False, components=(ComponentSpec("to_khai"),), **changes)


def do(desk, number, act, login="canbo", **order):
    return do_act(desk, officer(desk, login), number, ActOrder(Act(act), **order))


def refused(call):
    with pytest.raises(RuleError) as error:
        call()
    assert error.value.title
    assert error.value.next_step
    return error.value


def row(desk, number):
    with desk.store.read() as connection:
        c = tables.dossier.c
        found = connection.execute(
            select(tables.dossier).where((c.number == number) | (c.provisional_number == number))
        )
        return found.mappings().one()


def received(desk):
    with desk.store.read() as connection:
        bodies = connection.execute(
            select(tables.event.c.body)
            .where(tables.event.c.type == "dossier.received")
            .order_by(tables.event.c.desk_seq)
        ).scalars()
        events = [json.loads(body) for body in bodies]
    validator = jsonschema_rs.validator_for(contract.schema("Event"))
    assert [list(validator.iter_errors(event)) for event in events] == [[] for _ in events]
    return events


def overrides(desk):
    with desk.store.read() as connection:
        return connection.execute(select(component_override)).mappings().all()


def test_papers_brought_with_the_acceptance_count(desk, clock):
    number = receive_dossier(desk, officer(desk), some(register_only=True)).number
    assert refused(lambda: do(desk, number, "accept", items=("giay_chung_sinh",))).missing == LACKING[1:]
    clock.advance(timedelta(hours=1))
    name = "Giấy tờ tùy thân"
    assert do(desk, number, "accept", items=("giay_chung_sinh", name)).status is Status.RECEIVED
    event = received(desk)[0]["payload"]
    assert len(event["components"]) == 3
    assert (event["submitted_at"], event["received_at"]) == (
        "2026-11-23T09:00:00+07:00",
        "2026-11-23T10:00:00+07:00",
    )
    shown = show_dossier(desk, officer(desk), number)
    assert {each.code for each in shown.components} == {"to_khai", "giay_chung_sinh", "giay_to_tuy_than"}
    assert next(each for each in shown.components if each.code == "giay_to_tuy_than").presented_only


def test_a_due_date_of_the_acceptance_is_known_as_given_by_hand(desk):
    by = officer(desk)
    number = receive_dossier(desk, by, birth(register_only=True)).number
    due = datetime(2026, 11, 27, 17, 0, tzinfo=VIETNAM)
    assert refused(lambda: do(desk, number, "accept", due_at=due)).field == "reason"
    do(desk, number, "accept", due_at=due, reason="Cần xác minh")
    stored = row(desk, number)
    assert (stored["due_at"], stored["due_reason"], stored["due_manual"]) == (due, "Cần xác minh", True)
    given = birth(register_only=True, manual_due=ManualDue(due, "Hẹn theo đơn"))
    other = receive_dossier(desk, by, given).number
    assert row(desk, other)["due_manual"]
    do(desk, other, "accept")
    stored = row(desk, other)
    assert not stored["due_manual"], "the catalogue has a term, and it runs from acceptance"
    assert stored["due_reason"] != "Hẹn theo đơn"


def test_a_refusal_has_no_term_and_its_reversal_the_one_from_then_on(desk, clock):
    number = receive_dossier(desk, officer(desk), birth(register_only=True)).number
    do(desk, number, "refuse", reason="Nhầm nơi")
    assert row(desk, number)["due_reason"] == "Không tiếp nhận nên thời hạn không tính."
    clock.advance(timedelta(days=2))
    assert refused(lambda: do(desk, number, "reopen", "lanhdao")).code == "reason-missing"
    assert refused(lambda: do(desk, number, "reopen", reason="x")).code == "not-permitted"
    do(desk, number, "reopen", "lanhdao", reason="Từ chối nhầm")
    stored = row(desk, number)
    assert stored["due_at"] == datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)
    assert stored["received_at"] == MONDAY + timedelta(days=2)
    assert (stored["ended_at"], stored["due_manual"]) == (None, False)
    assert "Không tiếp nhận" not in stored["due_reason"]
    assert received(desk)[0]["actor"]["approved_by"] == officer(desk, "lanhdao").id
    assert overrides(desk) == []


def test_a_reversed_refusal_that_lacks_papers_names_them_upon_the_leader(desk):
    number = receive_dossier(desk, officer(desk), some(register_only=True)).number
    do(desk, number, "refuse", reason="Thiếu giấy")
    do(desk, number, "reopen", "lanhdao", reason="Bổ sung sau", items=("giay_chung_sinh",))
    kept = overrides(desk)[0]
    assert (kept["missing"], kept["approved_by"]) == ([LACKING[1]], officer(desk, "lanhdao").id)


def test_only_a_leader_goes_on_without_a_mandatory_paper_and_says_why(desk):
    by, leader = officer(desk), officer(desk, "lanhdao")
    assert refused(lambda: receive_dossier(desk, leader, some())).missing == LACKING
    assert refused(lambda: receive_dossier(desk, by, some(override="Khẩn cấp"))).code == "not-permitted"
    assert overrides(desk) == []
    made = receive_dossier(desk, leader, some(override="Thiên tai, mất giấy tờ"))
    kept = overrides(desk)[0]
    assert (tuple(kept["missing"]), kept["reason"]) == (LACKING, "Thiên tai, mất giấy tờ")
    assert received(desk)[0]["actor"]["approved_by"] == leader.id
    line = show_dossier(desk, by, made.number).history[-1]
    assert line.act == "override"
    assert "Thiên tai" in line.detail["note"]
    assert "Giấy tờ tùy thân" in line.detail["note"]


def test_an_override_is_not_written_where_nothing_lacks(desk):
    receive_dossier(desk, officer(desk, "lanhdao"), birth(override="cho chắc"))
    assert overrides(desk) == []
    assert "approved_by" not in received(desk)[0]["actor"]


def test_a_leader_accepts_what_was_registered_without_its_papers(desk):
    number = receive_dossier(desk, officer(desk), some(register_only=True)).number
    assert refused(lambda: do(desk, number, "accept", override="x")).code == "not-permitted"
    do(desk, number, "accept", "lanhdao", override="Hộ đơn thân vùng lũ")
    assert len(overrides(desk)) == 1
    assert [line.act for line in show_dossier(desk, officer(desk), number).history][-2:] == [
        "accept",
        "override",
    ]


def test_a_deputy_decides_for_the_days_given_and_no_longer(desk, clock):
    leader, deputy = officer(desk, "lanhdao"), officer(desk)
    delegate(desk, leader, deputy.id, MONDAY.date(), MONDAY.date(), "nghỉ phép")
    made = receive_dossier(desk, deputy, some(override="Khẩn cấp"))
    assert overrides(desk)[0]["approved_by"] == leader.id
    do(desk, made.number, "complete")
    do(desk, made.number, "reopen", reason="Sai tên")
    clock.advance(timedelta(days=1))
    do(desk, made.number, "complete")
    assert refused(lambda: do(desk, made.number, "reopen", reason="Sai tên")).code == "not-permitted"


def test_an_extension_names_the_leader_who_did_it(desk):
    by = officer(desk)
    one, two = (receive_dossier(desk, by, birth(procedure_code="1.004884")).number for _ in range(2))
    later = datetime(2026, 12, 7, 17, 0, tzinfo=VIETNAM)
    do(desk, one, "extend", reason="Xác minh", due_at=later)
    do(desk, two, "extend", "lanhdao", reason="Xác minh", due_at=later)
    with desk.store.read() as connection:
        bodies = connection.execute(
            select(tables.event.c.body)
            .where(tables.event.c.type == "dossier.due_date_changed")
            .order_by(tables.event.c.desk_seq)
        ).scalars()
        actors = [json.loads(body)["actor"] for body in bodies]
    assert [actor.get("approved_by") for actor in actors] == [None, officer(desk, "lanhdao").id]
    shown = show_dossier(desk, by, one)
    assert (shown.extensions_used, shown.extensions_allowed) == (1, 1)


def held(**changes):
    members = {"source": "CSDL quốc gia về dân cư", "day": date(2026, 11, 23), "national_store": True}
    return HeldPaper(**{**members, **changes})


def with_held(paper):
    return birth(components=(ComponentSpec("giay_to_tuy_than", held=paper),))


def test_what_is_held_already_is_not_asked_for_again(desk):
    by = officer(desk)
    made = receive_dossier(desk, by, with_held(held()))
    paper = next(
        each for each in show_dossier(desk, by, made.number).components if each.code == "giay_to_tuy_than"
    )
    assert (paper.reuse, paper.quantity, paper.from_national_store) == ("component", 0, True)
    assert (paper.reuse_source, paper.reuse_day) == ("CSDL quốc gia về dân cư", date(2026, 11, 23))
    wire = received(desk)[0]["payload"]["components"]
    told = next(each for each in wire if each["name"].startswith("Giấy tờ tùy thân"))
    assert (told["reuse"], told["from_national_store"], told["quantity"]) == ("component", True, 0)
    line = next(each for each in slips.receipt_slip(desk, by, made.id).components if each.quantity == 0)
    assert "không yêu cầu nộp" in line.name


def test_the_result_of_an_earlier_dossier_is_held_too(desk):
    paper = held(reuse=Reuse.RESULT, source="H60.12.3-261101-0007", national_store=False)
    receive_dossier(desk, officer(desk), with_held(paper))
    wire = received(desk)[0]["payload"]["components"]
    assert [each["reuse"] for each in wire if each["quantity"] == 0] == ["result"]


@pytest.mark.parametrize(
    ("changes", "code"), [({"source": " "}, "held-source"), ({"day": date(2026, 11, 24)}, "held-day")]
)
def test_held_papers_say_where_and_since_when(desk, changes, code):
    error = refused(lambda: receive_dossier(desk, officer(desk), with_held(held(**changes))))
    assert (error.code, error.field) == (code, "component")


def test_a_substitute_stands_for_the_paper_and_is_named_on_the_slip(desk):
    by = officer(desk)
    spec = ComponentSpec("giay_chung_sinh", CopyKind.PHOTOCOPY, 2, substitute="Giấy cam đoan về việc sinh")
    made = receive_dossier(desk, by, birth(components=(spec,)))
    paper = next(
        each for each in show_dossier(desk, by, made.number).components if each.code == "giay_chung_sinh"
    )
    assert (paper.substitute, paper.quantity) == ("Giấy cam đoan về việc sinh", 2)
    names = [each.name for each in slips.receipt_slip(desk, by, made.id).components]
    assert any("thay bằng: Giấy cam đoan về việc sinh" in name for name in names)


def test_nothing_is_stored_of_what_was_refused(desk):
    def count():
        with desk.store.read() as connection:
            return [
                connection.execute(select(func.count()).select_from(each)).scalar_one()
                for each in (tables.dossier, tables.event, tables.history, tables.counter)
            ]

    before = count()
    refused(lambda: receive_dossier(desk, officer(desk), some(override="x")))
    refused(lambda: receive_dossier(desk, officer(desk), with_held(held(source=""))))
    assert count() == before
