"""The door of the operator's page, guard by guard: what opens it, how long, and what a browser is told."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from app.province import rates, server
from app.province.problems import ApiProblem
from app.province.rates import Rates
from app.province.server import open_store
from tests.province.conftest import ClockedGateway

AWAY = {"X-Forwarded-For": "203.0.113.7"}
BY_TLS = {"X-Forwarded-Proto": "https"}
TOLD = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""A browser runs nothing, loads nothing from elsewhere, lets nobody frame the page and keeps no copy."""


def new_token(gateway: ClockedGateway) -> str:
    from app.province import operator

    store = open_store(gateway.db_url)
    try:
        return operator.operator_token(store, gateway.clock.now())
    finally:
        store.dispose()


def login(gateway: ClockedGateway, token: str, **headers: str) -> requests.Response:
    url = f"{gateway.url}/operator/login"
    return requests.post(url, data={"token": token}, headers=headers, allow_redirects=False)


def page(gateway: ClockedGateway, session: str) -> requests.Response:
    return requests.get(f"{gateway.url}/operator", cookies={"motcua_operator": session})


def test_every_answer_of_the_page_tells_the_browser_what_it_may(clocked: ClockedGateway) -> None:
    good = login(clocked, new_token(clocked))
    session = good.cookies["motcua_operator"]
    answers = [
        good,
        page(clocked, ""),
        page(clocked, session),
        login(clocked, "x"),
        requests.get(f"{clocked.url}/operator", headers=AWAY),
    ]
    assert [each.status_code for each in answers] == [303, 401, 200, 403, 403]
    for each in answers:
        assert {name: each.headers.get(name) for name in TOLD} == TOLD


def test_a_session_ends_after_eight_hours_and_a_token_after_thirty_days(clocked: ClockedGateway) -> None:
    token = new_token(clocked)
    session = login(clocked, token).cookies["motcua_operator"]
    clocked.clock.advance(timedelta(hours=7, minutes=59))
    assert page(clocked, session).status_code == 200
    clocked.clock.advance(timedelta(minutes=2))
    assert page(clocked, session).status_code == 401
    assert login(clocked, token).status_code == 303
    clocked.clock.advance(timedelta(days=30))
    assert login(clocked, token).status_code == 403


def test_what_opens_one_door_opens_no_other_and_only_its_hash_is_kept(clocked: ClockedGateway) -> None:
    token = new_token(clocked)
    session = login(clocked, token).cookies["motcua_operator"]
    assert page(clocked, token).status_code == 401, "a token is no session"
    for secret, status in ((session, 404), (token, 200)):
        bearer = {**AWAY, "Authorization": f"Bearer {secret}"}
        assert requests.get(f"{clocked.url}/metrics", headers=bearer).status_code == status
    with sqlite3.connect(clocked.db_url.removeprefix("sqlite:///")) as db:
        kept = [row[0] for row in db.execute("SELECT token_hash FROM operator_tokens")]
    db.close()
    assert len(kept) == 2 and token not in kept and session not in kept


def test_the_cookie_stays_on_the_secure_line_and_out_of_scripts(clocked: ClockedGateway) -> None:
    token = new_token(clocked)
    plain = login(clocked, token).headers["set-cookie"].lower()
    secure = login(clocked, token, **BY_TLS).headers["set-cookie"].lower()
    for cookie in (plain, secure):
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/operator" in cookie
    assert "secure" in secure and "secure" not in plain


def test_a_desk_that_asks_for_tokens_without_end_is_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "Rates", lambda _rate: Rates(0.3))
    with ClockedGateway(tmp_path).running() as gateway:
        desk = gateway.new_desk()
        answers = [desk.ask_token().status_code for _ in range(4)]
    assert answers[0] == 200 and answers[-1] == 429


def test_names_that_call_once_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MAX_BUCKETS", 3)
    bucket = Rates(0.1, lambda: 1.0)
    for name in "abcde":
        bucket.admit(name)
    assert list(bucket._buckets) == ["c", "d", "e"]
    with pytest.raises(ApiProblem):
        bucket.admit("e")
