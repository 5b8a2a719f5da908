"""One real gateway process for the whole folder; each test brings its own unit and desks."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import requests
import uvicorn

from app.clock import VIETNAM, FixedClock
from app.province.server import enrolment_code, make_app
from tests.support.gateway import Gateway, free_port, running_gateway
from tests.support.postgres import Postgres, running_postgres
from tests.support.wire_desk import WireDesk

_units = itertools.count(100)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL."""
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def gateway(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The running gateway, on either store."""
    db = None
    if request.param == "postgresql":
        db = request.getfixturevalue("postgres").new_database()
    with running_gateway(tmp_path_factory.mktemp("gateway"), db=db) as running:
        yield running


@pytest.fixture
def unit() -> str:
    """A unit nobody else uses."""
    return f"H60.{next(_units)}"


@pytest.fixture
def new_desk(gateway: Gateway, unit: str) -> Callable[..., WireDesk]:
    """Makes enrolled desks with a token, of the test's unit unless told otherwise."""
    numbers = itertools.count(1)

    def make(of_unit: str = unit) -> WireDesk:
        desk = WireDesk(gateway.url, unit=of_unit)
        name = f"quay-{of_unit}-{next(numbers)}"
        assert desk.enrol(gateway.enrolment_code(name, of_unit)).status_code == 201
        desk.sign_in()
        return desk

    return make


@pytest.fixture
def desk(new_desk: Callable[..., WireDesk]) -> WireDesk:
    """One enrolled desk."""
    return new_desk()


@pytest.fixture
def opened(desk: WireDesk) -> WireDesk:
    """One enrolled desk whose stream is open (event 1 is at the gateway)."""
    answer = desk.push([desk.opened()])
    assert answer.status_code == 200, answer.text
    return desk


class ClockedGateway:
    """A gateway in this process whose clock the test moves."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(datetime.now(VIETNAM))
        self.db_url = f"sqlite:///{folder / 'clocked.db'}"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.app = make_app(self.db_url, clock=self.clock)
        port = int(self.url.rpartition(":")[2])
        config = uvicorn.Config(self.app, port=port, log_config=None, access_log=False, date_header=False)
        self.server = uvicorn.Server(config)

    @contextmanager
    def running(self) -> Iterator[ClockedGateway]:
        """Serve in a thread."""
        thread = threading.Thread(target=self.server.run)
        thread.start()
        while not self.server.started:
            time.sleep(0.01)
        try:
            yield self
        finally:
            self.server.should_exit = True
            thread.join(timeout=10)

    def new_desk(self, name: str = "quay-1", unit: str = "H60.9") -> WireDesk:
        """An enrolled desk with a token."""
        desk = WireDesk(self.url, unit=unit, session=requests.Session())
        assert desk.enrol(enrolment_code(self.db_url, name, unit)).status_code == 201
        desk.sign_in()
        return desk


@pytest.fixture
def clocked(tmp_path: Path) -> Iterator[ClockedGateway]:
    """A gateway with a movable clock."""
    with ClockedGateway(tmp_path).running() as running:
        yield running
