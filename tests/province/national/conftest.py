"""The stand-in portal as a process, a gateway beside it, and rigs of their own units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.province.conftest import ClockedGateway
from tests.province.national.rig import Rig
from tests.support.national_portal import Portal, running_portal


@pytest.fixture(scope="module")
def portal_process() -> Iterator[Portal]:
    """The portal's process, for a module."""
    with running_portal() as portal:
        yield portal


@pytest.fixture
def portal(portal_process: Portal) -> Portal:
    """The portal, behaving itself."""
    portal_process.clear()
    portal_process.settings(wrap="plain", ok="0", merges=False, life_s=3600, shows=True, token_fault=None)
    return portal_process


@pytest.fixture
def new_rig(tmp_path: Path, portal: Portal) -> Iterator[Callable[..., Rig]]:
    """Makes rigs on one gateway."""
    with ExitStack() as ends:
        gateway = ends.enter_context(ClockedGateway(tmp_path).running())

        def make(**options: Any) -> Rig:
            rig = Rig(tmp_path, gateway, portal, **options)
            ends.callback(rig.close)
            return rig

        yield make


@pytest.fixture
def rig(new_rig: Callable[..., Rig]) -> Rig:
    """One rig as most provinces would have it, with look-up."""
    return new_rig()
