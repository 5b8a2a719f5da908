"""What the counter hands to reception: one visit as the officer has it on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.catalogue import Channel
from app.domain.component_rules import ComponentSpec, CopyKind
from app.domain.people import Address, Person
from app.domain.roles import Officer

CARD = "card"
TYPED = "typed"

RETURN_METHODS = ("counter", "post", "online")


@dataclass(frozen=True)
class FreePaper:
    """A paper of a procedure the catalogue has no detail for."""

    name: str
    kind: CopyKind = CopyKind.ORIGINAL
    count: int = 1


@dataclass(frozen=True)
class ManualDue:
    """A due date the officer gives where the catalogue has no term, with the reason."""

    due_at: datetime
    reason: str


@dataclass(frozen=True)
class Authority:
    """The paper by which a representative acts. ``kind`` in words, such as "Giấy ủy quyền"."""

    kind: str
    number: str = ""
    day: date | None = None
    issuer: str = ""


def authority_of(kept: Mapping[str, str | None] | None) -> Authority | None:
    """The paper as a party's row keeps it."""
    if not kept:
        return None
    day = kept.get("day")
    return Authority(
        kind=kept.get("kind") or "",
        number=kept.get("number") or "",
        day=date.fromisoformat(day) if day else None,
        issuer=kept.get("issuer") or "",
    )


class OtherRole(StrEnum):
    """People of a dossier besides owner and submitter. They stay at this desk: the wire's filing has an
    owner and a submitter and no place for more (province-api.v1, DossierReceived)."""

    SPOUSE = "spouse"
    CHILD = "child"
    FATHER = "father"
    MOTHER = "mother"
    WITNESS = "witness"


@dataclass(frozen=True)
class OtherParty:
    """One more person: the second of a couple, a child without a number, a witness."""

    role: OtherRole
    person: Person
    relation: str = ""


@dataclass(frozen=True)
class Intake:
    """One dossier to take in.

    ``request_id`` is made when the form is opened and makes acceptance safe to repeat: the same one
    never makes a second dossier. A draft kept under it goes in the commit that stores the dossier.
    ``submitter`` is set when somebody else hands in for the owner, with ``relation`` in words.
    ``received_at`` ``None`` is now. ``fee_counts``: how many of a fee that is charged by page, copy or
    job; ``fee_amounts``: amounts reckoned by a rule of their own; ``fee_exemptions``: fee code to the reason
    chosen among those of the tariff. ``register_only``: arrived, not yet
    accepted (status 1, no event). ``authority``: by which the submitter acts; ``others``: further people.
    ``override``: why a leader takes the dossier in without a mandatory paper; empty: nobody does.
    ``approver``: whose word that is where it is not the officer's own; he has signed in beside (``access``).
    ``session_id``: the field session (lưu động) it was received in.
    """

    request_id: str
    procedure_code: str
    owner: Person
    source: str = TYPED
    submitter: Person | None = None
    relation: str = ""
    channel: Channel = Channel.COUNTER
    components: tuple[ComponentSpec, ...] = ()
    all_required: bool = False
    answers: Mapping[str, bool] = field(default_factory=dict)
    free_papers: tuple[FreePaper, ...] = ()
    copies: int = 1
    received_at: datetime | None = None
    manual_due: ManualDue | None = None
    return_method: str = "counter"
    return_address: Address | None = None
    for_unit: str | None = None
    fee_counts: Mapping[str, int] = field(default_factory=dict)
    fee_amounts: Mapping[str, int] = field(default_factory=dict)
    fee_exemptions: Mapping[str, str] = field(default_factory=dict)
    register_only: bool = False
    authority: Authority | None = None
    others: tuple[OtherParty, ...] = ()
    override: str = ""
    approver: Officer | None = None
    session_id: str | None = None
