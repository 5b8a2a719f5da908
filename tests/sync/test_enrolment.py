"""Becoming known to a province: codes, keys, units, slots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import AppError, LineError, RuleError
from app.models import tables
from app.sync.context import SyncDesk
from app.sync.credentials import unseal
from app.sync.enrolment import Enrolled, enrol
from app.sync.marks import ENROLLING, read_mark
from app.sync.round import run_round
from tests.support.desk_store import GSO, dossier_row, make_sync_desk, receive, verdicts
from tests.support.fault_proxy import FaultProxy, captive_portal, drop_answer, redirect, unavailable
from tests.support.gateway import Gateway
from tests.sync.certificates import authority


@pytest.fixture
def desk(tmp_path: Path) -> SyncDesk:
    return make_sync_desk(tmp_path / "desk")


def own_row(desk: SyncDesk) -> Any:
    c = tables.desk.c
    with desk.store.read() as connection:
        return connection.execute(select(c.unit_code, c.agency_code, c.desk_no)).one()


def known_to(desk: SyncDesk) -> Any:
    with desk.store.read() as connection:
        return connection.execute(select(tables.gateway)).mappings().first()


def refused(desk: SyncDesk, url: str, code: str, **more: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        enrol(desk, url, code, **more)
    assert known_to(desk) is None
    assert caught.value.title and caught.value.next_step
    return caught.value


def test_a_desk_with_its_gso_code_learns_its_agency_code(gateway: Gateway, desk: SyncDesk, unit: str) -> None:
    code = gateway.enrolment_code("quay-1", unit)
    done = enrol(desk, gateway.url + "/", f" {code}\n")
    assert isinstance(done, Enrolled) and (done.unit_code, done.agency_code) == (unit, unit)
    assert done.gateway == gateway.url
    assert tuple(own_row(desk)) == (GSO, unit, 1)
    with desk.store.read() as connection:
        own_id = connection.execute(select(tables.desk.c.id)).scalar_one()
        assert read_mark(connection, ENROLLING) is None
    assert unseal(known_to(desk)["secret"], own_id).kid == known_to(desk)["signing_kid"]


def test_without_a_unit_the_gso_code_is_claimed_and_is_no_agency_code(
    gateway: Gateway, desk: SyncDesk
) -> None:
    done = enrol(desk, gateway.url, gateway.enrolment_code("quay-gso"))
    assert (done.unit_code, done.agency_code) == (GSO, None)
    assert own_row(desk).agency_code is None


def test_a_desk_with_an_agency_code_claims_it_and_takes_no_other(
    gateway: Gateway, desk: SyncDesk, unit: str
) -> None:
    with desk.store.write() as connection:
        connection.execute(update(tables.desk).values(agency_code=unit))
    foreign = gateway.enrolment_code("quay-x", "H99.1")
    assert isinstance(refused(desk, gateway.url, foreign), LineError)
    assert enrol(desk, gateway.url, gateway.enrolment_code("quay-y", unit)).unit_code == unit


def test_the_slot_becomes_the_digit_and_numbers_given_stay(
    gateway: Gateway, tmp_path: Path, unit: str
) -> None:
    desks = [make_sync_desk(tmp_path / str(n)) for n in range(3)]
    dossier = receive(desks[2])
    slots = [enrol(each, gateway.url, gateway.enrolment_code("quay", unit)).desk_no for each in desks]
    assert slots == [1, 2, 3]
    assert own_row(desks[2]).desk_no == 3
    assert dossier_row(desks[2], dossier.id)["provisional_number"] == dossier.number


def test_a_slot_above_nine_keeps_the_epochs_mark(gateway: Gateway, tmp_path: Path, unit: str) -> None:
    for n in range(9):
        enrol(make_sync_desk(tmp_path / str(n)), gateway.url, gateway.enrolment_code("quay", unit))
    tenth = make_sync_desk(tmp_path / "tenth")
    assert enrol(tenth, gateway.url, gateway.enrolment_code("quay", unit)).desk_no == 1
    assert run_round(tenth).reconciled
    with tenth.store.read() as connection:
        assert connection.execute(select(tables.stream.c.confirmed)).scalar_one() is False


@pytest.mark.parametrize("code", ["", "short", "K7QP-3M9D-XW4\u00c2", "a" * 201, "K7QP\n3M9D"])
def test_a_code_that_cannot_be_one_is_told_beside_its_field(desk: SyncDesk, code: str) -> None:
    error = refused(desk, "http://127.0.0.1:9", code)
    assert isinstance(error, RuleError) and error.field == "code"


def test_a_wrong_and_a_used_code_are_refused_kindly(gateway: Gateway, desk: SyncDesk, tmp_path: Path) -> None:
    for code in ("ABCD-EFGH-JKLM", "ABCD-EFGH"):
        error = refused(desk, gateway.url, code)
        assert (error.code, error.exit_code, error.field) == ("enrolment-refused", 6, "code")
    code = gateway.enrolment_code("quay-used")
    enrol(make_sync_desk(tmp_path / "first"), gateway.url, code)
    assert refused(desk, gateway.url, code).code == "enrolment-refused"


def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(desk: SyncDesk) -> None:
    error = refused(desk, "http://gateway.province.example", "ABCD-EFGH-JKLM")
    assert isinstance(error, RuleError) and (error.code, error.field) == ("gateway-not-secure", "url")
    with desk.store.read() as connection:
        assert read_mark(connection, ENROLLING) is None


def test_an_authority_file_that_is_none_is_told(desk: SyncDesk) -> None:
    error = refused(desk, "https://gateway.province.example", "ABCD-EFGH-JKLM", ca_pem="words")
    assert isinstance(error, RuleError) and error.field == "ca"
    assert authority("good").pem.startswith("-----BEGIN CERTIFICATE")


def test_a_lost_answer_is_asked_for_again_with_the_same_keys(
    gateway: Gateway, proxy: FaultProxy, desk: SyncDesk, unit: str
) -> None:
    code = gateway.enrolment_code("quay-lost", unit)
    proxy.once(drop_answer(), "/v1/enrolments")
    assert refused(desk, proxy.url, code).code == "no-line"
    assert enrol(desk, proxy.url, code).unit_code == unit
    assert run_round(desk).reconciled


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (captive_portal(), "not-believed"),
        (redirect("http://127.0.0.1:9"), "not-believed"),
        (unavailable(), "province-busy"),
    ],
    ids=["portal", "redirect", "busy"],
)
def test_a_bad_line_leaves_the_desk_as_it_was(
    proxy: FaultProxy, desk: SyncDesk, fault: Any, code: str
) -> None:
    before = own_row(desk)
    for path in ("/v1/meta", "/v1/enrolments"):
        proxy.once(fault, path)
        assert refused(desk, proxy.url, "ABCD-EFGH-JKLM").code == code
    assert own_row(desk) == before


def test_a_desk_that_lost_its_keys_goes_on_in_a_new_epoch(
    gateway: Gateway, desk: SyncDesk, unit: str
) -> None:
    enrol(desk, gateway.url, gateway.enrolment_code("quay-a", unit))
    old = receive(desk, 1)
    assert run_round(desk).reconciled
    number = dossier_row(desk, old.id)["number"]
    waiting = [receive(desk, 2), receive(desk, 3)]
    again = enrol(desk, gateway.url, gateway.enrolment_code("quay-b", unit))
    assert again.desk_no == 2
    with desk.store.read() as connection:
        states = connection.execute(select(tables.number_block.c.state)).scalars().all()
    assert states == ["ended"]
    report = run_round(desk)
    assert report.reconciled and (report.pushed, report.accepted) == (3, 3)
    assert verdicts(desk) == ["accepted"] * 5
    assert dossier_row(desk, old.id)["number"] == number
    assert all(dossier_row(desk, each.id)["number"] for each in waiting)
    with desk.store.read() as connection:
        streams = connection.execute(select(tables.stream).order_by(tables.stream.c.position)).mappings()
        first, second = streams.all()
    assert (second["reason"], second["parent_epoch"]) == ("key_replaced", first["epoch"])
    assert (second["last_seq"], second["confirmed"], second["mark"] != "") == (3, True, True)


def test_enrolling_again_before_anything_was_sent_keeps_the_epoch(
    gateway: Gateway, desk: SyncDesk, unit: str
) -> None:
    receive(desk)
    enrol(desk, gateway.url, gateway.enrolment_code("quay-a", unit))
    enrol(desk, gateway.url, gateway.enrolment_code("quay-b", unit))
    assert run_round(desk).accepted == 2
    with desk.store.read() as connection:
        assert len(connection.execute(select(tables.stream)).all()) == 1
