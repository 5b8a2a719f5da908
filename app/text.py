"""Every visible string passes here. Vietnamese is the source language, so the fallback is right."""

from __future__ import annotations

import gettext
from pathlib import Path

_LOCALE = Path(__file__).resolve().parent.parent / "resources" / "locale"
_translation = gettext.translation("motcua", localedir=str(_LOCALE), languages=["vi"], fallback=True)


def t(message: str) -> str:
    """The sentence in the language of the screen."""
    return _translation.gettext(message)
