"""Calls under way at the same time: one lane for each connection of a round.

While the province judges one run, the next one is already on the line. A lane carries one call after the
other in a thread of its own and touches neither store nor link; what came back is dealt with by the round's
own thread. With a single lane every call is made at once, in the caller's thread.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from types import TracebackType
from typing import Any, Final, TypeVar

from app.sync.province import Province
from app.sync.transport import LineInUse

Result = TypeVar("Result")
Call = Callable[[Province], Result]

_SEND_BUFFER: Final = 32 * 1024
_LOOK_S: Final = 0.5


class LaneLine(LineInUse):
    """The sockets of one lane: known to the whole line, so that hanging up ends them, and ended apart.

    ``on_sent`` is called once a request has left. ``shallow``: the sockets hold little back, so that "sent"
    means gone but for a second or two; a lane alone keeps the system's depth, for scans on a far line.
    """

    def __init__(self, whole: LineInUse, *, shallow: bool) -> None:
        self._whole, self._shallow = whole, shallow
        self._own: set[socket.socket] = set()
        self.on_sent: Callable[[], None] = _nothing
        super().__init__()

    @property
    def hung_up(self) -> bool:
        """Whether this lane or the whole line is hung up."""
        return self._own_hung_up or self._whole.hung_up

    @hung_up.setter
    def hung_up(self, value: bool) -> None:
        self._own_hung_up = value

    def add(self, sock: socket.socket) -> Any:
        """A new connection."""
        if self._shallow:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        known: Callable[[socket.socket], Any] = self._whole.add
        handle = known(sock)
        self._own.add(handle or sock)
        return handle

    def discard(self, handle: socket.socket) -> None:
        """A connection that is closed."""
        self._own.discard(handle)
        self._whole.discard(handle)

    def hang_up(self) -> None:
        """End every wait on this lane."""
        self.hung_up = True
        for handle in list(self._own):
            with contextlib.suppress(OSError, ValueError):
                socket.socket.shutdown(handle, socket.SHUT_RDWR)

    def sent(self) -> None:
        """A request has left."""
        self.on_sent()


@dataclass(frozen=True)
class Lane:
    """One connection: the province over it, and its sockets."""

    province: Province
    line: LaneLine


@dataclass(frozen=True)
class Turn:
    """Whose bytes go first: a call leaves once the one before it has ``gone``. ``off``: waits no more."""

    before: Event | None = None
    gone: Event = field(default_factory=Event)
    off: Event = field(default_factory=Event)

    def wait(self) -> None:
        """Until the call before has left."""
        while self.before is not None and not self.before.wait(_LOOK_S) and not self.off.is_set():
            pass


class Lanes:
    """The lanes of one round; a context manager that lets no call outlive it."""

    def __init__(self, main: Province, lanes: Sequence[Lane] = ()) -> None:
        self._main = main
        self._lanes = [(lane, ThreadPoolExecutor(1, "sync-lane")) for lane in lanes]

    @property
    def wide(self) -> bool:
        """Whether calls may go side by side."""
        return bool(self._lanes)

    def begin(self, lane: int, call: Call[Result], turn: Turn | None = None) -> Future[Result]:
        """Start a call on lane ``lane`` (counted round), behind what that lane already carries.

        The round's own thread leaves the main province alone while lane 0 is under way.
        """
        if self._lanes:
            taken, thread = self._lanes[lane % len(self._lanes)]
            return thread.submit(_carried, taken, call, turn or Turn())
        future: Future[Result] = Future()
        try:
            future.set_result(call(self._main))
        except Exception as failure:
            future.set_exception(failure)
        return future

    def beside(self, call: Call[Result]) -> Future[Result]:
        """Start a call on the side lane."""
        return self.begin(1, call)

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what the lanes still carry."""
        for lane, thread in self._lanes:
            lane.line.hang_up()
            thread.shutdown(wait=True, cancel_futures=True)


def _carried(lane: Lane, call: Call[Result], turn: Turn) -> Result:
    lane.line.on_sent = turn.gone.set
    try:
        turn.wait()
        return call(lane.province)
    finally:
        turn.gone.set()
        lane.line.on_sent = _nothing


def _nothing() -> None:
    """Nobody waits."""
