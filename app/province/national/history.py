"""A dossier's accepted events, in the order in which they took effect."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.province.problems import JsonObject
from app.province.tables import events


@dataclass(frozen=True)
class Act:
    """One accepted event. ``version``: the dossier's version after it."""

    event_id: str
    type: str
    version: int
    event: JsonObject


def acts_of(db: Connection, dossier_id: str) -> Sequence[Act]:
    """Everything accepted about the dossier, oldest effect first."""
    rows = db.execute(
        select(events.c.event_id, events.c.type, events.c.dossier_version, events.c.body)
        .where(
            events.c.subject_id == dossier_id,
            events.c.subject_kind == "dossier",
            events.c.verdict == "accepted",
            events.c.dossier_version.is_not(None),
        )
        .order_by(events.c.dossier_version, events.c.row_id)
    )
    return [Act(row.event_id, row.type, row.dossier_version, json.loads(row.body)) for row in rows]
