"""What the screen asks the worker for: the dossier, whichever way it is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.finding import grid
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import no_dossier, show_dossier
from app.services.life import offered_acts
from app.ui.dossier_detail.offers import Offers, offers_of
from app.ui.dossiers.opening import OpenDossier


@dataclass(frozen=True)
class Loaded:
    """A dossier, what can be done with it, and how it was opened with its id known."""

    dossier: DossierDetail
    offers: Offers
    opening: OpenDossier
    now: datetime


def load(desk: Desk, by: Officer, opening: OpenDossier, *, audited: bool) -> Loaded:
    """Reads a dossier. ``audited`` false only to draw anew what this officer has open.

    Raises ``NotFoundError`` "no-dossier".
    """
    dossier_id = opening.dossier_id or _id_at(desk, by, opening)
    dossier = show_dossier(desk, by, dossier_id, audited=audited)
    offers = offers_of(dossier, by, offered_acts(desk, by, dossier_id))
    return Loaded(dossier, offers, replace(opening, dossier_id=dossier_id), desk.clock.now())


def _id_at(desk: Desk, by: Officer, opening: OpenDossier) -> str:
    if not 0 <= opening.place < len(opening.numbers):
        raise no_dossier()
    rows = grid.page(desk, by, [opening.numbers[opening.place]])
    if not rows:
        raise no_dossier()
    return rows[0].id
