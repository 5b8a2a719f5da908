"""A province, an office gateway below it and desks of the office, all in this process.

The office's rounds are run by hand (``office.sync()``), so a test says when its line up is there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from app.clock import VIETNAM, FixedClock
from app.province import server
from app.province.store import Store
from app.province.upward.enrol import enroll
from app.province.upward.links import all_links
from app.province.upward.rounds import Report, run_round
from tests.support.gateway import free_port
from tests.support.wire_desk import WireDesk

UNIT = "H60.14.3"
KEY = bytes(range(32))
"""The office's store is encrypted, as on a commune's PC."""


@dataclass
class Served:
    """A gateway in a thread; ``store`` is its store, opened a second time beside it.

    ``db``: a database of its own, else a SQLite file in the folder.
    """

    folder: Path
    clock: FixedClock
    name: str
    key: bytes | None = None
    db: str | None = None
    port: int = field(default_factory=free_port)
    store: Store = field(init=False)
    _server: Any = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open()

    def open(self) -> None:
        """Open the store beside the server, again after it was put in the place of another."""
        self.store = server.open_store(self.db_url, key=self.key, files=self.files)

    @property
    def files(self) -> Path | None:
        """Its folder of uploaded files, where it is not the one beside the database."""
        return None if self.db is None else self.folder / "files"

    @property
    def db_url(self) -> str:
        """Its store."""
        return self.db or f"sqlite:///{self.folder / (self.name + '.db')}"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve until ``stop``."""
        app = server.make_app(self.db_url, clock=self.clock, desk_rate=0, key=self.key, files=self.files)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, log_config=None, access_log=False, date_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        end = time.monotonic() + 20
        while not self._server.started and time.monotonic() < end:
            time.sleep(0.005)

    def stop(self) -> None:
        """The line to it is cut."""
        if self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=15)
            self._thread = None

    def code(self, desk: str, unit: str = UNIT) -> str:
        """A one-time enrolment code."""
        return server.enrolment_code(self.db_url, desk, unit, key=self.key)

    def desk(self, name: str, unit: str = UNIT) -> WireDesk:
        """An enrolled desk with a token and an open stream still to send."""
        desk = WireDesk(self.url, unit=unit)
        assert desk.enrol(self.code(name, unit)).status_code == 201
        desk.sign_in()
        return desk


@dataclass
class Office(Served):
    """A gateway below another, for one commune."""

    unit: str = UNIT

    def enroll(self, upper: Served) -> None:
        """Make it known above; before ``start``."""
        enroll(
            self.store,
            self.clock,
            upper.url,
            upper.code(f"xa-{self.unit}", self.unit),
            self.unit,
            name="UBND xã",
        )

    def desk(self, name: str, unit: str | None = None) -> WireDesk:
        """An enrolled desk, of the commune unless told otherwise."""
        return super().desk(name, unit or self.unit)

    def sync(self) -> Report:
        """One round upward."""
        with self.store.read() as db:
            [link] = all_links(db)
        return run_round(self.store, self.clock, link)


@dataclass
class Rig:
    """Both, started."""

    province: Served
    office: Office


@contextmanager
def running(folder: Path, *, key: bytes | None = KEY, db: str | None = None) -> Iterator[Rig]:
    """A province and an office below it; ``key`` and ``db``: of the office's store."""
    clock = FixedClock(datetime.now(VIETNAM))
    province = Served(folder / "province", clock, "province")
    office = Office(folder / "office", clock, "office", key, db)
    try:
        province.start()
        office.enroll(province)
        office.start()
        yield Rig(province, office)
    finally:
        for each in (office, province):
            each.stop()
            each.store.dispose()
