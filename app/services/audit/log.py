"""The audit log read on screen: who did or read what, by day, officer, act and record (I23, I24).

It tells numbers of dossiers and names of officers, no citizen: whoever wants to know more opens the dossier,
which is a reading of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Text, and_, cast, func, or_, select, true

from app.clock import from_wire
from app.domain.roles import Officer, Permission
from app.domain.typed_date import format_date
from app.models import tables
from app.models.life_tables import approval, payment
from app.services.audit.words import PROGRAM, act_words, fields_words, kept_words, kind_words
from app.services.desk import Desk
from app.services.finding.dossier_view import no_dossier
from app.services.finding.grid_query import day_bounds
from app.services.finding.search import exact_number
from app.services.recording import Recorder
from app.text import t

AT_ONCE = 200
"""So many entries are read at once, the newest first."""

_a = tables.audit.c


@dataclass(frozen=True)
class LogQuery:
    """What is asked for; ``None`` and "" ask for everything. Days are Vietnamese days, both included;
    ``record``: a dossier's number (official, provisional) or the id of any record."""

    first_day: date | None = None
    last_day: date | None = None
    officer_id: str | None = None
    act: str | None = None
    record: str = ""


@dataclass(frozen=True)
class LogLine:
    """One entry. ``record``: what it is about, with an officer's name or its days; ``number`` and
    ``dossier_id``: the dossier it belongs to, "" and ``None`` where there is none; ``at`` is ``None`` where
    what stands there is no time."""

    seq: int
    at: datetime | None
    officer: str
    act: str
    act_words: str
    record: str
    number: str
    detail: str
    dossier_id: str | None


@dataclass(frozen=True)
class LogPage:
    """Entries in descending order. ``total``: all that fit; ``more``: there are older ones than these."""

    lines: tuple[LogLine, ...]
    total: int
    more: bool


@dataclass(frozen=True)
class LogChoices:
    """What the filters offer: (key, words) of officers who acted and of acts that were done, by words."""

    officers: tuple[tuple[str, str], ...]
    acts: tuple[tuple[str, str], ...]


def open_log(desk: Desk, by: Officer) -> LogChoices:
    """Begin to look at the log: this itself is written into it, once, not at each filter.

    Raises ``RuleError`` "not-permitted".
    """
    by.require(Permission.READ_AUDIT)
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("read_audit", "audit", desk.profile.id)
        ids = connection.execute(select(_a.officer_id).distinct()).scalars().all()
        acts = connection.execute(select(_a.act).distinct()).scalars().all()
        names = _officers(connection, ids)
    return LogChoices(
        officers=tuple(sorted(names.items(), key=lambda each: each[1])),
        acts=tuple(sorted(((act, act_words(act)) for act in acts), key=lambda each: each[1])),
    )


def read_log(desk: Desk, by: Officer, query: LogQuery, before: int | None = None) -> LogPage:
    """The newest entries that fit, or those older than the entry ``before``.

    Raises ``RuleError`` "not-permitted", ``NotFoundError`` "no-dossier" where the record is neither a
    dossier's number nor the id of anything in the log.
    """
    by.require(Permission.READ_AUDIT)
    wanted = [*_of_days(query)]
    if query.officer_id is not None:
        wanted.append(_a.officer_id == query.officer_id)
    if query.act is not None:
        wanted.append(_a.act == query.act)
    older = [] if before is None else [_a.seq < before]
    with desk.store.read() as connection:
        if query.record.strip():
            wanted.append(_of_record(connection, query.record.strip()))
        total = connection.execute(select(func.count()).select_from(tables.audit).where(*wanted)).scalar_one()
        rows = _rows(connection, and_(true(), *wanted, *older))
        lines = _lines(connection, rows[:AT_ONCE])
    return LogPage(lines, total, more=len(rows) > AT_ONCE)


def _rows(connection: Connection, wanted: ColumnElement[bool]) -> Sequence[RowMapping]:
    """Time and fields as they are stored: a spoiled entry is shown, not stumbled over."""
    names = [_a.seq, _a.officer_id, _a.act, _a.record_kind, _a.record_id]
    raw = [cast(_a.at, Text).label("at"), cast(_a.fields, Text).label("fields")]
    query = select(*names, *raw).where(wanted).order_by(_a.seq.desc()).limit(AT_ONCE + 1)
    return connection.execute(query).mappings().all()


def _of_days(query: LogQuery) -> Iterable[ColumnElement[bool]]:
    if query.first_day is not None:
        yield _a.at >= day_bounds(query.first_day)[0]
    if query.last_day is not None:
        yield _a.at < day_bounds(query.last_day)[1]


