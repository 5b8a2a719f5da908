"""Several dossiers of one visit, further people of a dossier, a visit begun from an earlier one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.component_rules import ComponentSpec
from app.domain.people import Address, IdKind, Person, Sex
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.counter_tables import intake_group
from app.protocol.ids import new_id
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import find
from app.services.intake.group_intake import MOST, group_sheet, intake_from, receive_group
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import Authority, OtherParty, OtherRole
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

FIVE_DAYS = "1.004884"
CHILD = Person(name="Ma", birth_date=date(2026, 11, 20), sex=Sex.FEMALE)
FOREIGNER = Person(
    name="Jean-Luc d'Arc",
    id_kind=IdKind.PASSPORT,
    id_value="fr1234567",
    nationality="Pháp",
    phone="0900000124",
)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def count(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def received(desk):
    with desk.store.read() as connection:
        bodies = connection.execute(
            select(tables.event.c.body).where(tables.event.c.type == "dossier.received")
        ).scalars()
        return [json.loads(body)["payload"] for body in bodies]


def test_a_visit_is_one_group_with_a_slip_each_and_one_sheet(desk):
    by = officer(desk)
    intakes = [birth(), birth(procedure_code=FIVE_DAYS), birth()]
    group = receive_group(desk, by, intakes)
    numbers = [each.number for each in group.dossiers]
    assert len(set(numbers)) == 3
    sheet = group_sheet(desk, by, group.id)
    assert [line.number for line in sheet.lines] == numbers
    assert sheet.submitter_name == "Ma Thị Hường"
    assert [line.due_at for line in sheet.lines] == [each.due_at for each in group.dossiers]
    assert len(received(desk)) == 3
    again = receive_group(desk, by, intakes)
    assert again.id == group.id
    assert all(each.already for each in again.dossiers)
    assert (count(desk, tables.dossier), count(desk, intake_group)) == (3, 1)


def test_one_bad_dossier_takes_in_none_and_is_named(desk):
    by = officer(desk)
    bad = birth(all_required=False, components=(ComponentSpec("to_khai"),))
    with pytest.raises(RuleError) as error:
        receive_group(desk, by, [birth(), bad])
    assert error.value.title.startswith("Hồ sơ thứ 2: ")
    assert error.value.missing == ("giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than")
    assert (count(desk, tables.dossier), count(desk, intake_group), len(received(desk))) == (0, 0, 0)
    assert receive_dossier(desk, by, birth()).number.endswith("001")


def test_a_group_is_never_mixed_with_what_was_taken_in_before(desk):
    by = officer(desk)
    known = birth()
    receive_dossier(desk, by, known)
    for intakes in ([], [birth() for _ in range(MOST + 1)], [known, birth()], [known, known]):
        with pytest.raises(RuleError) as error:
            receive_group(desk, by, intakes)
        assert error.value.code in ("group-empty", "group-large", "group-mixed")
    with pytest.raises(NotFoundError):
        group_sheet(desk, by, "nope")


def test_a_representative_has_his_paper_and_the_wire_its_two_people(desk):
    by = officer(desk)
    submitter = replace(HUONG, name="Lò Văn Sáu", id_value="008090000001", sex=None, birth_date=None)
    intake = birth(
        owner=CHILD,
        submitter=submitter,
        relation="Cha",
        authority=Authority("Giấy ủy quyền", "12/UQ", date(2026, 11, 20), "UBND xã"),
        others=(OtherParty(OtherRole.MOTHER, HUONG), OtherParty(OtherRole.WITNESS, FOREIGNER)),
        components=(ComponentSpec("van_ban_uy_quyen"),),
    )
    made = receive_dossier(desk, by, intake)
    shown = show_dossier(desk, by, made.number)
    roles = {party.role: party for party in shown.parties}
    assert set(roles) == {"owner", "submitter", "mother", "witness"}
    assert roles["submitter"].authority == Authority("Giấy ủy quyền", "12/UQ", date(2026, 11, 20), "UBND xã")
    assert (roles["witness"].id_value, roles["witness"].nationality) == ("FR1234567", "Pháp")
    payload = received(desk)[0]
    assert payload["owner"]["full_name"] == "Ma"
    assert payload["owner"]["identifiers"] == []
    assert payload["owner"]["no_identifier_reason"]
    assert payload["submitter"]["full_name"] == "Lò Văn Sáu"
    assert "FR1234567" not in json.dumps(payload)
    assert find(desk, by, "FR1234567").results


def test_a_couple_is_two_people_of_one_dossier(desk):
    spouse = OtherParty(OtherRole.SPOUSE, FOREIGNER, "Chồng")
    made = receive_dossier(desk, officer(desk), birth(procedure_code="1.000894", others=(spouse,)))
    parties = show_dossier(desk, officer(desk), made.number).parties
    assert [(each.role, each.relation) for each in parties] == [("owner", ""), ("spouse", "Chồng")]


def test_a_further_person_is_refused_beside_his_own_field(desk):
    nameless = OtherParty(OtherRole.CHILD, Person(name=" "))
    with pytest.raises(RuleError) as error:
        receive_dossier(desk, officer(desk), birth(others=(nameless,)))
    assert error.value.field == "other1_name"
    with pytest.raises(RuleError) as error:
        receive_dossier(
            desk,
            officer(desk),
            birth(
                submitter=HUONG,
                authority=Authority(" "),
                components=(ComponentSpec("van_ban_uy_quyen"),),
            ),
        )
    assert error.value.field == "authority"


def test_a_new_visit_of_the_same_people_has_nothing_of_the_papers(desk):
    by = officer(desk)
    first = birth(
        owner=CHILD,
        submitter=HUONG,
        relation="Mẹ",
        authority=Authority("Giấy ủy quyền"),
        others=(OtherParty(OtherRole.FATHER, FOREIGNER),),
        components=(ComponentSpec("van_ban_uy_quyen"),),
        return_method="post",
        return_address=Address(as_written="Thôn Nà Mẫu"),
        answers={"bb_tre_bi_bo_roi": False},
    )
    made = receive_dossier(desk, by, first)
    with desk.store.read() as connection:
        audits = connection.execute(select(func.count()).select_from(tables.audit)).scalar_one()
    copy = intake_from(desk, by, made.number)
    assert count(desk, tables.audit) == audits + 1
    assert copy.request_id != first.request_id
    assert (copy.owner.name, copy.relation, copy.authority) == ("Ma", "Mẹ", Authority("Giấy ủy quyền"))
    assert copy.submitter is not None
    assert copy.submitter.id_value == HUONG.id_value
    assert copy.others[0].person.id_value == "FR1234567"
    assert (copy.components, copy.answers, copy.manual_due, copy.free_papers) == ((), {}, None, ())
    assert copy.return_address == Address(as_written="Thôn Nà Mẫu")
    again = receive_dossier(
        desk, by, replace(copy, all_required=True, components=(ComponentSpec("van_ban_uy_quyen"),))
    )
    assert again.number != made.number
    with pytest.raises(NotFoundError):
        intake_from(desk, by, new_id())
    assert MONDAY.date() == date(2026, 11, 23)
