"""Payloads of the event types, one frozen dataclass each; ``as_wire`` gives the schema of that name.

Times are passed with their zone and written with +07:00; money is whole VND; what is not known is left
out or, where the contract asks for the member, ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clock import to_wire
from app.protocol.parts import (
    Component,
    Fee,
    FeeReceipt,
    FileRef,
    Identifier,
    Party,
    ProcedureRef,
    Result,
    UnitRef,
    Wire,
    WireAddress,
    without_none,
)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_wire(moment)


def _file(file: FileRef | None) -> Wire | None:
    return None if file is None else file.as_wire()


@dataclass(frozen=True)
class StreamOpened:
    """Event 1 of every epoch. ``reason``: installed, restored, merged or key_replaced."""

    reason: str
    software_name: str = "motcua"
    software_version: str = ""
    parent_epoch: str | None = None
    parent_last_seq: int | None = None

    def as_wire(self) -> Wire:
        """Schema StreamOpened."""
        software = {"name": self.software_name, "version": self.software_version}
        return {
            "reason": self.reason,
            "parent_epoch": self.parent_epoch,
            "parent_last_seq": self.parent_last_seq,
            "software": software,
        }


@dataclass(frozen=True)
class DossierReceived:
    """A dossier as it was taken in; ``due_at`` ``None`` where no term is known and none was given.

    ``provisional``: the desk had no number block, the subject's code is its own receipt number.
    """

    procedure: ProcedureRef
    channel: str
    submitted_at: datetime
    received_at: datetime
    due_at: datetime | None
    abstract: str
    owner: Party
    handling_unit: UnitRef
    components: Sequence[Component] = ()
    fees: Sequence[Fee] = ()
    submitter: Party | None = None
    return_method: str = "counter"
    return_address: WireAddress | None = None
    filed_via: str = "local"
    portal_dossier_code: str | None = None
    provisional: bool = False
    vneid_verified: bool = False
    consulted_databases: Sequence[str] = ()
    eform: Mapping[str, object] | None = None

    def as_wire(self) -> Wire:
        """Schema DossierReceived."""
        known = without_none(
            {
                "code_kind": "provisional" if self.provisional else None,
                "portal_dossier_code": self.portal_dossier_code,
                "submitter": None if self.submitter is None else self.submitter.as_wire(),
                "return_address": None if self.return_address is None else self.return_address.as_wire(),
                "eform": None if self.eform is None else dict(self.eform),
            }
        )
        return {
            "procedure": self.procedure.as_wire(),
            "channel": self.channel,
            "filed_via": self.filed_via,
            "submitted_at": to_wire(self.submitted_at),
            "received_at": to_wire(self.received_at),
            "due_at": _time(self.due_at),
            "abstract": self.abstract,
            "owner": self.owner.as_wire(),
            "return_method": self.return_method,
            "handling_unit": self.handling_unit.as_wire(),
            "vneid_verified": self.vneid_verified,
            "consulted_databases": list(self.consulted_databases),
            "components": [each.as_wire() for each in self.components],
            "fees": [each.as_wire() for each in self.fees],
            **known,
        }


@dataclass(frozen=True)
class EndWithReason:
    """Refusal, withdrawal or stop. ``filing`` only with a refusal, and there for a new dossier."""

    reason: str
    filing: DossierReceived | None = None
    letter: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema EndWithReason."""
        filing = None if self.filing is None else self.filing.as_wire()
        return without_none({"reason": self.reason, "filing": filing, "letter": _file(self.letter)})


@dataclass(frozen=True)
class DossierAmended:
    """Corrections of fields the desk owns, by JSON Pointer within DossierReceived."""

    set: Mapping[str, object]
    reason: str

    def as_wire(self) -> Wire:
        """Schema DossierAmended."""
        return {"set": dict(self.set), "reason": self.reason}


@dataclass(frozen=True)
class Progress:
    """A step of processing; brings a dossier to status 4."""

    note: str | None = None
    department: str | None = None
    assigned_to: str | None = None
    step_started_at: datetime | None = None
    step_due_at: datetime | None = None

    def as_wire(self) -> Wire:
        """Schema Progress."""
        return without_none(
            {
                "note": self.note,
                "department": self.department,
                "assigned_to": self.assigned_to,
                "step_started_at": _time(self.step_started_at),
                "step_due_at": _time(self.step_due_at),
            }
        )


