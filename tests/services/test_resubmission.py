"""What the province sent back, mended at the counter and sent again in the refused event's place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.clock import SystemClock
from app.domain.dossier_status import Act
from app.domain.people import IdKind
from app.domain.roles import Role
from app.errors import NotFoundError, RuleError
from app.line import DeskLine
from app.models import tables
from app.services.desk import Desk
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import find
from app.services.from_province.resubmission import PersonField, field_at, read_returned, resubmit
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from tests.support.desk import HUONG, birth, make_desk, officer
from tests.support.gateway import running_gateway

PLACE = "/payload/owner/identifiers/0/value"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


def send_back(desk: Desk, dossier_id: str, *pointers: str) -> str:
    """As a round writes the province's refusal of the reception."""
    errors = [{"pointer": pointer, "detail": "chưa đúng"} for pointer in pointers]
    e = tables.event.c
    with desk.store.write() as connection:
        which = (e.dossier_id == dossier_id) & (e.type == "dossier.received")
        connection.execute(
            update(tables.event)
            .where(which)
            .values(verdict="rejected", verdict_body={"problem": {"errors": errors}}, tries=1)
        )
        return str(connection.execute(select(e.event_id).where(which)).scalar_one())


def body_of(desk: Desk, event_id: str) -> dict[str, Any]:
    with desk.store.read() as connection:
        body = connection.execute(
            select(tables.event.c.body).where(tables.event.c.event_id == event_id)
        ).scalar_one()
    made: dict[str, Any] = json.loads(body)
    return made


@pytest.mark.parametrize(
    ("pointer", "field"),
    [
        (PLACE, PersonField.OWNER_ID_VALUE),
        ("/payload/filing/submitter/full_name", PersonField.SUBMITTER_NAME),
        ("/payload/set/~1owner~1identifiers~10~1value", PersonField.OWNER_ID_VALUE),
        ("/payload/owner/date_of_birth", PersonField.OWNER_BIRTH_DATE),
        ("/payload/procedure/version", None),
        ("/payload/owner/identifiers/1/value", None),
        ("", None),
    ],
)
def test_where_a_pointer_leads(pointer: str, field: PersonField | None) -> None:
    assert field_at(pointer) is field


