"""What the screen asks the worker for: the catalogue by words, one procedure whole."""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import VIETNAM
from app.domain.catalogue import Detail, ProcedureVersion
from app.services.desk import Desk
from app.ui.procedures.referrals import Referral, referral_for

MOST_ROWS = 80


@dataclass(frozen=True)
class Found:
    """Matches for what was typed, best first; ``full`` and ``indexed`` count the whole catalogue."""

    text: str
    versions: tuple[ProcedureVersion, ...]
    referral: Referral | None
    full: int
    indexed: int


def find_procedures(desk: Desk, text: str) -> Found:
    """The procedures of today for what was typed; nothing typed gives the everyday ones first."""
    catalogue = desk.reference.catalogue
    today = desk.clock.now().astimezone(VIETNAM).date()
    used = desk.reference.used
    every = catalogue.find("", used=used, limit=len(catalogue.codes), day=today)
    full = sum(1 for version in every if version.detail is Detail.FULL)
    versions = catalogue.find(text, used=used, limit=MOST_ROWS, day=today) if text.strip() else every
    return Found(text, tuple(versions), referral_for(text), full, len(every) - full)