@dataclass(frozen=True)
class SupplementRequested:
    """The citizen is asked, in writing, to complete the dossier; ``round`` counts from 1."""

    round: int
    content: str
    answer_by: datetime | None = None
    letter: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema SupplementRequested."""
        return without_none(
            {
                "round": self.round,
                "content": self.content,
                "answer_by": _time(self.answer_by),
                "letter": _file(self.letter),
            }
        )


@dataclass(frozen=True)
class SupplementReceived:
    """The answer to a supplement request and the due date reckoned anew."""

    round: int
    components: Sequence[Component]
    previous_due_at: datetime | None
    new_due_at: datetime | None

    def as_wire(self) -> Wire:
        """Schema SupplementReceived."""
        return {
            "round": self.round,
            "components": [each.as_wire() for each in self.components],
            "previous_due_at": _time(self.previous_due_at),
            "new_due_at": _time(self.new_due_at),
        }


@dataclass(frozen=True)
class FeeList:
    """Fees the citizen is asked to pay (``dossier.fee_requested``)."""

    fees: Sequence[Fee]
    note: str | None = None

    def as_wire(self) -> Wire:
        """Schema FeeList."""
        return without_none({"fees": [each.as_wire() for each in self.fees], "note": self.note})


@dataclass(frozen=True)
class DueDateChanged:
    """A new due date, by the custodian and with a reason."""

    previous_due_at: datetime | None
    new_due_at: datetime
    reason: str
    apology_letter: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema DueDateChanged."""
        letter = without_none({"apology_letter": _file(self.apology_letter)})
        return {
            "previous_due_at": _time(self.previous_due_at),
            "new_due_at": to_wire(self.new_due_at),
            "reason": self.reason,
            **letter,
        }


@dataclass(frozen=True)
class Custody:
    """Hand-over of a dossier between units (``dossier.transferred``, ``dossier.custody_accepted``)."""

    from_unit: UnitRef
    to_unit: UnitRef
    paper_sent: bool | None = None
    note: str | None = None

    def as_wire(self) -> Wire:
        """Schema Custody."""
        return {
            "from_unit": self.from_unit.as_wire(),
            "to_unit": self.to_unit.as_wire(),
            **without_none({"paper_sent": self.paper_sent, "note": self.note}),
        }


@dataclass(frozen=True)
class Completed:
    """Processing is done; the results, if there are any on paper."""

    results: Sequence[Result] = ()
    note: str | None = None

    def as_wire(self) -> Wire:
        """Schema Completed."""
        return without_none({"results": [each.as_wire() for each in self.results], "note": self.note})


@dataclass(frozen=True)
class Returned:
    """The result is in the citizen's hands. ``method``: counter, post or online."""

    method: str
    recipient_name: str
    recipient_identifier: Identifier | None = None
    postal_code: str | None = None
    proof: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema Returned."""
        identifier = None if self.recipient_identifier is None else self.recipient_identifier.as_wire()
        return without_none(
            {
                "method": self.method,
                "recipient_name": self.recipient_name,
                "recipient_identifier": identifier,
                "postal_code": self.postal_code,
                "proof": _file(self.proof),
            }
        )


@dataclass(frozen=True)
class FeeMoved:
    """Money taken or given back. ``method``: cash, bank_transfer, national_platform, province_gateway."""

    fee_ids: Sequence[str]
    amount_vnd: int
    method: str
    receipt: FeeReceipt | None = None
    payment_reference: str | None = None

    def as_wire(self) -> Wire:
        """Schema FeeMoved."""
        return without_none(
            {
                "fee_ids": list(self.fee_ids),
                "amount_vnd": self.amount_vnd,
                "method": self.method,
                "receipt": None if self.receipt is None else self.receipt.as_wire(),
                "payment_reference": self.payment_reference,
            }
        )


@dataclass(frozen=True)
class DocumentDigitised:
    """Components that now have a scan."""

    components: Sequence[Component]

    def as_wire(self) -> Wire:
        """Schema DocumentDigitised."""
        return {"components": [each.as_wire() for each in self.components]}


@dataclass(frozen=True)
class DocumentRevoked:
    """A component's scan is withdrawn."""

    component_id: str
    reason: str

    def as_wire(self) -> Wire:
        """Schema DocumentRevoked."""
        return {"component_id": self.component_id, "reason": self.reason}


@dataclass(frozen=True)
class AccountRequested:
    """A citizen asks for help with an account; sent only with the citizen's recorded consent."""

    party: Party
    consent_file: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema AccountRequested."""
        consent = without_none({"consent_file": _file(self.consent_file)})
        return {"party": self.party.as_wire(), "consent_recorded": True, **consent}


@dataclass(frozen=True)
class Feedback:
    """A citizen's rating, 1 to 5."""

    rating: int
    comment: str | None = None

    def as_wire(self) -> Wire:
        """Schema Feedback."""
        return without_none({"rating": self.rating, "comment": self.comment})


@dataclass(frozen=True)
class EventVoided:
    """An earlier event is withdrawn."""

    voids: str
    reason: str

    def as_wire(self) -> Wire:
        """Schema EventVoided."""
        return {"voids": self.voids, "reason": self.reason}


@dataclass(frozen=True)
class BlockReleased:
    """A number block is given back; ``last_used`` maps a day (or year) to its last number used."""

    block_id: str
    last_used: Mapping[str, int]

    def as_wire(self) -> Wire:
        """Schema BlockReleased."""
        return {"block_id": self.block_id, "last_used": dict(self.last_used)}
