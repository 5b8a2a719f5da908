"""What counts as an answer of the province (I11): status, media type, strict JSON, every member."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.clock import FixedClock, to_wire
from app.sync.client import Client
from app.sync.province import LONGEST_WAIT_S, Measured, Province, retry_after
from app.sync.transport import Timing
from app.sync.trouble import BusyError, LineTroubleError, NoLineError, NotBelievedError, RefusedError
from tests.support.desk_store import MONDAY
from tests.sync.hostile import hostile, reply, say

SHORT = Timing(connect_s=1.0, stall_s=1.0, grace_s=1.0, lowest_rate=1000.0)
META: dict[str, Any] = {
    "api": "province-sync",
    "api_versions": ["1.0"],
    "server_time": to_wire(MONDAY + timedelta(seconds=90)),
    "server_id": "province-h60",
    "features": [],
    "event_schemas": {"stream.opened": [1]},
    "limits": {
        "max_events_per_push": 500,
        "max_push_bytes": 1048576,
        "max_changes_per_pull": 500,
        "max_file_bytes": 1,
        "min_chunk_bytes": 1,
        "max_chunk_bytes": 1,
    },
}
PROBLEM = {"type": "/p", "code": "forbidden", "title": "t", "status": 403}
JSON = "Content-Type: application/json; charset=utf-8\r\n"
PROBLEM_JSON = "Content-Type: application/problem+json\r\n"


def ask(answer: bytes) -> Measured:
    with hostile(say(answer)) as server, Client(server.url, timing=SHORT) as client:
        return Province(client, FixedClock(MONDAY)).meta()


def refused(answer: bytes) -> LineTroubleError:
    with pytest.raises(LineTroubleError) as caught:
        ask(answer)
    return caught.value


def meta_answer(**changes: Any) -> bytes:
    return reply("200 OK", JSON, json.dumps({**META, **changes}).encode())


def test_the_clock_is_measured_against_the_server() -> None:
    assert ask(meta_answer()).offset_ms == 90_000


def test_an_old_body_out_of_a_cache_does_not_set_the_clock() -> None:
    head = JSON + "Date: Mon, 23 Nov 2026 02:00:30 GMT\r\n"
    body = json.dumps({**META, "server_time": to_wire(MONDAY - timedelta(days=3))}).encode()
    assert ask(reply("200 OK", head, body)).offset_ms == 30_000


def test_a_login_page_is_no_answer() -> None:
    page = b"<html><body>Wi-Fi</body></html>"
    assert isinstance(refused(reply("200 OK", "Content-Type: text/html\r\n", page)), NotBelievedError)
    assert isinstance(refused(reply("200 OK", JSON, page)), NotBelievedError)
    assert isinstance(
        refused(reply("401 Unauthorized", "Content-Type: text/html\r\n", page)), NotBelievedError
    )
    assert isinstance(refused(reply("403 Forbidden", "Content-Type: text/html\r\n", page)), NotBelievedError)


def test_the_right_body_under_the_wrong_media_type_is_no_answer() -> None:
    body = json.dumps(META).encode()
    for kind in ("", "Content-Type: text/plain\r\n", "Content-Type: application/problem+json\r\n"):
        assert isinstance(refused(reply("200 OK", kind, body)), NotBelievedError)


@pytest.mark.parametrize(
    "status", ["201 Created", "202 Accepted", "204 No Content", "206 Partial", "304 Same"]
)
def test_a_status_that_is_not_listed_is_no_answer(status: str) -> None:
    body = b"" if status[:3] in ("204", "304") else json.dumps(META).encode()
    assert isinstance(refused(reply(status, JSON, body)), NotBelievedError)


@pytest.mark.parametrize(
    "changes",
    [
        {"api": "other"},
        {"api_versions": []},
        {"api_versions": "1.0"},
        {"server_time": "2026-11-23T09:00:00"},
        {"limits": {}},
        {"event_schemas": None},
        {"server_id": 7},
    ],
)
def test_a_member_that_breaks_the_contract_is_no_answer(changes: dict[str, Any]) -> None:
    assert isinstance(refused(meta_answer(**changes)), NotBelievedError)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"api": "province-sync", "api": "province-sync"}',
        json.dumps(META).encode() + b"{}",
        json.dumps(META).encode().replace(b"500", b"500.0"),
        json.dumps(META).encode("utf-16"),
        b"\xff\xfe",
        b"",
    ],
)
def test_json_that_is_not_strict_is_no_answer(body: bytes) -> None:
    assert isinstance(refused(reply("200 OK", JSON, body)), NotBelievedError)


def test_an_answer_cut_at_any_byte_is_no_answer() -> None:
    whole = meta_answer()
    for end in range(0, len(whole), 17):
        assert isinstance(refused(whole[:end]), (NoLineError, NotBelievedError)), end


@pytest.mark.parametrize("status", ["429 Slow", "500 Oops", "502 Bad", "503 Away", "507 Full"])
def test_a_server_in_trouble_is_busy_whatever_it_says(status: str) -> None:
    trouble = refused(reply(status, "Content-Type: text/html\r\nRetry-After: 17\r\n", b"<html>"))
    assert isinstance(trouble, BusyError) and trouble.retry_after_s == 17 and trouble.problem is None


def test_a_problem_is_a_refusal_by_its_code() -> None:
    trouble = refused(reply("403 Forbidden", PROBLEM_JSON, json.dumps(PROBLEM).encode()))
    assert isinstance(trouble, RefusedError) and trouble.code == "forbidden"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "99999999999999999999"}, LONGEST_WAIT_S),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٥"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 02:00:40 GMT", "date": "Mon, 23 Nov 2026 02:00:30 GMT"}, 10),
        ({"retry-after": "Mon, 23 Nov 2026 01:00:00 GMT", "date": "Mon, 23 Nov 2026 02:00:30 GMT"}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 02:00:40 GMT"}, None),
    ],
)
def test_retry_after_is_read_and_capped(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_troubles_say_nothing_of_what_was_sent() -> None:
    for answer in (reply("200 OK", JSON, b'{"name": "Tr'), reply("500 E", body=b"Nguyen"), b"GARBAGE Nguyen"):
        trouble = refused(answer)
        assert "Nguyen" not in repr(trouble) and "Tr" not in str(trouble).replace("True", "")
