"""Where a dossier stands with the province, kept on its row for lists; services and sync both call it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, case, func, select, update

from app.models.tables import dossier, event

_RANK = case(
    ((event.c.verdict == "rejected") & event.c.answered_by.is_(None), 4),
    (event.c.verdict == "deferred", 3),
    (event.c.verdict.is_(None), 2),
    else_=1,
)
_NAMES = {None: "none", 1: "accepted", 2: "waiting", 3: "deferred", 4: "rejected"}


def refresh_sync_state(connection: Connection, dossier_id: str) -> str:
    """Recompute the state from the dossier's events: the one that most needs eyes wins."""
    worst = connection.execute(select(func.max(_RANK)).where(event.c.dossier_id == dossier_id)).scalar_one()
    state = _NAMES[worst]
    connection.execute(update(dossier).where(dossier.c.id == dossier_id).values(sync_state=state))
    return state


def refresh_sync_states(connection: Connection, dossier_ids: Collection[str]) -> None:
    """The same for many dossiers at once."""
    c = event.c
    ranks = connection.execute(
        select(c.dossier_id, func.max(_RANK)).where(c.dossier_id.in_(dossier_ids)).group_by(c.dossier_id)
    )
    states = [{"of": dossier_id, "state": _NAMES[worst]} for dossier_id, worst in ranks]
    if states:
        one = update(dossier).where(dossier.c.id == bindparam("of")).values(sync_state=bindparam("state"))
        connection.execute(one, states)
