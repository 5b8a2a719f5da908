"""The main job through the windows by key events. Being written."""

from __future__ import annotations

from pathlib import Path

from app.ui.ports import Runtime


def perform_visit(runtime: Runtime, out: Path) -> list[str]:
    """Perform one visit by keys; ten true lines, each read back from where it was stored."""
    raise NotImplementedError