def _of_record(connection: Connection, text: str) -> ColumnElement[bool]:
    """Entries of a dossier and of what hangs on it, or of the one record of that id."""
    found = connection.execute(select(tables.dossier.c.id).where(exact_number(text))).scalars().first()
    if found is None:
        own = _a.record_id == text
        if not connection.execute(select(_a.seq).where(own).limit(1)).first():
            raise no_dossier()
        return own
    hanging = [
        and_(_a.record_kind == kind, _a.record_id.in_(select(cast(table.c.id, Text)).where(of == found)))
        for kind, (table, of) in _HANGING.items()
    ]
    return or_(_a.record_id == found, _a.record_id.startswith(f"{found}/", autoescape=True), *hanging)


_HANGING = {
    "payment": (payment, payment.c.dossier_id),
    "approval": (approval, approval.c.dossier_id),
    "print_job": (tables.print_job, tables.print_job.c.dossier_id),
}
"""Kinds of records whose row names the dossier it belongs to."""


def _lines(connection: Connection, rows: Sequence[RowMapping]) -> tuple[LogLine, ...]:
    acting = {row["officer_id"] for row in rows}
    told = {row["record_id"] for row in rows if row["record_kind"] == "officer"}
    names = _officers(connection, acting | told)
    dossiers = _dossiers(connection, rows)
    numbers = _numbers(connection, set(dossiers.values()))
    return tuple(_line(row, names, dossiers.get(row["seq"]), numbers) for row in rows)


def _line(
    row: RowMapping, names: Mapping[str, str], dossier_id: str | None, numbers: Mapping[str, str]
) -> LogLine:
    return LogLine(
        seq=row["seq"],
        at=_moment(row["at"]),
        officer=names.get(row["officer_id"], t("không rõ")),
        act=row["act"],
        act_words=act_words(row["act"]),
        record=_record(row, names),
        number=numbers.get(dossier_id or "", ""),
        detail=fields_words(_fields(row["fields"])),
        dossier_id=dossier_id if dossier_id in numbers else None,
    )


def _record(row: RowMapping, names: Mapping[str, str]) -> str:
    kind, record_id = row["record_kind"], row["record_id"]
    if kind == "grid":
        return t("{count} dòng danh sách hồ sơ").format(count=record_id)
    if kind == "retention":
        kept, _, count = record_id.partition(":")
        return t("{what}: {count} mục").format(what=kept_words(kept), count=count)
    own = names.get(record_id, "") if kind == "officer" else _days(record_id)
    return f"{kind_words(kind)} {own}".rstrip()


def _days(record_id: str) -> str:
    """A record that is named by its day or days, as dates are written; "" for any other."""
    try:
        days = [date.fromisoformat(part) for part in record_id.split("/")]
    except ValueError:
        return ""
    return "–".join(dict.fromkeys(format_date(day) for day in days))


def _dossiers(connection: Connection, rows: Sequence[RowMapping]) -> dict[int, str]:
    """The dossier each entry belongs to, by the entry's number."""
    found = {
        row["seq"]: row["record_id"].partition("/")[0]
        for row in rows
        if row["record_kind"] in ("dossier", "eform")
    }
    for kind, (table, of) in _HANGING.items():
        own = {row["seq"]: row["record_id"] for row in rows if row["record_kind"] == kind}
        if own:
            key = cast(table.c.id, Text)
            belongs = {
                row[0]: row[1] for row in connection.execute(select(key, of).where(key.in_(own.values())))
            }
            found.update({seq: belongs[each] for seq, each in own.items() if belongs.get(each)})
    return found


def _numbers(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    d = tables.dossier.c
    rows = connection.execute(select(d.id, d.number, d.provisional_number).where(d.id.in_(ids))).all()
    return {row.id: row.number or row.provisional_number or "" for row in rows}


def _officers(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    o = tables.officer.c
    rows = connection.execute(select(o.id, o.name).where(o.id.in_(ids))).all()
    names = {row.id: row.name for row in rows}
    return {PROGRAM: t("Chương trình"), **names} if PROGRAM in ids else names


def _moment(stored: str) -> datetime | None:
    try:
        return from_wire(stored)
    except ValueError:
        return None


def _fields(stored: str) -> list[str]:
    try:
        fields = json.loads(stored)
    except ValueError:
        return []
    return [name for name in fields if isinstance(name, str)] if isinstance(fields, list) else []
