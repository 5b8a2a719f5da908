"""Requests nobody thought of, made from the contract: never a 5xx, every answer as the contract says.

The suite plays a small fixed share; ``MOTCUA_ANY_REQUESTS=200`` plays that many an operation and kind.
"""

from __future__ import annotations

import base64
import hashlib
import os
import warnings
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from app.protocol import contract
from app.protocol.ids import new_id
from tests.contract.test_gateway import Checked
from tests.contract.test_gateway import _validate as validate
from tests.province.verdicts import accepted
from tests.support.gateway import Gateway
from tests.support.wire_desk import WireDesk

COUNT = int(os.environ.get("MOTCUA_ANY_REQUESTS", "4"))
SCHEMA = schemathesis.openapi.from_dict(contract.document())
OWN = ("POST /v1/push", "PATCH /v1/uploads/{upload_id}")
"""Made by generators of our own below: schemathesis cannot make their bodies."""
OPERATIONS = {
    each.label: each
    for each in (found.ok() for found in SCHEMA.get_all_operations())
    if each.label not in OWN
}
FEW = settings(
    max_examples=COUNT,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(max_size=30),
    st.just({}),
    st.just([[]]),
)
KINDS = {"good": GenerationMode.POSITIVE, "bad": GenerationMode.NEGATIVE}
NO_TOKEN = ("/v1/meta", "/oauth2/token", "/v1/enrolments")


class Tolerant(Checked):
    """As the contract says it; a request that breaks the contract may also be told so by a plain 400."""

    def _check(self, method: str, url: str, answer: requests.Response) -> None:
        if answer.status_code == 400 and answer.headers["content-type"] == "application/problem+json":
            validate({"$ref": "#/components/schemas/Problem"}, answer.json())
            return
        super()._check(method, url, answer)


@pytest.fixture(scope="module")
def desk(gateway: Gateway) -> WireDesk:
    """One desk for all of it, with something at the gateway."""
    desk = WireDesk(gateway.url, unit="H60.77")
    assert desk.enrol(gateway.enrolment_code("any-request", desk.unit)).status_code == 201
    desk.sign_in()
    accepted(desk, desk.opened(), desk.received())
    return desk


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_of_the_contract(label: str, kind: str, gateway: Gateway, desk: WireDesk) -> None:
    operation = OPERATIONS[label]
    if "/bundles" in label and "bundles" not in requests.get(f"{gateway.url}/v1/meta").json()["features"]:
        return
    session = Tolerant()

    @FEW
    @given(case=operation.as_strategy(generation_mode=KINDS[kind]))
    def play(case: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sent = case.as_transport_kwargs(base_url=gateway.url)
        if operation.path not in NO_TOKEN:
            sent["headers"]["Authorization"] = f"Bearer {desk.token}"
        try:
            answer = session.request(**sent, allow_redirects=False, timeout=60)
        except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL, UnicodeError):
            return  # no client can send this
        assert answer.status_code < 500, answer.text

    try:
        play()
    except Exception as failure:
        if type(failure).__name__ == "Unsatisfiable":
            return  # nothing bad can be made where nothing is asked for
        raise


@FEW
@given(data=st.data())
def test_any_event_in_a_push(data: st.DataObject, gateway: Gateway, desk: WireDesk) -> None:
    """One member of a good event replaced or taken away, sealed or not: judged alone, or told as a 4xx."""
    event = desk.received()
    place: Any = event
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    if data.draw(st.booleans()):
        del place[name]
    else:
        place[name] = data.draw(JUNK)
    resealed = name not in ("desk_seq", "digest", "chain") and data.draw(st.booleans())
    before = desk.seq, desk.chain
    if resealed:
        event = desk.broken(event)
    session, desk.session = desk.session, Tolerant()
    numbers = {"first_seq": before[0], "last_seq": before[0]}
    body = {"epoch": desk.epoch, **numbers, "events": [event]}
    try:
        key = {"Idempotency-Key": f'"{new_id()}"'}
        answer = desk.call("POST", "/v1/push", json_body=body, headers=key)
    finally:
        desk.session = session
    assert answer.status_code in (200, 400, 409, 422), answer.text
    if answer.status_code == 200:
        assert [each["desk_seq"] for each in answer.json()["verdicts"]] == [before[0]]
    state = desk.call("GET", f"/v1/stream?epoch={desk.epoch}").json()
    assert state["received_through_seq"] in (before[0], before[0] - 1)
    desk.seq, desk.chain = state["received_through_seq"], state["chain"]


@FEW
@given(
    chunk=st.binary(max_size=64),
    offset=st.one_of(st.integers(0, 80).map(str), st.text("0123456789-+ x", max_size=20)),
    complete=st.sampled_from(["?0", "?1", "1", "true"]),
    digest=st.booleans(),
    known=st.booleans(),
)
def test_any_chunk_of_an_upload(
    chunk: bytes, offset: str, complete: str, digest: bool, known: bool, gateway: Gateway, desk: WireDesk
) -> None:
    session, desk.session = desk.session, Tolerant()
    try:
        body = {"sha256": "ab" * 32, "size": 64, "media_type": "text/plain", "purpose": "component"}
        url = desk.call("POST", "/v1/files", json_body=body).json()["upload_url"]
        headers = {"Content-Type": "application/partial-upload", "Upload-Complete": complete}
        headers["Upload-Offset"] = offset.strip()
        true = hashlib.sha256(chunk if digest else b"other").digest()
        headers["Content-Digest"] = f"sha-256=:{base64.b64encode(true).decode()}:"
        answer = desk.call("PATCH", url if known else "/v1/uploads/up-x", raw=chunk, headers=headers)
        assert answer.status_code in (200, 400, 404, 409, 422), answer.text
    finally:
        desk.session = session
