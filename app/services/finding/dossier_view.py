"""One dossier whole, read for the detail screen and ``show``; reading one is audited (I23)."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, Table, func, select

from app.domain.dossier_status import Status, lawful_acts
from app.domain.people import Address
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError
from app.models import tables
from app.models.life_tables import result_document
from app.services.audit.verify import note_read
from app.services.desk import Desk
from app.services.extensions import extensions_allowed, extensions_used
from app.services.finding.dossier_detail import (
    ComponentView,
    DossierDetail,
    FeeView,
    FileView,
    HistoryLine,
    PartyView,
    PrintView,
    ProposalView,
    ResultView,
)
from app.services.finding.row_state import given_back, left_words, row_state
from app.services.finding.search import exact_number
from app.services.intake.visit import authority_of
from app.services.money.fee_debts import fees_owed
from app.text import t


def find_dossier_id(desk: Desk, number_or_id: str) -> str:
    """The id behind an official number, a provisional one (for ever) or the id itself.

    Raises ``NotFoundError`` "no-dossier".
    """
    c = tables.dossier.c
    with desk.store.read() as connection:
        found = connection.execute(select(c.id).where(exact_number(number_or_id))).scalars().first()
    if found is None:
        raise no_dossier()
    return str(found)


def show_dossier(desk: Desk, by: Officer, number: str, *, audited: bool = True) -> DossierDetail:
    """One dossier by number or id. ``audited`` false only to draw anew what this officer has open.

    Raises ``NotFoundError`` "no-dossier".
    """
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        detail = _detail(connection, desk, by, dossier_id)
    if audited:
        note_read(desk, by, "dossier", dossier_id)
    return detail


def no_dossier() -> NotFoundError:
    """No dossier carries this number."""
    return NotFoundError(
        "no-dossier",
        t("Không tìm thấy hồ sơ này."),
        t("Kiểm tra lại số hồ sơ, hoặc tìm theo tên chủ hồ sơ."),
        field="number",
    )


def _detail(connection: Connection, desk: Desk, by: Officer, dossier_id: str) -> DossierDetail:
    row = connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id)).mappings().one()
    status = Status(row["status"])
    now, calendar = desk.clock.now(), desk.reference.calendar
    back = status is Status.RETURNED and bool(given_back(connection, [dossier_id]))
    state = row_state(status, row["received_at"], row["due_at"], now, calendar, papers_back=back)
    running = row["due_at"] is not None and status in (Status.RECEIVED, Status.PROCESSING)
    kept = {name: row[name] for name in _PLAIN}
    address = row["return_address"]
    return DossierDetail(
        **kept,
        number=row["number"] or row["provisional_number"],
        provisional=row["number"] is None,
        status=status,
        return_address=None if address is None else Address(**address),
        officer_name=_officer_name(connection, row["officer_id"]),
        sync=row["sync_state"],
        state=state,
        left=left_words(row["due_at"], now, calendar) if running else "",
        acts=lawful_acts(status, by.role),
        parties=tuple(_party(each) for each in _of(connection, tables.party, dossier_id)),
        components=tuple(_component(each) for each in _of(connection, tables.component, dossier_id)),
        fees=tuple(_fee(each) for each in _of(connection, tables.fee, dossier_id)),
        history=_history(connection, dossier_id),
        files=_files(connection, dossier_id),
        prints=tuple(_print(each) for each in _of(connection, tables.print_job, dossier_id)),
        proposals=tuple(_proposal(each) for each in _of(connection, tables.proposal, dossier_id)),
        results=tuple(_result(each) for each in _of(connection, result_document, dossier_id)),
        extensions_used=extensions_used(connection, dossier_id),
        extensions_allowed=extensions_allowed(connection),
        unpaid_vnd=fees_owed(connection, dossier_id).left_vnd,
    )


_PLAIN = (
    "row_no",
    "id",
    "provisional_number",
    "procedure_code",
    "procedure_version",
    "procedure_name",
    "procedure_detail",
    "form_set",
    "channel",
    "submitted_at",
    "received_at",
    "due_at",
    "due_reason",
    "due_confirmed",
    "due_manual",
    "ended_at",
    "returned_at",
    "supplement_rounds",
    "copies",
    "return_method",
    "receiving_unit_name",
    "handling_unit_name",
    "custodian_unit",
    "register_book",
    "register_no",
    "fee_total",
    "foreign_system",
    "foreign_no",
    "group_id",
    "session_id",
)

_ORDER = {"result_document": "at", "party": "role", "component": "position", "proposal": "made_at"}


def _of(connection: Connection, table: Table, dossier_id: str) -> list[RowMapping]:
    order = table.c[_ORDER.get(table.name, "id")]
    return list(
        connection.execute(
            select(table).where(table.c.dossier_id == dossier_id).order_by(order, table.c.id)
        ).mappings()
    )


def _history(connection: Connection, dossier_id: str) -> tuple[HistoryLine, ...]:
    h, e = tables.history.c, tables.event.c
    rows = connection.execute(
        select(tables.history, e.verdict)
        .outerjoin_from(tables.history, tables.event, e.event_id == h.event_id)
        .where(h.dossier_id == dossier_id)
        .order_by(h.id)
    ).mappings()
    return tuple(
        HistoryLine(
            act=row["act"],
            at=row["at"],
            recorded_at=row["recorded_at"],
            by=row["by_name"],
            by_officer=row["officer_id"] is not None,
            detail=row["detail"],
            sent="none" if row["event_id"] is None else row["verdict"] or "waiting",
        )
        for row in rows
    )


def _files(connection: Connection, dossier_id: str) -> tuple[FileView, ...]:
    """Files named by the dossier's events, each once, in the order they were told of."""
    e, f = tables.event.c, tables.stored_file.c
    lists = connection.execute(
        select(e.files)
        .where(e.dossier_id == dossier_id, func.length(e.files) > 2)
        .order_by(e.recorded_at, e.desk_seq)
    )
    named = list(dict.fromkeys(sha256 for files in lists.scalars() for sha256 in files))
    if not named:
        return ()
    rows = connection.execute(select(f.sha256, f.size, f.media_type).where(f.sha256.in_(named)))
    known = {row.sha256: FileView(row.sha256, row.size, row.media_type) for row in rows}
    return tuple(known[sha256] for sha256 in named if sha256 in known)


