"""Finding dossiers by what is at hand: a name, a torn slip, a telephone, an identity number (SCREENS)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Integer, RowMapping, func, literal_column, or_, select, text
from sqlalchemy.sql.elements import ColumnElement

from app.domain.dossier_status import Status
from app.domain.people import Address
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text
from app.models import tables
from app.models.tables import SEARCH_TABLE
from app.services.desk import Desk
from app.services.finding.search_query import match_text
from app.services.privacy.identity import is_restricted
from app.services.recording import Recorder

DEFAULT_LIMIT = 20

_OPEN = (
    Status.NEW,
    Status.RECEIVED,
    Status.PROCESSING,
    Status.SUPPLEMENT_REQUESTED,
    Status.FEE_REQUESTED,
    Status.COMPLETED,
)

_d = tables.dossier.c
_HIT = (
    _d.row_no,
    _d.id,
    _d.number,
    _d.provisional_number,
    _d.owner_name,
    _d.procedure_code,
    _d.procedure_name,
    _d.status,
    _d.received_at,
    _d.due_at,
    _d.sync_state,
)


@dataclass(frozen=True)
class Hit:
    """One dossier found. ``number``: the official one, else the provisional one; ``procedure``: its code."""

    id: str
    number: str
    provisional: bool
    name: str
    procedure: str
    procedure_name: str
    status: Status
    received_at: datetime
    due_at: datetime | None
    sync: str


@dataclass(frozen=True)
class Found:
    """``count``: all that fit, also those beyond the limit; ``ms``: whole milliseconds it took."""

    count: int
    results: tuple[Hit, ...]
    ms: int


@dataclass(frozen=True)
class Visits:
    """A citizen's earlier dossiers; contact as last given, ``None`` where never given."""

    count: int
    last: Hit | None
    phone: str | None
    address: Address | None


def find(desk: Desk, by: Officer, text: str, limit: int = DEFAULT_LIMIT) -> Found:
    """Dossiers that fit the text: an exact number first, then the newest.

    Marks and case do not matter; initials, the beginning of each word, part of a number, the telephone
    and the identity number are found. Text without a letter or digit finds nothing.
    """
    by.require(Permission.SEARCH)
    started = desk.clock.monotonic_ms()
    limit = max(0, limit)
    with desk.store.read() as connection:
        exact = _rows(connection, exact_number(text), limit)
        count, newest = _matching(connection, match_text(text), limit)
    ordered = {row["row_no"]: row for row in (*exact, *newest)}
    results = tuple(_hit(row) for row in list(ordered.values())[:limit])
    return Found(max(count, len(ordered)), results, desk.clock.monotonic_ms() - started)


def earlier_visits(desk: Desk, by: Officer, personal_id: str | None) -> Visits:
    """What the desk knows of this identity number's earlier dossiers; reading the contact is audited. Where
    the person has had the use of their data restricted, the contact is not offered again."""
    by.require(Permission.SEARCH)
    identity = clean_text(personal_id or "")
    if not identity:
        return Visits(0, None, None, None)
    with desk.store.read() as connection:
        seen = _visits(connection, identity)
        if is_restricted(connection, identity):
            seen = replace(seen, phone=None, address=None)
    if seen.last is not None:
        with desk.store.write() as connection:
            recorder = Recorder(connection, desk, by, desk.clock.now())
            recorder.audit("read_visits", "dossier", seen.last.id, ("phone", "address"))
    return seen


def open_same(desk: Desk, by: Officer, personal_id: str | None, procedure_code: str) -> tuple[Hit, ...]:
    """Dossiers of this person and procedure that are not at their end, newest first: shown before a
    second one is accepted."""
    by.require(Permission.SEARCH)
    identity = clean_text(personal_id or "")
    if not identity:
        return ()
    person = select(tables.party.c.dossier_id).where(
        tables.party.c.id_value == identity, tables.party.c.role == "owner"
    )
    wanted = _d.id.in_(person) & (_d.procedure_code == procedure_code) & _d.status.in_(_OPEN)
    with desk.store.read() as connection:
        return tuple(_hit(row) for row in _rows(connection, wanted, 10))


def exact_number(typed: str) -> ColumnElement[bool]:
    """The dossier of exactly this number (official, provisional) or id; signs and case do not matter."""
    plain = clean_text(typed)[:80].translate(_DASHES)
    number = "".join(plain.split()).upper()
    return or_(_d.number == number, _d.provisional_number == number, _d.id == plain.lower())


_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def _matching(connection: Connection, match: str | None, limit: int) -> tuple[int, list[RowMapping]]:
    if match is None:
        return 0, []
    fits = text(f"{SEARCH_TABLE} MATCH :match").bindparams(match=match)
    count = connection.execute(select(func.count()).select_from(text(SEARCH_TABLE)).where(fits)).scalar_one()
    ids = (
        connection.execute(
            select(literal_column("rowid", Integer))
            .select_from(text(SEARCH_TABLE))
            .where(fits)
            .order_by(text("rowid DESC"))
            .limit(limit)
        )
        .scalars()
        .all()
    )
    return count, _rows(connection, _d.row_no.in_(ids), limit)


def _rows(connection: Connection, wanted: ColumnElement[bool], limit: int) -> list[RowMapping]:
    query = select(*_HIT).where(wanted).order_by(_d.row_no.desc()).limit(limit)
    return list(connection.execute(query).mappings())


def _visits(connection: Connection, identity: str) -> Visits:
    p = tables.party.c
    query = (
        select(*_HIT, p.phone, p.address)
        .join_from(tables.party, tables.dossier, p.dossier_id == _d.id)
        .where(p.id_value == identity)
        .order_by(_d.row_no.desc())
    )
    rows = list(connection.execute(query).mappings())
    if not rows:
        return Visits(0, None, None, None)
    phone = next((row["phone"] for row in rows if row["phone"]), None)
    address = next((Address(**row["address"]) for row in rows if any(row["address"].values())), None)
    return Visits(len({row["id"] for row in rows}), _hit(rows[0]), phone, address)


def _hit(row: RowMapping) -> Hit:
    return Hit(
        id=row["id"],
        number=row["number"] or row["provisional_number"],
        provisional=row["number"] is None,
        name=row["owner_name"],
        procedure=row["procedure_code"],
        procedure_name=row["procedure_name"],
        status=Status(row["status"]),
        received_at=row["received_at"],
        due_at=row["due_at"],
        sync=row["sync_state"],
    )
