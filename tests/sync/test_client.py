"""The HTTP client against a server that lies, stalls, drips and floods (I11, I15, I16)."""

from __future__ import annotations

import gzip
import threading
import time
from pathlib import Path

import pytest

from app.errors import RuleError
from app.sync.client import Client, check_url
from app.sync.transport import LineInUse, Timing, tls_context
from app.sync.trouble import NoLineError, NotBelievedError
from tests.sync.certificates import authority
from tests.sync.hostile import Script, drip, hang, hostile, reply, say

SHORT = Timing(connect_s=1.0, stall_s=0.4, grace_s=0.3, lowest_rate=1000.0)
MIB = 1 << 20


def call(url: str, *, max_bytes: int = MIB, timing: Timing = SHORT, **more: object) -> object:
    with Client(url, timing=timing) as client:
        return client.call("GET", "/v1/meta", max_bytes=max_bytes, **more)  # type: ignore[arg-type]


def failing(script: Script, error: type[Exception], **more: object) -> Exception:
    with hostile(script) as server, pytest.raises(error) as caught:
        call(server.url, **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.province.example",
        "http://10.0.0.1:8000",
        "http://127.0.0.1.example.vn",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "https://user:pass@gateway.example",
        "https://gateway.example/?a=b",
        "https://",
        "gateway.example",
        "https://gateway.example:99999",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused_beside_its_field(url: str) -> None:
    with pytest.raises(RuleError) as caught:
        check_url(url)
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "url", ["https://gateway.example", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:80"]
)
def test_a_safe_address_passes(url: str) -> None:
    assert check_url(f" {url}/ ") == url


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent"])
def test_a_redirect_is_never_followed(status: str) -> None:
    with hostile(say(reply())) as other:
        away = f"Location: {other.url}/v1/meta\r\n"
        failing(say(reply(status, away)), NotBelievedError)
    assert other.seen == []


def test_silence_ends_at_the_stall_limit() -> None:
    started = time.monotonic()
    trouble = failing(hang(3), NoLineError)
    assert isinstance(trouble, NoLineError) and trouble.slow
    assert time.monotonic() - started < 1.5


def test_a_stall_in_the_middle_of_the_body_ends_too() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    trouble = failing(hang(3, half), NoLineError)
    assert isinstance(trouble, NoLineError) and trouble.slow


def test_a_trickle_ends_at_the_lowest_rate_in_the_head() -> None:
    started = time.monotonic()
    failing(drip(reply("200 OK", "X-Long: " + "y" * 500 + "\r\n"), 0.02), NoLineError)
    assert time.monotonic() - started < 3


def test_a_trickle_ends_at_the_lowest_rate_in_the_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"

    def script(sock: object, request: bytes) -> None:
        say(head)(sock, request)  # type: ignore[arg-type]
        drip(b"x" * 500, 0.02)(sock, request)  # type: ignore[arg-type]

    trouble = failing(script, NoLineError)
    assert isinstance(trouble, NoLineError) and trouble.slow


@pytest.mark.parametrize("lost", [1, 2, 20, 49])
def test_a_body_cut_short_is_no_answer(lost: int) -> None:
    failing(say(reply("200 OK", body=b"x" * 50)[:-lost]), NoLineError)


@pytest.mark.parametrize(
    "sent", [b"", b"H", b"HTTP/1.1 ", b"\0\1\2", b"<html></html>", b"HTTP/1.1 099 \r\n\r\n"]
)
def test_what_is_no_http_is_no_answer(sent: bytes) -> None:
    failing(say(sent), NoLineError)


def test_a_flood_is_cut_off() -> None:
    failing(say(reply(body=b"x" * 5000)), NotBelievedError, max_bytes=4999)


def test_large_headers_are_not_believed() -> None:
    lines = "".join(f"X-{i}: {'y' * 1000}\r\n" for i in range(60))
    failing(say(reply("200 OK", lines)), NotBelievedError)


def test_a_gzip_bomb_is_not_inflated() -> None:
    head = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
    body = gzip.compress(b"\0" * 20_000_000)
    failing(say(reply("200 OK", head, body)), NotBelievedError, max_bytes=50_000_000)


def test_an_encoding_nobody_asked_for_is_not_believed() -> None:
    failing(say(reply("200 OK", "Content-Encoding: br\r\n")), NotBelievedError)


def test_endless_headers_end() -> None:
    def script(sock: object, request: bytes) -> None:
        say(b"HTTP/1.1 200 OK\r\n")(sock, request)  # type: ignore[arg-type]
        for _ in range(200):
            say(b"X-Y: z\r\n")(sock, request)  # type: ignore[arg-type]

    failing(script, NoLineError)


def test_a_server_without_tls_gets_no_byte_of_the_request() -> None:
    with hostile(say(reply())) as server, pytest.raises(NoLineError):
        call(server.url.replace("http://", "https://"))
    assert all(b"GET" not in request for request in server.seen)


def test_only_the_pinned_authority_is_believed(tmp_path: Path) -> None:
    pinned, stranger = authority("pinned"), authority("stranger")
    with hostile(say(reply()), tls=pinned.server(tmp_path)) as server:
        with Client(server.url, ca_pem=pinned.pem, timing=SHORT) as client:
            assert client.call("GET", "/v1/meta", max_bytes=100).status == 200
        for ca_pem in (stranger.pem, None):
            with Client(server.url, ca_pem=ca_pem, timing=SHORT) as client:
                with pytest.raises(NoLineError) as caught:
                    client.call("GET", "/v1/meta", max_bytes=100)
                assert caught.value.certificate and not caught.value.clock
    assert len(server.seen) == 1


def test_environment_lists_of_authorities_do_not_widen_the_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned, stranger = authority("pinned"), authority("stranger")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(stranger.pem)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(bundle))
    with hostile(say(reply()), tls=stranger.server(tmp_path)) as server:
        client = Client(server.url, ca_pem=pinned.pem, timing=SHORT)
        client._session.trust_env = True
        with client, pytest.raises(NoLineError):
            client.call("GET", "/v1/meta", max_bytes=100)


