"""Mobile registration (đăng ký lưu động): a laptop, a desk of its own, goes to a hamlet and comes back.

A session says where and for which procedures; what is received of them meanwhile carries its id. Numbers
are the laptop's own (its block, else provisional ones under its desk digit), so that two desks without a
line never give the same number; the province learns of them at the next round like of any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from app.clock import VIETNAM
from app.domain.catalogue import ProcedureVersion
from app.domain.dossier_status import Status
from app.domain.field_list import FieldLine, FieldList
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import clean_text, require_text
from app.errors import AppError, NotFoundError, RuleError
from app.models import tables
from app.models.counter_tables import field_session
from app.protocol.ids import new_id
from app.services.desk import Desk
from app.services.papers import slips
from app.services.recording import Recorder
from app.text import t

_MOBILE = "lưu động"
"""What the catalogue calls the procedures of a journey."""

LONGEST_WORDS = 300


@dataclass(frozen=True)
class FieldSession:
    """One journey. ``procedures``: code and name of what it registers; ``dossiers``: received so far."""

    id: str
    place: str
    procedures: Mapping[str, str]
    opened_at: datetime
    closed_at: datetime | None
    officer: str
    note: str
    dossiers: int


@dataclass(frozen=True)
class FieldDossier:
    """One dossier of a session. ``province``: none, waiting, deferred, rejected or accepted."""

    id: str
    number: str
    provisional: bool
    owner_name: str
    procedure_name: str
    status: Status
    received_at: datetime
    due_at: datetime | None
    province: str


def mobile_procedures(desk: Desk) -> tuple[ProcedureVersion, ...]:
    """The procedures in force today that are registered away from the office, by the catalogue's names."""
    catalogue, today = desk.reference.catalogue, desk.clock.now().astimezone(VIETNAM).date()
    found: dict[str, ProcedureVersion] = {}
    for code in catalogue.codes:
        version = _in_force(desk, code, today)
        if version is not None and _MOBILE in f"{version.name} {version.short_name}".casefold():
            found[version.code] = version
    return tuple(sorted(found.values(), key=lambda version: (version.everyday_rank or 99, version.code)))


def open_session(
    desk: Desk, by: Officer, place: str, *, procedures: Sequence[str] = (), note: str = ""
) -> FieldSession:
    """Begin a journey to ``place`` (thôn, bản, nhà văn hóa …); without ``procedures`` all mobile ones.

    Raises ``RuleError``: "not-permitted", "session-open" while one is open, "place-missing",
    "procedure-not-mobile".
    """
    by.require(Permission.RECEIVE)
    where = clean_text(require_text(place, "place"))[:LONGEST_WORDS]
    if not where:
        raise RuleError(
            "place-missing",
            t("Chưa ghi đi đăng ký lưu động ở đâu."),
            t("Ghi tên thôn, bản hoặc nơi tiếp dân."),
            field="place",
        )
    chosen = _chosen(desk, procedures)
    now, session_id = desk.clock.now(), new_id()
    with desk.store.write() as connection:
        _require_none_open(connection)
        connection.execute(
            insert(field_session).values(
                id=session_id,
                place=where,
                procedures=chosen,
                opened_at=now,
                officer_id=by.id,
                note=clean_text(require_text(note, "note"))[:LONGEST_WORDS],
            )
        )
        Recorder(connection, desk, by, now).audit("open_field_session", "field_session", session_id)
        return _one(connection, session_id)


def close_session(desk: Desk, by: Officer) -> FieldSession:
    """Back from the hamlet: what is received from now on is the counter's again.

    Raises ``NotFoundError`` "no-field-session", ``RuleError`` "not-permitted".
    """
    by.require(Permission.RECEIVE)
    now = desk.clock.now()
    with desk.store.write() as connection:
        open_id = _open_id(connection)
        if open_id is None:
            raise NotFoundError(
                "no-field-session",
                t("Không có buổi lưu động nào đang mở."),
                t("Mở buổi lưu động trước khi đi."),
            )
        connection.execute(update(field_session).where(field_session.c.id == open_id).values(closed_at=now))
        Recorder(connection, desk, by, now).audit("close_field_session", "field_session", open_id)
        return _one(connection, open_id)


def current_session(desk: Desk, by: Officer) -> FieldSession | None:
    """The journey now under way, if there is one."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        open_id = _open_id(connection)
        return None if open_id is None else _one(connection, open_id)


def list_sessions(desk: Desk, by: Officer, limit: int = 50) -> tuple[FieldSession, ...]:
    """Journeys, the newest first."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        rows = connection.execute(_query().order_by(field_session.c.opened_at.desc()).limit(limit))
        return tuple(_read(row) for row in rows.mappings())


