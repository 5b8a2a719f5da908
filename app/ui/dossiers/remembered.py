"""Columns of the grid as the officer left them: state of the window only, never of a dossier."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings

_FILE = "window.ini"
_COLUMNS = "dossiers/columns"


class Remembered:
    """Order, width and visibility of columns, kept beside the desk."""

    def __init__(self, data: Path) -> None:
        self._settings = QSettings(str(data / _FILE), QSettings.Format.IniFormat)

    def columns(self) -> list[dict[str, object]]:
        """What was kept; nothing when it is missing or odd."""
        try:
            kept = json.loads(str(self._settings.value(_COLUMNS, "[]")))
        except ValueError:
            return []
        if not isinstance(kept, list):
            return []
        return [entry for entry in kept if isinstance(entry, dict)]

    def keep_columns(self, state: Sequence[dict[str, object]]) -> None:
        """Keeps the columns as they are now."""
        self._settings.setValue(_COLUMNS, json.dumps(state))
