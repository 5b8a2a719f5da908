"""The office's own store: on PostgreSQL, killed between runs, put back from its copy, beside another's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.protocol.parts import UnitRef
from app.protocol.payloads import Custody
from app.province import server
from app.province.tables import dossiers, events, files, streams
from app.province.upward import relay
from tests.province.upward.rig import KEY, UNIT, Office, Served, running
from tests.province.upward.test_details import OTHER, push, rows, told, upload
from tests.support.postgres import Postgres
from tests.support.wire_desk import WireDesk


def held(gateway: Served) -> Counter[str]:
    """How often the gateway has each event."""
    return Counter(row.event_id for row in rows(gateway, events))


def ids(*sent: dict[str, Any]) -> Counter[str]:
    return Counter(each["event_id"] for each in sent)


def through(desk: WireDesk) -> int:
    """How far the desk's gateway has its stream."""
    return int(desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()["received_through_seq"])


def restored(office: Office, copy: Path) -> None:
    """The copy takes the place of the store, as ``docs/gateway.md`` says."""
    office.stop()
    office.store.dispose()
    shutil.rmtree(office.folder)
    shutil.copytree(copy, office.folder)
    server.restored(office.db_url, key=office.key)
    office.open()
    office.start()


def copied(office: Office, target: Path) -> Path:
    """A copy of a store at rest."""
    office.stop()
    office.store.dispose()
    shutil.copytree(office.folder, target)
    office.open()
    office.start()
    return target


def test_an_office_on_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    with running(tmp_path, key=None, db=postgres.new_database()) as rig:
        desk = rig.office.desk("quay-1")
        content = b"scan " * 1000
        sha256 = upload(desk, content)
        sent = [desk.opened(), desk.received(scan=sha256)]
        assert [each["verdict"] for each in push(desk, *sent)] == ["deferred", "deferred"]
        assert rig.office.sync().trouble is None
        rig.office.stop()
        rig.office.start()
        report = rig.office.sync()
        assert (report.trouble, report.counts.answered, report.counts.files_sent) == (None, 0, 0)
        assert held(rig.province) == ids(*sent)
        assert [row.sha256 for row in rows(rig.province, files)] == [sha256]
        assert [each["data"]["verdict"] for each in told(desk, "event.verdict")] == ["accepted"] * 2
        [here], [above] = rows(rig.office, dossiers), rows(rig.province, dossiers)
        assert (here.code, here.status) == (above.code, above.status)


@pytest.mark.parametrize(
    ("point", "there"), [("before_relay:kill@2", 2), ("after_relay:kill@1", 2), ("after_relay:kill@2", 4)]
)
def test_an_office_killed_between_runs_sends_each_event_once(tmp_path: Path, point: str, there: int) -> None:
    with running(tmp_path, key=None) as rig:
        desks = [rig.office.desk("quay-1"), rig.office.desk("quay-2")]
        sent = [[desk.opened(), desk.received()] for desk in desks]
        for desk, run in zip(desks, sent, strict=True):
            push(desk, *run)
        rig.office.stop()
        command = [sys.executable, "-m", "app.province", "--db", rig.office.db_url]
        killed = subprocess.run(
            [*command, "--listen", f"127.0.0.1:{rig.office.port}"],
            env={**os.environ, "MOTCUA_FAILPOINT": point},
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
        assert killed.returncode == -9
        assert len(rows(rig.province, events)) == there
        rig.office.start()
        assert rig.office.sync().trouble is None
        assert held(rig.province) == ids(*sent[0], *sent[1])
        for desk in desks:
            assert [each["data"]["verdict"] for each in told(desk, "event.verdict")] == ["accepted"] * 2


def test_an_office_put_back_from_its_copy_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        office, desk = rig.office, rig.office.desk("quay-1")
        push(desk, *(before := [desk.opened(), desk.received()]))
        office.sync()
        copy = copied(office, tmp_path / "copy")
        push(desk, *(after := [desk.received(), desk.received()]))
        office.sync()
        push(desk, *(last := [desk.received()]))
        cursor = desk.changes()["next_cursor"]
        restored(office, copy)
        assert office.sync().trouble == "stream-trouble"
        with office.store.read() as db:
            assert [code for _, code in relay.troubles(db, UNIT)] == ["behind"]
        desk.sign_in()
        assert through(desk) == len(before)
        push(desk, *after, *last)
        assert office.sync().trouble is None
        assert held(rig.province) == held(office) == ids(*before, *after, *last)
        final = {each["data"]["event_id"]: each["data"]["verdict"] for each in told(desk, "event.verdict")}
        assert final == {each["event_id"]: "accepted" for each in (*before, *after, *last)}
        codes = [sorted(row.code for row in rows(each, dossiers)) for each in (office, rig.province)]
        assert codes[0] == codes[1] and len(set(codes[0])) == 4
        late = desk.call("GET", f"/v1/changes?cursor={cursor}").json()
        assert late["code"] == "cursor-expired", "though the feed is longer than that again"


def test_a_desk_enrolled_after_the_copy_is_told_and_enrols_again(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        office = rig.office
        copy = copied(office, tmp_path / "copy")
        desk = office.desk("quay-1")
        push(desk, *(sent := [desk.opened(), desk.received()]))
        office.sync()
        push(desk, later := desk.received())
        restored(office, copy)
        assert desk.ask_token().json()["error"] == "invalid_client"
        assert office.sync().trouble is None, "nothing of that stream is here"
        again = desk.enrol(office.code("quay-1"))
        assert again.json()["desk_slot"] == 9, "a digit the forgotten life of the store did not come to"
        desk.sign_in()
        assert through(desk) == 0
        push(desk, *sent, later)
        assert office.sync().trouble is None
        assert held(rig.province) == ids(*sent, later)
        assert [row.received_through for row in rows(rig.province, streams)] == [3]


def test_two_offices_under_one_province(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        other = Office(tmp_path / "other", rig.province.clock, "other", KEY, unit=OTHER)
        try:
            other.enroll(rig.province)
            other.start()
            here, there = rig.office.desk("quay-1"), other.desk("quay-1")
            received: dict[str, Any]
            push(here, *(mine := [here.opened(), received := here.received()]))
            push(there, *(theirs := [there.opened(), there.received()]))
            for office in (rig.office, other):
                assert office.sync().trouble is None
            assert held(rig.province) == ids(*mine, *theirs)
            assert (held(rig.office), held(other)) == (ids(*mine), ids(*theirs))
            assert received["subject"]["id"] not in assigned(there), "another commune's dossier"
            units = UnitRef(UNIT, "Xã Ví Dụ"), UnitRef(OTHER, "Xã khác")
            push(here, here.about(received, "dossier.transferred", Custody(*units)))
            rig.office.sync()
            other.sync()
            assert received["subject"]["id"] in assigned(there)
            push(there, there.about(received, "dossier.custody_accepted", Custody(*units)))
            other.sync()
            rig.office.sync()
            dossier_id = received["subject"]["id"]
            for gateway in (rig.province, rig.office, other):
                assert custodian(gateway, dossier_id) == OTHER, gateway.name
            assert len({row.code for row in rows(rig.province, dossiers)}) == 2
        finally:
            other.stop()
            other.store.dispose()


def assigned(desk: WireDesk) -> set[str]:
    return {each["subject"]["id"] for each in told(desk, "dossier.assigned")}


def custodian(gateway: Served, dossier_id: str) -> str:
    query = select(dossiers.c.custodian_code).where(dossiers.c.dossier_id == dossier_id)
    with gateway.store.read() as db:
        return str(db.execute(query).scalar_one())
