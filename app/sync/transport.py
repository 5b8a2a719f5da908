"""Connections that cannot be held for ever (I15): a stall limit, a lowest rate, bounded bytes and pieces.

The stall limit counts from the last byte. The lowest rate counts from the first byte of an answer, header
included, after a time of grace, so that a trickle of single bytes ends too; the body of a file may be as
slow as it likes and ends by the stall limit alone. What comes before a body, and all of an answer, has a
most of bytes, so that headers, trailers and interim answers without end have one. Sending is cut into
pieces, each with the stall limit of its own: a slow line may take its time, a dead one may not.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from app.sync.dialling import dial

_PIECE: Final = 16 * 1024
_MOST_BEFORE_BODY: Final = 128 * 1024
_MOST: Final = 5 * 1024 * 1024
"""Bytes of one answer as they come, chunk marks and trailers included; the largest body is 4 MiB."""


@dataclass(frozen=True)
class Timing:
    """Seconds and bytes a second. ``grace_s``: how long an answer may be slower than ``lowest_rate``."""

    connect_s: float = 10.0
    stall_s: float = 60.0
    grace_s: float = 30.0
    lowest_rate: float = 200.0


class LineInUse:
    """The sockets of a session, so that another thread can end a wait on them at once (I19)."""

    def __init__(self) -> None:
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.hung_up = False

    def add(self, sock: socket.socket) -> None:
        """A new connection."""
        with self._lock:
            self._sockets.add(sock)
        if self.hung_up:
            self._shut(sock)

    def discard(self, sock: socket.socket) -> None:
        """A connection that is closed."""
        with self._lock:
            self._sockets.discard(sock)

    def sent(self) -> None:
        """A request has left; its answer is waited for."""

    def hang_up(self) -> None:
        """End every wait now and refuse new rounds until ``pick_up``."""
        self.hung_up = True
        with self._lock:
            for sock in self._sockets:
                self._shut(sock)

    @staticmethod
    def _shut(sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            sock.shutdown(socket.SHUT_RDWR)

    def pick_up(self) -> None:
        """Rounds may run again."""
        self.hung_up = False


class TooSlowError(TimeoutError):
    """An answer came, but slower than the lowest rate."""


class EndlessError(OSError):
    """More bytes than any answer has."""


class _PacedReader(io.RawIOBase):
    """The receiving side of a socket, watched for its rate and its bytes."""

    def __init__(self, raw: io.RawIOBase, timing: Timing, monotonic: Callable[[], float]) -> None:
        self._raw = raw
        self._timing = timing
        self._monotonic = monotonic
        self._first: float | None = None
        self._bytes = 0
        self.most = _MOST_BEFORE_BODY
        self.by_stall_alone = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._raw.readinto(buffer)
        now = self._monotonic()
        if self._first is None:
            self._first = now
        self._bytes += count or 0
        if self._bytes > self.most:
            raise EndlessError("more bytes than any answer has")
        elapsed = now - self._first
        if self.by_stall_alone:
            return count
        if elapsed > self._timing.grace_s and self._bytes < self._timing.lowest_rate * elapsed:
            raise TooSlowError("the answer is slower than the lowest rate")
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def paced_response(timing: Timing) -> type[http.client.HTTPResponse]:
    """A response class that reads at a lowest rate."""

    class PacedResponse(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp.close()
            self._paced = _PacedReader(sock.makefile("rb", buffering=0), timing, time.monotonic)
            self.fp = io.BufferedReader(self._paced)

        def begin(self) -> None:
            super().begin()
            self._paced.most = _MOST

        def take_your_time(self) -> None:
            """The body is a file's: the stall limit alone."""
            self._paced.by_stall_alone = True

    return PacedResponse


def take_your_time(raw: Any) -> None:
    """Let the body of this urllib3 answer come as slowly as it likes, as long as something comes."""
    answer = getattr(raw, "_original_response", None)
    if answer is not None:
        answer.take_your_time()


def pool_classes(timing: Timing, line: LineInUse) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3 pools whose connections follow ``timing`` and are known to ``line``."""
    response = paced_response(timing)

    class Watched:
        response_class = response
        sock: Any
        host: str
        port: int
        _handle: socket.socket | None = None
        """The same connection once more: TLS takes the first handle away while it shakes hands."""

        def _new_conn(self) -> socket.socket:
            sock = _dialled(self, timing, line)
            self._handle = sock.dup()
            line.add(self._handle)
            return sock

        def close(self) -> None:
            super().close()  # type: ignore[misc]
            if self._handle is not None:
                line.discard(self._handle)
                self._handle.close()
                self._handle = None

        def getresponse(self) -> Any:
            line.sent()
            return super().getresponse()  # type: ignore[misc]

        def send(self, data: Any) -> None:
            _send_in_pieces(super().send, self, data, timing)  # type: ignore[misc]

    class PlainConnection(Watched, HTTPConnection):
        pass

    class SecureConnection(Watched, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}


def _dialled(connection: Any, timing: Timing, line: LineInUse) -> socket.socket:
    """The connection's socket, its failures as urllib3 calls them."""
    try:
        sock = dial(connection.host, connection.port, timing.connect_s, lambda: line.hung_up)
    except socket.gaierror as failure:
        raise NameResolutionError(connection.host, connection, failure) from failure
    except TimeoutError as failure:
        raise ConnectTimeoutError(connection, "no connection in time") from failure
    except OSError as failure:
        raise NewConnectionError(connection, "no connection") from failure
    sock.settimeout(timing.connect_s)
    return sock


def _send_in_pieces(send: Callable[[Any], None], connection: Any, data: Any, timing: Timing) -> None:
    """Send bytes piece by piece; Python counts a socket's time-out over a whole ``sendall``."""
    if not isinstance(data, bytes) or connection.sock is None:
        send(data)
        return
    connection.sock.settimeout(timing.stall_s)
    for start in range(0, len(data), _PIECE):
        send(data[start : start + _PIECE])


def tls_context(ca_pem: str | None) -> ssl.SSLContext:
    """Verification by the system's own trust store, or by the one authority pinned at enrolment.

    There is no way to switch it off (I16). Raises ``ValueError`` for a text that holds no certificate.
    """
    if ca_pem is None:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cadata=ca_pem)
        except (ssl.SSLError, ValueError, TypeError) as error:
            raise ValueError("no certificate in the text") from error
        if not context.get_ca_certs():
            raise ValueError("no certificate in the text")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
