"""The appointment slip (form 01): content from what is stored, PDF, and the record of each printing.

Paper is made after the commit only. Every PDF is kept, encrypted, so that a dead printer never loses
one; the second and later printings are marked on the paper and in the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from app.clock import VIETNAM
from app.domain.catalogue import Channel, Detail, ProcedureVersion
from app.domain.dossier_number import register_no, slip_serial
from app.domain.dossier_status import Status
from app.domain.people import Address
from app.domain.phone import display_phone
from app.domain.roles import Officer, Permission
from app.domain.slips import ReceiptSlip, SlipComponent, SlipHead
from app.errors import NotFoundError, RuleError, StorageError
from app.models import tables
from app.printing.form_texts import form_set_for
from app.services.desk import Desk, read_setting
from app.services.intake.reception import reckon
from app.services.intake.visit import Intake
from app.services.money.fee_account import transfer_code
from app.services.papers.slip_words import copy_kind_words, fee_words, return_words, term_words
from app.services.recording import Recorder
from app.text import t

FORM = "01"
ERASED = "erased"
"""Purpose of a kept file whose bytes went at the end of their term; its hash stays as proof."""


@dataclass(frozen=True)
class MadePaper:
    """A PDF just made and kept. ``copy_no``: 1 for the first printing of this paper."""

    job_id: int
    pdf: bytes
    form: str
    form_set: str
    copy_no: int
    pages: int
    sha256: str


def receipt_slip(desk: Desk, by: Officer, dossier_id: str, copy_no: int = 1) -> ReceiptSlip:
    """What form 01 says of a stored dossier. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        return _content(connection, desk, dossier_id, copy_no)


@dataclass(frozen=True)
class Replaced:
    """An earlier printing that a corrected paper takes the place of, and why."""

    job_id: int
    copy_no: int
    made_at: datetime
    reason: str

    @property
    def words(self) -> str:
        """As the new paper is marked."""
        day = self.made_at.astimezone(VIETNAM)
        return t("Thay thế phiếu in ngày {day}, lần {count}").format(
            day=f"{day:%d/%m/%Y}", count=self.copy_no
        )


def make_slip(
    desk: Desk,
    by: Officer,
    dossier_id: str,
    paper: str = "a5_two_up",
    *,
    form_set: str | None = None,
    replaces: Replaced | None = None,
) -> MadePaper:
    """Draw form 01, keep the PDF, and note the printing ("In lại lần n" from the second on).

    ``paper``: a5_two_up, a5 or a4; ``form_set``: the dossier's own unless another is asked for;
    ``replaces``: marked as taking the place of an earlier one. The PDF is durable before the row that
    names it (I1).
    """
    by.require(Permission.PRINT)
    from app.printing.paper import Paper
    from app.printing.receipt_slip import draw_receipt_slip

    with desk.store.read() as connection:
        _require_accepted(connection, dossier_id)
        copy_no = next_copy(connection, dossier_id, FORM)
        content = _content(connection, desk, dossier_id, copy_no)
    if form_set is not None:
        content = replace(content, form_set=form_set)
    if replaces is not None:
        content = replace(content, replaces_words=replaces.words)
    pdf = draw_receipt_slip(content, paper=Paper(paper))
    return keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=dossier_id,
        form=FORM,
        form_set=content.form_set,
        pdf=pdf,
        copy_no=copy_no,
        replaces=replaces,
    )


def _require_accepted(connection: Connection, dossier_id: str) -> None:
    """Form 01 says "tiếp nhận": nothing is printed that the stream to the province does not hold (I1)."""
    if _dossier(connection, dossier_id)["status"] in (Status.NEW, Status.REFUSED):
        raise RuleError(
            "act-not-done",
            t("Hồ sơ này chưa được tiếp nhận nên chưa có giấy tiếp nhận, hẹn trả."),
            t("Tiếp nhận hồ sơ trước rồi in; hồ sơ không tiếp nhận thì in mẫu 03."),
            field="form",
        )