def test_a_certificate_out_of_its_dates_points_at_the_clock(tmp_path: Path) -> None:
    old = authority("old", days=(-800, -400))
    with (
        hostile(say(reply()), tls=old.server(tmp_path)) as server,
        Client(server.url, ca_pem=old.pem, timing=SHORT) as client,
        pytest.raises(NoLineError) as caught,
    ):
        client.call("GET", "/v1/meta", max_bytes=100)
    assert caught.value.certificate and caught.value.clock


def test_every_call_names_the_program_and_nothing_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    answer = reply("200 OK", "Set-Cookie: a=b\r\nConnection: close\r\n")
    with hostile(say(answer)) as server, Client(server.url, timing=SHORT) as client:
        client._session.trust_env = True
        client.call("GET", "/v1/meta", max_bytes=100)
        client.call("GET", "/v1/meta", max_bytes=100)
    heads = b"".join(server.seen).lower()
    assert heads.count(b"user-agent: motcua/") == 2
    assert b"cookie" not in heads
    assert b"authorization" not in heads


def test_the_token_never_goes_to_another_address() -> None:
    with hostile(say(reply())) as server, Client("http://127.0.0.1:9", timing=SHORT) as client:
        headers = {"Authorization": "Bearer secret", "X-A": "b"}
        client.call_elsewhere("POST", server.url + "/t", headers=headers, body=b"x", max_bytes=100)
        with pytest.raises(NotBelievedError):
            client.call_elsewhere("POST", "http://other.example/t", headers={}, body=b"", max_bytes=1)
    assert b"secret" not in server.seen[0]


def test_hanging_up_ends_a_wait_at_once() -> None:
    line = LineInUse()
    patient = Timing(connect_s=5, stall_s=30, grace_s=30, lowest_rate=1)
    with hostile(hang(20)) as server, Client(server.url, timing=patient, line=line) as client:
        timer = threading.Timer(0.3, line.hang_up)
        timer.start()
        started = time.monotonic()
        with pytest.raises(NoLineError):
            client.call("GET", "/v1/meta", max_bytes=100)
        assert time.monotonic() - started < 2
        with pytest.raises(NoLineError):
            client.call("GET", "/v1/meta", max_bytes=100)
        timer.join()


def test_a_text_without_a_certificate_is_no_authority() -> None:
    with pytest.raises(ValueError):
        tls_context("no certificate")
    with pytest.raises(ValueError):
        tls_context("")
