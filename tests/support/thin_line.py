"""A thin, far line on loopback: so many bits a second each way, so many milliseconds there and back.

    with ThinLine(gateway.url, bits_per_second=256_000, round_trip_ms=300) as line:
        ... use line.url ...
        line.up, line.down        # bytes that went each way

All connections share the line, as on a real one. A new connection costs one round trip.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from queue import SimpleQueue
from urllib.parse import urlsplit

_CHUNK = 1460


class _Way:
    """One direction: bytes leave one after the other and arrive a while later."""

    def __init__(self, bits_per_second: int, delay_s: float) -> None:
        self.rate, self.delay = bits_per_second / 8, delay_s
        self.count = 0
        self._free_at = 0.0
        self._lock = threading.Lock()

    def arrival(self, size: int) -> float:
        """When so many bytes, sent now, are at the other end."""
        with self._lock:
            self.count += size
            self._free_at = max(time.monotonic(), self._free_at) + size / self.rate
            return self._free_at + self.delay


class ThinLine:
    """The line; a context manager."""

    def __init__(self, upstream: str, *, bits_per_second: int, round_trip_ms: int) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._delay = round_trip_ms / 2000
        self._ways = (_Way(bits_per_second, self._delay), _Way(bits_per_second, self._delay))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0

    @property
    def up(self) -> int:
        """Bytes that went to the province."""
        return self._ways[0].count

    @property
    def down(self) -> int:
        """Bytes that came from it."""
        return self._ways[1].count

    def __enter__(self) -> ThinLine:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        time.sleep(2 * self._delay)
        try:
            far = socket.create_connection(self._upstream)
        except OSError:
            near.close()
            return
        for source, target, way in ((near, far, self._ways[0]), (far, near, self._ways[1])):
            queue: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
            threading.Thread(target=_take, args=(source, queue, way), daemon=True).start()
            threading.Thread(target=_give, args=(target, queue), daemon=True).start()


def _take(source: socket.socket, queue: SimpleQueue[tuple[float, bytes]], way: _Way) -> None:
    while True:
        try:
            data = source.recv(_CHUNK)
        except OSError:
            data = b""
        queue.put((way.arrival(len(data)), data))
        if not data:
            return


def _give(target: socket.socket, queue: SimpleQueue[tuple[float, bytes]]) -> None:
    while True:
        at, data = queue.get()
        time.sleep(max(0.0, at - time.monotonic()))
        with contextlib.suppress(OSError):
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)
