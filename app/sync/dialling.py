"""Making a connection in a way that can be left at once: name, TCP, and what TLS does on it (I19).

The system's own calls for names and connections cannot be ended from outside. So the name is asked for on a
thread of its own, which nobody waits for longer than wanted, and the connection is made without blocking.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final

_LOOK_S: Final = 0.1
_UNDER_WAY: Final = (0, 10035, 10036, 36, 115, 114, 11)
"""Answers of ``connect_ex`` that mean "begun", on every system."""


class LeftError(OSError):
    """The caller hung up."""


def dial(host: str, port: int, timeout_s: float, left: Callable[[], bool]) -> socket.socket:
    """A connection within ``timeout_s``, the name's look-up included; each address of the name is tried.

    Raises ``TimeoutError``, ``LeftError`` where ``left()`` said so, ``socket.gaierror``, other ``OSError``.
    """
    until = time.monotonic() + timeout_s
    failure: OSError | None = None
    for family, address in _addresses(host, port, until, left):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _connect(sock, address, until, left)
        except OSError as error:
            sock.close()
            if isinstance(error, (LeftError, TimeoutError)):
                raise
            failure = error
        else:
            return sock
    raise failure or OSError("the name has no address")


def _addresses(
    host: str, port: int, until: float, left: Callable[[], bool]
) -> list[tuple[socket.AddressFamily, Any]]:
    found: list[Any] = []
    done = threading.Event()

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)
        done.set()

    threading.Thread(target=ask, name="name", daemon=True).start()
    while not done.wait(_LOOK_S):
        _check(until, left)
    told = found[0]
    if isinstance(told, UnicodeError):
        raise socket.gaierror("no name") from told
    if isinstance(told, OSError):
        raise told
    return [(family, address) for family, _, _, _, address in told]


def _connect(sock: socket.socket, address: Any, until: float, left: Callable[[], bool]) -> None:
    sock.setblocking(False)
    begun = sock.connect_ex(address)
    if begun not in _UNDER_WAY:
        raise OSError(begun, os.strerror(begun))
    with selectors.DefaultSelector() as waiting:
        waiting.register(sock, selectors.EVENT_WRITE)
        while not waiting.select(_LOOK_S):
            _check(until, left)
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _check(until: float, left: Callable[[], bool]) -> None:
    if left():
        raise LeftError("hung up")
    if time.monotonic() > until:
        raise TimeoutError("no connection in time")
