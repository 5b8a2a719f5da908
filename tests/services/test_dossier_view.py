"""One dossier whole: found by each of its numbers, exactly the contract's JSON, reading audited."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from app.domain.dossier_status import Act, Status
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.services.demo import acts
from app.services.finding.dossier_view import find_dossier_id, show_dossier
from app.services.finding.row_state import StateKind
from app.services.intake.reception import receive_dossier
from app.services.papers.slips import make_slip
from tests.support.desk import birth, make_desk, officer

OFFICIAL = "000.00.00.H60-261123-0017"


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def give_official(desk, dossier_id):
    with desk.store.write() as connection:
        connection.execute(
            update(tables.dossier).where(tables.dossier.c.id == dossier_id).values(number=OFFICIAL)
        )


def reads(desk):
    with desk.store.read() as connection:
        rows = connection.execute(select(tables.audit).where(tables.audit.c.act == "read")).mappings()
        return [(row["record_kind"], row["record_id"]) for row in rows]


def test_official_provisional_and_id_lead_to_the_same_dossier_for_ever(desk):
    received = receive_dossier(desk, officer(desk), birth())
    receive_dossier(desk, officer(desk), birth())
    give_official(desk, received.id)
    for typed in (received.number, received.number.lower(), OFFICIAL, OFFICIAL.lower(), received.id):
        assert find_dossier_id(desk, typed) == received.id
    detail = show_dossier(desk, officer(desk), received.number)
    assert (detail.number, detail.provisional, detail.provisional_number) == (
        OFFICIAL,
        False,
        received.number,
    )


@pytest.mark.parametrize("typed", ["", "TN-02221-261123-2999", "%", "' OR 1=1 --", "\ud800", "x" * 10_000])
def test_an_unknown_number_is_said_so(desk, typed):
    receive_dossier(desk, officer(desk), birth())
    with pytest.raises(NotFoundError) as missing:
        show_dossier(desk, officer(desk), typed)
    assert missing.value.code == "no-dossier"
    assert missing.value.exit_code == 4


def test_the_contract_json_has_exactly_its_members(desk):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    body = show_dossier(desk, by, received.id).as_contract()
    assert list(body) == [
        "id",
        "number",
        "provisional",
        "provisional_number",
        "procedure",
        "channel",
        "status",
        "received_at",
        "due_at",
        "ended_at",
        "returned_at",
        "parties",
        "components",
        "history",
        "sync",
        "files",
    ]
    assert json.loads(json.dumps(body)) == body
    assert (body["procedure"], body["channel"], body["status"], body["sync"]) == (
        "1.001193",
        "counter",
        2,
        "waiting",
    )
    assert body["received_at"] == "2026-11-23T09:00:00+07:00"
    assert body["due_at"] == "2026-11-23T17:00:00+07:00"
    assert [(c["id"], c["required"], c["files"]) for c in body["components"]] == [
        ("to_khai", True, []),
        ("giay_chung_sinh", False, []),
        ("giay_to_tuy_than", True, []),
    ]
    assert body["history"] == [{"act": "accept", "at": "2026-11-23T09:00:00+07:00", "by": "Lục Thị Yến"}]
    assert body["parties"][0]["name"] == "Ma Thị Hường"
    assert body["parties"][0]["birth_date"] == "1998-08-14"


def test_reading_is_audited_and_drawing_anew_is_not(desk):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    show_dossier(desk, by, received.number)
    show_dossier(desk, by, received.number, audited=False)
    assert reads(desk) == [("dossier", received.id)]


def test_the_whole_life_stands_in_order_with_prints_and_acts(desk):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    make_slip(desk, by, received.id)
    desk.clock.advance(timedelta(hours=1))
    acts.perform(desk, by, received.id, acts.start)
    detail = show_dossier(desk, by, received.id)
    assert [line.act for line in detail.history] == ["accept", "print", "start"]
    assert [line.sent for line in detail.history] == ["waiting", "none", "waiting"]
    assert [(job.form, job.copy_no, job.state) for job in detail.prints] == [("01", 1, "kept")]
    assert detail.status is Status.PROCESSING
    assert detail.state.kind is StateKind.WORKING
    assert detail.left == "Còn 5 giờ"
    assert Act.COMPLETE in detail.acts
    assert Act.REOPEN not in detail.acts
    assert detail.owner.phone == "0900000123"
    assert detail.officer_name == "Lục Thị Yến"
    desk.clock.advance(timedelta(hours=1))
    acts.perform(desk, by, received.id, acts.complete)
    ended = show_dossier(desk, by, received.id)
    assert (ended.left, ended.state.words) == ("", "Chờ trả kết quả")
    assert ended.as_contract()["ended_at"] == "2026-11-23T11:00:00+07:00"


def test_a_proposal_of_the_province_stands_beside_the_paper(desk):
    by = officer(desk)
    received = receive_dossier(desk, by, birth())
    now = desk.clock.now()
    with desk.store.write() as connection:
        connection.execute(
            insert(tables.change).values(
                change_id="c1",
                type="t",
                at=now,
                subject_kind="dossier",
                subject_id=received.id,
                body={},
                taken_at=now,
                applied=False,
            )
        )
        connection.execute(
            insert(tables.proposal).values(
                id="p1",
                dossier_id=received.id,
                change_id="c1",
                field="/owner/full_name",
                ours="Ma Thị Hường",
                theirs="Ma Thị Hương",
                made_at=now,
                state="open",
            )
        )
    proposal = show_dossier(desk, by, received.id).proposals[0]
    assert (proposal.ours, proposal.theirs, proposal.state) == ("Ma Thị Hường", "Ma Thị Hương", "open")


def test_reading_is_refused_outside_the_role(desk):
    received = receive_dossier(desk, officer(desk), birth())
    for audited in (True, False):
        with pytest.raises(RuleError) as refused:
            show_dossier(desk, officer(desk, "quantri"), received.id, audited=audited)
        assert refused.value.code == "not-permitted"
    assert reads(desk) == []