def keep_paper(
    desk: Desk,
    by: Officer,
    *,
    dossier_id: str | None,
    subject_id: str,
    form: str,
    form_set: str,
    pdf: bytes,
    copy_no: int,
    record_kind: str = "help_case",
    replaces: Replaced | None = None,
) -> MadePaper:
    """Keep a drawn paper in the encrypted file store and write its printing job.

    ``subject_id``: what the copies are counted by: the dossier, the act the paper states, or the help case;
    ``record_kind``: what the audit calls a subject that is no dossier.
    """
    from app.printing.document import page_count

    sha256 = desk.files.put(pdf)
    now = desk.clock.now()
    with desk.store.write() as connection:
        note_file(connection, sha256, len(pdf), "application/pdf", "print", now)
        result = connection.execute(
            insert(tables.print_job).values(
                dossier_id=dossier_id,
                subject_id=subject_id,
                form=form,
                form_set=form_set,
                copy_no=copy_no,
                made_at=now,
                officer_id=by.id,
                sha256=sha256,
                state="kept",
                replaces=None if replaces is None else replaces.job_id,
                reason="" if replaces is None else replaces.reason,
            )
        )
        assert result.inserted_primary_key is not None
        job_id = int(result.inserted_primary_key[0])
        recorder = Recorder(connection, desk, by, now)
        if dossier_id is not None:
            marked = {} if replaces is None else {"replaces": replaces.copy_no}
            recorder.history(dossier_id, "print", {"form": form, "copy_no": copy_no, **marked})
        kind, record = ("dossier", dossier_id) if dossier_id else (record_kind, subject_id)
        recorder.audit("print", kind, record, (f"form_{form}",))
    return MadePaper(job_id, pdf, form, form_set, copy_no, page_count(pdf), sha256)


def kept_paper(desk: Desk, by: Officer, job_id: int) -> bytes:
    """The PDF of an earlier printing, as it was; looking at it again is audited (I23).

    Raises ``NotFoundError`` "no-paper", "paper-let-go" (past its term).
    """
    by.require(Permission.PRINT)
    job = tables.print_job.c
    with desk.store.read() as connection:
        kept = connection.execute(
            select(job.sha256, job.form, tables.stored_file.c.purpose)
            .join(tables.stored_file, tables.stored_file.c.sha256 == job.sha256)
            .where(job.id == job_id)
        ).first()
    if kept is None:
        raise NotFoundError("no-paper", t("Không có bản in này."), t("In lại từ hồ sơ."))
    if kept.purpose == ERASED:
        raise NotFoundError(
            "paper-let-go",
            t("Bản in này đã hết thời hạn giữ nên không còn ở đây."),
            t("Hồ sơ vẫn nguyên; in một bản mới từ hồ sơ."),
        )
    with desk.store.write() as connection:
        recorder = Recorder(connection, desk, by, desk.clock.now())
        recorder.audit("read_paper", "print_job", str(job_id), (f"form_{kept.form}",))
    return desk.files.get(kept.sha256)


def note_printed(desk: Desk, by: Officer, job_id: int, printer: str, *, ok: bool) -> None:
    """What became of a printing: taken by the printer, or failed and kept for later."""
    by.require(Permission.PRINT)
    with desk.store.write() as connection:
        changed = connection.execute(
            update(tables.print_job)
            .where(tables.print_job.c.id == job_id)
            .values(state="printed" if ok else "failed", printer=printer)
        ).rowcount
        if changed != 1:
            raise StorageError("no-paper", t("Không có bản in này."), t("In lại từ hồ sơ."))


