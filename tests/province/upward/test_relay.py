"""Events of an office's desks reach the province once, as the desks made them; its word comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.protocol.payloads import Progress
from app.province.tables import dossiers, events, streams
from tests.province.upward.rig import Rig, Served, running
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
