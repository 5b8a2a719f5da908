"""What holds for the whole suite."""

from __future__ import annotations

import gc
import os

from hypothesis import settings
from PySide6.QtWidgets import QApplication

from app import keys
from app.services.people import passwords
from app.ui.collecting import collect_due


def pytest_configure() -> None:
    """Keys and passwords of test desks are derived at the least cost Argon2 takes.

    At the true cost, which ``test_cost_of_secrets`` holds, a third of the suite's time went into them. Dead
    objects are collected between the tests, on the main thread (``app.ui.collecting`` says why).
    """
    keys.PASSPHRASE_COST.update(time=1, memory=16)
    passwords.PASSWORD_COST.update(time=1, memory=16)
    gc.disable()
    settings.load_profile("suite" if not os.environ.get("MOTCUA_ANY_EXAMPLES") else "default")


def pytest_collection_finish() -> None:
    """What was imported is left out of every collection."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish(nodeid: str) -> None:
    """After each test. Windows of one are not to be found by the next."""
    collect_due()
    if nodeid.startswith(("tests/ui/", "tests/journeys/")):
        gc.collect(1)
        if _windows() > _left[0]:
            gc.collect()
            _left[0] = _windows()


def _windows() -> int:
    return len(QApplication.topLevelWidgets()) if QApplication.instance() else 0


_left = [0]

settings.register_profile("suite", derandomize=True)
"""The gate judges a change, not the dice: examples are drawn from the test itself. ``MOTCUA_ANY_EXAMPLES=1``
draws new ones, and the hunts of ``tests.hunt`` draw by seed."""
