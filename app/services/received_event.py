"""The event ``dossier.received``: what the province is told of a dossier just taken in."""

from __future__ import annotations

from datetime import datetime

from app.domain.catalogue import ProcedureVersion
from app.domain.people import IdKind, Person
from app.errors import RuleError
from app.protocol.parts import Component, Fee, Identifier, Party, ProcedureRef, UnitRef, WireAddress
from app.protocol.payloads import DossierReceived
from app.services.desk import Desk
from app.services.intake import Intake
from app.services.received_parts import FeeLine, PaperLine
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
) -> DossierReceived:
    """The payload; what is not known is left out, fees without an amount too (never sent as zero)."""
    return DossierReceived(
        procedure=ProcedureRef(code=version.code, version=version.version),
        channel=intake.channel.value,
        submitted_at=received_at,
        received_at=received_at,
        due_at=due_at,
        abstract=version.short_name,
        owner=party(owner),
        submitter=None if submitter is None else party(submitter),
        handling_unit=handling,
        components=[_component(line) for line in papers],
        fees=[_fee(line) for line in fees if line.amount_vnd is not None],
        return_method="post" if intake.return_method == "post" else "counter",
        provisional=provisional,
    )


def party(person: Person) -> Party:
    """A person on the wire. A missing number is said in words, never filled with a placeholder."""
    identifiers = []
    if person.id_kind is not IdKind.NONE and person.id_value:
        issued = person.issue_date.isoformat() if person.issue_date else None
        identifiers.append(Identifier(scheme=person.id_kind.value, value=person.id_value, issued_on=issued))
    address = person.address
    known = address.as_written or address.detail or address.commune_code
    return Party(
        full_name=person.name,
        identifiers=identifiers,
        no_identifier_reason=None if identifiers else NO_IDENTIFIER,
        date_of_birth=person.birth_date,
        sex=person.sex.value if person.sex else None,
        phone=person.phone,
        email=person.email,
        address=WireAddress(
            province_code=address.province_code,
            commune_code=address.commune_code,
            detail=(address.detail or address.as_written) or None,
        )
        if known
        else None,
    )


def _component(line: PaperLine) -> Component:
    return Component(
        component_id=line.id,
        code=line.national_code or line.code,
        name=line.name,
        copy_kind=line.copy_kind,
        quantity=line.quantity,
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
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
