"""The envelope: what refuses a whole batch and stores nothing (contract, pushEvents)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import uuid
from typing import Any

import pytest

from app.protocol import payloads
from app.protocol.chain import chain_next, chain_start, event_digest
from app.protocol.ids import new_id
from tests.support.wire_desk import WireDesk


def state(desk: WireDesk) -> tuple[int, str]:
    """(received_through_seq, chain) at the gateway."""
    body = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
    return body["received_through_seq"], body["chain"]


def raw_push(desk: WireDesk, raw: bytes, **headers: str) -> Any:
    """A push of these bytes."""
    sent = {"Idempotency-Key": f'"{uuid.uuid4()}"', **{k.replace("_", "-"): v for k, v in headers.items()}}
    return desk.call("POST", "/v1/push", raw=raw, headers=sent)


def expect(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem body, its status and code being these."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["date"]
    body: dict[str, Any] = answer.json()
    return body


def spoiled(desk: WireDesk, change: Any) -> bytes:
    """A push of one good event, spoiled by ``change`` (in place)."""
    body = desk.push_body([desk.received()])
    change(body)
    return json.dumps(body).encode()


ENVELOPE = {
    "no epoch": lambda body: body.pop("epoch"),
    "epoch in capitals": lambda body: body.update(epoch=body["epoch"].upper()),
    "no events": lambda body: body.update(events=[]),
    "events no list": lambda body: body.update(events={}),
    "event no object": lambda body: body.update(events=[5]),
    "first_seq as text": lambda body: body.update(first_seq="2"),
    "first_seq true": lambda body: body.update(first_seq=True),
    "last_seq off": lambda body: body.update(last_seq=7),
    "desk_seq off": lambda body: body["events"][0].update(desk_seq=9),
    "desk_seq missing": lambda body: body["events"][0].pop("desk_seq"),
    "event_id missing": lambda body: body["events"][0].pop("event_id"),
    "event_id no uuid": lambda body: body["events"][0].update(event_id="x"),
    "digest missing": lambda body: body["events"][0].pop("digest"),
    "chain short": lambda body: body["events"][0].update(chain="ab"),
}


@pytest.mark.parametrize("change", ENVELOPE.values(), ids=ENVELOPE.keys())
def test_a_bad_envelope_is_400_and_stores_nothing(opened: WireDesk, change: Any) -> None:
    before = state(opened)
    body = expect(raw_push(opened, spoiled(opened, change)), 400, "schema-invalid")
    assert body["errors"][0]["pointer"].startswith("/")
    assert state(opened) == before


BAD_JSON = {
    "repeated member": b'{"epoch":"x","epoch":"x"}',
    "1.0": b'{"epoch":1.0}',
    "1e3": b'{"epoch":1e3}',
    "2^53": b'{"epoch":9007199254740992}',
    "depth": b'{"epoch":' + b"[" * 40 + b"]" * 40 + b"}",
    "half": b'{"epoch":',
    "not utf-8": b'{"epoch":"\xff"}',
}


@pytest.mark.parametrize("raw", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_bad_json_is_400(opened: WireDesk, raw: bytes) -> None:
    expect(raw_push(opened, raw), 400, "bad-request")


def test_a_body_that_is_no_object_is_400(opened: WireDesk) -> None:
    expect(raw_push(opened, b"[]"), 400, "schema-invalid")


def test_a_gap_names_the_number_expected(opened: WireDesk) -> None:
    opened.received()
    body = expect(opened.push([opened.received()]), 409, "seq-gap")
    assert body["expected_seq"] == 2
    assert state(opened)[0] == 1


def test_another_digest_at_a_held_number_is_a_fork(opened: WireDesk) -> None:
    first = opened.received()
    assert opened.push([first]).status_code == 200
    opened.seq, opened.chain = (
        1,
        opened.call("GET", f"/v1/streams/{opened.epoch}/events?from_seq=1").json()["events"][0]["chain"],
    )
    before = state(opened)
    expect(opened.push([opened.received()]), 409, "chain-mismatch")
    assert state(opened) == before


def test_a_chain_that_does_not_continue_is_a_fork(opened: WireDesk) -> None:
    event = opened.received()
    event["chain"] = chain_next("00" * 32, event["digest"])
    expect(opened.push([event]), 409, "chain-mismatch")


def test_a_wrong_digest_is_damage_on_the_way(opened: WireDesk) -> None:
    event = opened.received()
    event["payload"]["abstract"] += "x"
    body = expect(opened.push([event]), 422, "digest-mismatch")
    assert body["errors"][0]["pointer"] == "/events/0/digest"
    assert state(opened)[0] == 1


def test_an_unknown_member_is_kept_and_part_of_the_digest(opened: WireDesk) -> None:
    event = opened.received()
    event["new_member"] = {"z": 1}
    event["digest"] = event_digest(event)
    event["chain"] = chain_next(state(opened)[1], event["digest"])
    assert opened.push([event]).json()["verdicts"][0]["verdict"] == "accepted"
    back = opened.call("GET", f"/v1/streams/{opened.epoch}/events?from_seq=2").json()["events"]
    assert back == [event]


def test_a_closed_epoch_takes_nothing(opened: WireDesk) -> None:
    old_epoch, old_seq, old_chain = opened.epoch, opened.seq, opened.chain
    opened.open_epoch()
    assert (
        opened.push([opened.opened("restored", parent_epoch=old_epoch, parent_last_seq=1)]).status_code == 200
    )
    opened.epoch, opened.seq, opened.chain = old_epoch, old_seq, old_chain
    expect(opened.push([opened.received()]), 409, "epoch-closed")
    others = opened.call("GET", f"/v1/stream?epoch={new_id()}").json()["other_epochs"]
    assert [each["closed"] for each in others] == [True, False]


def test_gzip_and_digest_of_the_body(opened: WireDesk) -> None:
    assert opened.push([opened.received()], zipped=True).json()["verdicts"][0]["verdict"] == "accepted"
    raw = gzip.compress(json.dumps(opened.push_body([opened.received()])).encode())
    zipped = {"Content_Encoding": "gzip"}
    good = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    bad = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    expect(
        raw_push(opened, raw, **zipped, Content_Digest=f"sha-256=:{bad}:"),
        422,
        "digest-mismatch",
    )
    expect(raw_push(opened, raw, **zipped, Content_Digest="md5=:x:"), 400, "bad-request")
    assert raw_push(opened, raw, **zipped, Content_Digest=f"sha-256=:{good}:").status_code == 200


def test_encodings_and_types_not_taken(opened: WireDesk) -> None:
    raw = json.dumps(opened.push_body([opened.received()])).encode()
    answer = raw_push(opened, raw, Content_Encoding="br")
    expect(answer, 415, "unsupported-encoding")
    assert "gzip" in answer.headers["accept-encoding"]
    expect(raw_push(opened, raw, Content_Type="text/plain"), 415, "unsupported-media-type")
    expect(raw_push(opened, raw, Content_Encoding="gzip"), 400, "bad-request")
    expect(raw_push(opened, gzip.compress(raw)[:-5], Content_Encoding="gzip"), 400, "bad-request")
    expect(raw_push(opened, gzip.compress(raw) + b"xx", Content_Encoding="gzip"), 400, "bad-request")


@pytest.mark.parametrize("size", [2_000_000, 200_000_000])
def test_a_gzip_bomb_is_413(opened: WireDesk, size: int) -> None:
    expect(raw_push(opened, gzip.compress(b" " * size, 9), Content_Encoding="gzip"), 413, "too-large")


def test_a_body_over_the_limit_is_413(opened: WireDesk) -> None:
    body = expect(raw_push(opened, b" " * 1_100_000), 413, "too-large")
    assert body["limits"]["max_push_bytes"] == 1_048_576


def test_too_many_events_are_413(opened: WireDesk) -> None:
    event = {"event_id": new_id(), "desk_seq": 2, "digest": "0" * 64, "chain": "0" * 64}
    body = {"epoch": opened.epoch, "first_seq": 2, "last_seq": 502, "events": [event] * 501}
    assert expect(raw_push(opened, json.dumps(body).encode()), 413, "too-large")["limits"][
        "max_events_per_push"
    ]


@pytest.mark.parametrize("key", [None, "abc", '"abc"', "681a6074-7676-41d7-8873-21246865e4b5"])
def test_a_key_is_needed(opened: WireDesk, key: str | None) -> None:
    raw = json.dumps(opened.push_body([opened.received()])).encode()
    headers = {} if key is None else {"Idempotency-Key": key}
    expect(opened.call("POST", "/v1/push", raw=raw, headers=headers), 400, "idempotency-key-missing")


def test_a_key_gives_the_same_answer_again(opened: WireDesk) -> None:
    key, events = str(uuid.uuid4()), [opened.received()]
    first = opened.push(events, key=key)
    again = opened.push(events, key=key, zipped=True)
    assert first.headers["idempotency-replayed"] == "false"
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content


def test_a_key_for_another_body_is_422(opened: WireDesk) -> None:
    key = str(uuid.uuid4())
    assert opened.push([opened.received()], key=key).status_code == 200
    expect(opened.push([opened.received()], key=key), 422, "idempotency-key-reuse")


def test_after_a_refusal_the_key_is_free(opened: WireDesk) -> None:
    key, good = str(uuid.uuid4()), opened.received()
    bad = {**good, "payload": {}}
    expect(opened.push([bad], key=key), 422, "digest-mismatch")
    assert opened.push([good], key=key).status_code == 200


def test_keys_of_two_desks_have_nothing_to_do_with_each_other(new_desk: Any) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        desk = new_desk()
        assert desk.push([desk.opened()], key=key).json()["verdicts"][0]["verdict"] == "accepted"


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_a_token_nothing(opened: WireDesk, token: str) -> None:
    event = opened.received()
    opened.token = token
    answer = opened.push([event])
    expect(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_epoch_is_the_desks_own(new_desk: Any, opened: WireDesk) -> None:
    other = new_desk()
    body = other.call("GET", f"/v1/stream?epoch={opened.epoch}").json()
    assert body["received_through_seq"] == 0
    assert other.call("GET", f"/v1/streams/{opened.epoch}/events?from_seq=1").status_code == 404
    other.epoch, other.chain = opened.epoch, chain_start(opened.epoch)
    assert other.push([other.opened()]).status_code == 200
    assert state(opened) == (1, opened.chain)


def test_a_payload_helper_is_not_needed_to_be_refused_alone(opened: WireDesk) -> None:
    """An event without any of its other members is stored and rejected, not refused as a batch."""
    bare = {"event_id": new_id(), "desk_seq": 2}
    bare["digest"] = event_digest(bare)
    bare["chain"] = chain_next(state(opened)[1], str(bare["digest"]))
    answer = opened.push([bare]).json()
    assert answer["verdicts"][0]["problem"]["code"] == "schema-invalid"
    assert state(opened) == (2, bare["chain"])
    opened.seq, opened.chain = 2, str(bare["chain"])
    after = opened.about({"subject": {"id": new_id()}}, "dossier.progress", payloads.Progress())
    assert opened.push([after]).json()["verdicts"][0]["problem"]["code"] == "unknown-subject"
