"""Power cuts and bad lines: whatever happens to the gateway or the line, one push, applied once."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support import fault_proxy as faults
from tests.support.fault_proxy import FaultProxy
from tests.support.gateway import Gateway, running_gateway
from tests.support.wire_desk import WireDesk


def enrolled(gateway: Gateway, url: str | None = None) -> WireDesk:
    desk = WireDesk(url or gateway.url)
    assert desk.enrol(gateway.enrolment_code("quay-1", desk.unit)).status_code == 201
    desk.sign_in()
    assert desk.push([desk.opened()]).status_code == 200
    return desk


def push_until_answered(desk: WireDesk, events: list[dict[str, Any]], key: str) -> Any:
    """The very same request until there is an answer of the protocol."""
    for _ in range(20):
        try:
            answer = desk.push(events, key=key, timeout=10)
        except requests.RequestException:
            continue
        if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
            return answer
    raise AssertionError("no answer")


def known_dossiers(desk: WireDesk) -> set[str]:
    """Every dossier of the snapshot, page by page."""
    ids: set[str] = set()
    query = ""
    while True:
        page = desk.call("GET", f"/v1/snapshot{query}").json()
        ids |= {each["dossier_id"] for each in page["dossiers"]}
        if page["next_page"] is None:
            return ids
        query = f"?page={page['next_page']}"


def assert_held_once(desk: WireDesk, events: list[dict[str, Any]]) -> None:
    state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
    assert (state["received_through_seq"], state["chain"]) == (desk.seq, desk.chain)
    assert {each["subject"]["id"] for each in events} == known_dossiers(desk)
    numbered = [each["subject"]["id"] for each in desk.changes(limit=500)["changes"]]
    assert len(numbered) == len(set(numbered))


def test_killed_in_the_middle_of_pushes(tmp_path: Path) -> None:
    seed = 20261123
    chosen = random.Random(seed)
    with running_gateway(tmp_path) as gateway:
        desk = enrolled(gateway)
        sent: list[dict[str, Any]] = []
        for turn in range(3):
            events = [desk.received() for _ in range(100)]
            sent += events
            key = f"00000000-0000-7000-8000-{turn:012d}"
            pushing = threading.Thread(target=_push_and_ignore, args=(desk, events, key))
            pushing.start()
            time.sleep(chosen.uniform(0.0, 0.15))
            gateway.kill()
            pushing.join()
            gateway.start()
            state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
            assert state["received_through_seq"] in (events[0]["desk_seq"] - 1, events[-1]["desk_seq"])
            push_until_answered(desk, events, key)
        assert_held_once(desk, sent)


def _push_and_ignore(desk: WireDesk, events: list[dict[str, Any]], key: str) -> None:
    try:
        desk.push(events, key=key, timeout=10)
    except requests.RequestException:
        return


@pytest.fixture
def line(gateway: Gateway, unit: str) -> Any:
    """(desk behind a proxy, proxy)."""
    with FaultProxy(gateway.url) as proxy:
        desk = WireDesk(proxy.url, unit=unit)
        assert desk.enrol(gateway.enrolment_code(f"q-{unit}", unit)).status_code == 201
        desk.sign_in()
        assert desk.push([desk.opened()]).status_code == 200
        yield desk, proxy


CUTS = [
    faults.refuse(),
    faults.drop_answer(),
    faults.cut_answer(40),
    faults.cut_answer(300),
    faults.duplicate(),
]
CUTS += [faults.cut_request(count) for count in (1, 60, 250, 600, 1500)]
CUTS += [
    faults.unavailable(),
    faults.captive_portal(),
    faults.redirect("http://127.0.0.1:1/"),
    faults.stall(0.2, 30),
]


@pytest.mark.parametrize("fault", CUTS, ids=lambda each: f"{each.kind}-{each.count}")
def test_a_push_over_a_bad_line_counts_once(line: Any, fault: faults.Fault) -> None:
    desk, proxy = line
    events = [desk.received(), desk.received()]
    proxy.once(fault, "/v1/push")
    answer = push_until_answered(desk, events, "00000000-0000-7000-8000-00000000000a")
    outcomes = [each.get("original", each["verdict"]) for each in answer.json()["verdicts"]]
    assert outcomes == ["accepted", "accepted"]
    assert_held_once(desk, events)
    assert any(each.fault == fault.kind for each in proxy.seen)


def test_a_lost_answer_comes_again_as_it_was(line: Any) -> None:
    desk, proxy = line
    key = "00000000-0000-7000-8000-00000000000b"
    proxy.once(faults.drop_answer(), "/v1/push")
    events = [desk.received()]
    answer = push_until_answered(desk, events, key)
    assert answer.headers["idempotency-replayed"] == "true"
    assert answer.json()["verdicts"][0]["verdict"] == "accepted"


def test_a_graceful_stop_ends_a_long_poll_at_once(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        desk = enrolled(gateway)
        cursor = desk.changes()["next_cursor"]
        pages: list[Any] = []
        waiting = threading.Thread(target=lambda: pages.append(desk.changes(cursor, wait=50)))
        waiting.start()
        time.sleep(0.5)
        began = time.monotonic()
        gateway.stop()
        waiting.join()
        assert time.monotonic() - began < 4
        assert pages[0]["changes"] == []


def test_no_citizen_in_the_log(line: Any, gateway: Gateway) -> None:
    desk, _ = line
    received = desk.received()
    bad = desk.received()
    desk.push([received, desk.broken(bad, payload={**bad["payload"], "channel": "x"})])
    desk.call("GET", f"/v1/dossiers/{received['subject']['id']}")
    desk.call("POST", "/v1/push", raw='{"Trần Thị Ví Dụ'.encode())
    for word in ("Trần", "Tr\\u1ea7n", "038199000001", "Ví Dụ", "0900000000", desk.token):
        assert word not in gateway.log
    assert '"operation": "pushEvents"' in gateway.log
