"""Answers without end, waits that must be left, bodies that may take their time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.sync import dialling
from app.sync.client import Client
from app.sync.dialling import dial
from app.sync.transport import LineInUse, Timing
from app.sync.trouble import LineTroubleError, NoLineError, NotBelievedError
from tests.sync import certificates
from tests.sync.hostile import Script, drip, hang, hostile, reply

QUICK = Timing(connect_s=5.0, stall_s=2.0, grace_s=0.3, lowest_rate=2000.0)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def flood(first: bytes, again: bytes) -> Script:
    """One piece over and over until the other side has enough."""

    def run(sock: socket.socket, _request: bytes) -> None:
        sock.sendall(first)
        many = again * max(1, 65536 // len(again))
        while True:
            sock.sendall(many)

    return run


FLOODS = {
    "headers": flood(HEAD, b"X-Many: 1\r\n"),
    "one header": flood(HEAD + b"X-Long: ", b"a"),
    "the first line": flood(b"HTTP/1.1 200 ", b"a"),
    "interim answers": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "interim answers with headers": flood(b"", b"HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n"),
    "a body": flood(HEAD + b"\r\n", b"[[1,"),
    "chunks": flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n1\r\n"),
    "a chunk's mark": flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "trailers": flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X-T: 1\r\n"),
}


@pytest.mark.parametrize("what", FLOODS)
def test_whatever_has_no_end_is_ended(what: str) -> None:
    began = time.monotonic()
    with (
        hostile(FLOODS[what]) as server,
        Client(server.url, timing=QUICK) as client,
        pytest.raises(LineTroubleError),
    ):
        client.call("GET", "/v1/meta", max_bytes=65536)
    assert time.monotonic() - began < 8


def test_a_files_body_may_take_its_time_and_no_other() -> None:
    body = b"x" * 40
    slow = drip(reply(body=body, headers="Content-Type: application/octet-stream\r\n"), 0.01)
    with hostile(slow) as server, Client(server.url, timing=QUICK) as client:
        with pytest.raises(NoLineError) as told:
            client.call("GET", "/v1/meta", max_bytes=100)
        assert told.value.slow

    def head_then_drip(sock: socket.socket, request: bytes) -> None:
        whole = reply(body=body)
        sock.sendall(whole[: -len(body)])
        drip(body, 0.03)(sock, request)

    with hostile(head_then_drip) as server, Client(server.url, timing=QUICK) as client:
        with pytest.raises(NoLineError):
            client.call("GET", "/v1/changes", max_bytes=100)
        assert client.call("GET", "/v1/files/" + "a" * 64, max_bytes=100).body == body


def test_a_files_body_that_stalls_ends() -> None:
    stalled = hang(30, reply(body=b"x" * 40)[:-5])
    quick = Timing(connect_s=5.0, stall_s=0.3, grace_s=0.1, lowest_rate=2000.0)
    with hostile(stalled) as server, Client(server.url, timing=quick) as client:
        began = time.monotonic()
        with pytest.raises(NoLineError):
            client.call("GET", "/v1/files/" + "a" * 64, max_bytes=100)
        assert time.monotonic() - began < 3


Called = tuple[LineInUse, list[BaseException], Callable[[], float]]


@contextmanager
def called(url: str, ca_pem: str | None = None) -> Iterator[Called]:
    """A call on a thread of its own: the line, how it failed, and how long the end took after ``hang_up``."""
    line, failed = LineInUse(), list[BaseException]()
    patient = Timing(connect_s=30.0, stall_s=30.0)

    def work() -> None:
        try:
            with Client(url, timing=patient, line=line, ca_pem=ca_pem) as client:
                client.call("POST", "/v1/push", body=b"x" * 20_000_000, max_bytes=65536)
        except BaseException as failure:
            failed.append(failure)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def left() -> float:
        began = time.monotonic()
        line.hang_up()
        thread.join(10)
        return time.monotonic() - began

    yield line, failed, left
    thread.join(10)


def assert_left(failed: list[BaseException], took: float) -> None:
    assert took < 1.0, took
    assert len(failed) == 1 and isinstance(failed[0], NoLineError)


def test_a_connection_being_made_is_left_at_once() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for each in crowd:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        with called(f"http://127.0.0.1:{full.getsockname()[1]}") as (_, failed, left):
            time.sleep(0.3)
            assert not failed, "nobody takes it, nobody refuses it"
            assert_left(failed, left())
        for each in crowd:
            each.close()


def test_a_handshake_is_left_at_once() -> None:
    made = certificates.authority("Cơ quan thử")
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        called(f"https://127.0.0.1:{silent.getsockname()[1]}", made.pem) as (_, failed, left),
    ):
        near, _ = silent.accept()
        time.sleep(0.3)
        assert not failed
        assert_left(failed, left())
        near.close()


def test_sending_is_left_at_once() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as deaf,
        called(f"http://127.0.0.1:{deaf.getsockname()[1]}") as (_, failed, left),
    ):
        near, _ = deaf.accept()
        time.sleep(0.3)
        assert not failed
        assert_left(failed, left())
        near.close()


def test_a_name_that_is_looked_up_for_ever_is_left_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(dialling.socket, "getaddrinfo", lambda *_a, **_k: over.wait(20) and [])
    with called("https://cong.tinh.invalid") as (_, failed, left):
        time.sleep(0.3)
        assert not failed
        assert_left(failed, left())
    over.set()


def test_dialling_gives_up_in_time_and_says_what_failed() -> None:
    with pytest.raises(ConnectionRefusedError):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        dial("127.0.0.1", port, 3.0, lambda: False)
    with pytest.raises(socket.gaierror):
        dial("khong-co.invalid", 443, 10.0, lambda: False)
    with pytest.raises(NoLineError) as told, Client("https://khong-co.invalid", timing=QUICK) as client:
        client.call("GET", "/v1/meta", max_bytes=100)
    assert not told.value.slow


def test_a_closed_connection_is_closed_for_the_other_side_too() -> None:
    """The second handle must not keep it open."""
    ended = threading.Event()

    def answer_and_watch(sock: socket.socket, _request: bytes) -> None:
        sock.sendall(reply())
        sock.settimeout(5)
        if sock.recv(1) == b"":
            ended.set()

    with hostile(answer_and_watch) as server:
        with Client(server.url, timing=QUICK) as client:
            assert client.call("GET", "/v1/meta", max_bytes=100).status == 200
            assert not ended.is_set()
        assert ended.wait(3)


def test_not_believed_is_what_floods_before_the_body_are() -> None:
    with (
        hostile(FLOODS["interim answers"]) as server,
        Client(server.url, timing=QUICK) as client,
        pytest.raises(NotBelievedError),
    ):
        client.call("GET", "/v1/meta", max_bytes=65536)