def session_dossiers(desk: Desk, by: Officer, session_id: str) -> tuple[FieldDossier, ...]:
    """What one journey received, in order. Raises ``NotFoundError`` "no-field-session"."""
    by.require(Permission.VIEW)
    with desk.store.read() as connection:
        _one(connection, session_id)
        return _dossiers(connection, session_id)


def session_list_pdf(desk: Desk, by: Officer, session_id: str) -> bytes:
    """The list of one journey on A4, for the file and for whoever signs for the papers brought back.

    It holds names, so each drawing is noted in the audit.
    """
    from app.printing.field_list import draw_field_list

    pdf = draw_field_list(session_list(desk, by, session_id))
    with desk.store.write() as connection:
        Recorder(connection, desk, by, desk.clock.now()).audit("print", "field_session", session_id)
    return pdf


def session_list(desk: Desk, by: Officer, session_id: str) -> FieldList:
    """What that list says. Raises ``NotFoundError`` "no-field-session"."""
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        session = _one(connection, session_id)
        lines = _dossiers(connection, session_id)
        return FieldList(
            head=slips.slip_head(connection, desk, serial=""),
            place=session.place,
            opened_at=session.opened_at,
            closed_at=session.closed_at,
            officer=session.officer,
            lines=tuple(
                FieldLine(line.number, line.owner_name, line.procedure_name, line.received_at, line.due_at)
                for line in lines
            ),
            demo=desk.profile.demo,
        )


def _in_force(desk: Desk, code: str, today: date) -> ProcedureVersion | None:
    try:
        return desk.reference.catalogue.version_for(code, today)
    except AppError:
        return None


def _chosen(desk: Desk, procedures: Sequence[str]) -> dict[str, str]:
    mobile = {version.code: version.short_name or version.name for version in mobile_procedures(desk)}
    wrong = [code for code in procedures if code not in mobile]
    if wrong or not mobile:
        raise RuleError(
            "procedure-not-mobile",
            t("Thủ tục này không có cách làm lưu động."),
            t("Chọn trong các thủ tục lưu động: {names}.").format(names=", ".join(mobile.values()) or "–"),
            field="procedure",
        )
    return {code: mobile[code] for code in procedures or mobile}


def _require_none_open(connection: Connection) -> None:
    open_id = _open_id(connection)
    if open_id is not None:
        place = _one(connection, open_id).place
        raise RuleError(
            "session-open",
            t("Buổi lưu động ở {place} còn đang mở.").format(place=place),
            t("Đóng buổi đó trước, rồi mở buổi mới."),
        )


def _open_id(connection: Connection) -> str | None:
    c = field_session.c
    return connection.execute(select(c.id).where(c.closed_at.is_(None)).limit(1)).scalar_one_or_none()


def _query() -> Select[Any]:
    d = tables.dossier.c
    counted = (
        select(d.session_id, func.count().label("dossiers"))
        .where(d.session_id.is_not(None))
        .group_by(d.session_id)
        .subquery()
    )
    return (
        select(
            field_session,
            tables.officer.c.name.label("officer"),
            func.coalesce(counted.c.dossiers, 0).label("dossiers"),
        )
        .join(tables.officer, tables.officer.c.id == field_session.c.officer_id)
        .outerjoin(counted, counted.c.session_id == field_session.c.id)
    )


def _one(connection: Connection, session_id: str) -> FieldSession:
    row = connection.execute(_query().where(field_session.c.id == session_id)).mappings().first()
    if row is None:
        raise NotFoundError(
            "no-field-session",
            t("Không tìm thấy buổi lưu động này."),
            t("Xem lại danh sách các buổi lưu động."),
        )
    return _read(row)


def _read(row: RowMapping) -> FieldSession:
    return FieldSession(**{name: row[name] for name in FieldSession.__dataclass_fields__})


def _dossiers(connection: Connection, session_id: str) -> tuple[FieldDossier, ...]:
    d = tables.dossier.c
    rows = connection.execute(
        select(
            d.id,
            d.number,
            d.provisional_number,
            d.owner_name,
            d.procedure_name,
            d.status,
            d.received_at,
            d.due_at,
            d.sync_state,
        )
        .where(d.session_id == session_id)
        .order_by(d.row_no)
    )
    return tuple(
        FieldDossier(
            id=row.id,
            number=row.number or row.provisional_number,
            provisional=row.number is None,
            owner_name=row.owner_name,
            procedure_name=row.procedure_name,
            status=Status(row.status),
            received_at=row.received_at,
            due_at=row.due_at,
            province=row.sync_state,
        )
        for row in rows
    )
