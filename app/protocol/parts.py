"""Parts that payloads share: party, identifier, address, component, fee, file, unit, procedure.

Each is a frozen dataclass whose ``as_wire`` gives the JSON members of the schema of the same name in
province-api.v1; what is not known is left out, never invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import to_wire

Wire = dict[str, object]

OFFICER_NAME_MAX = 50
"""Longest officer name the contract takes."""


def without_none(members: Mapping[str, object]) -> Wire:
    """The members that are known."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True)
class Actor:
    """Who acted. ``role``: counter, specialist, leader, cashier, administrator or system.

    ``approved_by`` names the second officer where a step needs two. A name longer than the contract
    takes is cut; the whole one stays in the desk's own audit.
    """

    officer_id: str
    officer_name: str
    role: str
    position: str | None = None
    approved_by: str | None = None

    def as_wire(self) -> Wire:
        """Schema Actor."""
        return without_none(
            {
                "officer_id": self.officer_id,
                "officer_name": self.officer_name[:OFFICER_NAME_MAX],
                "role": self.role,
                "position": self.position,
                "approved_by": self.approved_by,
            }
        )


@dataclass(frozen=True)
class Subject:
    """What an event is about. ``code`` is needed in the event that creates a dossier."""

    kind: str
    id: str
    code: str | None = None

    def as_wire(self) -> Wire:
        """Schema Subject."""
        return without_none({"kind": self.kind, "id": self.id, "code": self.code})


@dataclass(frozen=True)
class ClockEvidence:
    """What the desk knows of its clock's error: server minus desk in ms, ``None`` when never measured."""

    offset_ms: int | None
    synced_at: datetime | None = None
    boot_id: str | None = None
    monotonic_ms: int | None = None

    def as_wire(self) -> Wire:
        """Schema Clock."""
        rest = without_none(
            {
                "synced_at": None if self.synced_at is None else to_wire(self.synced_at),
                "boot_id": self.boot_id,
                "monotonic_ms": self.monotonic_ms,
            }
        )
        return {"offset_ms": self.offset_ms, **rest}


@dataclass(frozen=True)
class Identifier:
    """An identity number. ``issued_on`` may be a year, a month or a day."""

    scheme: str
    value: str
    issued_on: str | None = None
    issued_by: str | None = None

    def as_wire(self) -> Wire:
        """Schema Identifier."""
        return without_none(
            {
                "scheme": self.scheme,
                "value": self.value,
                "issued_on": self.issued_on,
                "issued_by": self.issued_by,
            }
        )


@dataclass(frozen=True)
class WireAddress:
    """An address of the two-level system; codes only where the present unit is certain."""

    province_code: str | None = None
    commune_code: str | None = None
    detail: str | None = None

    def as_wire(self) -> Wire:
        """Schema Address."""
        return without_none(
            {
                "province_code": self.province_code,
                "commune_code": self.commune_code,
                "detail": self.detail,
            }
        )


@dataclass(frozen=True)
class Party:
    """A person or body of a dossier. Without an identifier the reason must be said."""

    full_name: str
    identifiers: Sequence[Identifier] = ()
    kind: str = "citizen"
    no_identifier_reason: str | None = None
    date_of_birth: date | str | None = None
    sex: str | None = None
    phone: str | None = None
    email: str | None = None
    address: WireAddress | None = None
    portal_account_id: str | None = None

    def as_wire(self) -> Wire:
        """Schema Party."""
        return without_none(
            {
                "kind": self.kind,
                "full_name": self.full_name,
                "identifiers": [each.as_wire() for each in self.identifiers],
                "no_identifier_reason": self.no_identifier_reason,
                "date_of_birth": None if self.date_of_birth is None else str(self.date_of_birth),
                "sex": self.sex,
                "phone": self.phone,
                "email": self.email,
                "address": None if self.address is None else self.address.as_wire(),
                "portal_account_id": self.portal_account_id,
            }
        )


@dataclass(frozen=True)
class FileRef:
    """A file by its content: SHA-256, size in bytes, media type; the name is for people only."""

    sha256: str
    size: int
    media_type: str
    name: str
    signed: bool | None = None

    def as_wire(self) -> Wire:
        """Schema FileRef."""
        return without_none(
            {
                "sha256": self.sha256,
                "size": self.size,
                "media_type": self.media_type,
                "name": self.name,
                "signed": self.signed,
            }
        )


@dataclass(frozen=True)
class Component:
    """One paper as handed in. ``copy_kind``: original, certified_copy, photocopy or electronic."""

    component_id: str
    code: str
    name: str
    copy_kind: str
    quantity: int
    digitised: bool = False
    reuse: str = "none"
    from_national_store: bool = False
    substitute_result_code: str | None = None
    file: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema Component."""
        return without_none(
            {
                "component_id": self.component_id,
                "code": self.code,
                "name": self.name,
                "copy_kind": self.copy_kind,
                "quantity": self.quantity,
                "digitised": self.digitised,
                "reuse": self.reuse,
                "from_national_store": self.from_national_store,
                "substitute_result_code": self.substitute_result_code,
                "file": None if self.file is None else self.file.as_wire(),
            }
        )


@dataclass(frozen=True)
class Fee:
    """One fee in whole VND. ``stage``: on_receipt, on_supplement or on_return."""

    fee_id: str
    code: str
    name: str
    amount_vnd: int
    kind: str = "ordinary"
    stage: str = "on_receipt"
    exempt_reason: str | None = None

    def as_wire(self) -> Wire:
        """Schema Fee."""
        return without_none(
            {
                "fee_id": self.fee_id,
                "code": self.code,
                "name": self.name,
                "amount_vnd": self.amount_vnd,
                "kind": self.kind,
                "stage": self.stage,
                "exempt_reason": self.exempt_reason,
            }
        )


@dataclass(frozen=True)
class FeeReceipt:
    """The receipt given for money."""

    serial: str
    number: str
    issued_at: datetime

    def as_wire(self) -> Wire:
        """Schema Receipt."""
        return {"serial": self.serial, "number": self.number, "issued_at": to_wire(self.issued_at)}


@dataclass(frozen=True)
class UnitRef:
    """A unit or agency by code and name."""

    code: str
    name: str

    def as_wire(self) -> Wire:
        """Schema UnitRef."""
        return {"code": self.code, "name": self.name}


@dataclass(frozen=True)
class ProcedureRef:
    """The procedure version a dossier was received under."""

    code: str
    version: int
    case_code: str | None = None

    def as_wire(self) -> Wire:
        """Schema ProcedureRef."""
        return without_none({"code": self.code, "version": self.version, "case_code": self.case_code})


@dataclass(frozen=True)
class Result:
    """One result paper of a finished dossier."""

    result_id: str
    code: str
    name: str
    number: str | None = None
    issued_at: date | None = None
    issued_by: str | None = None
    signer: str | None = None
    file: FileRef | None = None

    def as_wire(self) -> Wire:
        """Schema Result."""
        return without_none(
            {
                "result_id": self.result_id,
                "code": self.code,
                "name": self.name,
                "number": self.number,
                "issued_at": None if self.issued_at is None else self.issued_at.isoformat(),
                "issued_by": self.issued_by,
                "signer": self.signer,
                "file": None if self.file is None else self.file.as_wire(),
            }
        )
