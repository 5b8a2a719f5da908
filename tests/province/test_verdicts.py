"""One event, one verdict: rejections, deferrals, corrections, voids, warnings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import VIETNAM
from app.protocol import payloads
from app.protocol.ids import new_id
from app.protocol.parts import ClockEvidence, Subject, UnitRef
from tests.province.verdicts import accepted, codes, push, rejected, state, upload, verdict_now
from tests.support.gateway import Gateway
from tests.support.wire_desk import LEADER_SAID_YES, WireDesk

NewDesk = Callable[..., WireDesk]
PROGRESS = payloads.Progress("Thẩm tra")


def test_a_dossier_is_taken_and_known(opened: WireDesk) -> None:
    received = opened.received()
    (verdict,) = accepted(opened, received)
    assert verdict["dossier_version"] == 1
    assert state(opened, received)["status"] == 2


def test_event_5_of_10_malformed_stops_nobody(opened: WireDesk) -> None:
    events = [opened.received() for _ in range(4)]
    broken = opened.received()
    broken = opened.broken(broken, payload={**broken["payload"], "channel": "pigeon", "owner": None})
    events += [broken, *(opened.received() for _ in range(5))]
    verdicts = push(opened, *events)
    assert [each["verdict"] for each in verdicts] == ["accepted"] * 4 + ["rejected"] + ["accepted"] * 5
    problem = verdicts[4]["problem"]
    assert problem["code"] == "schema-invalid" and problem["retryable"] is False
    assert "/payload/channel" in {each["pointer"] for each in problem["errors"]}
    assert "pigeon" not in json.dumps(problem)
    body = opened.call("GET", f"/v1/stream?epoch={opened.epoch}").json()
    assert (body["received_through_seq"], body["chain"], body["rejected"]) == (11, opened.chain, 1)
    back = opened.call("GET", f"/v1/streams/{opened.epoch}/events?from_seq=6&limit=1").json()
    assert back["events"] == [broken] and back["more"] is True


def test_the_same_run_twice_overlapping_and_with_another_key(opened: WireDesk) -> None:
    first, second, third = (opened.received() for _ in range(3))
    accepted(opened, first, second)
    again = push(opened, first, second)
    assert [(each["verdict"], each["original"]) for each in again] == [("duplicate", "accepted")] * 2
    overlapping = push(opened, second, third)
    assert [each["verdict"] for each in overlapping] == ["duplicate", "accepted"]
    assert len(opened.call("GET", "/v1/snapshot").json()["dossiers"]) == 3


def test_the_first_event_opens_the_stream(desk: WireDesk) -> None:
    received, opened_late = desk.received(), desk.opened()
    verdicts = push(desk, received, opened_late)
    assert [each["problem"]["code"] for each in verdicts] == ["schema-invalid"] * 2


SHAPES: dict[str, Any] = {
    "unknown-type": {"type": "dossier.danced"},
    "unknown-schema": {"schema": 2},
    "schema-invalid": {"schema": "1"},
}


@pytest.mark.parametrize(("code", "members"), SHAPES.items())
def test_shape(opened: WireDesk, code: str, members: dict[str, Any]) -> None:
    rejected(opened, opened.broken(opened.received(), **members), code)


def test_a_file_the_payload_names_must_be_listed(opened: WireDesk) -> None:
    event = opened.received(scan="a" * 64)
    rejected(opened, opened.broken(event, files=[]), "schema-invalid")


def test_subject_kind_and_id_fit_the_type(opened: WireDesk) -> None:
    rejected(opened, opened.event("dossier.progress", PROGRESS, Subject("desk", new_id())), "schema-invalid")
    rejected(opened, opened.event("dossier.progress", PROGRESS, Subject("dossier", "x")), "schema-invalid")
    voided = opened.event("event.voided", payloads.EventVoided(new_id(), "x"), Subject("event", new_id()))
    rejected(opened, voided, "schema-invalid")


def test_event_id_reuse(new_desk: NewDesk, opened: WireDesk) -> None:
    first = opened.received()
    accepted(opened, first)
    other = opened.received()
    rejected(opened, opened.broken(other, event_id=first["event_id"]), "event-id-reuse")
    assert opened.call("GET", f"/v1/events/{first['event_id']}").json()["desk_seq"] == first["desk_seq"]
    stranger = new_desk()
    accepted(stranger, stranger.opened())
    rejected(stranger, stranger.broken(stranger.received(), event_id=first["event_id"]), "event-id-reuse")
    assert stranger.call("GET", f"/v1/events/{first['event_id']}").status_code == 404


def test_the_same_act_in_a_new_epoch_is_a_duplicate(opened: WireDesk) -> None:
    first = opened.received()
    accepted(opened, first)
    parent = opened.epoch
    opened.open_epoch()
    accepted(opened, opened.opened("restored", parent_epoch=parent, parent_last_seq=1))
    opened.received()
    again = opened.broken({**first, "desk_seq": opened.seq})
    (verdict,) = push(opened, again)
    assert (verdict["verdict"], verdict["original"], verdict["desk_seq"]) == ("duplicate", "accepted", 2)
    (once_more,) = push(opened, again)
    assert (once_more["verdict"], once_more["original"]) == ("duplicate", "accepted")
    assert len(opened.call("GET", "/v1/snapshot").json()["dossiers"]) == 1
    body = opened.call("GET", f"/v1/stream?epoch={opened.epoch}").json()
    assert (body["deferred"], body["rejected"]) == (0, 0)


def test_unknown_subject(opened: WireDesk, new_desk: NewDesk) -> None:
    rejected(
        opened, opened.about({"subject": {"id": new_id()}}, "dossier.progress", PROGRESS), "unknown-subject"
    )
    received = opened.received()
    accepted(opened, received)
    stranger = new_desk("H60.1.1")
    accepted(stranger, stranger.opened())
    rejected(stranger, stranger.about(received, "dossier.progress", PROGRESS), "unknown-subject")
    taken = stranger.received(dossier_id=received["subject"]["id"])
    assert "Trần" not in json.dumps(rejected(stranger, taken, "conflict"), ensure_ascii=False)


def test_procedure_version_unknown(opened: WireDesk) -> None:
    event = opened.received()
    unknown = {**event["payload"], "procedure": {"code": "1.001193", "version": 2}}
    problem = rejected(opened, opened.broken(event, payload=unknown), "procedure-version-unknown")
    assert problem["errors"][0]["pointer"] == "/payload/procedure/version"


@pytest.mark.parametrize(
    "value", ["000000000000", "123456789012", "999999999", "Không có", "N/A", "---", "0"]
)
def test_placeholder_identifier(opened: WireDesk, value: str) -> None:
    event = opened.received(filing=opened.filing(datetime.now(VIETNAM), personal_number=value))
    problem = rejected(opened, event, "placeholder-identifier")
    assert problem["errors"][0]["pointer"] == "/payload/owner/identifiers/0/value"


def test_without_identifier_and_reason_it_is_invalid(opened: WireDesk) -> None:
    event = opened.received()
    owner = {"kind": "citizen", "full_name": "Lò", "identifiers": []}
    broken = opened.broken(event, payload={**event["payload"], "owner": owner})
    problem = rejected(opened, broken, "schema-invalid")
    assert problem["errors"][0]["pointer"] == "/payload/owner/no_identifier_reason"


# numbers


def block(desk: WireDesk, **asked: Any) -> dict[str, Any]:
    today = datetime.now(VIETNAM).date()
    body = {
        "kind": "dossier_code",
        "unit_code": desk.unit,
        "per": "day",
        "valid_from": str(today),
        "valid_to": str(today + timedelta(days=90)),
        "size": 999,
        **asked,
    }
    answer = desk.call(
        "POST", "/v1/number-blocks", json_body=body, headers={"Idempotency-Key": f'"{new_id()}"'}
    )
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def number(desk: WireDesk, seq: int, day: datetime | None = None) -> str:
    return f"{desk.unit}-{day or datetime.now(VIETNAM):%y%m%d}-{seq:04d}"


def test_an_official_number_needs_a_block(opened: WireDesk) -> None:
    rejected(opened, opened.received(code=number(opened, 1001)), "number-outside-block")
    given = block(opened)
    accepted(opened, opened.received(code=number(opened, given["seq_from"])))
    for outside in (given["seq_from"] - 1, given["seq_to"] + 1, 1):
        rejected(opened, opened.received(code=number(opened, outside)), "number-outside-block")


@pytest.mark.parametrize("code", ["H60.99-261123-1001", "HS-12345", "TN-02221-261123-1001"])
def test_a_number_of_another_shape_or_unit_is_outside(opened: WireDesk, code: str) -> None:
    block(opened)
    rejected(opened, opened.received(code=code), "number-outside-block")


def test_a_provisional_number_must_not_look_official(opened: WireDesk) -> None:
    event = opened.received()
    looks_official = {**event["subject"], "code": number(opened, 1001)}
    rejected(opened, opened.broken(event, subject=looks_official), "number-outside-block")


def test_a_number_is_given_once(opened: WireDesk) -> None:
    given = block(opened)
    code = number(opened, given["seq_from"])
    accepted(opened, opened.received(code=code))
    rejected(opened, opened.received(code=code), "number-taken")


def test_a_day_outside_the_block_is_a_warning(opened: WireDesk) -> None:
    given = block(opened)
    wrong_clock = datetime(2019, 5, 4, 8, tzinfo=VIETNAM)
    event = opened.received(code=number(opened, given["seq_from"], wrong_clock), at=wrong_clock)
    (verdict,) = accepted(opened, event)
    assert {"number-day", "clock-year"} <= set(codes(verdict))


def test_a_provisional_dossier_is_numbered_once(opened: WireDesk) -> None:
    received = opened.received()
    (verdict,) = accepted(opened, received)
    push(opened, received)
    numbered = [each for each in opened.changes()["changes"] if each["change_type"] == "dossier.numbered"]
    assert len(numbered) == 1
    (change,) = numbered
    assert verdict["dossier_version"] == 1 and change["dossier_version"] == 2
    now = state(opened, received)
    assert now["version"] == 2
    assert now["code"] == change["data"]["code"] == number(opened, 1)
    assert now["provisional_code"] == received["subject"]["code"] == change["data"]["provisional_code"]


# waiting


def test_a_missing_file_defers_and_its_arrival_accepts(opened: WireDesk) -> None:
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # "hello"
    received = opened.received(scan=sha256)
    progress = opened.about(received, "dossier.progress", PROGRESS)
    one, two = push(opened, received, progress)
    assert one["waiting_for"] == [{"kind": "file", "ref": sha256}]
    assert two["waiting_for"] == [{"kind": "event", "ref": received["event_id"]}]
    assert opened.call("GET", f"/v1/dossiers/{received['subject']['id']}").status_code == 404
    assert upload(opened, b"hello") == sha256
    assert [verdict_now(opened, each) for each in (received, progress)] == ["accepted", "accepted"]
    assert state(opened, received)["status"] == 4
    told = [each for each in opened.changes()["changes"] if each["change_type"] == "event.verdict"]
    assert [each["data"]["desk_seq"] for each in told] == [received["desk_seq"], progress["desk_seq"]]
    (duplicate,) = push(opened, received)
    assert (duplicate["verdict"], duplicate["original"]) == ("duplicate", "accepted")


def test_a_file_of_another_unit_does_not_count(opened: WireDesk, new_desk: NewDesk) -> None:
    sha256 = upload(new_desk("H60.1.2"), b"theirs")
    (verdict,) = push(opened, opened.received(scan=sha256))
    assert verdict["verdict"] == "deferred"


def test_a_file_that_is_not_what_it_says_is_rejected(opened: WireDesk) -> None:
    sha256 = upload(opened, b"no pdf at all", "application/pdf")
    problem = rejected(opened, opened.received(scan=sha256), "file-invalid")
    assert problem["errors"] == [{"pointer": "/files", "message": sha256}]


def test_after_a_rejected_creation_others_wait_and_the_correction_frees_them(opened: WireDesk) -> None:
    received = opened.received()
    broken = opened.broken(received, payload={**received["payload"], "abstract": ""})
    progress = opened.about(received, "dossier.progress", PROGRESS)
    done = opened.about(received, "dossier.completed", payloads.Completed())
    verdicts = push(opened, broken, progress, done)
    assert [each["verdict"] for each in verdicts] == ["rejected", "deferred", "deferred"]
    assert verdicts[1]["waiting_for"] == [{"kind": "event", "ref": broken["event_id"]}]
    again = opened.received(dossier_id=received["subject"]["id"], corrects=broken["event_id"])
    accepted(opened, again)
    assert [verdict_now(opened, each) for each in (progress, done)] == ["accepted", "accepted"]
    assert state(opened, received)["status"] == 9
    body = opened.call("GET", f"/v1/stream?epoch={opened.epoch}").json()
    assert (body["rejected"], body["deferred"]) == (0, 0)
    assert verdict_now(opened, broken) == "rejected"


def test_a_correction_may_need_a_correction(opened: WireDesk) -> None:
    received = opened.received()
    broken = opened.broken(received, payload={**received["payload"], "abstract": ""})
    progress = opened.about(received, "dossier.progress", PROGRESS)
    push(opened, broken, progress)
    second = opened.received(dossier_id=received["subject"]["id"], corrects=broken["event_id"])
    second = opened.broken(second, payload={**second["payload"], "abstract": ""})
    assert push(opened, second)[0]["verdict"] == "rejected"
    assert verdict_now(opened, progress) == "deferred"
    third = opened.received(dossier_id=received["subject"]["id"], corrects=second["event_id"])
    accepted(opened, third)
    assert verdict_now(opened, progress) == "accepted"


def test_a_voided_creation_ends_what_waits(opened: WireDesk) -> None:
    received = opened.received()
    broken = opened.broken(received, payload={**received["payload"], "abstract": ""})
    progress = opened.about(received, "dossier.progress", PROGRESS)
    push(opened, broken, progress)
    void = payloads.EventVoided(broken["event_id"], "nhập nhầm")
    accepted(opened, opened.event("event.voided", void, Subject("event", broken["event_id"])))
    late = opened.call("GET", f"/v1/events/{progress['event_id']}").json()
    assert (late["verdict"], late["problem"]["code"]) == ("rejected", "blocked-by-rejected")
    rejected(opened, opened.about(received, "dossier.completed", payloads.Completed()), "blocked-by-rejected")


def test_voiding_a_waiting_event_lets_the_later_ones_go(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    letter = opened.filing(datetime.now(VIETNAM), scan="b" * 64).components[0].file
    asked = opened.about(
        received, "dossier.supplement_requested", payloads.SupplementRequested(1, "x", letter=letter)
    )
    progress = opened.about(received, "dossier.progress", PROGRESS)
    assert [each["verdict"] for each in push(opened, asked, progress)] == ["deferred", "deferred"]
    void = payloads.EventVoided(asked["event_id"], "mất bản quét")
    accepted(opened, opened.event("event.voided", void, Subject("event", asked["event_id"])))
    assert [verdict_now(opened, each) for each in (asked, progress)] == ["rejected", "accepted"]
    assert state(opened, received)["status"] == 4


def test_a_waiting_scan_holds_up_no_status(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    component = opened.filing(datetime.now(VIETNAM), scan="c" * 64).components[0]
    scanned = opened.about(received, "document.digitised", payloads.DocumentDigitised([component]))
    progress = opened.about(received, "dossier.progress", PROGRESS)
    assert [each["verdict"] for each in push(opened, scanned, progress)] == ["deferred", "accepted"]


def test_voiding_what_was_accepted_is_a_warning(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    void = payloads.EventVoided(received["event_id"], "x")
    (verdict,) = accepted(opened, opened.event("event.voided", void, Subject("event", received["event_id"])))
    assert codes(verdict) == ["voided-after-accepted"]
    assert state(opened, received)["status"] == 2


def test_corrects_must_name_what_is_rejected(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    progress = opened.about(received, "dossier.progress", PROGRESS, corrects=received["event_id"])
    assert rejected(opened, progress, "conflict")["errors"][0]["pointer"] == "/corrects"
    unknown = opened.about(received, "dossier.progress", PROGRESS, corrects=new_id())
    assert rejected(opened, unknown, "unknown-subject")["errors"][0]["pointer"] == "/corrects"


# versions and clocks


def test_an_old_base_is_a_warning(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    (verdict,) = accepted(opened, opened.about(received, "dossier.progress", PROGRESS, base_version=1))
    assert codes(verdict) == ["stale-base"]


@pytest.mark.parametrize(
    ("years", "expected"),
    [(3, "clock-future"), (-10, "clock-year"), (0, None)],
    ids=["ahead", "behind", "right"],
)
def test_clocks_are_flagged_never_refused(opened: WireDesk, years: int, expected: str | None) -> None:
    at = datetime.now(VIETNAM) + timedelta(days=365 * years)
    (verdict,) = accepted(opened, opened.received(at=at))
    warned = set(codes(verdict)) - {"number-day", "clock-backwards"}
    assert warned == ({expected} if expected else set())


def test_a_clock_running_backwards_and_a_large_offset(opened: WireDesk) -> None:
    now = datetime.now(VIETNAM)
    accepted(opened, opened.received(at=now))
    event = opened.received(at=now - timedelta(hours=1))
    event = opened.broken(event, clock=ClockEvidence(-400_000, now).as_wire())
    (verdict,) = accepted(opened, event)
    assert set(codes(verdict)) == {"clock-offset", "clock-backwards"}


# custody and fields


def test_custody_moves_by_two_events(gateway: Gateway, new_desk: NewDesk) -> None:
    here, there = new_desk(), new_desk("H60.14")
    ours, theirs = UnitRef(here.unit, "Xã"), UnitRef("H60.14", "Sở")
    accepted(here, here.opened())
    received = here.received()
    accepted(here, received)
    accepted(there, there.opened())
    accepted(here, here.about(received, "dossier.transferred", payloads.Custody(ours, theirs)))
    assert state(here, received)["custodian"]["code"] == here.unit
    rejected(there, there.about(received, "dossier.progress", PROGRESS), "not-custodian")
    accepted(here, here.about(received, "dossier.progress", PROGRESS))
    accepted(there, there.about(received, "dossier.custody_accepted", payloads.Custody(ours, theirs)))
    assert state(here, received)["custodian"] == {"code": "H60.14", "name": "Sở"}
    problem = rejected(here, here.about(received, "dossier.progress", PROGRESS), "not-custodian")
    assert problem["current"]["custodian"]["code"] == "H60.14" and "received" not in problem["current"]
    assert "Trần" not in json.dumps(problem, ensure_ascii=False)
    due = payloads.DueDateChanged(None, datetime.now(VIETNAM), "x")
    rejected(here, here.about(received, "dossier.due_date_changed", due), "not-custodian")
    accepted(there, there.about(received, "dossier.completed", payloads.Completed()))
    accepted(here, here.about(received, "dossier.returned", payloads.Returned("counter", "Trần Thị Ví Dụ")))
    kinds = [each["change_type"] for each in here.changes()["changes"]]
    assert kinds == [
        "dossier.numbered",
        "dossier.custody_changed",
        "dossier.status_changed",
        "dossier.result_issued",
    ]
    assert there.changes()["changes"][0]["change_type"] == "dossier.assigned"


def test_custody_is_taken_only_by_whom_it_was_offered(new_desk: NewDesk) -> None:
    here, other = new_desk(), new_desk("H60.15")
    ours, third = UnitRef(here.unit, "Xã"), UnitRef("H60.16", "Sở")
    accepted(here, here.opened())
    received = here.received()
    accepted(here, received)
    accepted(other, other.opened())
    accepted(here, here.about(received, "dossier.transferred", payloads.Custody(ours, third)))
    accept = payloads.Custody(ours, UnitRef("H60.15", "x"))
    rejected(other, other.about(received, "dossier.custody_accepted", accept), "unknown-subject")
    rejected(here, here.about(received, "dossier.custody_accepted", accept), "not-custodian")


def amend(
    desk: WireDesk, received: dict[str, Any], changes: dict[str, Any], **options: Any
) -> dict[str, Any]:
    return desk.about(received, "dossier.amended", payloads.DossierAmended(changes, "gõ nhầm"), **options)


@pytest.mark.parametrize(
    "pointer", ["/due_at", "/procedure/version", "/handling_unit/code", "/code_kind", "/nothing"]
)
def test_fields_that_are_not_the_desks(opened: WireDesk, pointer: str) -> None:
    received = opened.received()
    accepted(opened, received)
    rejected(opened, amend(opened, received, {pointer: "x"}), "field-not-owned")


def test_amending_the_desks_own_fields(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    accepted(
        opened, amend(opened, received, {"/owner/phone": "0911111111", "/owner/full_name": "Trần Thị Mới"})
    )
    now = state(opened, received)
    assert now["owner_name"] == "Trần Thị Mới" and now["received"]["owner"]["phone"] == "0911111111"
    problem = rejected(opened, amend(opened, received, {"/owner/sex": "maybe"}), "schema-invalid")
    assert problem["errors"][0]["pointer"] == "/payload/set/~1owner~1sex"
    rejected(opened, amend(opened, received, {"/components/7/name": "x"}), "schema-invalid")
    made_up = {"/owner/identifiers/0/value": "000000000"}
    rejected(opened, amend(opened, received, made_up), "placeholder-identifier")


def test_the_time_of_reception_needs_a_leader(opened: WireDesk) -> None:
    received = opened.received()
    accepted(opened, received)
    changes = {"/received_at": "2026-11-16T08:15:02+07:00"}
    rejected(opened, amend(opened, received, changes), "field-not-owned")
    accepted(opened, amend(opened, received, changes, actor=LEADER_SAID_YES))


def test_the_custodian_elsewhere_may_set_contact_but_not_the_name(new_desk: NewDesk) -> None:
    here, there = new_desk(), new_desk("H60.17")
    ours, theirs = UnitRef(here.unit, "Xã"), UnitRef("H60.17", "Sở")
    accepted(here, here.opened())
    received = here.received()
    accepted(here, received)
    accepted(here, here.about(received, "dossier.transferred", payloads.Custody(ours, theirs)))
    accepted(there, there.opened())
    accepted(there, there.about(received, "dossier.custody_accepted", payloads.Custody(ours, theirs)))
    accepted(there, amend(there, received, {"/owner/phone": "0922222222"}))
    rejected(there, amend(there, received, {"/owner/full_name": "x"}), "field-not-owned")
