"""Where a desk lives when nobody says: the platform's own place for program data."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "motcua"


def default_folder(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The user's data folder: ``XDG_DATA_HOME``, ``LOCALAPPDATA`` or "Application Support"."""
    if system == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"]) / NAME
    if system == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"]) / NAME
    return Path.home() / ".local" / "share" / NAME
