"""The event ``dossier.received``: what the province is told of a dossier just taken in."""

from __future__ import annotations

from datetime import datetime

from app.domain.catalogue import ProcedureVersion
from app.domain.people import Address, IdKind, Person
from app.errors import RuleError
from app.protocol.parts import Component, Fee, Identifier, Party, ProcedureRef, UnitRef, WireAddress
from app.protocol.payloads import DossierReceived
from app.services.desk import Desk
from app.services.intake.received_parts import FeeLine, PaperLine
from app.services.intake.visit import Intake
from app.text import t

NO_IDENTIFIER = "Công dân chưa có hoặc không mang giấy tờ có số"


def unit_ref(desk: Desk, code: str | None) -> UnitRef:
    """The unit by the code the province knows: its agency code, else the GSO code.

    ``code`` ``None`` is the desk's own commune; another commune is named by its GSO code.
    """
    profile = desk.profile
    if code is None or code in (profile.unit_code, profile.agency_code):
        return UnitRef(
            code=profile.agency_code or profile.unit_code, name=f"UBND {_lower(profile.unit_name)}"
        )
    unit = desk.reference.units.get(code)
    if unit is None:
        raise RuleError(
            "unknown-unit",
            t("Không có xã, phường nào mang mã này."),
            t("Gõ đúng năm chữ số mã đơn vị hành chính, ví dụ 02221."),
            field="for_unit",
        )
    return UnitRef(code=unit.code, name=f"UBND {_lower(unit.name)}")


def received_payload(
    version: ProcedureVersion,
    intake: Intake,
    owner: Person,
    submitter: Person | None,
    papers: tuple[PaperLine, ...],
    fees: tuple[FeeLine, ...],
    handling: UnitRef,
    received_at: datetime,
    due_at: datetime | None,
    *,
    provisional: bool,
    submitted_at: datetime | None = None,
) -> DossierReceived:
    """The payload; what is not known is left out, fees without an amount too (never sent as zero).

    ``submitted_at``: when the citizen handed in, where that was before reception. People besides owner and
    submitter have no place in the contract and stay here.
    """
    return DossierReceived(
        procedure=ProcedureRef(code=version.code, version=version.version),
        channel=intake.channel.value,
        submitted_at=submitted_at or received_at,
        received_at=received_at,
        due_at=due_at,
        abstract=version.short_name,
        owner=party(owner),
        submitter=None if submitter is None else party(submitter),
        handling_unit=handling,
        components=[wire_component(line) for line in papers],
        fees=[_fee(line) for line in fees if line.amount_vnd is not None],
        return_method="post" if intake.return_method == "post" else "counter",
        return_address=None if intake.return_address is None else wire_address(intake.return_address),
        provisional=provisional,
    )


def party(person: Person) -> Party:
    """A person on the wire. A missing number is said in words, never filled with a placeholder."""
    identifiers = []
    if person.id_kind is not IdKind.NONE and person.id_value:
        issued = person.issue_date.isoformat() if person.issue_date else None
        identifiers.append(Identifier(scheme=person.id_kind.value, value=person.id_value, issued_on=issued))
    return Party(
        full_name=person.name,
        identifiers=identifiers,
        no_identifier_reason=None if identifiers else NO_IDENTIFIER,
        date_of_birth=person.birth_date,
        sex=person.sex.value if person.sex else None,
        phone=person.phone,
        email=person.email,
        address=wire_address(person.address),
    )


def wire_address(address: Address) -> WireAddress | None:
    """An address on the wire; ``None`` where nothing of it is known."""
    if not (address.as_written or address.detail or address.commune_code):
        return None
    return WireAddress(
        province_code=address.province_code,
        commune_code=address.commune_code,
        detail=(address.detail or address.as_written) or None,
    )


def wire_component(line: PaperLine) -> Component:
    """A paper on the wire; what is held already carries where from, and no count."""
    return Component(
        component_id=line.id,
        code=line.national_code or line.code,
        name=line.name,
        copy_kind=line.copy_kind,
        quantity=line.quantity,
        reuse=line.reuse,
        from_national_store=line.from_national_store,
    )


def _fee(line: FeeLine) -> Fee:
    assert line.amount_vnd is not None
    return Fee(
        fee_id=line.id,
        code=line.code,
        name=line.name,
        amount_vnd=line.amount_vnd,
        kind=line.kind,
        stage=line.stage,
        exempt_reason=line.exempt_reason,
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
