"""The change feed: at least once, in order, never a gap, only what a desk may see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.clock import VIETNAM
from app.protocol.ids import new_id
from app.province import operator
from app.province.feed import cursor_at
from app.province.tables import server
from tests.province.conftest import ClockedGateway
from tests.province.verdicts import accepted, state
from tests.support.gateway import Gateway
from tests.support.wire_desk import WireDesk

NewDesk = Callable[..., WireDesk]


def everything(desk: WireDesk, limit: int = 500) -> list[dict[str, Any]]:
    """The whole feed, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = desk.changes(cursor, limit=limit)
        found += page["changes"]
        cursor = page["next_cursor"]
        if not page["more"]:
            return found


def test_pages_are_the_feed_without_gap_or_repeat(opened: WireDesk) -> None:
    accepted(opened, *(opened.received() for _ in range(7)))
    whole = everything(opened)
    assert len(whole) == 7
    for limit in (1, 2, 3, 7):
        assert everything(opened, limit) == whole
    last = opened.changes(limit=500)["next_cursor"]
    assert opened.changes(last)["changes"] == []


def test_a_desk_hears_its_unit_but_not_itself_and_no_stranger(new_desk: NewDesk) -> None:
    one, two, stranger = new_desk(), new_desk(), new_desk("H60.2.2")
    accepted(one, one.opened())
    received = one.received()
    accepted(one, received)
    assert [each["change_type"] for each in everything(one)] == ["dossier.numbered"]
    heard = everything(two)
    assert [each["change_type"] for each in heard] == ["dossier.assigned", "dossier.numbered"]
    assert heard[0]["data"]["received"] == received["payload"]
    assert heard[0]["caused_by_event_id"] == received["event_id"]
    assert everything(stranger) == []
    assert stranger.call("GET", f"/v1/dossiers/{received['subject']['id']}").status_code == 404
    assert stranger.call("GET", "/v1/snapshot").json()["dossiers"] == []


