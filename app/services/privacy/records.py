"""Everything the desk holds under one identity number: what a request for access shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, or_, select

from app.models import counter_tables, life_tables, tables
from app.models.privacy_tables import subject_request


@dataclass(frozen=True)
class PersonRecords:
    """Ids of what concerns the person. ``drafts`` are found by the number typed into them."""

    dossiers: tuple[str, ...]
    help_cases: tuple[str, ...]
    drafts: tuple[str, ...]
    requests: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.dossiers or self.help_cases or self.drafts or self.requests)


def records_of(connection: Connection, identity: str) -> PersonRecords:
    """Dossiers by any party's present or old number, help cases, drafts, requests; oldest first."""
    p, h, r = tables.party.c, tables.help_case.c, subject_request.c
    dossiers = connection.execute(
        select(tables.dossier.c.id)
        .where(
            tables.dossier.c.id.in_(
                select(p.dossier_id).where(or_(p.id_value == identity, p.old_id == identity))
            )
        )
        .order_by(tables.dossier.c.row_no)
    ).scalars()
    cases = connection.execute(select(h.id).where(h.personal_id == identity).order_by(h.opened_at)).scalars()
    asked = connection.execute(
        select(r.id).where(r.personal_id == identity).order_by(r.received_at)
    ).scalars()
    return PersonRecords(tuple(dossiers), tuple(cases), _drafts(connection, identity), tuple(asked))


def parties_of(connection: Connection, dossier_id: str) -> Sequence[RowMapping]:
    """The people of a dossier."""
    query = select(tables.party).where(tables.party.c.dossier_id == dossier_id).order_by(tables.party.c.id)
    return connection.execute(query).mappings().all()


def is_person(party: RowMapping, identity: str) -> bool:
    """Whether the row is about the person of that number."""
    return identity in (party["id_value"], party["old_id"])


@dataclass(frozen=True)
class DossierCounts:
    """How much hangs on a dossier."""

    papers: int
    payments: int
    results: int
    prints: int
    eforms: int
    posted: int
    copies: int
    readings: int


def counts_of(connection: Connection, dossier_id: str) -> DossierCounts:
    """Counted, not copied: the papers themselves are in the dossier."""

    def many(table: Table, column: ColumnElement[str], *more: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(column == dossier_id, *more)
        return int(connection.execute(query).scalar_one())

    a = tables.audit.c
    return DossierCounts(
        papers=many(tables.component, tables.component.c.dossier_id),
        payments=many(life_tables.payment, life_tables.payment.c.dossier_id),
        results=many(life_tables.result_document, life_tables.result_document.c.dossier_id),
        prints=many(tables.print_job, tables.print_job.c.dossier_id),
        eforms=many(counter_tables.eform, counter_tables.eform.c.dossier_id),
        posted=many(life_tables.post_item, life_tables.post_item.c.dossier_id),
        copies=many(tables.certified_copy, tables.certified_copy.c.dossier_id),
        readings=many(tables.audit, a.record_id, a.act == "read"),
    )


def _drafts(connection: Connection, identity: str) -> tuple[str, ...]:
    rows = connection.execute(select(tables.draft.c.id, tables.draft.c.body))
    return tuple(row.id for row in rows if identity in _plain(row.body))


def _plain(body: object) -> str:
    return json.dumps(body, ensure_ascii=False).replace(" ", "").upper()
