"""Events of an office's desks reach the province once, as the desks made them; its word comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import LineError, RuleError
from app.protocol.payloads import Progress
from app.province import server
from app.province.tables import dossiers, events, streams
from app.province.upward.enrol import enroll
from app.province.upward.links import all_links
from app.province.upward.rounds import run_round
from app.province.upward.wire import Wire
from app.province.upward.worker import Worker
from tests.province.upward.rig import KEY, Office, Rig, Served, running
from tests.support.fault_proxy import (
    FaultProxy,
    captive_portal,
    cut_answer,
    drop_answer,
    redirect,
    unavailable,
)
from tests.support.wire_desk import WireDesk


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as made:
        yield made


def push(desk: WireDesk, *sent: dict[str, Any]) -> list[dict[str, Any]]:
    answer = desk.push(list(sent))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["verdicts"])


def rows(gateway: Served, table: Any) -> list[Any]:
    with gateway.store.read() as db:
        return list(db.execute(select(table)).all())


def told(desk: WireDesk, type_: str) -> list[dict[str, Any]]:
    return [each for each in desk.changes()["changes"] if each["change_type"] == type_]


def test_an_event_is_deferred_until_the_province_has_it(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    filed = [desk.opened(), desk.received()]
    assert [each["verdict"] for each in push(desk, *filed)] == ["deferred", "deferred"]
    assert rows(rig.province, events) == []
    report = rig.office.sync()
    assert report.trouble is None and report.waiting == 0
    above = rows(rig.province, events)
    assert [(row.event_id, row.desk_seq, row.digest, row.chain) for row in above] == [
        (each["event_id"], each["desk_seq"], each["digest"], each["chain"]) for each in filed
    ]
    assert [row.epoch for row in rows(rig.province, streams)] == [desk.epoch]
    said = told(desk, "event.verdict")
    assert [each["data"]["verdict"] for each in said] == ["accepted", "accepted"]
    assert [each["verdict"] for each in push(desk, *filed)] == ["duplicate", "duplicate"]
    [dossier] = rows(rig.province, dossiers)
    [numbered] = told(desk, "dossier.numbered")
    assert numbered["data"]["code"] == dossier.code != filed[1]["subject"]["code"]
    [here] = rows(rig.office, dossiers)
    assert here.code == dossier.code


def test_a_second_round_sends_nothing_again(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    push(desk, desk.opened(), desk.received())
    assert rig.office.sync().counts.answered == 2
    assert rig.office.sync().counts.answered == 0
    assert len(rows(rig.province, events)) == 2


def test_desks_see_each_other_while_the_line_up_is_cut(rig: Rig) -> None:
    one, two = rig.office.desk("quay-1"), rig.office.desk("quay-2")
    rig.province.stop()
    filed = one.received
    push(one, one.opened(), received := filed())
    push(two, two.opened())
    [seen] = told(two, "dossier.assigned")
    assert seen["subject"]["id"] == received["subject"]["id"]
    push(two, two.about(received, "dossier.progress", Progress("Thẩm tra")))
    assert rig.office.sync().trouble == "no-line"
    rig.province.start()
    report = rig.office.sync()
    assert report.trouble is None
    above = rows(rig.province, events)
    assert {row.verdict for row in above} == {"accepted"} and len(above) == 4
    assert len(rows(rig.province, streams)) == 2


def test_an_office_enrols_desks_of_its_own_unit_alone(rig: Rig) -> None:
    with pytest.raises(RuleError) as refused:
        rig.office.code("quay-1", "H60.99.9")
    assert (refused.value.code, refused.value.field) == ("upper-unit", "unit")
    desk = WireDesk(rig.office.url, unit="H60.99.9")
    code = server.enrolment_code(rig.office.db_url, "quay-2", key=rig.office.key)
    assert desk.enrol(code).json()["code"] == "enrolment-refused"


def test_a_gateway_that_has_judged_alone_is_not_put_below_another(rig: Rig) -> None:
    desk = rig.province.desk("quay-1")
    push(desk, desk.opened())
    with pytest.raises(RuleError) as refused:
        enroll(rig.province.store, rig.province.clock, rig.office.url, "X" * 12, "H60.14.3", name="x")
    assert refused.value.code == "upper-too-late"


def test_a_lost_answer_to_the_enrolment_costs_nothing(rig: Rig, tmp_path: Path) -> None:
    office = Office(tmp_path / "second", rig.province.clock, "second", KEY)
    code = rig.province.code("xa-2")
    with pytest.raises(LineError):
        enroll(office.store, office.clock, "http://127.0.0.1:9", code, "H60.14.3", name="x")
    with FaultProxy(rig.province.url) as line:
        line.once(drop_answer(), "/v1/enrolments")
        with pytest.raises(LineError):
            enroll(office.store, office.clock, line.url, code, "H60.14.3", name="x")
        made = enroll(office.store, office.clock, line.url, code, "H60.14.3", name="x")
    assert made.client_id == "xa-2"
    office.store.dispose()


def test_the_worker_sends_by_itself_and_stops(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    worker = Worker(rig.office.store, rig.office.clock)
    worker.start()
    try:
        push(desk, desk.opened(), desk.received())
        end = time.monotonic() + 30
        while len(rows(rig.province, events)) < 2 and time.monotonic() < end:
            time.sleep(0.1)
        assert len(rows(rig.province, events)) == 2
    finally:
        started = time.monotonic()
        worker.stop()
    assert time.monotonic() - started < 8


def test_a_login_page_in_the_way_changes_nothing(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    push(desk, desk.opened(), desk.received())
    with rig.office.store.read() as db:
        [link] = all_links(db)
    with FaultProxy(rig.province.url) as line:
        for fault in (captive_portal(), redirect("http://127.0.0.1:9/"), cut_answer(40), unavailable(7, 503)):
            line.always(fault)
            report = run_round(rig.office.store, rig.office.clock, link, wire=Wire(line.url, stall_s=3))
            assert report.trouble in ("not-believed", "no-line", "busy") and report.waiting == 2
        assert report.retry_after_s == 7
    assert rows(rig.province, events) == [] and told(desk, "event.verdict") == []
