"""What the screen is asked to open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OpenEform:
    """A dossier's declaration. ``form_id`` empty: the one of its procedure; ``back``: what to hand to the
    dossier's own screen on the way back."""

    dossier_id: str
    form_id: str = ""
    back: object = None
