"""A loopback proxy in front of a gateway that does one wrong thing a request.

    with FaultProxy(gateway.url) as proxy:
        proxy.once(drop_answer(), "/v1/push")     # the next push only
        proxy.always(slow(8_000))                 # everything else
        ... use proxy.url instead of gateway.url ...
        proxy.seen                                # [Seen(method, path, fault)], oldest first

The faults stand in ``fault_kinds``. For seeded hunts: ``decide`` is a function from (method, path) to a fault
or ``None``; ``watch`` is shown every request with the gateway's answer to it; ``on_late`` every request that
will be late; ``on_kill`` ends the gateway. One connection carries one request. With ``tls`` the proxy speaks
TLS on both sides; ``decide_handshake`` then names what a new connection meets: ``wrong_certificate``,
``old_certificate``, ``handshake_cut`` or "".
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import urlsplit

from tests.support.fault_kinds import (
    Fault,
    again_later,
    answer,
    captive_portal,
    clock_skew,
    cut_answer,
    cut_answer_in,
    cut_request,
    cut_request_in,
    deep_json,
    drop_answer,
    duplicate,
    error_page,
    gzip_bomb,
    half_json,
    kill,
    late,
    login_wanted,
    redirect,
    refuse,
    slow,
    stall,
    truncated,
    unavailable,
    wrong_type,
)

__all__ = [
    "Fault",
    "FaultProxy",
    "Seen",
    "TlsLine",
    "again_later",
    "answer",
    "captive_portal",
    "clock_skew",
    "cut_answer",
    "cut_answer_in",
    "cut_request",
    "cut_request_in",
    "deep_json",
    "drop_answer",
    "duplicate",
    "error_page",
    "gzip_bomb",
    "half_json",
    "kill",
    "late",
    "login_wanted",
    "redirect",
    "refuse",
    "slow",
    "stall",
    "truncated",
    "unavailable",
    "wrong_type",
]

_TIMEOUT = 60.0
_SWEEP = 200


@dataclass(frozen=True)
class Seen:
    """A request that came through, and what was done to it."""

    method: str
    path: str
    fault: str


@dataclass(frozen=True)
class TlsLine:
    """``good``: what the proxy shows; ``bad``: by fault name, what it shows instead; ``upstream``: how it
    checks the gateway."""

    good: ssl.SSLContext
    bad: dict[str, ssl.SSLContext]
    upstream: ssl.SSLContext


@dataclass
class _Held:
    """A request on its way for longer than others."""

    request: bytes
    left: int = field(default=0)


class FaultProxy:
    """The proxy; a context manager. All its threads end with it."""

    def __init__(self, upstream: str, tls: TlsLine | None = None) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self.seen: list[Seen] = []
        self.decide: Callable[[str, str], Fault | None] | None = None
        self.decide_handshake: Callable[[], str] = lambda: ""
        self.watch: Callable[[bytes, bytes], None] | None = None
        self.on_kill: Callable[[], None] = lambda: None
        self.on_late: Callable[[bytes], None] = lambda _: None
        self.spoke_over_bad_tls = 0
        self.faulty = 0
        self._once: list[tuple[str, Fault]] = []
        self._always: Fault | None = None
        self._held: list[_Held] = []
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

    def deliver_held(self) -> None:
        """Everything that was late arrives now."""
        with self._lock:
            due, self._held = self._held, []
        self._deliver(due)

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        if len(self._threads) > _SWEEP:
            self._threads = [each for each in self._threads if each.is_alive()]
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
        with contextlib.suppress(OSError):
            secured = client if self._tls is None else self._secured(client)
            if secured is not None:
                with secured:
                    self._converse(secured)
        client.close()

    def _converse(self, client: socket.socket) -> None:
        request = _read_request(client)
        if request:
            method, path = request.split(b" ", 2)[:2]
            self._handle(client, request, method.decode(), path.decode())

    def _secured(self, client: socket.socket) -> socket.socket | None:
        """The TLS side of a new connection, or ``None`` where it met a fault of its own."""
        assert self._tls is not None
        fault = self.decide_handshake()
        if not fault:
            return self._tls.good.wrap_socket(client, server_side=True)
        with self._lock:
            self.seen.append(Seen("", "", fault))
            self.faulty += 1
        if fault == "handshake_cut":
            client.recv(100)
            _reset(client)
            return None
        with self._tls.bad[fault].wrap_socket(client, server_side=True) as believed:
            if believed.recv(1):
                self.spoke_over_bad_tls += 1
        return None

    def _handle(self, client: socket.socket, request: bytes, method: str, path: str) -> None:
        fault = self._fault_for(method, path)
        kind = "" if fault is None else fault.kind
        if fault is not None and kind == "cut_request_in":
            request, kind = _cut_in(request, fault)
        elif fault is not None and kind == "cut_answer_in":
            kind = f"cut_answer_{fault.part}"
        with self._lock:
            self.seen.append(Seen(method, path, kind))
            self.faulty += bool(kind)
            for held in self._held:
                held.left -= 1
            due = [held for held in self._held if held.left <= 0]
            self._held = [held for held in self._held if held.left > 0]
        self._deliver(due)
        if fault is None:
            client.sendall(self._forward(request))
        else:
            self._do(client, request, fault)

    def _do(self, client: socket.socket, request: bytes, fault: Fault) -> None:
        kind = fault.kind
        if kind == "refuse":
            _reset(client)
        elif fault.raw and kind != "wrong_type":
            client.sendall(fault.raw)
        elif kind in ("cut_request", "cut_request_in"):
            self._send_part(request[: fault.count] if kind == "cut_request" else request)
            _reset(client)
        elif kind == "late":
            self.on_late(request)
            with self._lock:
                self._held.append(_Held(request, fault.count))
            _reset(client)
        elif kind in ("duplicate", "again_later"):
            first = self._forward(request)
            if kind == "duplicate":
                self._forward(request)
            else:
                with self._lock:
                    self._held.append(_Held(request, fault.count))
            client.sendall(first)
        elif kind == "kill":
            client.sendall(self._forward(request, kill_after=fault.seconds))
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
        if fault.kind in _REWRITE:
            client.sendall(_REWRITE[fault.kind](fault, whole))
            return
        count = fault.count
        if fault.kind == "cut_answer_in":
            head = whole.find(b"\r\n\r\n") + 4
            body = len(whole) - head
            count = int(head * fault.share) if fault.part == "head" else head + int(body * fault.share)
        client.sendall(whole[:count])
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

    def _deliver(self, held: list[_Held]) -> None:
        for each in held:
            with contextlib.suppress(OSError):
                self._forward(each.request)

    def _connect(self) -> socket.socket:
        plain = socket.create_connection(self._upstream, timeout=_TIMEOUT)
        if self._tls is None:
            return plain
        return self._tls.upstream.wrap_socket(plain, server_hostname=self._upstream[0])

    def _forward(self, request: bytes, kill_after: float | None = None) -> bytes:
        received = bytearray()
        with self._connect() as upstream:
            upstream.sendall(_closing(request))
            if kill_after is not None:
                time.sleep(kill_after)
                self.on_kill()
            with contextlib.suppress(OSError if kill_after is not None else ()):
                while part := upstream.recv(65536):
                    received += part
        if self.watch is not None:
            self.watch(request, bytes(received))
        return bytes(received)

    def _send_part(self, part: bytes) -> None:
        with self._connect() as upstream:
            upstream.sendall(part)
            time.sleep(0.002)


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


def _cut_in(request: bytes, fault: Fault) -> tuple[bytes, str]:
    """What is left of the request, and the name of what happened to it."""
    line = request.find(b"\r\n") + 2
    head = request.find(b"\r\n\r\n") + 4
    part = "headers" if fault.part == "body" and head == len(request) else fault.part
    start, end = {"line": (0, line), "headers": (line, head), "body": (head, len(request))}[part]
    name = "cut_request_" + part
    if part == "body" and request.startswith(b"PATCH"):
        name = "cut_chunk"
    return request[: start + int((end - start - 1) * fault.share)], name


def _with_headers(whole: bytes, body: bytes, **changed: str) -> bytes:
    """The answer with another body and other headers."""
    names = tuple(name.replace("_", "-").lower().encode() + b":" for name in (*changed, "content-length"))
    lines = whole.partition(b"\r\n\r\n")[0].split(b"\r\n")
    kept = [lines[0], *(line for line in lines[1:] if not line.lower().startswith(names))]
    kept += [f"{name.replace('_', '-')}: {value}".encode() for name, value in changed.items()]
    kept.append(f"Content-Length: {len(body)}".encode())
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


def _half(fault: Fault, whole: bytes) -> bytes:
    body = whole.partition(b"\r\n\r\n")[2]
    return _with_headers(whole, body[: int(len(body) * fault.share)])


def _typed(fault: Fault, whole: bytes) -> bytes:
    return _with_headers(whole, whole.partition(b"\r\n\r\n")[2], Content_Type=fault.raw.decode())


def _skewed(fault: Fault, whole: bytes) -> bytes:
    date = formatdate(time.time() + fault.seconds, usegmt=True)
    return _with_headers(whole, whole.partition(b"\r\n\r\n")[2], Date=date)


_REWRITE: dict[str, Callable[[Fault, bytes], bytes]] = {
    "half_json": _half,
    "wrong_type": _typed,
    "clock_skew": _skewed,
}


def _reset(client: socket.socket) -> None:
    """Close with a reset, as a dead line does."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    plain = client if not isinstance(client, ssl.SSLSocket) else socket.socket(fileno=client.detach())
    plain.close()
