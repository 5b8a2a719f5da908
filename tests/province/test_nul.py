"""A NUL, which PostgreSQL cannot store, ends in a plain answer on either store and never in a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.province.verdicts import push, verdict_now
from tests.support.wire_desk import WireDesk

NUL = "\x00"


def with_nul(event: dict[str, Any], place: str) -> dict[str, Any]:
    if place == "payload":
        return {"payload": {**event["payload"], "abstract": f"Đăng ký{NUL}"}}
    if place == "subject":
        return {"subject": {**event["subject"], "id": NUL}}
    if place == "member name":
        return {"payload": {**event["payload"], NUL: 1}}
    return {"type": f"dossier.received{NUL}"}


@pytest.mark.parametrize("place", ["payload", "subject", "member name", "type"])
def test_an_event_with_a_nul_is_rejected_alone(opened: WireDesk, place: str) -> None:
    event = opened.received()
    bad = opened.broken(event, **with_nul(event, place))
    good = opened.received()
    verdicts = push(opened, bad, good)
    assert [each["verdict"] for each in verdicts] == ["rejected", "accepted"]
    assert verdict_now(opened, bad) == "rejected"
    back = opened.call("GET", f"/v1/streams/{opened.epoch}/events?from_seq={bad['desk_seq']}&limit=1")
    assert back.json()["events"] == [bad]


@pytest.mark.parametrize(
    "path",
    ["/v1/files/%00", "/v1/dossiers/%00", "/v1/changes?cursor=%00", "/v1/snapshot?page=%00", "/%00"],
)
def test_an_address_with_a_nul_is_400(desk: WireDesk, path: str) -> None:
    answer = desk.call("GET", path)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-request" and answer.headers["date"]


def test_a_small_body_with_a_nul_is_400(desk: WireDesk) -> None:
    body = {"cursor": NUL}
    assert desk.call("PUT", "/v1/changes/ack", json_body=body).status_code == 400
    enrolment = {"code": "x", "unit_code": NUL, "desk_name": "x", "signing_key": desk.jwk()}
    enrolment["bundle_recipient"] = desk.recipient
    assert desk.call("POST", "/v1/enrolments", json_body=enrolment, signed_in=False).status_code == 400


def test_an_assertion_with_a_nul_is_refused(desk: WireDesk) -> None:
    assert desk.ask_token(desk.assertion(iss=NUL, sub=NUL)).status_code == 401


def test_no_version_is_too_large_to_ask_for(desk: WireDesk) -> None:
    for version in (0, 2**31, 10**30):
        path = f"/v1/catalogue/procedures/1.001193/versions/{version}"
        assert desk.call("GET", path).status_code in (400, 404), version
