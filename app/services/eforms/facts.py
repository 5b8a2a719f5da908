"""What the dossier and earlier declarations of the same citizen already say, for ``domain.eform.prefill``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, RowMapping, select

from app.domain.eform.form import Answer, EForm
from app.domain.eform.prefill import Known
from app.domain.people import Sex
from app.models import counter_tables, tables
from app.services.desk import Desk
from app.services.intake.stored_filing import person_of
from app.services.papers.slips import slip_head
from app.text import t


def known_of(connection: Connection, desk: Desk, dossier: RowMapping, day: date) -> Known:
    """The people and the office of a dossier."""
    c = tables.party.c
    rows = list(
        connection.execute(
            select(tables.party).where(c.dossier_id == dossier["id"]).order_by(c.role, c.id)
        ).mappings()
    )
    by_role = {row["role"]: row for row in rows}
    owner, submitter = by_role["owner"], by_role.get("submitter", by_role["owner"])
    people = {"owner": person_of(owner), "submitter": person_of(submitter)}
    for row in sorted(rows, key=lambda row: row["role"] != "owner"):
        if row["sex"]:
            people.setdefault(Sex(row["sex"]).value, person_of(row))
    return Known(
        people=people,
        authority=t("Ủy ban nhân dân {unit}").format(unit=_inside(desk.profile.unit_name)),
        place=slip_head(connection, desk, "").place,
        day=day,
        relation="",
    )


def earlier_answers(connection: Connection, form: EForm, dossier: RowMapping) -> Mapping[str, Answer]:
    """Answers about the person at the counter in the latest finished declaration of theirs, any dossier.

    Only fields this form fills from the submitter: what a birth said of a child says nothing of the next.
    """
    p, e = tables.party.c, counter_tables.eform.c
    own = {
        row.role: row.id_value
        for row in connection.execute(
            select(p.role, p.id_value).where(p.dossier_id == dossier["id"], p.id_value.is_not(None))
        )
    }
    person = own.get("submitter", own.get("owner"))
    if person is None:
        return {}
    theirs = select(p.dossier_id).where(p.id_value == person, p.role.in_(("owner", "submitter")))
    found = connection.execute(
        select(e["values"])
        .where(e.dossier_id.in_(theirs), e.dossier_id != dossier["id"], e.finished)
        .order_by(e.saved_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if not found or not _same(found, person):
        return {}
    about = {field.id for field in form.fields if field.prefill.startswith("submitter.")}
    return {key: value for key, value in found.items() if key in about}


def _same(values: Mapping[str, Answer], person: str) -> bool:
    """The earlier paper was asked for by this very person, and not by another for them."""
    paper = values.get("nyc_giay_to")
    return values.get("nyc_so_dinh_danh") == person or (
        isinstance(paper, Mapping) and paper.get("number") == person
    )


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]
