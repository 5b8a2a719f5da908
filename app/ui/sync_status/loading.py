"""What the screen asks the worker for: where the desk stands, and the outbox as far as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.roles import Officer, Permission
from app.services.desk import Desk
from app.services.from_province.notices import UnseenNotice, unseen_notices
from app.services.from_province.proposals import OpenProposal, open_proposals
from app.ui.ports import LightState, OutboxLine, SyncPort, SyncStatus

MOST_LINES = 200
"""Lines shown; a desk long without a line may hold thousands, and nobody reads them one by one."""


@dataclass(frozen=True)
class Standing:
    """The head: cheap to ask each second."""

    light: LightState
    status: SyncStatus
    now: datetime


@dataclass(frozen=True)
class Outbox:
    """The lines shown, how many more there are, open proposals, notices nobody has seen."""

    lines: tuple[OutboxLine, ...]
    more: int
    proposals: tuple[OpenProposal, ...]
    notices: tuple[UnseenNotice, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """Everything of the screen."""

    standing: Standing
    outbox: Outbox


def standing(desk: Desk, port: SyncPort) -> Standing:
    """The light and the figures."""
    return Standing(port.light(), port.status(), desk.clock.now())


def load(desk: Desk, by: Officer, port: SyncPort) -> Loaded:
    """The light, the figures and the outbox; of whom, only for who may see dossiers (I23)."""
    lines = port.outbox()
    more = max(0, len(lines) - MOST_LINES)
    sees = by.may(Permission.VIEW)
    told = lines[:MOST_LINES] if sees else tuple(replace(each, who="") for each in lines[:MOST_LINES])
    proposals = open_proposals(desk, by) if sees else ()
    return Loaded(standing(desk, port), Outbox(told, more, proposals, unseen_notices(desk, by)))
