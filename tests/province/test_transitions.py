"""The lawful steps of SYNC-PROTOCOL-CHOICES 3.4, written out again by hand, at the running gateway."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import Fee
from app.province.transitions import LEGAL, is_legal
from tests.province.verdicts import accepted, push, rejected, state
from tests.support.wire_desk import LEADER_SAID_YES, OFFICER, WireDesk

NOW = datetime(2026, 11, 23, 9, tzinfo=VIETNAM)
FEE = Fee(new_id(), "LP", "Lệ phí", 8000)
STEPS: dict[str, Any] = {
    "progress": ("dossier.progress", payloads.Progress()),
    "ask": ("dossier.supplement_requested", payloads.SupplementRequested(1, "Bổ sung bản sao")),
    "supplement": ("dossier.supplement_received", payloads.SupplementReceived(1, [], None, NOW)),
    "fee": ("dossier.fee_requested", payloads.FeeList([FEE])),
    "pay": ("fee.collected", payloads.FeeMoved([FEE.fee_id], 8000, "cash")),
    "withdraw": ("dossier.withdrawn", payloads.EndWithReason("xin rút")),
    "stop": ("dossier.stopped", payloads.EndWithReason("dừng")),
    "complete": ("dossier.completed", payloads.Completed()),
    "return": ("dossier.returned", payloads.Returned("counter", "Trần Thị Ví Dụ")),
    "refuse": ("dossier.refused", payloads.EndWithReason("không thuộc thẩm quyền")),
}
WAYS_TO: dict[int, tuple[str, ...]] = {
    2: (),
    4: ("progress",),
    5: ("ask",),
    6: ("fee",),
    7: ("withdraw",),
    8: ("stop",),
    9: ("complete",),
    10: ("complete", "return"),
}
LAWFUL: dict[int, dict[str, int]] = {
    2: {
        "progress": 4,
        "supplement": 4,
        "ask": 5,
        "fee": 6,
        "withdraw": 7,
        "stop": 8,
        "complete": 9,
        "pay": 2,
    },
    4: {
        "progress": 4,
        "supplement": 4,
        "ask": 5,
        "fee": 6,
        "withdraw": 7,
        "stop": 8,
        "complete": 9,
        "pay": 4,
    },
    5: {"progress": 4, "supplement": 4, "withdraw": 7, "stop": 8, "pay": 5},
    6: {"progress": 4, "supplement": 4, "pay": 4, "withdraw": 7, "stop": 8},
    7: {"progress": 4, "supplement": 4, "stop": 8, "return": 10, "withdraw": 7, "pay": 7},
    8: {"return": 10, "pay": 8},
    9: {"return": 10, "pay": 9},
    10: {"pay": 10},
}


def reach(desk: WireDesk, status: int) -> dict[str, Any]:
    received = desk.received()
    steps = [desk.about(received, *STEPS[name]) for name in WAYS_TO[status]]
    accepted(desk, received, *steps)
    assert state(desk, received)["status"] == status
    return received


@pytest.mark.parametrize("status", LAWFUL)
def test_every_step_from_every_status(opened: WireDesk, status: int) -> None:
    for name, (type_, payload) in STEPS.items():
        received = reach(opened, status)
        event = opened.about(received, type_, payload)
        target = LAWFUL[status].get(name)
        if target is None:
            problem = rejected(opened, event, "illegal-transition")
            assert problem["current"]["status"] == status
            assert state(opened, received)["status"] == status
        else:
            accepted(opened, event)
            assert state(opened, received)["status"] == target, (status, name)


def test_a_second_withdrawal_is_taken_with_a_warning(opened: WireDesk) -> None:
    received = reach(opened, 7)
    (verdict,) = accepted(opened, opened.about(received, *STEPS["withdraw"]))
    assert [each["code"] for each in verdict["warnings"]] == ["already-withdrawn"]


@pytest.mark.parametrize("approved", [True, False])
def test_reopening_needs_a_leader(opened: WireDesk, approved: bool) -> None:
    received = reach(opened, 9)
    actor = LEADER_SAID_YES if approved else OFFICER
    event = opened.about(received, *STEPS["progress"], actor=actor)
    if approved:
        accepted(opened, event)
    else:
        assert rejected(opened, event, "illegal-transition")["errors"][0]["pointer"] == "/actor/approved_by"
    assert state(opened, received)["status"] == (4 if approved else 9)


def test_a_refusal_and_its_reversal(opened: WireDesk) -> None:
    now = datetime.now(VIETNAM)
    filing = opened.filing(now)
    first = opened.received(filing=filing)
    end = payloads.EndWithReason("không thuộc thẩm quyền", filing)
    refused = opened.broken(first, type="dossier.refused", payload=end.as_wire())
    accepted(opened, refused)
    assert state(opened, refused)["status"] == 3
    again = opened.received(dossier_id=first["subject"]["id"], filing=filing)
    rejected(opened, again, "illegal-transition")
    with_leader = opened.received(dossier_id=first["subject"]["id"], filing=filing, actor=LEADER_SAID_YES)
    accepted(opened, with_leader)
    now_known = state(opened, first)
    assert now_known["status"] == 2 and now_known["provisional_code"] == first["subject"]["code"]


def test_a_refusal_without_a_filing_creates_nothing(opened: WireDesk) -> None:
    event = opened.received()
    end = payloads.EndWithReason("x").as_wire()
    problem = rejected(opened, opened.broken(event, type="dossier.refused", payload=end), "schema-invalid")
    assert problem["errors"][0]["pointer"] == "/payload/filing"
    assert opened.call("GET", f"/v1/dossiers/{event['subject']['id']}").status_code == 404


def test_a_supplement_brings_its_due_date(opened: WireDesk) -> None:
    received = reach(opened, 5)
    accepted(opened, opened.about(received, *STEPS["supplement"]))
    assert state(opened, received)["due_at"] == "2026-11-23T09:00:00+07:00"


def test_results_and_times_are_kept(opened: WireDesk) -> None:
    received = reach(opened, 10)
    now = state(opened, received)
    assert now["completed_at"] and now["returned_at"] and now["results"] == []


def test_other_desks_hear_every_version(new_desk: Any) -> None:
    one, two = new_desk(), new_desk()
    accepted(one, one.opened())
    received = one.received()
    steps = [
        one.about(received, *STEPS[name])
        for name in ("progress", "fee", "pay", "ask", "supplement", "complete")
    ]
    accepted(one, received, *steps)
    heard = {each["dossier_version"] for each in two.changes()["changes"]}
    assert heard == set(range(1, state(two, received)["version"] + 1))
    own = one.changes()["changes"]
    assert [each["change_type"] for each in own] == ["dossier.numbered"]


def test_the_table_is_the_one_of_the_contract() -> None:
    written = "none→2|3; 1→2|3; 2→4|5|6|7|8|9; 4→4|5|6|7|8|9; 5→4|7|8; 6→4|7|8; 7→8|10|4; 8→10; 9→10|4; 3→2"
    for rule in written.split("; "):
        before_text, _, after_text = rule.partition("→")
        before = None if before_text == "none" else int(before_text)
        after = {int(each) for each in after_text.split("|")}
        assert {each for each in range(1, 11) if is_legal(before, each, approved=True)} == after
        assert LEGAL[before] == after
    assert not is_legal(10, 4, approved=True)


def test_a_new_dossier_twice_is_no_transition(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    (verdict,) = push(opened, opened.received(dossier_id=received["subject"]["id"]))
    assert verdict["problem"]["code"] == "illegal-transition"
