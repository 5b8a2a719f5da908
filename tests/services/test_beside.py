"""A leader's word at the counter: whose it is stays to be read, and nobody else's will do."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.domain.component_rules import ComponentSpec
from app.errors import RuleError
from app.models import tables
from app.models.life_tables import component_override
from app.services.intake.reception import receive_dossier
from app.services.people.access import change_password
from app.services.people.beside import leader_beside
from app.services.people.officers import reset_password
from tests.support.desk import birth, demo_password, make_desk, officer


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def rows(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(table)).mappings().all()


def lacking(**changes):
    return birth(all_required=False, components=(ComponentSpec("to_khai"),), **changes)


def test_the_officer_acts_and_the_leader_answers_for_it(desk):
    by, leader = officer(desk), officer(desk, "lanhdao")
    beside = leader_beside(desk, "lanhdao", demo_password())
    made = receive_dossier(desk, by, lacking(override="Mất giấy tờ vì lũ", approver=beside))
    assert [row["approved_by"] for row in rows(desk, component_override)] == [leader.id]
    event = next(json.loads(row["body"]) for row in rows(desk, tables.event) if row["dossier_id"] == made.id)
    assert event["actor"]["officer_id"] == by.id
    assert event["actor"]["approved_by"] == leader.id
    audit = [(row["act"], row["officer_id"]) for row in rows(desk, tables.audit)]
    assert ("override", leader.id) in audit
    assert ("receive", by.id) in audit


@pytest.mark.parametrize(
    ("login", "code", "field"),
    [("", "login-missing", "leader_login"), ("canbo", "no-leader", "leader_login")],
)
def test_who_does_not_lead_cannot_answer(desk, login, code, field):
    with pytest.raises(RuleError) as error:
        leader_beside(desk, login, demo_password())
    assert (error.value.code, error.value.field) == (code, field)


def test_a_wrong_password_is_said_beside_it_and_makes_wait(desk):
    codes = []
    for _ in range(4):
        with pytest.raises(RuleError) as error:
            leader_beside(desk, "lanhdao", "doan mo")
        assert error.value.field == "leader_password"
        codes.append(error.value.code)
    assert codes == ["wrong-login"] * 3 + ["login-wait"]


def test_a_one_time_password_is_nobodys_word_yet(desk):
    given = reset_password(desk, officer(desk, "quantri"), officer(desk, "lanhdao").id).one_time_password
    with pytest.raises(RuleError) as error:
        leader_beside(desk, "lanhdao", given)
    assert (error.value.code, error.value.field) == ("password-once", "leader_password")
    change_password(desk, officer(desk, "lanhdao"), given, "mat khau cua toi")
    assert leader_beside(desk, "lanhdao", "mat khau cua toi").login == "lanhdao"


def test_an_approver_who_does_not_lead_is_refused_by_the_service_too(desk):
    with pytest.raises(RuleError) as error:
        receive_dossier(desk, officer(desk), lacking(override="Vội", approver=officer(desk)))
    assert error.value.code == "not-permitted"
    assert rows(desk, tables.dossier) == []
