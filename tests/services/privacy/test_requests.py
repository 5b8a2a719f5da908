"""A citizen's request: its days, its answer, what an erasure takes and what it leaves, what restricts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.account_help import ConsentPurpose
from app.domain.privacy import Decision, RequestKind
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import earlier_visits
from app.services.help.account_help import open_case, show_case
from app.services.papers.slips import kept_paper
from app.services.privacy.answer import print_answer
from app.services.privacy.requests import (
    Request,
    RequestOrder,
    correct_on_request,
    decide_request,
    end_restriction,
    list_requests,
    record_request,
    show_request,
)
from app.services.privacy.terms import set_term
from tests.services.privacy.conftest import House
from tests.support.desk import HUONG, birth

KEPT = "Luật Lưu trữ 33/2024/QH15"


def ask(house: House, kind: RequestKind, **changes: object) -> Request:
    order = RequestOrder(kind, HUONG.name, "008198 000000", "Theo đơn của tôi", phone="0900 000 123")
    return record_request(house.desk, house.canbo, replace(order, **changes))  # type: ignore[arg-type]


def audits(house: House, act: str) -> list[tuple[str, str]]:
    c = tables.audit.c
    with house.desk.store.read() as connection:
        rows = connection.execute(select(c.record_kind, c.record_id).where(c.act == act)).all()
    return [(row.record_kind, row.record_id) for row in rows]


def refused(code: str, call: object, *arguments: object) -> RuleError:
    with pytest.raises(RuleError) as told:
        call(*arguments)  # type: ignore[operator]
    assert told.value.code == code
    assert told.value.title
    return told.value


def test_days_are_reckoned_by_the_calendar_and_empty_where_no_term_is_set(house):
    """Two working days from Monday 23/11; 24/11 is a holiday. The other term nobody has set."""
    request = ask(house, RequestKind.ACCESS)
    assert (request.reply_due, request.due) == (date(2026, 11, 26), None)
    set_term(house.desk, house.quantri, "access", 10, "days", "NĐ 356/2025/NĐ-CP, đã đọc")
    later = ask(house, RequestKind.ACCESS)
    assert later.due == date(2026, 12, 3)
    assert show_request(house.desk, house.canbo, request.id).request.due is None, "its own terms stay"
    assert [request.number, later.number] == ["1/DLCN02-2026", "2/DLCN02-2026"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "name-missing", "name"),
        ({"identity": "12"}, "identity-shape", "identity"),
        ({"words": ""}, "request-words", "words"),
        ({"words": "x" * 1001}, "request-words", "words"),
        ({"phone": "12"}, None, "phone"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(house, changes, code, field):
    with pytest.raises(RuleError) as told:
        ask(house, RequestKind.ACCESS, **changes)
    assert told.value.field == field
    assert code in (None, told.value.code)
    assert list_requests(house.desk, house.canbo) == ()


def test_the_list_masks_and_the_nearest_day_comes_first(house):
    first = ask(house, RequestKind.ACCESS)
    second = ask(house, RequestKind.RESTRICTION, received_at=house.clock.at - timedelta(days=3))
    lines = list_requests(house.desk, house.canbo)
    assert [line.id for line in lines] == [second.id, first.id]
    assert lines[0].masked == "0xx…0000"
    decide_request(house.desk, house.lanhdao, second.id, Decision.GRANTED, "Đã hạn chế")
    assert [line.id for line in list_requests(house.desk, house.canbo)] == [first.id, second.id]
    assert [line.id for line in list_requests(house.desk, house.canbo, open_only=True)] == [first.id]


def test_only_a_leader_answers_and_with_words(house):
    request = ask(house, RequestKind.ACCESS)
    refused("not-permitted", decide_request, house.desk, house.canbo, request.id, Decision.GRANTED, "Có")
    refused("reason-missing", decide_request, house.desk, house.lanhdao, request.id, Decision.GRANTED, "")
    refused("basis-missing", decide_request, house.desk, house.lanhdao, request.id, Decision.REFUSED, "Không")
    refused("request-open", print_answer, house.desk, house.canbo, request.id)
    decide_request(house.desk, house.lanhdao, request.id, Decision.GRANTED, "Đã in bản dữ liệu")
    refused("request-decided", decide_request, house.desk, house.lanhdao, request.id, Decision.GRANTED, "Có")


def test_an_erasure_takes_what_rests_on_consent_and_leaves_the_dossier(house):
    request = ask(house, RequestKind.ERASURE)
    bearing = show_request(house.desk, house.canbo, request.id)
    assert (bearing.erasure.help_cases, bearing.erasure.drafts, bearing.erasure.dossiers_kept) == (1, 1, 1)
    told = refused(
        "erasure-partly", decide_request, house.desk, house.lanhdao, request.id, Decision.GRANTED, "Đã xóa"
    )
    assert told.field == "decision"
    done = decide_request(
        house.desk, house.lanhdao, request.id, Decision.PARTLY, "Đã xóa phần được xóa", KEPT
    )
    assert done.outcome == {"help_cases": 1, "drafts": 1, "dossiers_kept": 1}
    case = show_case(house.desk, house.canbo, house.case.id)
    assert (case.name, case.personal_id, case.phone, case.steps) == (None, None, None, ())
    with house.desk.store.read() as connection:
        assert connection.execute(select(tables.draft)).all() == []
    assert show_dossier(house.desk, house.canbo, house.dossier.number).owner.name == HUONG.name
    assert ("draft", house.draft_id) in audits(house, "drop_draft")
    paper = print_answer(house.desk, house.canbo, request.id)
    assert (paper.form, paper.copy_no) == ("PTL", 1)
    assert kept_paper(house.desk, house.canbo, paper.job_id) == paper.pdf


def test_a_refused_erasure_erases_nothing(house):
    request = ask(house, RequestKind.ERASURE)
    done = decide_request(house.desk, house.lanhdao, request.id, Decision.REFUSED, "Chưa xóa", KEPT)
    assert done.outcome == {}
    assert show_case(house.desk, house.canbo, house.case.id).name == HUONG.name


def test_an_erasure_that_fails_half_way_leaves_everything(house, monkeypatch):
    from app.services.privacy import requests

    request = ask(house, RequestKind.ERASURE)
    whole = requests.erase_within

    def fails(recorder: object, identity: str) -> object:
        whole(recorder, identity)
        raise RuntimeError

    monkeypatch.setattr(requests, "erase_within", fails)
    with pytest.raises(RuntimeError):
        decide_request(house.desk, house.lanhdao, request.id, Decision.PARTLY, "Đã xóa", KEPT)
    assert show_case(house.desk, house.canbo, house.case.id).name == HUONG.name
    assert show_request(house.desk, house.canbo, request.id).request.open


def test_a_correction_goes_through_the_act_that_corrects_a_slip(house):
    request = ask(house, RequestKind.CORRECTION)
    granted = (house.desk, house.lanhdao, request.id, Decision.GRANTED, "Đã sửa họ tên")
    refused("correction-first", decide_request, *granted)
    fields = correct_on_request(
        house.desk, house.canbo, request.id, house.dossier.number, {"name": "Ma Thị Hương"}
    )
    assert [field.value for field in fields] == ["owner_name"]
    dossier = show_dossier(house.desk, house.canbo, house.dossier.number)
    assert dossier.owner.name == "Ma Thị Hương"
    assert request.number in str(dossier.history[-1].detail["reason"])
    done = decide_request(*granted)
    assert done.outcome == {"corrected": 1}


def test_a_correction_of_somebody_elses_dossier_is_refused(house):
    request = ask(house, RequestKind.CORRECTION, identity="008198000999")
    change = {"name": "Ma Thị Hương"}
    told = refused(
        "not-in-dossier",
        correct_on_request,
        house.desk,
        house.canbo,
        request.id,
        house.dossier.number,
        change,
    )
    assert told.field == "number"


def test_a_restriction_stops_the_contact_from_being_used_again_until_it_ends(house):
    assert earlier_visits(house.desk, house.canbo, HUONG.id_value).phone == "0900000123"
    request = ask(house, RequestKind.RESTRICTION)
    assert earlier_visits(house.desk, house.canbo, HUONG.id_value).phone, "asked is not granted"
    decide_request(house.desk, house.lanhdao, request.id, Decision.GRANTED, "Đã hạn chế")
    seen = earlier_visits(house.desk, house.canbo, HUONG.id_value)
    assert (seen.count, seen.phone, seen.address) == (1, None, None)
    refused(
        "processing-restricted",
        open_case,
        house.desk,
        house.canbo,
        HUONG,
        "0900000123",
        (ConsentPurpose.TRACKING,),
    )
    assert open_case(house.desk, house.canbo, HUONG, None, ()).id is None, "helped all the same"
    assert end_restriction(house.desk, house.canbo, request.id).ended_at is not None
    assert end_restriction(house.desk, house.canbo, request.id).ended_at is not None
    assert earlier_visits(house.desk, house.canbo, HUONG.id_value).phone == "0900000123"


def test_only_a_granted_restriction_can_end(house):
    request = ask(house, RequestKind.ACCESS)
    refused("not-restricted", end_restriction, house.desk, house.canbo, request.id)
    with pytest.raises(NotFoundError):
        show_request(house.desk, house.canbo, "x")


def test_reading_a_request_is_audited(house):
    request = ask(house, RequestKind.ACCESS)
    show_request(house.desk, house.canbo, request.id)
    assert audits(house, "read")[-1] == ("subject_request", request.id)


def test_a_new_dossier_of_the_person_counts_as_kept(house):
    from app.services.intake.reception import receive_dossier

    receive_dossier(house.desk, house.canbo, birth())
    request = ask(house, RequestKind.ERASURE)
    assert show_request(house.desk, house.canbo, request.id).erasure.dossiers_kept == 2
