"""One dossier whole, as the detail screen and ``show`` give it; reading one is audited (I23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, select

from app.clock import to_wire
from app.domain.dossier_status import Act, Status, lawful_acts
from app.domain.people import Address
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError
from app.models import tables
from app.models.life_tables import result_document
from app.services.audit.verify import note_read
from app.services.desk import Desk
from app.services.extensions import EXTENSIONS_DEFAULT, extensions_allowed, extensions_used
from app.services.finding.row_state import RowState, given_back, left_words, row_state
from app.services.finding.search import exact_number
from app.services.intake.visit import Authority, authority_of
from app.services.money.fee_debts import fees_owed
from app.text import t


@dataclass(frozen=True)
class FileView:
    """A file of the dossier that goes to the province."""

    sha256: str
    size: int
    media_type: str

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it; ``bytes`` is the size."""
        return {"sha256": self.sha256, "bytes": self.size, "media_type": self.media_type}


@dataclass(frozen=True)
class PartyView:
    """A person of the dossier. ``role``: owner, submitter, spouse, child, father, mother or witness;
    ``source``: card or typed."""

    role: str
    name: str
    id_kind: str
    id_value: str | None
    birth_date: date | None
    sex: str | None
    nationality: str | None
    phone: str | None
    email: str | None
    address: Address
    relation: str
    source: str
    authority: Authority | None = None
    """The paper by which a submitter acts for the owner."""

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it, members named as in the file of ``receive --person``."""
        return {
            "role": self.role,
            "name": self.name,
            "id_kind": self.id_kind,
            "id_value": self.id_value,
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "sex": self.sex,
            "nationality": self.nationality,
            "phone": self.phone,
            "email": self.email,
            "address": self.address.as_written or self.address.detail or None,
            "relation": self.relation or None,
        }


@dataclass(frozen=True)
class ComponentView:
    """One paper of the dossier. ``code``: its id in the catalogue; ``mandatory``: yes, one_of,
    conditional, no; ``copy_kind``: the wire's; ``reuse``: none, component or result, held by
    ``reuse_source`` since ``reuse_day``; ``substitute``: what was accepted in its place."""

    id: str
    code: str
    national_code: str
    position: int
    name: str
    mandatory: str
    presented_only: bool
    copy_kind: str
    quantity: int
    reuse: str
    from_national_store: bool
    note: str
    reuse_source: str = ""
    reuse_day: date | None = None
    substitute: str = ""
    files: tuple[FileView, ...] = ()

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it."""
        return {
            "id": self.code,
            "name": self.name,
            "required": self.mandatory == "yes",
            "kind": self.copy_kind,
            "count": self.quantity,
            "files": [file.as_contract() for file in self.files],
        }


@dataclass(frozen=True)
class FeeView:
    """One fee. ``amount_vnd`` ``None``: not supplied by the province, never read as free."""

    code: str
    name: str
    amount_vnd: int | None
    rule: str
    kind: str
    stage: str


@dataclass(frozen=True)
class ResultView:
    """A result of the dossier. ``elsewhere``: the sector software that holds it; ``superseded``: the dossier
    was reopened since; ``sha256`` ``None``: no file was kept."""

    id: str
    name: str
    number: str
    book: str
    issued_on: date
    signer: str
    signer_title: str
    sha256: str | None
    elsewhere: str
    superseded: bool


@dataclass(frozen=True)
class HistoryLine:
    """One line of the dossier's history. ``act``: what was done, named as on the command line where it is
    an act; ``sent``: verdict of its event (none, waiting, accepted, deferred, rejected)."""

    act: str
    at: datetime
    recorded_at: datetime
    by: str
    by_officer: bool
    detail: Mapping[str, Any]
    sent: str

    def as_contract(self) -> dict[str, object]:
        """As ``show`` prints it."""
        return {"act": self.act, "at": to_wire(self.at), "by": self.by}


@dataclass(frozen=True)
class PrintView:
    """A printing of one of its papers. ``state``: kept, printed or failed."""

    job_id: int
    form: str
    copy_no: int
    made_at: datetime
    state: str
    printer: str


@dataclass(frozen=True)
class ProposalView:
    """A value of the province beside what the citizen's paper states (I17). ``state``: open or decided."""

    id: str
    field: str
    ours: Any
    theirs: Any
    made_at: datetime
    state: str


@dataclass(frozen=True)
class DossierDetail:
    """Everything of one dossier. ``sync``: none, waiting, deferred, rejected, accepted."""

    row_no: int
    id: str
    number: str
    provisional: bool
    provisional_number: str | None
    procedure_code: str
    procedure_version: int
    procedure_name: str
    procedure_detail: str
    form_set: str
    channel: str
    status: Status
    submitted_at: datetime
    received_at: datetime
    due_at: datetime | None
    due_reason: str
    due_confirmed: bool
    due_manual: bool
    ended_at: datetime | None
    returned_at: datetime | None
    supplement_rounds: int
    copies: int
    return_method: str
    return_address: Address | None
    receiving_unit_name: str
    handling_unit_name: str
    custodian_unit: str
    officer_name: str
    register_book: str
    register_no: int
    fee_total: int | None
    sync: str
    state: RowState
    left: str
    """Time left or delay in words; empty while no term runs."""
    acts: tuple[Act, ...]
    """What this officer may lawfully do with it now."""
    parties: tuple[PartyView, ...]
    components: tuple[ComponentView, ...]
    fees: tuple[FeeView, ...]
    history: tuple[HistoryLine, ...]
    files: tuple[FileView, ...]
    prints: tuple[PrintView, ...]
    proposals: tuple[ProposalView, ...]
    results: tuple[ResultView, ...] = ()
    foreign_system: str = ""
    foreign_no: str = ""
    group_id: str | None = None
    """The visit it came in with others (``services.group_intake``)."""
    session_id: str | None = None
    """The field session (lưu động) it was received in."""
    extensions_used: int = 0
    extensions_allowed: int = EXTENSIONS_DEFAULT
    """How often the due date was put off with an apology, and how often it may be (a setting)."""
    unpaid_vnd: int = 0
    """What is owed as far as amounts are known, by the receipts that stand."""

    @property
    def papers_given_back(self) -> bool:
        """Whether the dossier ended without a result and its papers went back to the citizen."""
        ends = [line.act for line in self.history if line.act in _ENDS]
        return self.status is Status.RETURNED and bool(ends) and ends[-1] != Act.COMPLETE

    @property
    def owner(self) -> PartyView:
        """Whose dossier it is."""
        return next(party for party in self.parties if party.role == "owner")

    def as_contract(self) -> dict[str, Any]:
        """The JSON of ``show`` (CONTRACT)."""
        return {
            "id": self.id,
            "number": self.number,
            "provisional": self.provisional,
            "provisional_number": self.provisional_number,
            "procedure": self.procedure_code,
            "channel": self.channel,
            "status": int(self.status),
            "received_at": to_wire(self.received_at),
            "due_at": _wire(self.due_at),
            "ended_at": _wire(self.ended_at),
            "returned_at": _wire(self.returned_at),
            "parties": [party.as_contract() for party in self.parties],
            "components": [component.as_contract() for component in self.components],
            "history": [line.as_contract() for line in self.history],
            "sync": self.sync,
            "files": [file.as_contract() for file in self.files],
        }


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

_ENDS = (Act.COMPLETE, Act.WITHDRAW, Act.STOP)

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


def _wire(moment: datetime | None) -> str | None:
    return None if moment is None else to_wire(moment)
