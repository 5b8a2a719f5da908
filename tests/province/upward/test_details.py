"""What travels through an office gateway besides events: files, refusals, numbers, custody, catalogue."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from app.protocol.parts import UnitRef
from app.protocol.payloads import Custody, Progress
from app.province import catalogue, operator
from app.province.tables import changes, dossiers, events, files, number_blocks, numbers, server, streams
from app.province.upward import down
from app.province.upward.tables import upward_adopts, upward_blocks
from tests.province.test_catalogue import version
from tests.province.upward.rig import UNIT, Rig, Served, running
from tests.support.wire_desk import WireDesk

OTHER = "H60.15.9"


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
    return [each for each in desk.changes(limit=500)["changes"] if each["change_type"] == type_]


def upload(desk: WireDesk, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    asked = {"sha256": sha256, "size": len(content), "media_type": "text/plain", "purpose": "component"}
    url = desk.call("POST", "/v1/files", json_body=asked).json()["upload_url"]
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {
        "Upload-Offset": "0",
        "Upload-Complete": "?1",
        "Content-Digest": f"sha-256=:{digest}:",
        "Content-Type": "application/partial-upload",
    }
    answer = desk.call("PATCH", url, raw=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return sha256


def test_a_scan_goes_up_in_chunks_and_frees_the_event(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    content = b"scan " * 150_000
    sha256 = hashlib.sha256(content).hexdigest()
    verdicts = push(desk, desk.opened(), desk.received(scan=sha256))
    kinds = [each["kind"] for each in verdicts[1]["waiting_for"]]
    assert kinds == ["file", "approval"]
    assert rig.office.sync().trouble == "files-waiting"
    assert told(desk, "dossier.assigned") == []
    assert upload(desk, content) == sha256
    late = told(desk, "event.verdict")[-1]["data"]
    assert [each["kind"] for each in late["waiting_for"]] == ["approval"]
    report = rig.office.sync()
    assert (report.trouble, report.counts.files_sent) == (None, 1)
    assert [row.sha256 for row in rows(rig.province, files)] == [sha256]
    assert {row.verdict for row in rows(rig.province, events)} == {"accepted"}
    assert rig.office.sync().counts.files_sent == 0
    kept = [path for path in rig.office.folder.rglob("*") if path.is_file()]
    assert any(sha256 in path.name for path in kept)
    for path in kept:
        held = path.read_bytes()
        assert b"scan scan" not in held and "Ví Dụ".encode() not in held, path.name
    whole = desk.call("GET", f"/v1/files/{sha256}")
    assert whole.content == content and whole.headers["content-length"] == str(len(content))
    part = desk.call("GET", f"/v1/files/{sha256}", headers={"Range": "bytes=300001-400016"})
    assert part.status_code == 206 and part.content == content[300001:400017]
    assert part.headers["content-range"] == f"bytes 300001-400016/{len(content)}"
    beyond = desk.call("GET", f"/v1/files/{sha256}", headers={"Range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416


def test_the_provinces_ruling_replaces_the_offices(rig: Rig) -> None:
    """Custody moved at the province while the office did not know: its desk's step is refused in the end."""
    desk = rig.office.desk("quay-1")
    received: dict[str, Any]
    push(desk, desk.opened(), received := desk.received())
    rig.office.sync()
    with rig.province.store.write() as db:
        db.execute(update(dossiers).values(custodian_code=OTHER, custodian_name="Nơi khác"))
    step = desk.about(received, "dossier.progress", Progress("Thẩm tra"))
    assert push(desk, step)[0]["verdict"] == "deferred"
    assert [row.status for row in rows(rig.office, dossiers)] == [4]
    report = rig.office.sync()
    assert report.trouble is None
    last = told(desk, "event.verdict")[-1]["data"]
    assert (last["verdict"], last["problem"]["code"]) == ("rejected", "not-custodian")
    [here] = rows(rig.office, dossiers)
    assert (here.status, here.custodian_code) == (2, OTHER)
    assert rows(rig.office, upward_adopts) == []
    assert told(desk, "dossier.status_changed")[-1]["data"] == {"from": 4, "to": 2}


def test_slices_of_a_block_are_the_desks_own_and_end_with_it(rig: Rig) -> None:
    assert rig.office.sync().trouble is None
    [block] = rows(rig.office, upward_blocks)
    desks = [rig.office.desk(f"quay-{n}") for n in range(1, 4)]
    slices = []
    for desk in desks:
        wanted = {
            "kind": "dossier_code", "unit_code": UNIT, "per": "day", "size": 999,
            "valid_from": block.valid_from, "valid_to": block.valid_to,
        }  # fmt: skip
        key = {"Idempotency-Key": f'"{desk.epoch}"'}
        answer = desk.call("POST", "/v1/number-blocks", json_body=wanted, headers=key)
        assert answer.status_code == 201, answer.text
        slices.append(range(answer.json()["seq_from"], answer.json()["seq_to"] + 1))
    assert [len(each) for each in slices] == [111] * 3
    assert len({number for each in slices for number in each}) == 333
    [above] = rows(rig.province, number_blocks)
    assert all(above.seq_from <= number <= above.seq_to for each in slices for number in each)
    with rig.province.store.write() as db:
        from app.province import feed

        gone = {"block_id": above.block_id, "state": "revoked"}
        names = ("kind", "unit_code", "pattern", "per", "valid_from", "valid_to", "seq_from", "seq_to")
        data = {**{name: getattr(above, name) for name in names}, **gone}
        change = feed.Change("number_block.revoked", {"kind": "number_block", "id": above.block_id}, data)
        feed.tell_desk(db, rig.province.clock.now(), change, above.desk_id)
        db.execute(update(number_blocks).values(state="ended"))
    rig.office.sync()
    assert {row.state for row in rows(rig.office, number_blocks)} == {"revoked"}
    assert len(told(desks[0], "number_block.revoked")) == 1


