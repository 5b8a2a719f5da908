"""What one dossier is, whole: for the detail screen, and as ``show`` prints it (CONTRACT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import to_wire
from app.domain.dossier_status import Act, Status
from app.domain.people import Address
from app.services.extensions import EXTENSIONS_DEFAULT
from app.services.finding.row_state import RowState
from app.services.intake.visit import Authority

_ENDS = (Act.COMPLETE, Act.WITHDRAW, Act.STOP)


@dataclass(frozen=True)
class FileView:
    """A file of the dossier that goes to the province."""

    sha256: str
    size: int
    media_type: str

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it; ``bytes`` is the size."""
        return {"sha256": self.sha256, "bytes": self.size, "media_type": self.media_type}


@dataclass(frozen=True)
class PartyView:
    """A person of the dossier. ``role``: owner, submitter, spouse, child, father, mother or witness;
    ``source``: card or typed."""

    role: str
    name: str
    id_kind: str
    id_value: str | None
    birth_date: date | None
    sex: str | None
    nationality: str | None
    phone: str | None
    email: str | None
    address: Address
    relation: str
    source: str
    authority: Authority | None = None
    """The paper by which a submitter acts for the owner."""

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it, members named as in the file of ``receive --person``."""
        return {
            "role": self.role,
            "name": self.name,
            "id_kind": self.id_kind,
            "id_value": self.id_value,
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "sex": self.sex,
            "nationality": self.nationality,
            "phone": self.phone,
            "email": self.email,
            "address": self.address.as_written or self.address.detail or None,
            "relation": self.relation or None,
        }


@dataclass(frozen=True)
class ComponentView:
    """One paper of the dossier. ``code``: its id in the catalogue; ``mandatory``: yes, one_of,
    conditional, no; ``copy_kind``: the wire's; ``reuse``: none, component or result, held by
    ``reuse_source`` since ``reuse_day``; ``substitute``: what was accepted in its place."""

    id: str
    code: str
    national_code: str
    position: int
    name: str
    mandatory: str
    presented_only: bool
    copy_kind: str
    quantity: int
    reuse: str
    from_national_store: bool
    note: str
    reuse_source: str = ""
    reuse_day: date | None = None
    substitute: str = ""
    files: tuple[FileView, ...] = ()

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it."""
        return {
            "id": self.code,
            "name": self.name,
            "required": self.mandatory == "yes",
            "kind": self.copy_kind,
            "count": self.quantity,
            "files": [file.as_contract() for file in self.files],
        }


@dataclass(frozen=True)
class FeeView:
    """One fee. ``amount_vnd`` ``None``: not supplied by the province, never read as free."""

    code: str
    name: str
    amount_vnd: int | None
    rule: str
    kind: str
    stage: str


@dataclass(frozen=True)
class ResultView:
    """A result of the dossier. ``elsewhere``: the sector software that holds it; ``superseded``: the dossier
    was reopened since; ``sha256`` ``None``: no file was kept."""

    id: str
    name: str
    number: str
    book: str
    issued_on: date
    signer: str
    signer_title: str
    sha256: str | None
    elsewhere: str
    superseded: bool


@dataclass(frozen=True)
class HistoryLine:
    """One line of the dossier's history. ``act``: what was done, named as on the command line where it is
    an act; ``sent``: verdict of its event (none, waiting, accepted, deferred, rejected)."""

    act: str
    at: datetime
    recorded_at: datetime
    by: str
    by_officer: bool
    detail: Mapping[str, Any]
    sent: str

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it."""
        return {"act": self.act, "at": to_wire(self.at), "by": self.by}


@dataclass(frozen=True)
class PrintView:
    """A printing of one of its papers. ``state``: kept, printed or failed."""

    job_id: int
    form: str
    copy_no: int
    made_at: datetime
    state: str
    printer: str


@dataclass(frozen=True)
class ProposalView:
    """A value of the province beside what the citizen's paper states (I17). ``state``: open or decided."""

    id: str
    field: str
    ours: Any
    theirs: Any
    made_at: datetime
    state: str


@dataclass(frozen=True)
class DossierDetail:
    """Everything of one dossier. ``sync``: none, waiting, deferred, rejected, accepted."""

    row_no: int
    id: str
    number: str
    provisional: bool
    provisional_number: str | None
    procedure_code: str
    procedure_version: int
    procedure_name: str
    procedure_detail: str
    form_set: str
    channel: str
    status: Status
    submitted_at: datetime
    received_at: datetime
    due_at: datetime | None
    due_reason: str
    due_confirmed: bool
    due_manual: bool
    ended_at: datetime | None
    returned_at: datetime | None
    supplement_rounds: int
    copies: int
    return_method: str
    return_address: Address | None
    receiving_unit_name: str
    handling_unit_name: str
    custodian_unit: str
    officer_name: str
    register_book: str
    register_no: int
    fee_total: int | None
    sync: str
    state: RowState
    left: str
    """Time left or delay in words; empty while no term runs."""
    acts: tuple[Act, ...]
    """What this officer may lawfully do with it now."""
    parties: tuple[PartyView, ...]
    components: tuple[ComponentView, ...]
    fees: tuple[FeeView, ...]
    history: tuple[HistoryLine, ...]
    files: tuple[FileView, ...]
    prints: tuple[PrintView, ...]
    proposals: tuple[ProposalView, ...]
    results: tuple[ResultView, ...] = ()
    foreign_system: str = ""
    foreign_no: str = ""
    group_id: str | None = None
    """The visit it came in with others (``services.group_intake``)."""
    session_id: str | None = None
    """The field session (lưu động) it was received in."""
    extensions_used: int = 0
    extensions_allowed: int = EXTENSIONS_DEFAULT
    """How often the due date was put off with an apology, and how often it may be (a setting)."""
    unpaid_vnd: int = 0
    """What is owed as far as amounts are known, by the receipts that stand."""

    @property
    def papers_given_back(self) -> bool:
        """Whether the dossier ended without a result and its papers went back to the citizen."""
        ends = [line.act for line in self.history if line.act in _ENDS]
        return self.status is Status.RETURNED and bool(ends) and ends[-1] != Act.COMPLETE

    @property
    def owner(self) -> PartyView:
        """Whose dossier it is."""
        return next(party for party in self.parties if party.role == "owner")

    def as_contract(self) -> dict[str, Any]:
        """The JSON of ``show`` (CONTRACT)."""
        return {
            "id": self.id,
            "number": self.number,
            "provisional": self.provisional,
            "provisional_number": self.provisional_number,
            "procedure": self.procedure_code,
            "channel": self.channel,
            "status": int(self.status),
            "received_at": to_wire(self.received_at),
            "due_at": _wire(self.due_at),
            "ended_at": _wire(self.ended_at),
            "returned_at": _wire(self.returned_at),
            "parties": [party.as_contract() for party in self.parties],
            "components": [component.as_contract() for component in self.components],
            "history": [line.as_contract() for line in self.history],
            "sync": self.sync,
            "files": [file.as_contract() for file in self.files],
        }


def _wire(moment: datetime | None) -> str | None:
    return None if moment is None else to_wire(moment)
