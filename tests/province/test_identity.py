"""Enrolment, tokens, keys: who a desk is, and that nobody else can be it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from app.province import operator
from app.province.tables import desk_keys
from tests.province.conftest import ClockedGateway
from tests.support.gateway import Gateway
from tests.support.wire_desk import WireDesk, b64url

NewDesk = Callable[..., WireDesk]


def is_invalid_client(answer: Any) -> bool:
    return answer.status_code == 401 and answer.json()["error"] == "invalid_client"


def test_the_same_code_and_keys_give_the_same_desk(gateway: Gateway, unit: str) -> None:
    code, desk = gateway.enrolment_code(f"q-{unit}", unit), WireDesk(gateway.url, unit=unit)
    first, again = desk.enrol(code), desk.enrol(f" {code.lower()} ")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()["desk_id"] == f"q-{unit}" and first.json()["desk_slot"] == 1


def test_a_used_unknown_or_foreign_code_is_refused(gateway: Gateway, unit: str) -> None:
    code = gateway.enrolment_code(f"q-{unit}", unit)
    foreign = WireDesk(gateway.url, unit="H60.1")
    for desk, attempt in ((foreign, code), (WireDesk(gateway.url, unit=unit), "AAAA-BBBB-CCCC")):
        answer = desk.enrol(attempt)
        assert (answer.status_code, answer.json()["code"]) == (403, "enrolment-refused")
    assert WireDesk(gateway.url, unit=unit).enrol(code).status_code == 201
    assert WireDesk(gateway.url, unit=unit).enrol(code).status_code == 403


def test_a_desk_that_knows_only_its_gso_code_gets_the_agency_code(gateway: Gateway, unit: str) -> None:
    desk = WireDesk(gateway.url, unit="02221")
    assert desk.enrol(gateway.enrolment_code(f"q-{unit}", unit)).json()["unit_code"] == unit


def test_a_lost_desk_comes_back_as_another(gateway: Gateway, unit: str) -> None:
    names, slots = [], []
    for _ in range(2):
        given = WireDesk(gateway.url, unit=unit).enrol(gateway.enrolment_code(f"q-{unit}", unit)).json()
        names.append(given["desk_id"])
        slots.append(given["desk_slot"])
    assert names == [f"q-{unit}", f"q-{unit}-2"] and slots == [1, 2]


@pytest.mark.parametrize("x", ["", "AAAA", "not base64!!"])
def test_a_key_that_is_none_is_400(gateway: Gateway, unit: str, x: str) -> None:
    desk = WireDesk(gateway.url, unit=unit)
    desk.jwk = lambda: {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k"}  # type: ignore[method-assign]
    answer = desk.enrol(gateway.enrolment_code(f"q-{unit}", unit))
    assert (answer.status_code, answer.json()["code"]) == (400, "schema-invalid")


def test_an_assertion_works_once(desk: WireDesk) -> None:
    assertion = desk.assertion()
    assert desk.ask_token(assertion).status_code == 200
    assert is_invalid_client(desk.ask_token(assertion))


CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://elsewhere.example/oauth2/token"},
    "no audience": {"aud": None},
    "another subject": {"sub": "somebody"},
    "unknown desk": {"iss": "nobody", "sub": "nobody"},
    "no jti": {"jti": None},
    "long ago": {"iat": int(time.time()) - 90_000, "exp": int(time.time()) - 89_000},
    "far ahead": {"exp": int(time.time()) + 90_000},
    "exp as text": {"exp": str(int(time.time()) + 100)},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_assertions_that_are_not_accepted(desk: WireDesk, claims: dict[str, Any]) -> None:
    assert is_invalid_client(desk.ask_token(desk.assertion(**claims)))


def test_a_clock_hours_off_does_no_harm(desk: WireDesk) -> None:
    past = int(time.time()) - 80_000
    assert desk.ask_token(desk.assertion(iat=past, exp=past + 300)).status_code == 200


@pytest.mark.parametrize("text", ["x", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.AA"])
def test_garbage_for_an_assertion(desk: WireDesk, text: str) -> None:
    assert is_invalid_client(desk.ask_token(text))


def test_another_key_or_algorithm_is_not_accepted(desk: WireDesk) -> None:
    header, body, _ = desk.assertion().split(".")
    forged = Ed25519PrivateKey.generate().sign(f"{header}.{body}".encode())
    assert is_invalid_client(desk.ask_token(f"{header}.{body}.{b64url(forged)}"))
    none = b64url(b'{"alg":"none"}')
    assert is_invalid_client(desk.ask_token(f"{none}.{body}."))


FORMS = {
    b"": "invalid_request",
    b"grant_type=password": "unsupported_grant_type",
    b"grant_type=client_credentials": "invalid_request",
    b"grant_type=client_credentials&grant_type=client_credentials": "invalid_request",
    b"\xff=1": "invalid_request",
}


@pytest.mark.parametrize(("form", "error"), FORMS.items())
def test_forms(desk: WireDesk, form: bytes, error: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = desk.call("POST", "/oauth2/token", raw=form, headers=kind, signed_in=False)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_ends_after_an_hour(clocked: ClockedGateway) -> None:
    desk = clocked.new_desk()
    path = f"/v1/stream?epoch={desk.epoch}"
    clocked.clock.advance(timedelta(minutes=59))
    assert desk.call("GET", path).status_code == 200
    clocked.clock.advance(timedelta(minutes=1))
    assert desk.call("GET", path).status_code == 401


def test_a_code_ends_after_a_month(clocked: ClockedGateway) -> None:
    store = clocked.app.state.gateway.store
    code = operator.enrolment_code(store, clocked.clock.now(), "q", "H60.9")
    clocked.clock.advance(timedelta(days=31))
    assert WireDesk(clocked.url, unit="H60.9").enrol(code).status_code == 403


def test_keys_rotate_and_the_old_one_lasts_a_month(clocked: ClockedGateway) -> None:
    desk = clocked.new_desk()
    old_key = desk.key
    desk.key, desk.kid = Ed25519PrivateKey.generate(), "desk-key-2"
    keys = {"signing_key": desk.jwk(), "bundle_recipient": desk.recipient}
    for _ in range(2):
        answer = desk.call("PUT", "/v1/desk/keys", json_body=keys)
        assert answer.status_code == 200 and answer.json() == keys
    new_key, desk.key = desk.key, old_key
    assert desk.ask_token().status_code == 200
    clocked.clock.advance(timedelta(days=31))
    now = int(clocked.clock.now().timestamp())
    assert is_invalid_client(desk.ask_token(desk.assertion(iat=now, exp=now + 60)))
    desk.key = new_key
    assert desk.ask_token(desk.assertion(iat=now, exp=now + 60)).status_code == 200


def test_a_change_of_keys_that_the_line_held_back_changes_nothing_any_more(
    gateway: Gateway, desk: WireDesk
) -> None:
    """The desk was put back from a copy meanwhile and has other keys; those of the late change it lost."""
    first_key, first_kid, early = desk.key, desk.kid, desk.token
    desk.key, desk.kid = Ed25519PrivateKey.generate(), "lost-with-the-copy"
    late = {"signing_key": desk.jwk(), "bundle_recipient": desk.recipient}
    desk.key, desk.kid = Ed25519PrivateKey.generate(), "in-use"
    used = {"signing_key": desk.jwk(), "bundle_recipient": desk.recipient}
    desk.key, desk.kid, in_use = first_key, first_kid, desk.key
    assert desk.call("PUT", "/v1/desk/keys", json_body=used).status_code == 200
    desk.token = early
    assert desk.call("PUT", "/v1/desk/keys", json_body=late).status_code == 401
    with gateway.store() as store, store.read() as db:
        c = desk_keys.c
        newest = select(c.kid).where(c.desk_id == desk.desk_id, c.valid_until.is_(None))
        assert list(db.execute(newest).scalars()) == ["in-use"]
    desk.key, desk.kid = in_use, "in-use"
    assert desk.ask_token().status_code == 200


def test_a_suspended_desk_is_told_and_keeps_its_work(gateway: Gateway, opened: WireDesk) -> None:
    event = opened.received()
    with gateway.store() as store:
        operator.suspend(store, opened.desk_id)
        answer = opened.push([event])
        assert (answer.status_code, answer.json()["code"]) == (403, "desk-suspended")
        operator.suspend(store, opened.desk_id, suspended=False)
        assert opened.push([event]).status_code == 200
        operator.revoke_tokens(store, opened.desk_id)
    assert opened.push([event]).status_code == 401


def test_secrets_are_not_in_the_store_or_log(gateway: Gateway, desk: WireDesk) -> None:
    stored = b"".join(path.read_bytes() for path in gateway.folder.glob("gateway.db*") if path.is_file())
    assert desk.token.encode() not in stored
    assert desk.token not in gateway.log
