"""A stored dossier read back as what was handed in: for acceptance, refusal and reversal of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from app.domain.catalogue import Channel, Fact, ProcedureVersion
from app.domain.people import Address, IdKind, Person, Sex
from app.errors import NotFoundError
from app.models import tables
from app.protocol.parts import UnitRef
from app.protocol.payloads import DossierReceived
from app.services.desk import Desk
from app.services.intake.received_event import received_payload
from app.services.intake.received_parts import FeeLine, PaperLine
from app.services.intake.visit import Intake
from app.text import t


@dataclass(frozen=True)
class StoredFiling:
    """What is on file. ``given``: catalogue ids of the papers that are there."""

    row: RowMapping
    version: ProcedureVersion
    owner: Person
    submitter: Person | None
    papers: tuple[PaperLine, ...]
    fees: tuple[FeeLine, ...]
    facts: frozenset[Fact]
    answers: dict[str, bool]

    @property
    def given(self) -> tuple[str, ...]:
        """Ids of the catalogue's papers that were handed in or shown."""
        known = {rule.id for rule in self.version.components}
        return tuple(line.code for line in self.papers if line.code in known)


def read_filing(connection: Connection, desk: Desk, dossier_id: str) -> StoredFiling:
    """Everything handed in. Raises ``NotFoundError`` "no-dossier"."""
    d, c, f = tables.dossier.c, tables.component.c, tables.fee.c
    row = connection.execute(select(tables.dossier).where(d.id == dossier_id)).mappings().first()
    if row is None:
        raise NotFoundError("no-dossier", t("Không tìm thấy hồ sơ này."), t("Kiểm tra lại số hồ sơ."))
    people = {
        each["role"]: person_of(each)
        for each in connection.execute(
            select(tables.party).where(tables.party.c.dossier_id == dossier_id)
        ).mappings()
    }
    papers = connection.execute(
        select(tables.component).where(c.dossier_id == dossier_id).order_by(c.position)
    ).mappings()
    fees = connection.execute(select(tables.fee).where(f.dossier_id == dossier_id)).mappings()
    return StoredFiling(
        row=row,
        version=desk.reference.catalogue.get(row["procedure_code"], row["procedure_version"]),
        owner=people["owner"],
        submitter=people.get("submitter"),
        papers=tuple(_paper(each) for each in papers),
        fees=tuple(_fee(each) for each in fees),
        facts=frozenset(Fact(each) for each in row["facts"]),
        answers=dict(row["answers"]),
    )


def payload_of(filing: StoredFiling, papers: Sequence[PaperLine] = (), **changes: object) -> DossierReceived:
    """The filing on the wire. ``papers``: brought now, beside those on file; ``changes`` replaces columns
    of the row (``received_at``, ``due_at``)."""
    row = {**filing.row, **changes}
    intake = Intake(
        request_id=row["request_id"],
        procedure_code=row["procedure_code"],
        owner=filing.owner,
        channel=Channel(row["channel"]),
        return_method=row["return_method"],
        return_address=None if row["return_address"] is None else Address(**row["return_address"]),
    )
    return received_payload(
        filing.version,
        intake,
        filing.owner,
        filing.submitter,
        (*filing.papers, *papers),
        filing.fees,
        UnitRef(row["handling_unit"], row["handling_unit_name"]),
        row["received_at"],
        row["due_at"],
        provisional=row["number"] is None,
        submitted_at=row["submitted_at"],
    )


def person_of(row: RowMapping) -> Person:
    """A person as the row of ``party`` keeps him."""
    return Person(
        name=row["full_name"],
        id_kind=IdKind(row["id_kind"]),
        id_value=row["id_value"],
        birth_date=row["birth_date"],
        sex=Sex(row["sex"]) if row["sex"] else None,
        address=Address(**row["address"]),
        nationality=row["nationality"],
        phone=row["phone"],
        email=row["email"],
        old_id=row["old_id"],
    )


def _paper(row: RowMapping) -> PaperLine:
    return PaperLine(
        id=row["id"],
        position=row["position"],
        code=row["code"],
        national_code=row["national_code"],
        name=row["name"],
        mandatory=row["mandatory"],
        presented_only=row["presented_only"],
        copy_kind=row["copy_kind"],
        quantity=row["quantity"],
        substitute=row["substitute"],
        reuse=row["reuse"],
        reuse_source=row["reuse_source"],
        reuse_day=row["reuse_day"],
        from_national_store=row["from_national_store"],
    )


def _fee(row: RowMapping) -> FeeLine:
    return FeeLine(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        amount_vnd=row["amount_vnd"],
        count=1,
        rule=row["rule"],
        kind=row["kind"],
        stage=row["stage"],
        exempt_reason=row["exempt_reason"],
    )