def test_nothing_is_missed_while_many_write(gateway: Gateway, new_desk: NewDesk) -> None:
    writers, reader = [new_desk() for _ in range(4)], new_desk()
    for each in writers:
        accepted(each, each.opened())
    seen: list[str] = []
    done = threading.Event()

    def read() -> None:
        cursor = None
        while True:
            last_round = done.is_set()
            page = reader.changes(cursor, limit=3)
            seen.extend(each["change_id"] for each in page["changes"])
            cursor = page["next_cursor"]
            if last_round and not page["more"]:
                return

    def write(desk: WireDesk) -> None:
        for _ in range(6):
            accepted(desk, desk.received(), desk.received())

    watching = threading.Thread(target=read)
    watching.start()
    threads = [threading.Thread(target=write, args=(each,)) for each in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watching.join(timeout=60)
    whole = [each["change_id"] for each in everything(reader)]
    assert len(whole) == 4 * 12 * 2
    assert seen == whole


def test_two_desks_of_a_unit_get_no_equal_number(new_desk: NewDesk) -> None:
    desks = [new_desk() for _ in range(3)]
    for each in desks:
        accepted(each, each.opened())

    def work(desk: WireDesk) -> None:
        for _ in range(5):
            accepted(desk, desk.received())

    threads = [threading.Thread(target=work, args=(each,)) for each in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [each["code"] for each in desks[0].call("GET", "/v1/snapshot").json()["dossiers"]]
    assert len(codes) == len(set(codes)) == 15
    slices = []
    for each in desks:
        today = datetime.now(VIETNAM).date()
        asked = {"kind": "dossier_code", "unit_code": each.unit, "per": "day", "valid_from": str(today)}
        asked |= {"valid_to": str(today + timedelta(days=30)), "size": 99999}  # type: ignore[dict-item]
        headers = {"Idempotency-Key": f'"{new_id()}"'}
        given = each.call("POST", "/v1/number-blocks", json_body=asked, headers=headers).json()
        slices.append(set(range(given["seq_from"], given["seq_to"] + 1)))
    assert not set.intersection(*slices[:2]) and len(set.union(*slices)) == sum(map(len, slices))
    assert min(min(each) for each in slices) > 999


def test_a_long_poll_ends_when_there_is_news(new_desk: NewDesk) -> None:
    one, two = new_desk(), new_desk()
    accepted(one, one.opened())
    start = two.changes()["next_cursor"]
    later = threading.Timer(0.5, lambda: accepted(one, one.received()))
    later.start()
    began = time.monotonic()
    page = two.changes(start, wait=20)
    later.join()
    assert page["changes"] and 0.3 < time.monotonic() - began < 10
    assert two.changes(page["next_cursor"], wait=1)["changes"] == []


def test_ack_keeps_the_furthest(opened: WireDesk) -> None:
    start = opened.changes()["next_cursor"]
    accepted(opened, opened.received())
    end = opened.changes()["next_cursor"]
    for cursor, kept in ((end, end), (start, end)):
        answer = opened.call("PUT", "/v1/changes/ack", json_body={"cursor": cursor})
        assert answer.json()["cursor"] == kept
    assert opened.call("GET", f"/v1/stream?epoch={opened.epoch}").json()["acked_cursor"] == end


@pytest.mark.parametrize("cursor", ["!", "AAAA", "bzE6LTU"])
def test_no_cursor_is_400(desk: WireDesk, cursor: str) -> None:
    assert desk.call("GET", f"/v1/changes?cursor={cursor}").status_code == 400
    assert desk.call("PUT", "/v1/changes/ack", json_body={"cursor": cursor}).status_code == 400


def test_an_old_or_foreign_cursor_is_410_and_the_snapshot_helps(clocked: ClockedGateway) -> None:
    desk = clocked.new_desk()
    accepted(desk, desk.opened(), desk.received())
    gateway = clocked.app.state.gateway
    with gateway.store.write() as db:
        db.execute(insert(server).values(name="feed_floor", value="1"))
    feed_id = gateway.identity.feed_id
    for cursor in (cursor_at(feed_id, 0), cursor_at(feed_id, 99), cursor_at("other", 1)):
        answer = desk.call("GET", f"/v1/changes?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor-expired")
    page = desk.call("GET", "/v1/snapshot").json()
    assert desk.changes(page["cursor"])["changes"] == []


def test_a_snapshot_has_pages_and_what_no_state_shows(clocked: ClockedGateway) -> None:
    desk = clocked.new_desk()
    accepted(desk, desk.opened(), *(desk.received() for _ in range(260)))
    operator.notice(
        clocked.app.state.gateway.store, clocked.clock.now(), "Bảo trì tối nay", desk=desk.desk_id
    )
    first = desk.call("GET", "/v1/snapshot").json()
    assert [each["change_type"] for each in first["changes"]] == ["desk.notice"]
    second = desk.call("GET", f"/v1/snapshot?page={first['next_page']}").json()
    assert second["next_page"] is None and second["cursor"] == first["cursor"]
    ids = [each["dossier_id"] for each in first["dossiers"] + second["dossiers"]]
    assert len(ids) == 260 and ids == sorted(set(ids))
    clocked.clock.advance(timedelta(minutes=50))
    assert desk.call("GET", f"/v1/snapshot?page={first['next_page']}").status_code == 200
    clocked.clock.advance(timedelta(days=2))
    desk.token = ""
    now = int(clocked.clock.now().timestamp())
    desk.token = desk.ask_token(desk.assertion(iat=now, exp=now + 60)).json()["access_token"]
    answer = desk.call("GET", f"/v1/snapshot?page={first['next_page']}")
    assert (answer.status_code, answer.json()["code"]) == (410, "page-expired")


def test_the_operator_reaches_desks(gateway: Gateway, opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    now, dossier_id = datetime.now(VIETNAM), received["subject"]["id"]
    with gateway.store() as store:
        version = operator.propose_fields(
            store, now, dossier_id, {"/owner/full_name": "Trần Thị Đúng"}, "CSDL"
        )
        filing = {**received["payload"], "code_kind": "official"}
        online = operator.assign_online(store, now, opened.unit, f"{opened.unit}-{now:%y%m%d}-0900", filing)
    kinds = [each["change_type"] for each in everything(opened)]
    assert kinds == ["dossier.numbered", "dossier.fields_changed", "dossier.assigned"]
    assert state(opened, received)["version"] == version == 3
    accepted(opened, opened.received(dossier_id=online, code=f"{opened.unit}-{now:%y%m%d}-0900"))
    assert opened.call("GET", f"/v1/dossiers/{online}").json()["status"] == 2