def test_the_place_is_named_with_its_value_and_whom_to_call(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    event_id = send_back(desk, made.id, PLACE)
    told = read_returned(desk, officer(desk), event_id)
    assert told.fields == {PersonField.OWNER_ID_VALUE: HUONG.id_value}
    assert told.phone == HUONG.phone and told.sendable and not told.elsewhere
    read_returned(desk, officer(desk), event_id)
    a = tables.audit.c
    with desk.store.read() as connection:
        seen = connection.execute(select(a.record_id).where(a.act == "read")).scalars().all()
    assert seen == [made.id], "seen once, however often the screen draws it"
    other = receive_dossier(desk, officer(desk), birth())
    told = read_returned(desk, officer(desk), send_back(desk, other.id, PLACE, "/payload/procedure"))
    assert told.elsewhere


def test_the_new_event_stands_in_the_old_ones_place(desk: Desk) -> None:
    made = receive_dossier(desk, officer(desk), birth())
    event_id = send_back(desk, made.id, PLACE)
    before = body_of(desk, event_id)
    changes = {PersonField.OWNER_ID_VALUE: "008198000123", PersonField.OWNER_NAME: "ma thị  hương"}
    new_id = resubmit(desk, officer(desk), event_id, changes)
    after = body_of(desk, new_id)
    assert after["corrects"] == event_id and after["occurred_at"] == before["occurred_at"]
    assert after["subject"] == before["subject"] and after["desk_seq"] > before["desk_seq"]
    owner = after["payload"]["owner"]
    assert owner["identifiers"][0]["value"] == "008198000123" and owner["full_name"] == "Ma Thị Hương"
    unlike = {name for name, value in after["payload"].items() if before["payload"][name] != value}
    assert unlike == {"owner"}
    assert body_of(desk, event_id) == before
    shown = show_dossier(desk, officer(desk), made.number)
    assert shown.owner.id_value == "008198000123" and shown.sync == "waiting"
    assert find(desk, officer(desk), "008198000123").count == 1
    line = shown.history[-1]
    assert line.act == "resent" and {each["field"] for each in line.detail["changes"]} == set(changes)


def test_only_once_and_only_what_came_back(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    event_id = send_back(desk, made.id, PLACE)
    new_id = resubmit(desk, by, event_id, {})
    for known in (event_id, new_id):
        with pytest.raises(RuleError) as refused:
            resubmit(desk, by, known, {})
        assert refused.value.code == "not-returned"
    with pytest.raises(NotFoundError):
        read_returned(desk, by, "khong-co")


def test_what_is_wrong_again_is_told_beside_its_field_and_nothing_is_written(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    event_id = send_back(desk, made.id, PLACE)
    for changes, field in (
        ({PersonField.OWNER_ID_VALUE: "00819800001"}, "owner_id_value"),
        ({PersonField.OWNER_BIRTH_DATE: "30022000"}, "owner_birth_date"),
        ({PersonField.SUBMITTER_NAME: "Ma Văn Pẩu"}, "submitter_name"),
    ):
        with pytest.raises(RuleError) as refused:
            resubmit(desk, by, event_id, changes)
        assert refused.value.field == field
    assert [line.act for line in show_dossier(desk, by, made.number).history][-1] != "resent"
    assert read_returned(desk, by, event_id).fields[PersonField.OWNER_ID_VALUE] == HUONG.id_value


def test_who_may(desk: Desk) -> None:
    event_id = send_back(desk, receive_dossier(desk, officer(desk), birth()).id, PLACE)
    with pytest.raises(RuleError) as refused:
        resubmit(desk, replace(officer(desk), role=Role.AUDITOR), event_id, {})
    assert refused.value.code == "not-permitted"


def test_other_kinds_are_for_the_officer_in_the_dossier(desk: Desk) -> None:
    by = officer(desk)
    made = receive_dossier(desk, by, birth())
    do_act(desk, by, made.number, ActOrder(Act.START))
    e = tables.event.c
    with desk.store.write() as connection:
        connection.execute(
            update(tables.event).where(e.type == "dossier.progress").values(verdict="rejected", tries=1)
        )
        event_id = connection.execute(select(e.event_id).where(e.type == "dossier.progress")).scalar_one()
    assert not read_returned(desk, by, event_id).sendable
    with pytest.raises(RuleError) as refused:
        resubmit(desk, by, event_id, {})
    assert refused.value.code == "not-resendable"


def test_a_real_gateway_refuses_and_then_takes_it_and_what_waited_behind(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, SystemClock())
    by = officer(desk)
    try:
        with running_gateway(tmp_path / "gateway") as gateway:
            line = DeskLine(desk)
            line.enrol(gateway.url, gateway.enrolment_code("quay-2"), None)
            placeholder = replace(HUONG, id_kind=IdKind.ID_CARD_9, id_value="123456789")
            made = receive_dossier(desk, by, birth(owner=placeholder))
            do_act(desk, by, made.number, ActOrder(Act.START))
            line.sync()
            with desk.store.read() as connection:
                e = tables.event.c
                event_id = connection.execute(
                    select(e.event_id).where(e.verdict == "rejected", e.dossier_id == made.id)
                ).scalar_one()
            told = read_returned(desk, by, event_id)
            assert list(told.fields) == [PersonField.OWNER_ID_VALUE]
            resubmit(desk, by, event_id, {PersonField.OWNER_ID_VALUE: "081980017"})
            line.sync()
            line.sync()
            assert show_dossier(desk, by, made.number).sync == "accepted"
    finally:
        desk.close()
