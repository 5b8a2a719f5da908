"""One gateway process for the tests of this folder, and desks enrolled at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from app.clock import Clock
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.transport import Timing
from tests.support.desk_store import QUICK, make_sync_desk
from tests.support.fault_proxy import FaultProxy
from tests.support.gateway import Gateway, running_gateway

_units = count(1)


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A real gateway; tests share it, each with a unit of its own."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def proxy(gateway: Gateway) -> Iterator[FaultProxy]:
    """The bad line in front of the gateway."""
    with FaultProxy(gateway.url) as line:
        yield line


@pytest.fixture
def unit() -> str:
    """A unit no other test uses."""
    return f"H60.{next(_units)}"


EnrolledDesk = Callable[..., SyncDesk]


@pytest.fixture
def new_desk(gateway: Gateway, unit: str, tmp_path: Path) -> Iterator[EnrolledDesk]:
    """Makes desks of the test's unit, enrolled through ``url`` (the gateway itself unless told)."""
    made: list[SyncDesk] = []

    def make(url: str | None = None, clock: Clock | None = None, timing: Timing = QUICK) -> SyncDesk:
        desk = make_sync_desk(tmp_path / f"desk-{len(made)}", clock, timing=timing)
        code = gateway.enrolment_code(f"quay-{unit}-{len(made)}", unit)
        enrol(desk, url or gateway.url, code)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.store.dispose()
