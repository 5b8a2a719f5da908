"""What holds for the whole suite."""

from __future__ import annotations

import os

from hypothesis import settings

from app import keys
from app.services.people import passwords


def pytest_configure() -> None:
    """Keys and passwords of test desks are derived at the least cost Argon2 takes.

    At the true cost, which ``test_cost_of_secrets`` holds, a third of the suite's time went into them.
    """
    keys.PASSPHRASE_COST.update(time=1, memory=16)
    passwords.PASSWORD_COST.update(time=1, memory=16)
    settings.load_profile("suite" if not os.environ.get("MOTCUA_ANY_EXAMPLES") else "default")


settings.register_profile("suite", derandomize=True)
"""The gate judges a change, not the dice: examples are drawn from the test itself. ``MOTCUA_ANY_EXAMPLES=1``
draws new ones, and the hunts of ``tests.hunt`` draw by seed."""
