"""Named points where a test can kill or fail the real program. Free when off.

``MOTCUA_FAILPOINT=before_commit:kill`` (or ``:fail``; with ``@n`` at the n-th pass, as in
``before_commit:kill@3``) arms one point for the life of the process.
"""

from __future__ import annotations

import os
import signal

_ARMED = os.environ.get("MOTCUA_FAILPOINT", "")
_name, _, _rest = _ARMED.partition(":")
_action, _, _count = _rest.partition("@")
_left = int(_count or 1)


class PlannedFailure(OSError):  # noqa: N818
    """The failure a test asked for; an ``OSError`` so that it takes the path of a real one."""


def hit(name: str) -> None:
    """Pass the point ``name``: nothing happens unless a test armed it."""
    global _left
    if name != _name:
        return
    _left -= 1
    if _left:
        return
    if _action == "kill":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    raise PlannedFailure(28, f"planned failure at {name}")
