"""Keeps ``None`` alive under Python 3.11.

PySide6 6.12 is built against the stable interface of Python 3.12 and later, where ``None`` is immortal and
is handed out without being counted. Python 3.10 and 3.11 load the same wheel and still count: each call into
Qt that returns nothing takes one reference away, and after some thousands of calls the interpreter stops
with "deallocating None". There, and only there, the count is set so high that it never runs out.
"""

from __future__ import annotations

import ctypes
import sys

_FIRST_IMMORTAL = (3, 12)
_ENOUGH = 1 << 60


def keep_none_alive() -> bool:
    """Raises the count once; returns whether this interpreter needed it."""
    if sys.implementation.name != "cpython" or sys.version_info >= _FIRST_IMMORTAL:
        return False
    if ctypes.sizeof(ctypes.c_ssize_t) < 8:
        return False
    count = ctypes.c_ssize_t.from_address(id(None))
    count.value = max(count.value, _ENOUGH)
    return True
