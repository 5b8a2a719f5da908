"""Dead cycles of Python objects are collected on the window's thread alone.

Python collects in whatever thread happens to make the next object. Among the dead may be widgets, and Qt
lets those be destroyed by the window's thread only: a worker that does it may end the program at once
(seen: a segmentation fault in the database worker, inside "Garbage-collecting"). So while there are
workers, the automatic collection is off and a clock of the window collects what is due.
"""

from __future__ import annotations

import gc
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 250
_OLDEST: Final = 2


class Collecting(QObject):
    """From its making on the window's thread until ``end``; several may overlap."""

    _held: ClassVar[int] = 0
    _was_on: ClassVar[bool] = True
    old: ClassVar[int] = 0
    """Objects of the oldest generation after its last collection."""
    come: ClassVar[int] = 0
    """Objects that came to it since."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        if Collecting._held == 0:
            Collecting._was_on = gc.isenabled()
            gc.disable()
        Collecting._held += 1
        self._ended = False
        self._clock = QTimer(self, interval=_EVERY_MS)
        self._clock.timeout.connect(collect_due)
        self._clock.start()

    def end(self) -> None:
        """No worker is left. Harmless again."""
        if self._ended:
            return
        self._ended = True
        self._clock.stop()
        Collecting._held -= 1
        if Collecting._held == 0 and Collecting._was_on:
            gc.enable()


def spare_imports() -> None:
    """Leave what was imported out of every collection: it never dies. Call it before the store is opened, so
    that its key is not among what is left out."""
    gc.freeze()


def collect_due() -> None:
    """Collect the oldest generation whose count is reached, by Python's own rules: the last one, which takes
    longest, only when a quarter as much has come to it since its last collection."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = max((n for n, (count, limit) in enumerate(counts) if count > limit), default=None)
    if due == _OLDEST and Collecting.come > Collecting.old / 4:
        gc.collect()
        Collecting.old, Collecting.come = len(gc.get_objects(_OLDEST)), 0
    elif due is not None and due > 0:
        young = len(gc.get_objects(0)) + len(gc.get_objects(1))
        Collecting.come += young - gc.collect(1)
    elif due == 0:
        gc.collect(0)
