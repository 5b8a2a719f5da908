"""A slip already handed out is corrected: told to the province, both values kept, the paper marked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import jsonschema_rs
import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.component_rules import ComponentSpec
from app.errors import RuleError
from app.models import tables
from app.protocol import contract
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import find
from app.services.intake.reception import receive_dossier
from app.services.papers import slips
from app.services.papers.slip_correction import SlipField, correct_dossier, correct_slip, replacing_slip
from tests.printing.reading import words
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer


@pytest.fixture
def clock():
    return FixedClock(MONDAY)


@pytest.fixture
def desk(tmp_path, clock):
    desk = make_desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def made(desk):
    return receive_dossier(desk, officer(desk), birth())


def amended(desk):
    with desk.store.read() as connection:
        bodies = connection.execute(
            select(tables.event.c.body).where(tables.event.c.type == "dossier.amended")
        ).scalars()
        return [json.loads(body) for body in bodies]


def refused(desk, number, changes, reason="Gõ sai"):
    with pytest.raises(RuleError) as error:
        correct_dossier(desk, officer(desk), number, changes, reason)
    assert error.value.title
    assert error.value.next_step
    return error.value


def test_a_name_and_a_phone_are_corrected_once_everywhere(desk, made, clock):
    by = officer(desk)
    first = slips.make_slip(desk, by, made.id)
    clock.advance(timedelta(hours=1))
    changes = {SlipField.OWNER_NAME: "Ma Thị Hương", SlipField.OWNER_PHONE: "0900 000 999"}
    done = correct_slip(desk, by, made.number, changes, "Gõ sai dấu")
    assert set(done.fields) == {SlipField.OWNER_NAME, SlipField.OWNER_PHONE}
    event = amended(desk)[0]
    assert event["payload"] == {
        "set": {"/owner/full_name": "Ma Thị Hương", "/owner/phone": "0900000999"},
        "reason": "Gõ sai dấu",
    }
    assert list(jsonschema_rs.validator_for(contract.schema("Event")).iter_errors(event)) == []
    shown = show_dossier(desk, by, made.number)
    assert (shown.owner.name, shown.owner.phone) == ("Ma Thị Hương", "0900000999")
    assert shown.due_at == made.due_at
    line = next(each for each in shown.history if each.act == "correct")
    assert {"field": "owner_name", "from": "Ma Thị Hường", "to": "Ma Thị Hương"} in line.detail["changes"]
    assert find(desk, by, "0900000999").results
    printed = words(done.paper.pdf)
    assert "Ma Thị Hương" in printed
    assert "Thay thế phiếu in ngày 23/11/2026, lần 1" in printed
    assert "In lại lần" not in printed
    assert "Ma Thị Hường" in words(slips.kept_paper(desk, by, first.job_id))
    with desk.store.read() as connection:
        job = connection.execute(select(tables.print_job).where(tables.print_job.c.copy_no == 2)).one()
    assert (job.replaces, job.reason) == (first.job_id, "Gõ sai dấu")


def test_what_is_taken_away_sends_the_whole_person(desk, made):
    correct_dossier(desk, officer(desk), made.number, {SlipField.OWNER_PHONE: ""}, "Số của người khác")
    owner = amended(desk)[0]["payload"]["set"]["/owner"]
    assert "phone" not in owner
    assert owner["full_name"] == "Ma Thị Hường"


def test_the_way_of_return_is_corrected(desk, made):
    changes = {SlipField.RETURN_METHOD: "post", SlipField.RETURN_ADDRESS: "Thôn Nà Mẫu, xã Nà Hang"}
    correct_dossier(desk, officer(desk), made.number, changes, "Công dân đổi ý")
    told = amended(desk)[0]["payload"]["set"]
    assert told["/return_method"] == "post"
    assert told["/return_address"]["detail"] == "Thôn Nà Mẫu, xã Nà Hang"
    assert show_dossier(desk, officer(desk), made.number).return_method == "post"


def test_without_an_earlier_printing_the_slip_is_a_plain_first_one(desk, made):
    done = correct_slip(desk, officer(desk), made.number, {SlipField.OWNER_NAME: "Ma Thị Hương"}, "Gõ sai")
    assert done.paper.copy_no == 1
    assert "Thay thế" not in words(done.paper.pdf)


def test_what_may_not_be_corrected_is_said_and_nothing_changes(desk, made):
    by = officer(desk)
    before = show_dossier(desk, by, made.number).history
    assert refused(desk, made.number, {}).code == "correction-empty"
    assert refused(desk, made.number, {SlipField.OWNER_NAME: "Ma Thị Hường"}).code == "correction-empty"
    assert refused(desk, made.number, {SlipField.OWNER_NAME: "x"}, " ").code == "reason-missing"
    assert refused(desk, made.number, {SlipField.OWNER_NAME: " "}).field == "name"
    assert refused(desk, made.number, {SlipField.OWNER_PHONE: "12"}).field == "phone"
    assert refused(desk, made.number, {SlipField.SUBMITTER_NAME: "x"}).code == "no-submitter"
    assert refused(desk, made.number, {SlipField.RETURN_METHOD: "bay"}).code == "return-method"
    registered = receive_dossier(desk, by, birth(register_only=True)).number
    assert refused(desk, registered, {SlipField.OWNER_NAME: "x"}).code == "act-not-done"
    with desk.store.write() as connection:
        connection.execute(tables.dossier.update().values(receiving_unit="02350"))
    assert refused(desk, made.number, {SlipField.OWNER_NAME: "x"}).code == "field-not-owned"
    with pytest.raises(RuleError):
        correct_dossier(desk, officer(desk, "quantri"), made.number, {}, "x")
    with pytest.raises(RuleError):
        replacing_slip(desk, by, made.number)
    assert show_dossier(desk, by, made.number).history == before
    assert amended(desk) == []


def test_a_representative_is_corrected_too(desk):
    intake = birth(
        submitter=replace(HUONG, name="Lò Văn Sáu", id_value="008090000001", sex=None, birth_date=None),
        components=(ComponentSpec("van_ban_uy_quyen"),),
    )
    made = receive_dossier(desk, officer(desk), intake)
    correct_dossier(desk, officer(desk), made.number, {SlipField.SUBMITTER_NAME: "Lò Văn Sàu"}, "Gõ sai")
    assert amended(desk)[0]["payload"]["set"] == {"/submitter/full_name": "Lò Văn Sàu"}
