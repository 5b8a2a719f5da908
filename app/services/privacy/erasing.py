"""What an erasure takes away at once, inside the transaction of its decision, and what stays by law.

Erased: help cases that rest on consent, drafts. Kept: dossiers with their papers, books and receipts.
Deleted rows are overwritten in their pages (``secure_delete``); backups let them go with their own term.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete

from app.domain.account_help import ConsentPurpose
from app.models import tables
from app.services.help.consent import end_consent, live_purposes
from app.services.privacy.records import PersonRecords, records_of
from app.services.recording import Recorder


@dataclass(frozen=True)
class ErasurePlan:
    """How much would go and how much stays."""

    help_cases: int
    drafts: int
    dossiers_kept: int


def erasure_plan(connection: Connection, identity: str) -> ErasurePlan:
    """Counted beforehand, so that whoever decides sees it."""
    return _plan(records_of(connection, identity))


def erase_within(recorder: Recorder, identity: str) -> ErasurePlan:
    """Erase; each help case and draft is a row of the audit."""
    found = records_of(recorder.connection, identity)
    today = recorder.at.date()
    for case_id in found.help_cases:
        for purpose in sorted(live_purposes(recorder, case_id, today)):
            end_consent(recorder, case_id, ConsentPurpose(purpose), today)
    for draft_id in found.drafts:
        recorder.connection.execute(delete(tables.draft).where(tables.draft.c.id == draft_id))
        recorder.audit("drop_draft", "draft", draft_id)
    return _plan(found)


def _plan(found: PersonRecords) -> ErasurePlan:
    return ErasurePlan(len(found.help_cases), len(found.drafts), len(found.dossiers))
