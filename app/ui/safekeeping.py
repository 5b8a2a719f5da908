"""The daily backup behind the open window: asked for hourly, made beside the work, told only if it fails."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.errors import AppError
from app.text import t
from app.ui.background import Background
from app.ui.ports import Runtime

_FIRST_MS = 90_000
"""The counter opens first."""
_EVERY_MS = 3_600_000


class Safekeeping(QObject):
    """Looks whether a backup is due; ``tell`` takes the sentence of a failure."""

    def __init__(
        self, runtime: Runtime, background: Background, tell: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._runtime, self._background, self._tell = runtime, background, tell
        self._timer = QTimer(self)
        self._timer.setInterval(_FIRST_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Copy the desk if the newest copy is older than a working day."""
        self._timer.setInterval(_EVERY_MS)
        self._background.aside(self._copy, failed=self._failed, owner=self)

    def _copy(self) -> None:
        from app.services.safety.automatic import backup_due, run_automatic_backup

        desk = self._runtime.desk
        if backup_due(desk, desk.clock.now()):
            run_automatic_backup(desk)

    def _failed(self, error: AppError) -> None:
        self._tell(t("Chưa sao lưu được: {why}").format(why=error.title))
