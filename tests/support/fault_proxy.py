"""A bad line on loopback: an HTTP proxy in front of a gateway that does one chosen wrong thing a request.

    with FaultProxy(gateway.url) as proxy:
        proxy.once(drop_answer(), "/v1/push")     # the next push only
        proxy.always(slow(8_000))                 # everything else
        ... use proxy.url instead of gateway.url ...
        proxy.seen                                # [Seen(method, path, fault)], oldest first

Faults: ``cut_request(n)``, ``cut_answer(n)``, ``drop_answer()``, ``refuse()``, ``stall(seconds, after)``,
``slow(bytes_per_second)``, ``duplicate()``, ``answer(status, body, **headers)`` with the ready-made
``unavailable(retry_after)``, ``captive_portal()``, ``redirect(to)``, ``truncated(body)``. ``decide`` may be
set to a function from (method, path) to a fault or ``None`` for seeded hunts. One connection carries one
request.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

_TIMEOUT = 60.0


@dataclass(frozen=True)
class Fault:
    """One wrong thing. ``kind`` is what, the numbers how much, ``raw`` a made-up answer."""

    kind: str
    count: int = 0
    seconds: float = 0.0
    raw: bytes = b""


@dataclass(frozen=True)
class Seen:
    """A request that came through, and what was done to it."""

    method: str
    path: str
    fault: str


def cut_request(count: int) -> Fault:
    """Only the first ``count`` bytes (head and body) reach the gateway; then both ends close."""
    return Fault("cut_request", count)


def cut_answer(count: int) -> Fault:
    """The gateway answers in full; only the first ``count`` bytes come back."""
    return Fault("cut_answer", count)


def drop_answer() -> Fault:
    """The gateway has done everything; no byte of its answer comes back."""
    return cut_answer(0)


def refuse() -> Fault:
    """The connection closes before anything reaches the gateway."""
    return Fault("refuse")


def stall(seconds: float, after: int = 0) -> Fault:
    """``after`` bytes of the answer come, then silence, then the line closes."""
    return Fault("stall", after, seconds)


def slow(bytes_per_second: int) -> Fault:
    """The answer trickles."""
    return Fault("slow", bytes_per_second)


def duplicate() -> Fault:
    """The gateway gets the request twice, one after the other; the first answer comes back."""
    return Fault("duplicate")


def answer(status: int, body: bytes = b"", **headers: str) -> Fault:
    """A made-up answer; the gateway sees nothing. Header names: underscores become hyphens."""
    lines = [f"HTTP/1.1 {status} Made-Up", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Fault("answer", raw="\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def unavailable(retry_after: int = 1, status: int = 503) -> Fault:
    """503 (or 429) with ``Retry-After``."""
    code = "overloaded" if status == 503 else "rate-limited"
    body = f'{{"type":"/v1/problems/{code}","code":"{code}","title":"x","status":{status}}}'
    kind = "application/problem+json"
    return answer(status, body.encode(), Content_Type=kind, Retry_After=str(retry_after))


def captive_portal() -> Fault:
    """200 with a login page."""
    return answer(200, b"<html><body>Wi-Fi login</body></html>", Content_Type="text/html")


def redirect(to: str) -> Fault:
    """302 to somewhere else."""
    return answer(302, Location=to)


def truncated(body: bytes) -> Fault:
    """200 with JSON that stops in the middle although its length says it is whole."""
    return answer(200, body, Content_Type="application/json")


class FaultProxy:
    """The proxy; a context manager. All its threads end with it."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.seen: list[Seen] = []
        self.decide: Callable[[str, str], Fault | None] | None = None
        self._once: list[tuple[str, Fault]] = []
        self._always: Fault | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> FaultProxy:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def once(self, fault: Fault, path: str = "") -> None:
        """The next request whose path begins with ``path`` meets ``fault``; calls queue up."""
        with self._lock:
            self._once.append((path, fault))

    def always(self, fault: Fault | None) -> None:
        """Every request without a fault of its own meets this one; ``None``: a good line again."""
        self._always = fault

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(_TIMEOUT)
        with client, contextlib.suppress(OSError):
            request = _read_request(client)
            if request:
                method, path = request.split(b" ", 2)[:2]
                self._handle(client, request, method.decode(), path.decode())

    def _handle(self, client: socket.socket, request: bytes, method: str, path: str) -> None:
        fault = self._fault_for(method, path)
        with self._lock:
            self.seen.append(Seen(method, path, "" if fault is None else fault.kind))
        kind = "" if fault is None else fault.kind
        if fault is None:
            client.sendall(self._forward(request))
        elif kind == "refuse":
            _reset(client)
        elif kind == "answer":
            client.sendall(fault.raw)
        elif kind == "cut_request":
            self._send_part(request[: fault.count])
            _reset(client)
        elif kind == "duplicate":
            first = self._forward(request)
            self._forward(request)
            client.sendall(first)
        else:
            self._spoil_answer(client, fault, self._forward(request))

    def _spoil_answer(self, client: socket.socket, fault: Fault, whole: bytes) -> None:
        if fault.kind == "slow":
            step = max(1, fault.count // 10)
            for start in range(0, len(whole), step):
                client.sendall(whole[start : start + step])
                if self._stopped.wait(0.1):
                    return
            return
        client.sendall(whole[: fault.count])
        if fault.kind == "stall":
            self._stopped.wait(fault.seconds)
        _reset(client)

    def _fault_for(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for index, (prefix, fault) in enumerate(self._once):
                if path.startswith(prefix):
                    del self._once[index]
                    return fault
        chosen = None if self.decide is None else self.decide(method, path)
        return chosen or self._always

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(self._upstream, timeout=_TIMEOUT) as upstream:
            upstream.sendall(_closing(request))
            received = bytearray()
            while part := upstream.recv(65536):
                received += part
            return bytes(received)

    def _send_part(self, part: bytes) -> None:
        with socket.create_connection(self._upstream, timeout=_TIMEOUT) as upstream:
            upstream.sendall(part)
            time.sleep(0.02)


def _read_request(client: socket.socket) -> bytes:
    """Head and body by ``Content-Length``; empty when the client closes first."""
    received = bytearray()
    while b"\r\n\r\n" not in received:
        part = client.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    wanted = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            wanted = int(value)
    while len(body) < wanted:
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


def _closing(request: bytes) -> bytes:
    """The request with ``Connection: close``, so that the end of the answer is the end of the line."""
    head, _, body = request.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body


def _reset(client: socket.socket) -> None:
    """Close with a reset, as a dead line does."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