def preview_slip(desk: Desk, by: Officer, intake: Intake) -> ReceiptSlip:
    """Form 01 as it would be for the form on screen; it has no number before acceptance."""
    by.require(Permission.RECEIVE)
    outlook = reckon(desk, intake)
    received_at = intake.received_at or desk.clock.now()
    rules = {rule.id: rule for rule in outlook.version.components}
    with desk.store.read() as connection:
        head = slip_head(connection, desk, serial="")
        office = office_name(connection, desk)
        lookup = _lookup_words(connection)
    owner = intake.owner
    return ReceiptSlip(
        form_set=form_set_for(received_at.date()),
        head=head,
        number="",
        provisional=True,
        receiving_office=office,
        owner_name=owner.name,
        owner_address=address_words(owner.address),
        owner_phone=phone_words(owner.phone),
        owner_email=owner.email or "",
        request=outlook.version.short_name,
        components=tuple(
            _listed(
                rules[spec.id].name,
                copy_kind_words(spec.kind or "original", rules[spec.id].kind == "present"),
                spec.count or max(1, rules[spec.id].originals + rules[spec.id].copies),
                held=spec.held is not None,
                substitute=spec.substitute,
            )
            for spec in intake.components
            if spec.id in rules
        )
        + tuple(
            SlipComponent(paper.name, copy_kind_words(paper.kind, False), paper.count)
            for paper in intake.free_papers
        ),
        sets=intake.copies,
        term_words=term_words(outlook.version.time_limit(intake.channel)),
        received_at=received_at,
        due_at=intake.manual_due.due_at if intake.manual_due else outlook.deadline.due_at,
        due_reason=intake.manual_due.reason if intake.manual_due else outlook.deadline.reason,
        return_words=return_words(intake.return_method, address_words(intake.return_address)),
        fee_words=fee_words(
            [(line.name, line.amount_vnd, line.exempt_reason) for line in outlook.fees],
            known=outlook.version.detail is Detail.FULL,
        ),
        register_book="",
        register_no="",
        submitter_name=(intake.submitter or owner).name,
        officer_name=by.name,
        lookup_words=lookup,
        demo=desk.profile.demo,
    )


def next_copy(connection: Connection, subject_id: str, form: str) -> int:
    """Number of the next printing of this form of this subject, from 1."""
    c = tables.print_job.c
    last = connection.execute(
        select(func.max(c.copy_no)).where(c.subject_id == subject_id, c.form == form)
    ).scalar_one()
    return int(last or 0) + 1


def slip_head(connection: Connection, desk: Desk, serial: str) -> SlipHead:
    """Head of official papers: the office's own words where it has set them, else the unit's name."""
    kept = read_setting(connection, "slip_head")
    words = kept if isinstance(kept, dict) else {}
    unit = desk.profile.unit_name
    return SlipHead(
        parent_agency=str(words.get("parent") or t("UBND {unit}").format(unit=unit)).upper(),
        agency=str(words.get("agency") or t("Trung tâm Phục vụ hành chính công")).upper(),
        place=str(words.get("place") or unit.partition(" ")[2] or unit),
        serial=serial,
    )


def note_file(
    connection: Connection, sha256: str, size: int, media_type: str, purpose: str, at: datetime
) -> None:
    """Name a durable file in the store; naming it twice is one row."""
    from sqlalchemy.dialects.sqlite import insert as upsert

    statement = upsert(tables.stored_file).values(
        sha256=sha256, size=size, media_type=media_type, purpose=purpose, created_at=at
    )
    here_again = tables.stored_file.c.purpose == ERASED
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["sha256"], set_={"purpose": purpose}, where=here_again
        )
    )


def _content(connection: Connection, desk: Desk, dossier_id: str, copy_no: int) -> ReceiptSlip:
    row = _dossier(connection, dossier_id)
    version = desk.reference.catalogue.get(row["procedure_code"], row["procedure_version"])
    people = _parties(connection, dossier_id)
    owner = people["owner"]
    submitter = people.get("submitter", owner)
    number = row["number"] or row["provisional_number"]
    head = slip_head(connection, desk, serial=slip_serial(row["provisional_number"] or number))
    office = office_name(connection, desk)
    book, _, year = row["register_book"].partition("/")
    return ReceiptSlip(
        form_set=row["form_set"],
        head=head,
        number=number,
        provisional=row["number"] is None,
        provisional_number=(row["provisional_number"] or "") if row["number"] else "",
        receiving_office=office,
        owner_name=owner["full_name"],
        owner_address=address_words(Address(**owner["address"])),
        owner_phone=phone_words(owner["phone"]),
        owner_email=owner["email"] or "",
        request=row["procedure_name"],
        components=_components(connection, dossier_id),
        sets=row["copies"],
        term_words=_term(version, row),
        received_at=row["received_at"],
        due_at=row["due_at"],
        due_reason=row["due_reason"],
        return_words=return_words(
            row["return_method"],
            address_words(Address(**row["return_address"])) if row["return_address"] else "",
        ),
        fee_words=fee_words(_fees(connection, dossier_id), known=version.detail is Detail.FULL),
        register_book=f"{book} ({year})",
        register_no=register_no(row["register_no"]),
        submitter_name=submitter["full_name"],
        officer_name=_officer_name(connection, row["officer_id"]),
        lookup_words=_lookup_words(connection),
        copy_no=copy_no,
        demo=desk.profile.demo,
        transfer=transfer_code(connection, dossier_id, number),
    )