def _officer_name(connection: Connection, officer_id: str) -> str:
    c = tables.officer.c
    return str(connection.execute(select(c.name).where(c.id == officer_id)).scalar_one_or_none() or "")


def _party(row: RowMapping) -> PartyView:
    return PartyView(
        role=row["role"],
        name=row["full_name"],
        id_kind=row["id_kind"],
        id_value=row["id_value"],
        birth_date=row["birth_date"],
        sex=row["sex"],
        nationality=row["nationality"],
        phone=row["phone"],
        email=row["email"],
        address=Address(**row["address"]),
        relation=row["relation"],
        source=row["source"],
        authority=authority_of(row["authority"]),
    )


def _component(row: RowMapping) -> ComponentView:
    return ComponentView(
        id=row["id"],
        code=row["code"],
        national_code=row["national_code"],
        position=row["position"],
        name=row["name"],
        mandatory=row["mandatory"],
        presented_only=row["presented_only"],
        copy_kind=row["copy_kind"],
        quantity=row["quantity"],
        reuse=row["reuse"],
        from_national_store=row["from_national_store"],
        note=row["note"],
        reuse_source=row["reuse_source"],
        reuse_day=row["reuse_day"],
        substitute=row["substitute"],
    )


def _fee(row: RowMapping) -> FeeView:
    return FeeView(row["code"], row["name"], row["amount_vnd"], row["rule"], row["kind"], row["stage"])


def _print(row: RowMapping) -> PrintView:
    return PrintView(row["id"], row["form"], row["copy_no"], row["made_at"], row["state"], row["printer"])


def _result(row: RowMapping) -> ResultView:
    return ResultView(
        id=row["id"],
        name=row["name"],
        number=row["number"],
        book=row["book"],
        issued_on=row["issued_at"],
        signer=row["signer"],
        signer_title=row["signer_title"],
        sha256=row["sha256"],
        elsewhere=row["elsewhere"],
        superseded=row["superseded_at"] is not None,
    )


def _proposal(row: RowMapping) -> ProposalView:
    return ProposalView(row["id"], row["field"], row["ours"], row["theirs"], row["made_at"], row["state"])
