"""Typed settings of the program on this PC (window, printing, looks). Nothing secret, no citizen data.

What belongs to the desk itself (unit, numbers, words on the paper) is in the store, not here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

FILE = "settings.json"


@dataclass(frozen=True)
class Settings:
    """``text_scale`` in percent (100–175); ``theme``: system, light, dark; ``printer``: queue name or empty;
    ``slip_paper``: a5_two_up, a5, a4."""

    text_scale: int = 100
    theme: str = "system"
    printer: str = ""
    slip_paper: str = "a5_two_up"
    idle_lock_minutes: int = 10


def load_settings(data: Path) -> Settings:
    """The settings kept in ``data``; what is missing or odd falls back to the default, item by item."""
    try:
        kept = json.loads((data / FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(kept, dict):
        return Settings()
    known = {f.name: f.type for f in fields(Settings)}
    usable = {
        name: value for name, value in kept.items() if name in known and type(value).__name__ == known[name]
    }
    return _in_range(replace(Settings(), **usable))


def save_settings(data: Path, settings: Settings) -> None:
    """Keep the settings; a failing disk loses only looks, so the caller may ignore ``OSError``."""
    body: dict[str, Any] = asdict(settings)
    temporary = data / (FILE + ".part")
    temporary.write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(data / FILE)


def _in_range(settings: Settings) -> Settings:
    scale = min(175, max(75, settings.text_scale))
    theme = settings.theme if settings.theme in ("system", "light", "dark") else "system"
    paper = settings.slip_paper if settings.slip_paper in ("a5_two_up", "a5", "a4") else "a5_two_up"
    minutes = min(120, max(1, settings.idle_lock_minutes))
    return replace(settings, text_scale=scale, theme=theme, slip_paper=paper, idle_lock_minutes=minutes)