def _dossier(connection: Connection, dossier_id: str) -> RowMapping:
    row = (
        connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id)).mappings().first()
    )
    if row is None:
        raise NotFoundError("no-dossier", t("Không tìm thấy hồ sơ này."), t("Kiểm tra lại số hồ sơ."))
    return row


def _parties(connection: Connection, dossier_id: str) -> dict[str, RowMapping]:
    rows = connection.execute(select(tables.party).where(tables.party.c.dossier_id == dossier_id)).mappings()
    return {row["role"]: row for row in rows}


def _components(connection: Connection, dossier_id: str) -> tuple[SlipComponent, ...]:
    c = tables.component.c
    rows = connection.execute(
        select(c.name, c.copy_kind, c.presented_only, c.quantity, c.reuse, c.substitute)
        .where(c.dossier_id == dossier_id)
        .order_by(c.position)
    ).mappings()
    return tuple(_component(row) for row in rows)


def _component(row: RowMapping) -> SlipComponent:
    """A paper as the slip lists it: one that is held already is said not to be asked for again."""
    return _listed(
        row["name"],
        copy_kind_words(row["copy_kind"], row["presented_only"]),
        row["quantity"],
        held=row["reuse"] != "none",
        substitute=row["substitute"],
    )


def _listed(name: str, kind: str, count: int, *, held: bool, substitute: str) -> SlipComponent:
    if held:
        return SlipComponent(t("{name} (đã có, không yêu cầu nộp)").format(name=name), t("Đã có"), 0)
    if substitute:
        name = t("{name} (thay bằng: {substitute})").format(name=name, substitute=substitute)
    return SlipComponent(name, kind, count)


def _fees(connection: Connection, dossier_id: str) -> list[tuple[str, int | None, str | None]]:
    c = tables.fee.c
    rows = connection.execute(select(c.name, c.amount_vnd, c.exempt_reason).where(c.dossier_id == dossier_id))
    return [(row.name, row.amount_vnd, row.exempt_reason) for row in rows]


def _officer_name(connection: Connection, officer_id: str) -> str:
    c = tables.officer.c
    return str(connection.execute(select(c.name).where(c.id == officer_id)).scalar_one_or_none() or "")


def _term(version: ProcedureVersion, row: RowMapping) -> str:
    return term_words(version.time_limit(Channel(row["channel"])))


def office_name(connection: Connection, desk: Desk) -> str:
    """The counter's own name: the office's words where it has set them, else after the unit."""
    kept = read_setting(connection, "office_name")
    if isinstance(kept, str) and kept:
        return kept
    unit = desk.profile.unit_name
    return t("Trung tâm Phục vụ hành chính công {unit}").format(unit=unit[:1].lower() + unit[1:])


def address_words(address: Address | None) -> str:
    """The address as papers carry it: as written, else the part below the commune."""
    if address is None:
        return ""
    return address.as_written or address.detail


def phone_words(phone: str | None) -> str:
    """The phone in groups of digits; empty without one."""
    return display_phone(phone) if phone else ""


def _lookup_words(connection: Connection) -> str:
    phone = read_setting(connection, "counter_phone")
    if isinstance(phone, str) and phone:
        return t("Tra cứu: mang phiếu đến quầy hoặc gọi {phone}.").format(phone=phone)
    return t("Tra cứu: mang phiếu đến quầy.")
