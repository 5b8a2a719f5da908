"""``ui --tour DIR``: every screen as a picture. Being written."""

from __future__ import annotations

from pathlib import Path

from app.ui.ports import Runtime


def draw_tour(runtime: Runtime, folder: Path) -> list[Path]:
    """Draw every screen into ``folder``; the files drawn, in order."""
    raise NotImplementedError
