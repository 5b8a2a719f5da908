"""Which status may follow which (SYNC-PROTOCOL-CHOICES 3.4) and which status an event leads to. Pure."""

from __future__ import annotations

from typing import Final

LEGAL: Final[dict[int | None, frozenset[int]]] = {
    None: frozenset({2, 3}),
    1: frozenset({2, 3}),
    2: frozenset({4, 5, 6, 7, 8, 9}),
    3: frozenset({2}),
    4: frozenset({4, 5, 6, 7, 8, 9}),
    5: frozenset({4, 7, 8}),
    6: frozenset({4, 7, 8}),
    7: frozenset({8, 10, 4}),
    8: frozenset({10}),
    9: frozenset({10, 4}),
}

NEEDS_LEADER: Final = frozenset({(9, 4), (3, 2)})
"""Steps back that a second officer must have approved."""

CLOSED: Final = frozenset({3, 7, 8, 10})
"""Not open in the sense of reconciliation (schema ReconcileRequest)."""

TARGET: Final[dict[str, int]] = {
    "dossier.received": 2,
    "dossier.refused": 3,
    "dossier.progress": 4,
    "dossier.supplement_requested": 5,
    "dossier.supplement_received": 4,
    "dossier.fee_requested": 6,
    "dossier.withdrawn": 7,
    "dossier.stopped": 8,
    "dossier.completed": 9,
    "dossier.returned": 10,
}


def is_legal(before: int | None, after: int, *, approved: bool) -> bool:
    """Whether a dossier of status ``before`` (``None``: not there yet) may become ``after``."""
    if after not in LEGAL.get(before, frozenset()):
        return False
    return approved or (before, after) not in NEEDS_LEADER
