"""Keeps ``None``, ``True`` and ``False`` alive under Python 3.11.

PySide6 6.12 is built against the stable interface of Python 3.12 and later, where they are immortal and
are handed out without being counted. Python 3.10 and 3.11 load the same wheel and still count: each call
into Qt that returns nothing takes one reference of ``None`` away (bools go more slowly), and after some
thousands of calls the interpreter stops with "deallocating None". There, and only there, the counts are
set so high that they never run out.
"""

from __future__ import annotations

import ctypes
import sys

_FIRST_IMMORTAL = (3, 12)
_ENOUGH = 1 << 60


def keep_none_alive() -> bool:
    """Raises the counts once; returns whether this interpreter needed it."""
    if sys.implementation.name != "cpython" or sys.version_info >= _FIRST_IMMORTAL:
        return False
    if ctypes.sizeof(ctypes.c_ssize_t) < 8:
        return False
    for single in (None, True, False, NotImplemented, ...):
        count = ctypes.c_ssize_t.from_address(id(single))
        count.value = max(count.value, _ENOUGH)
    return True