def test_an_official_number_of_a_slice_is_good_above(rig: Rig) -> None:
    rig.office.sync()
    desk = rig.office.desk("quay-2")
    [block] = rows(rig.office, upward_blocks)
    wanted = {
        "kind": "dossier_code", "unit_code": UNIT, "per": "day", "size": 999,
        "valid_from": block.valid_from, "valid_to": block.valid_to,
    }  # fmt: skip
    key = {"Idempotency-Key": f'"{desk.epoch}"'}
    given = desk.call("POST", "/v1/number-blocks", json_body=wanted, headers=key).json()
    now = rig.province.clock.now()
    code = f"{UNIT}-{now:%y%m%d}-{given['seq_from']:04d}"
    push(desk, desk.opened(), desk.received(code=code))
    assert rig.office.sync().trouble is None
    assert [row.code for row in rows(rig.province, numbers)] == [code]
    assert {row.warnings for row in rows(rig.province, events)} == {None}


def test_a_dossier_handed_over_comes_to_the_offices_desks(rig: Rig) -> None:
    rig.office.sync()
    here, there = rig.office.desk("quay-1"), rig.province.desk("noi-khac", OTHER)
    received: dict[str, Any]
    push(there, there.opened(), received := there.received())
    push(here, here.opened())
    units = UnitRef(OTHER, "Xã khác"), UnitRef(UNIT, "Xã Ví Dụ")
    push(there, there.about(received, "dossier.transferred", Custody(*units)))
    rig.office.sync()
    [state] = told(here, "dossier.assigned")
    assert state["data"]["custodian"]["code"] == OTHER and state["data"]["received"]
    push(here, here.about(received, "dossier.custody_accepted", Custody(*units)))
    assert rig.office.sync().trouble is None
    [above] = rows(rig.province, dossiers)
    assert above.custodian_code == UNIT
    push(here, here.about(received, "dossier.transferred", Custody(units[1], units[0])))
    rig.office.sync()
    assert told(there, "dossier.assigned")[-1]["data"]["custodian"]["code"] == UNIT, "a hand-over back"
    for each in told(here, "dossier.assigned"):
        assert each["data"]["version"] == each["dossier_version"], "the office's, not the province's"


def test_an_act_taken_in_during_a_round_is_not_undone_by_what_comes_down(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The province tells of a state from before the act; the act goes up in the next round."""
    rig.office.sync()
    here, there = rig.office.desk("quay-1"), rig.province.desk("noi-khac", OTHER)
    received: dict[str, Any]
    units = UnitRef(OTHER, "Xã khác"), UnitRef(UNIT, "Xã Ví Dụ")
    push(there, there.opened(), received := there.received())
    push(here, here.opened())
    push(there, there.about(received, "dossier.transferred", Custody(*units)))
    rig.office.sync()
    push(there, there.about(received, "dossier.transferred", Custody(*units)))
    real = down.pull_all

    def taken_in_before(work: Any) -> None:
        monkeypatch.undo()
        push(here, here.about(received, "dossier.custody_accepted", Custody(*units)))
        real(work)

    monkeypatch.setattr(down, "pull_all", taken_in_before)
    rig.office.sync()
    assert [row.custodian_code for row in rows(rig.office, dossiers)] == [UNIT]
    assert rig.office.sync().trouble is None
    assert {row.custodian_code for each in (rig.office, rig.province) for row in rows(each, dossiers)} == {
        UNIT
    }
    [last] = told(here, "dossier.assigned")[-1:]
    assert last["data"]["custodian"]["code"] == UNIT
    assert last["dossier_version"] == rows(rig.office, dossiers)[0].version


def test_the_catalogue_and_notices_come_down(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    operator.publish_procedure(rig.province.store, rig.province.clock.now(), version(2, "1.000894"))
    operator.notice(rig.province.store, rig.province.clock.now(), "Bảo trì lúc 22 giờ")
    rig.office.sync()
    with rig.province.store.read() as up, rig.office.store.read() as down:
        assert [each["sha256"] for each in catalogue.manifest(up)["procedures"]] == [
            each["sha256"] for each in catalogue.manifest(down)["procedures"]
        ]
    assert [each["data"]["text"] for each in told(desk, "desk.notice")] == ["Bảo trì lúc 22 giờ"]
    seen = len(rows(rig.office, changes))
    rig.office.sync()
    assert len(rows(rig.office, changes)) == seen


def test_an_expired_cursor_is_followed_by_the_present_state(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    push(desk, desk.opened(), desk.received())
    rig.office.sync()
    with rig.province.store.write() as db:
        db.execute(insert(server).values(name="feed_floor", value="10000"))
        db.execute(update(dossiers).values(status=5, version=9))
    rig.office.sync()
    assert [row.status for row in rows(rig.office, dossiers)] == [5]


def test_an_upper_store_that_went_back_is_filled_again(rig: Rig) -> None:
    desk = rig.office.desk("quay-1")
    push(desk, desk.opened(), received := desk.received())
    rig.office.sync()
    with rig.province.store.write() as db:
        for table in (numbers, dossiers):
            db.execute(table.delete())
        db.execute(events.delete().where(events.c.desk_seq == 2))
        first = db.execute(select(events.c.chain)).scalar_one()
        db.execute(update(streams).values(received_through=1, chain=first))
    assert rig.office.sync().trouble is None
    assert [row.dossier_id for row in rows(rig.province, dossiers)] == [received["subject"]["id"]]
