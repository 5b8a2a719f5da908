"""Qt calls that return nothing must never use ``None`` up (PySide6 6.12 on Python 3.11)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

from app.ui.none_guard import keep_none_alive

_MORE_CALLS_THAN_NONE_HAS_REFERENCES = 300_000


def test_a_long_day_of_calls_does_not_use_none_up() -> None:
    needed = keep_none_alive()
    thing = QObject()
    for _ in range(_MORE_CALLS_THAN_NONE_HAS_REFERENCES):
        thing.setObjectName("x")
    assert not needed or sys.getrefcount(None) > 1 << 59
