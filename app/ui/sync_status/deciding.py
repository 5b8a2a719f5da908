"""The officer's acts on the screen Đồng bộ, each one call for the database worker."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.roles import Officer
from app.services.desk import Desk
from app.services.from_province.proposals import OpenProposal, accept_theirs, keep_ours, slip_after_accepting
from app.services.papers.evidence import print_evidence
from app.services.papers.slips import MadePaper


def keep_all(desk: Desk, by: Officer, proposals: Sequence[OpenProposal]) -> None:
    """What the paper states holds, for all of one dossier's proposals."""
    for each in proposals:
        keep_ours(desk, by, each.id)


def take_all(desk: Desk, by: Officer, proposals: Sequence[OpenProposal], paper: str) -> MadePaper | None:
    """The province's values hold; the slip to hand out in the old one's place, where one was handed out."""
    printed = [accept_theirs(desk, by, each.id) for each in proposals]
    return slip_after_accepting(desk, by, proposals[0].dossier_id, paper) if any(printed) else None


def evidence_of(desk: Desk, by: Officer, dossier_id: str) -> MadePaper:
    """The evidence page, kept and counted."""
    return print_evidence(desk, by, dossier_id)
