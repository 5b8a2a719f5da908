"""Reception: one commit of everything, refused by name, safe to repeat."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from app.clock import VIETNAM, FixedClock
from app.domain.catalogue import Channel
from app.domain.component_rules import ComponentSpec
from app.domain.people import IdKind, Person
from app.errors import RuleError, StorageError
from app.models import tables
from app.protocol import contract
from app.services.audit.verify import verify_audit
from app.services.intake.reception import receive_dossier, reckon
from app.services.intake.visit import FreePaper, ManualDue
from app.services.money import tariff
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer


def count(desk, table):
    with desk.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def test_everything_of_one_act_is_stored_together(desk):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    with desk.store.read() as connection:
        row = connection.execute(select(tables.dossier)).mappings().one()
        event = (
            connection.execute(select(tables.event).where(tables.event.c.type == "dossier.received"))
            .mappings()
            .one()
        )
        history = connection.execute(select(tables.history)).mappings().one()
        codes = (
            connection.execute(select(tables.component.c.code).order_by(tables.component.c.position))
            .scalars()
            .all()
        )
    assert received.provisional
    assert received.number == row["provisional_number"]
    assert (row["status"], row["sync_state"]) == (2, "waiting")
    assert row["custodian_unit"] == row["receiving_unit"] == "02221"
    assert row["form_set"] == "tt-03-2025"
    assert row["calendar_version"] == desk.reference.calendar.version
    assert received.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=VIETNAM)
    assert event["dossier_id"] == received.id == history["dossier_id"]
    assert history["act"] == "accept"
    assert history["event_id"] == event["event_id"]
    assert codes == ["to_khai", "giay_chung_sinh", "giay_to_tuy_than"]
    assert verify_audit(desk, by).ok


def test_the_event_is_what_the_contract_says(desk):
    import jsonschema_rs

    receive_dossier(desk, officer(desk), birth())
    with desk.store.read() as connection:
        bodies = connection.execute(select(tables.event.c.body)).scalars().all()
    validator = jsonschema_rs.validator_for(contract.schema("Event"))
    for body in bodies:
        assert [error.message for error in validator.iter_errors(json.loads(body))] == []


def test_stream_is_gapless_and_chained(desk):
    from app.protocol.chain import chain_next, chain_start

    for _ in range(3):
        receive_dossier(desk, officer(desk), birth())
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.event).order_by(tables.event.c.desk_seq)).mappings().all()
        stream = connection.execute(select(tables.stream)).mappings().one()
    assert [row["desk_seq"] for row in rows] == [1, 2, 3, 4]
    chain = chain_start(stream["epoch"])
    for row in rows:
        chain = chain_next(chain, row["digest"])
        assert row["chain"] == chain
    assert (stream["last_seq"], stream["chain"]) == (4, chain)


def test_the_same_request_twice_makes_one_dossier(desk):
    intake = birth()
    first = receive_dossier(desk, officer(desk), intake)
    second = receive_dossier(desk, officer(desk), intake)
    assert second.already
    assert second.id == first.id
    assert second.number == first.number
    assert count(desk, tables.dossier) == 1


def test_missing_papers_refuse_by_name_and_change_nothing(desk):
    before = count(desk, tables.event), count(desk, tables.counter)
    with pytest.raises(RuleError) as refused:
        receive_dossier(
            desk, officer(desk), birth(all_required=False, components=(ComponentSpec("to_khai"),))
        )
    assert refused.value.code == "components-missing"
    assert refused.value.missing == ("giay_chung_sinh|vb_nguoi_lam_chung", "giay_to_tuy_than")
    assert "Giấy chứng sinh" in refused.value.title
    assert (count(desk, tables.event), count(desk, tables.counter)) == before
    assert count(desk, tables.dossier) == 0


def test_somebody_else_handing_in_makes_the_authority_due(desk):
    aunt = Person("Ma Thị Dì", IdKind.PERSONAL_NUMBER, "008170000001")
    with pytest.raises(RuleError) as refused:
        receive_dossier(desk, officer(desk), birth(submitter=aunt, relation="dì"))
    assert refused.value.missing == ("van_ban_uy_quyen",)


def test_an_answered_condition_is_demanded(desk):
    with pytest.raises(RuleError) as refused:
        receive_dossier(desk, officer(desk), birth(answers={"vb_mang_thai_ho": True}))
    assert refused.value.missing == ("vb_mang_thai_ho",)
    receive_dossier(desk, officer(desk), birth(answers={"vb_mang_thai_ho": False}))


def test_online_filing_needs_no_paper_declaration(desk):
    outlook = reckon(desk, birth(all_required=False, channel=Channel.ONLINE))
    assert "to_khai" not in outlook.missing


def test_a_procedure_without_a_term_asks_for_date_and_reason(desk):
    unknown = birth(procedure_code="1.001776")
    with pytest.raises(RuleError) as refused:
        receive_dossier(desk, officer(desk), unknown)
    assert (refused.value.code, refused.value.field) == ("due-unknown", "due")
    due = datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM)
    received = receive_dossier(
        desk, officer(desk), replace(unknown, manual_due=ManualDue(due, "Theo thông báo của tỉnh"))
    )
    assert received.due_at == due
    assert received.due_reason == "Theo thông báo của tỉnh"


def test_an_index_procedure_takes_a_free_list_of_papers(desk):
    index = next(v for v in desk.reference.shipped if v.detail == "index")
    received = receive_dossier(
        desk,
        officer(desk),
        birth(
            procedure_code=index.code,
            free_papers=(FreePaper("Đơn đề nghị"), FreePaper("Sổ hộ khẩu cũ", count=2)),
            manual_due=ManualDue(datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM), "Chưa có thời hạn"),
        ),
    )
    with desk.store.read() as connection:
        row = connection.execute(select(tables.dossier)).mappings().one()
        names = connection.execute(select(tables.component.c.name)).scalars().all()
    assert row["id"] == received.id
    assert row["procedure_detail"] == "index"
    assert names == ["Đơn đề nghị", "Sổ hộ khẩu cũ"]


def test_a_fee_not_supplied_is_unknown_and_never_sent_as_zero(desk):
    receive_dossier(desk, officer(desk), birth())
    with desk.store.read() as connection:
        fee = connection.execute(select(tables.fee)).mappings().one()
        total = connection.execute(select(tables.dossier.c.fee_total)).scalar_one()
        body = connection.execute(
            select(tables.event.c.body).where(tables.event.c.type == "dossier.received")
        ).scalar_one()
    assert fee["amount_vnd"] is None
    assert total is None
    assert json.loads(body)["payload"]["fees"] == []


def test_a_fee_by_copy_is_multiplied(desk):
    outlook = reckon(desk, birth(procedure_code="2.000635", fee_counts={"LP": 2}))
    code = outlook.version.fees[0].code
    outlook = reckon(desk, birth(procedure_code="2.000635", fee_counts={code: 2}))
    assert outlook.fee_total == 16000


def test_registered_only_has_a_number_and_no_event(desk):
    received = receive_dossier(desk, officer(desk), birth(register_only=True, all_required=False))
    assert received.status == 1
    with desk.store.read() as connection:
        assert connection.execute(select(tables.dossier.c.sync_state)).scalar_one() == "none"
    assert count(desk, tables.event) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"owner": replace(HUONG, name="")}, "name"),
        ({"owner": replace(HUONG, name="Ma 123")}, "name"),
        ({"owner": replace(HUONG, id_value="12345")}, "id_value"),
        ({"owner": replace(HUONG, phone="123")}, "phone"),
        ({"owner": replace(HUONG, email="không phải")}, "email"),
        ({"owner": replace(HUONG, birth_date=MONDAY.date() + timedelta(days=1))}, "birth_date"),
        ({"copies": 0}, "copies"),
        ({"return_method": "bồ câu"}, "return_method"),
        ({"procedure_code": "9.999999"}, "procedure"),
        ({"for_unit": "99999"}, "for_unit"),
    ],
)
def test_wrong_values_are_told_beside_their_field(desk, changes, field):
    with pytest.raises(RuleError) as refused:
        receive_dossier(desk, officer(desk), birth(**changes))
    assert refused.value.field == field
    assert refused.value.title
    assert refused.value.next_step
    assert count(desk, tables.dossier) == 0


def test_a_person_without_a_number_is_said_so_not_given_a_placeholder(desk):
    child = Person(name="Sùng")
    receive_dossier(desk, officer(desk), birth(owner=child))
    with desk.store.read() as connection:
        body = json.loads(
            connection.execute(
                select(tables.event.c.body).where(tables.event.c.type == "dossier.received")
            ).scalar_one()
        )
    owner = body["payload"]["owner"]
    assert owner["identifiers"] == []
    assert owner["no_identifier_reason"]


def test_administrator_may_not_receive(desk):
    with pytest.raises(RuleError) as refused:
        receive_dossier(desk, officer(desk, "quantri"), birth())
    assert refused.value.code == "not-permitted"


def test_a_block_gives_final_numbers_then_provisional_ones(desk):
    from datetime import date

    with desk.store.write() as connection:
        connection.execute(
            insert(tables.number_block).values(
                block_id="b",
                kind="dossier_code",
                unit_code="H60.14.3",
                pattern="{unit}-{yyMMdd}-{seq:4}",
                per="day",
                valid_from=date(2026, 11, 1),
                valid_to=date(2027, 1, 31),
                seq_from=2001,
                seq_to=2002,
                state="active",
            )
        )
    by = officer(desk)
    numbers = [receive_dossier(desk, by, birth()) for _ in range(3)]
    assert [n.number for n in numbers[:2]] == ["H60.14.3-261123-2001", "H60.14.3-261123-2002"]
    assert [n.provisional for n in numbers] == [False, False, True]
    assert numbers[2].number.startswith("TN-02221-261123-2")


def test_a_clock_set_back_never_gives_a_number_again(tmp_path):
    clock = FixedClock(MONDAY)
    desk = make_desk(tmp_path, clock)
    by = officer(desk)
    numbers = [receive_dossier(desk, by, birth()).number]
    for step in (timedelta(days=-1), timedelta(days=1), timedelta(hours=-3), timedelta(days=2)):
        clock.at += step
        numbers.append(receive_dossier(desk, by, birth()).number)
    assert len(set(numbers)) == len(numbers)
    desk.close()


def test_the_dossier_keeps_the_versions_of_its_day(desk, monkeypatch):
    monkeypatch.setattr(tariff, "SHIPPED_CATALOGUE", "biểu phí thử")
    receive_dossier(desk, officer(desk), birth(received_at=datetime(2025, 8, 1, 9, 0, tzinfo=VIETNAM)))
    with desk.store.read() as connection:
        row = connection.execute(select(tables.dossier)).mappings().one()
    assert row["form_set"] == "tt-01-2018"
    assert row["tariff_version"] == "biểu phí thử"
    assert row["procedure_version"] == 1


def test_a_full_disk_at_commit_stores_nothing_and_says_so(desk, monkeypatch):
    from app import failpoints

    monkeypatch.setattr(failpoints, "_name", "before_commit")
    monkeypatch.setattr(failpoints, "_action", "fail")
    monkeypatch.setattr(failpoints, "_left", 1)
    with pytest.raises(StorageError) as refused:
        receive_dossier(desk, officer(desk), birth())
    assert refused.value.code == "disk-full"
    assert count(desk, tables.dossier) == 0
    received = receive_dossier(desk, officer(desk), birth())
    assert received.number.endswith("001")


def test_an_agency_code_given_beside_the_open_window_is_used_at_once(desk):
    with desk.store.write() as connection:
        connection.execute(tables.desk.update().values(agency_code="H60.14.3", desk_no=5))
    received = receive_dossier(desk, officer(desk), birth())
    with desk.store.read() as connection:
        row = connection.execute(select(tables.dossier)).mappings().one()
    assert row["receiving_unit"] == "H60.14.3"
    assert received.number.startswith("TN-02221-261123-5")


def test_a_stored_dossier_and_its_draft_change_places_in_one_commit(desk, monkeypatch):
    from app import failpoints
    from app.services.drafts import open_drafts, save_draft

    by, intake = officer(desk), birth()
    save_draft(desk, by, intake.request_id, "reception", "phone", {"name": "x"})
    monkeypatch.setattr(failpoints, "_name", "before_commit")
    monkeypatch.setattr(failpoints, "_action", "fail")
    monkeypatch.setattr(failpoints, "_left", 1)
    with pytest.raises(StorageError):
        receive_dossier(desk, by, intake)
    assert len(open_drafts(desk, by)) == 1
    receive_dossier(desk, by, intake)
    assert open_drafts(desk, by) == ()


def test_what_this_desk_receives_often_is_remembered(tmp_path):
    desk = make_desk(tmp_path, shared_reference=False)
    for _ in range(3):
        receive_dossier(desk, officer(desk), birth(procedure_code="1.004884"))
    assert desk.reference.used["1.004884"] == 3
    desk.close()
    again = make_desk(tmp_path, shared_reference=False)
    assert again.reference.used["1.004884"] == 3
    again.close()
