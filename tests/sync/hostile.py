"""A server that answers with whatever bytes a test wants, one script entry a connection."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket, bytes], None]


@dataclass
class Hostile:
    """The running server: its address, and the requests it saw (head and what came with it)."""

    url: str
    seen: list[bytes] = field(default_factory=list)


def reply(
    status: str = "200 OK", headers: str = "Content-Type: application/json\r\n", body: bytes = b"{}"
) -> bytes:
    """A whole answer with its length."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def say(data: bytes) -> Script:
    """Send the bytes and close."""
    return lambda sock, _request: sock.sendall(data)


def drip(data: bytes, every_s: float) -> Script:
    """Send byte after byte."""

    def run(sock: socket.socket, _request: bytes) -> None:
        for i in range(len(data)):
            sock.sendall(data[i : i + 1])
            time.sleep(every_s)

    return run


def hang(seconds: float, first: bytes = b"") -> Script:
    """Send the first bytes, then nothing."""

    def run(sock: socket.socket, _request: bytes) -> None:
        sock.sendall(first)
        time.sleep(seconds)

    return run


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of this machine until the block ends; each connection is served by a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


@contextmanager
def hostile(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """Run the server on loopback until the block ends; over TLS where a context is given."""
    seen: list[bytes] = []

    def serve(plain: socket.socket) -> None:
        with plain:
            try:
                sock = plain if tls is None else tls.wrap_socket(plain, server_side=True)
                request = sock.recv(65536)
                seen.append(request)
                script(sock, request)
                if tls is not None:
                    sock.close()
            except OSError:
                pass

    with listening(serve) as port:
        yield Hostile(f"{'http' if tls is None else 'https'}://127.0.0.1:{port}", seen)
