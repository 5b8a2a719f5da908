"""One round's working set: the desk, the province, limits, patience."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, select

from app.models.tables import desk as desk_table
from app.models.tables import gateway
from app.protocol.messages import Meta
from app.sync.client import Client
from app.sync.context import SyncDesk
from app.sync.credentials import unseal
from app.sync.lanes import Lanes
from app.sync.province import Identity, Province
from app.sync.report import Progress, Tally
from app.sync.transport import LineInUse
from app.sync.trouble import BusyError, LineTroubleError, NoLineError, RefusedError
from app.sync.words import never_enrolled

TRIES: Final = 3
PATIENCE_S: Final = 5.0
"""Within a round only short waits; longer ones belong to the watcher, the outbox keeps everything."""
_BASE_S: Final = 0.5

Result = TypeVar("Result")


class StoppedError(Exception):
    """The officer or the closing window stopped the round between two steps."""


@dataclass
class Link:
    """What the steps of one round share."""

    desk: SyncDesk
    province: Province
    row: RowMapping
    stop: Callable[[], bool]
    progress: Callable[[Progress], None]
    sleep: Callable[[float], None] = time.sleep
    meta: Meta | None = None
    tally: Tally = field(default_factory=Tally)
    held_back: int = 0
    lanes: Lanes = field(init=False)
    ahead: dict[str, Future[Any]] = field(default_factory=dict)
    acking: tuple[str, Callable[[], object]] | None = None
    narrow: bool = False
    under_way: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.lanes = Lanes(self.province)

    def now(self) -> datetime:
        """The desk's time."""
        return self.desk.clock.now()

    def check(self) -> None:
        """Leave the round here if it is to stop. Every step before is complete in itself."""
        if self.stop() or self.desk.line.hung_up:
            raise StoppedError

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Report progress, and the place to stop."""
        self.progress(Progress(step, done, total))
        self.check()

    def ask_ahead(self, name: str, call: Callable[[Province], object]) -> None:
        """Ask on the side lane, where there is one, what a later step will want to know (``asked``)."""
        if self.lanes.wide:
            self.ahead[name] = self.lanes.beside(call)

    def asked(self, name: str, call: Callable[[Province], Result]) -> Result:
        """The answer to what was asked ahead; asked now, with patience, where none came."""
        ahead: Future[Result] | None = self.ahead.pop(name, None)
        if ahead is not None:
            with contextlib.suppress(LineTroubleError):
                return ahead.result()
            self.check()
        return self.patiently(lambda: call(self.province))

    def patiently(self, call: Callable[[], Result], given_up: Callable[[], bool] = lambda: False) -> Result:
        """The call, repeated as it is a few times when the line breaks or the province asks for a moment.

        Full jitter; ``Retry-After`` is kept (I15). Longer waits end the round. ``given_up``: no longer of
        use, so not repeated.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return call()
            except (NoLineError, BusyError, RefusedError) as trouble:
                wait = _wait_before_again(trouble, attempt)
                if wait is None or attempt == TRIES or given_up():
                    raise
                self.check()
                self.sleep(wait)
                self.check()
        raise AssertionError("unreachable")


def _wait_before_again(trouble: Exception, attempt: int) -> float | None:
    """Seconds, or ``None`` where repeating at once is of no use."""
    jitter = random.uniform(0, _BASE_S * 2**attempt)
    if isinstance(trouble, NoLineError):
        return None if trouble.certificate or trouble.slow else jitter
    asked = trouble.retry_after_s if isinstance(trouble, (BusyError, RefusedError)) else None
    if isinstance(trouble, RefusedError) and trouble.code != "idempotency-in-progress":
        return None
    wait = max(asked or 0.0, jitter)
    return wait if wait <= PATIENCE_S else None


def gateway_row(connection: Connection) -> RowMapping:
    """The province this desk is known to. Raises ``LineError`` "never-enrolled"."""
    row = connection.execute(select(gateway)).mappings().first()
    if row is None:
        raise never_enrolled()
    return row


def identity_of(row: RowMapping, desk_id: str) -> Identity:
    """The desk's identity with its keys."""
    return Identity(row["client_id"], row["token_url"], unseal(row["secret"], desk_id))


def own_desk_id(connection: Connection) -> str:
    """The desk's own id."""
    return str(connection.execute(select(desk_table.c.id)).scalar_one())


def own_units(connection: Connection) -> frozenset[str]:
    """Every code under which the desk's unit may appear."""
    c = desk_table.c
    own = connection.execute(select(c.unit_code, c.agency_code)).one()
    given = connection.execute(select(gateway.c.unit_code)).scalar_one_or_none()
    return frozenset(code for code in (*own, given) if code)


def open_client(desk: SyncDesk, row: RowMapping, line: LineInUse | None = None) -> Client:
    """The HTTP client for the province of this row; ``line``: sockets of its own to hang up."""
    return Client(row["url"], ca_pem=row["ca_pem"], timing=desk.timing, line=line or desk.line)
