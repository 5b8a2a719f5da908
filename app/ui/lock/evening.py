"""The end of the day by the clock: a desk left alone closes its store after the hour the office set."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time

from PySide6.QtCore import QObject

from app.domain.closing_time import is_closed
from app.errors import AppError
from app.services.desk import Desk
from app.ui.background import Background


class Evening(QObject):
    """``look`` while nobody is there; ``close`` is called once, after a backup of the day's work was put
    before the end of the workers (the full lock waits for it)."""

    def __init__(
        self, desk: Desk, background: Background, close: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._background, self._close = desk, background, close
        self._closed = False

    def look(self, last_touch: Callable[[], datetime]) -> None:
        """Ask for the hour beside the window; what was touched while it was asked for counts."""
        if self._closed:
            return
        desk, asked = self._desk, last_touch()

        def judge(hour: time | None) -> None:
            if self._closed or hour is None or last_touch() != asked:
                return
            if is_closed(desk.clock.now(), asked, hour):
                self._closed = True
                self._background.aside(lambda: _copy(desk), owner=self)
                self._close()

        self._background.run(lambda: _hour(desk), judge, lambda _error: None, owner=self, latest="evening")


def _hour(desk: Desk) -> time | None:
    """Loaded when it is first asked for: the window opens without it."""
    from app.services.office_settings import closing_time

    return closing_time(desk)


def _copy(desk: Desk) -> None:
    """As when the window is closed; a disk that refuses is told by the age of the last copy (I8)."""
    from app.services.safety.automatic import run_automatic_backup, worked_since_backup

    with suppress(AppError):
        if worked_since_backup(desk):
            run_automatic_backup(desk)
