"""The line through an office's own network: a proxy that must be asked, an authority the PC trusts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.sync.client import Client
from app.sync.transport import LineInUse, Timing
from app.sync.trouble import NoLineError
from tests.sync.certificates import authority
from tests.sync.hostile import hang, hostile, listening, reply, say

SHORT = Timing(connect_s=1.0, stall_s=0.4, grace_s=0.3, lowest_rate=1000.0)
GATEWAY = "gateway.province.test"


@dataclass
class Proxy:
    """What it was asked for and every byte it carried; ``behind``: where each tunnel leads."""

    behind: int
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    asked: list[bytes] = field(default_factory=list)
    carried: bytearray = field(default_factory=bytearray)

    def serve(self, desk: socket.socket) -> None:
        """One CONNECT and its tunnel."""
        with desk:
            self.asked.append(desk.recv(65536))
            desk.sendall(self.answer)
            if b" 200 " not in self.answer:
                return
            with socket.create_connection(("127.0.0.1", self.behind)) as gateway:
                back = threading.Thread(target=self._pass, args=(gateway, desk), daemon=True)
                back.start()
                self._pass(desk, gateway)
                back.join(2)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                self.carried += piece
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def proxied(proxy: Proxy, patch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The proxy, named as offices name it."""
    for name in ("HTTP_PROXY", "https_proxy", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        patch.delenv(name, raising=False)
    with listening(proxy.serve) as port:
        patch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        yield proxy


def test_a_tunnel_is_asked_for_and_its_keeper_reads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority("province")
    with (
        hostile(say(reply(body=b"{}")), tls=ours.server(tmp_path, GATEWAY)) as server,
        proxied(Proxy(int(server.url.rsplit(":", 1)[1])), monkeypatch) as proxy,
        Client(f"https://{GATEWAY}", ca_pem=ours.pem, timing=SHORT) as client,
    ):
        headers = {"Authorization": "Bearer secret-of-the-desk"}
        answer = client.call("GET", "/v1/changes", headers=headers, max_bytes=100)
    assert answer.status == 200
    (asked,) = proxy.asked
    assert asked.startswith(f"CONNECT {GATEWAY}:443 HTTP/1.".encode())
    for secret in (b"secret-of-the-desk", b"/v1/changes"):
        assert secret not in asked and secret not in proxy.carried
        assert secret in server.seen[0]


def test_a_proxy_that_reads_along_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, its_own = authority("province"), authority("office filter")
    with (
        hostile(say(reply()), tls=its_own.server(tmp_path, GATEWAY)) as between,
        proxied(Proxy(int(between.url.rsplit(":", 1)[1])), monkeypatch),
        Client(f"https://{GATEWAY}", ca_pem=ours.pem, timing=SHORT) as client,
        pytest.raises(NoLineError) as caught,
    ):
        client.call("GET", "/v1/meta", max_bytes=100)
    assert caught.value.certificate and between.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://portal.test/login\r\n\r\n",
        b"<html>login</html>",
    ],
)
def test_a_proxy_that_refuses_is_no_line(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        proxied(Proxy(1, answer), monkeypatch) as proxy,
        Client(f"https://{GATEWAY}", timing=SHORT) as client,
        pytest.raises(NoLineError) as caught,
    ):
        client.call("GET", "/v1/meta", headers={"Authorization": "Bearer x"}, max_bytes=100)
    assert not caught.value.certificate
    assert b"Bearer" not in b"".join(proxy.asked)


def test_silence_behind_a_proxy_ends_at_the_stall_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority("province")
    with (
        hostile(hang(3), tls=ours.server(tmp_path, GATEWAY)) as server,
        proxied(Proxy(int(server.url.rsplit(":", 1)[1])), monkeypatch),
        Client(f"https://{GATEWAY}", ca_pem=ours.pem, timing=SHORT) as client,
        pytest.raises(NoLineError) as caught,
    ):
        client.call("GET", "/v1/meta", max_bytes=100)
    assert caught.value.slow


def test_a_wait_behind_a_proxy_is_left_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, line = authority("province"), LineInUse()
    with (
        hostile(hang(3), tls=ours.server(tmp_path, GATEWAY)) as server,
        proxied(Proxy(int(server.url.rsplit(":", 1)[1])), monkeypatch),
        Client(f"https://{GATEWAY}", ca_pem=ours.pem, timing=Timing(stall_s=30), line=line) as client,
    ):
        timer = threading.Timer(0.3, line.hang_up)
        timer.start()
        with pytest.raises(NoLineError) as caught:
            client.call("GET", "/v1/meta", max_bytes=100)
        timer.join()
    assert not caught.value.slow


def test_the_authority_the_pc_trusts_is_believed_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a pin the system's own list decides; on Linux OpenSSL's list can be named for the process."""
    trusted, stranger = authority("office"), authority("stranger")
    bundle = tmp_path / "trusted.pem"
    bundle.write_text(trusted.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with (
        hostile(say(reply()), tls=trusted.server(tmp_path)) as server,
        Client(server.url, timing=SHORT) as client,
    ):
        assert client.call("GET", "/v1/meta", max_bytes=100).status == 200
    with (
        hostile(say(reply()), tls=stranger.server(tmp_path)) as server,
        Client(server.url, timing=SHORT) as client,
        pytest.raises(NoLineError) as caught,
    ):
        client.call("GET", "/v1/meta", max_bytes=100)
    assert caught.value.certificate and server.seen == []
