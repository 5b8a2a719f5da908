"""Statutory declarations of a dossier: prefilled, kept as structured data, printed for signing (DOMAIN §8).

A declaration stays at the desk: the protocol carries form data only with the reception of a dossier
(``DossierReceived.eform``), and a paper signed later is handed on as a paper. Filling one in writes a
history line and an audit row, no event. Nothing is ever submitted to a portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.sqlite import insert

from app.clock import VIETNAM, to_wire
from app.domain.eform.checks import Surroundings
from app.domain.eform.filling import Filled, fill, require_known
from app.domain.eform.form import Answer, EForm
from app.domain.eform.issues import Issue
from app.domain.eform.paper import declaration_paper, reprinted
from app.domain.eform.prefill import prefilled, without_strangers
from app.domain.roles import Officer, Permission
from app.errors import NotFoundError, RuleError
from app.models import counter_tables, tables
from app.protocol.ids import new_id
from app.services.audit.verify import note_read
from app.services.desk import Desk
from app.services.drafts import forget_draft, save_draft
from app.services.eforms.facts import earlier_answers, known_of
from app.services.eforms.shelf import form_for, forms_in_force
from app.services.finding.dossier_view import find_dossier_id
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

SCREEN = "eform"
_e = counter_tables.eform.c


@dataclass(frozen=True)
class EformDone:
    """A declaration stored and its paper made and kept."""

    id: str
    form: EForm
    saved_at: datetime
    answers: Mapping[str, Answer]
    warnings: tuple[Issue, ...]
    paper: MadePaper

    def as_contract(self) -> dict[str, object]:
        """The JSON of ``eform fill``."""
        return {
            "ok": True,
            "form": self.form.id,
            "version": self.form.version,
            "pages": self.paper.pages,
            "warnings": [
                {"code": issue.code, "field": issue.field or None, "text": issue.sentence}
                for issue in self.warnings
            ],
        }


@dataclass(frozen=True)
class EformOpen:
    """A declaration opened for filling in. ``raw``: what its fields begin with, a draft's before all else;
    ``focus``: the field a draft was left at; ``saved_at``: when it was last stored, if it was."""

    dossier_id: str
    number: str
    procedure_code: str
    procedure_name: str
    form: EForm
    raw: Mapping[str, Any]
    focus: str
    draft_at: datetime | None
    saved_at: datetime | None
    around: Surroundings
    today: date

    @property
    def finished(self) -> bool:
        """Whether it was stored before."""
        return self.saved_at is not None


@dataclass(frozen=True)
class EformOffer:
    """A declaration a dossier may have. ``finished``: it is stored; ``fits``: it is of its procedure."""

    form_id: str
    title: str
    finished: bool
    fits: bool = True


def offered_eforms(desk: Desk, by: Officer, number: str, *, others: bool = False) -> tuple[EformOffer, ...]:
    """The declarations of the dossier's procedure, then others stored with it; with ``others`` then all
    the rest in force on the day of reception. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        dossier = _dossier(connection, dossier_id)
        day, code = _received(dossier), dossier["procedure_code"]
        kept = connection.execute(select(_e.form_id, _e.version).where(_e.dossier_id == dossier_id)).all()
        forms = {form.id: form for form in forms_in_force(connection, day) if code in form.procedures}
        for row in kept:
            forms[row.form_id] = form_for(connection, row.form_id, day, row.version)
        for form in forms_in_force(connection, day) if others else ():
            forms.setdefault(form.id, form)
    done = {row.form_id for row in kept}
    return tuple(
        EformOffer(form.id, form.title, form.id in done, code in form.procedures) for form in forms.values()
    )


def open_eform(desk: Desk, by: Officer, number: str, form_id: str) -> EformOpen:
    """The declaration with all that is known: what was stored or drafted, else what the dossier says.

    It may show an ethnic group, so each opening is audited. Raises ``NotFoundError`` "no-dossier",
    "no-eform", ``RuleError`` "eform-not-in-force".
    """
    by.require(Permission.RECEIVE)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        opened = _open(connection, desk, by, dossier_id, form_id)
    note_read(desk, by, "eform", f"{dossier_id}/{form_id}")
    return opened


def prefill_eform(desk: Desk, by: Officer, number: str, form_id: str) -> dict[str, Answer]:
    """Answers the dossier already gives, derived ones included. Raises what ``open_eform`` raises."""
    opened = open_eform(desk, by, number, form_id)
    filled = fill(opened.form, opened.raw, opened.around, opened.today)
    return dict(filled.answers)


def look_at(opened: EformOpen, raw: Mapping[str, object]) -> Filled:
    """How the form stands with these answers: for the screen, nothing is stored."""
    return fill(opened.form, raw, opened.around, opened.today)


def preview_eform(desk: Desk, by: Officer, opened: EformOpen, raw: Mapping[str, object]) -> bytes:
    """The paper as it would be, whatever is still missing."""
    by.require(Permission.RECEIVE)
    from app.printing.declaration import draw_declaration

    filled = look_at(opened, raw)
    paper = reprinted(declaration_paper(opened.form, filled.answers), 1, demo=desk.profile.demo)
    return draw_declaration(paper, None)


def blank_eform(desk: Desk, by: Officer, number: str, form_id: str) -> tuple[EForm, bytes]:
    """The form with dots for a hand, in the version that holds for the dossier; nothing is stored."""
    by.require(Permission.PRINT)
    from app.printing.declaration import draw_declaration

    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        form = form_for(connection, form_id, _received(_dossier(connection, dossier_id)))
    paper = reprinted(declaration_paper(form, {}), 1, demo=desk.profile.demo)
    return form, draw_declaration(paper, None)


def save_eform_draft(
    desk: Desk, by: Officer, opened: EformOpen, raw: Mapping[str, object], focus: str
) -> datetime:
    """Keep what is typed, wrong or right, as it stands; durable when this returns."""
    body = {
        "dossier_id": opened.dossier_id,
        "form_id": opened.form.id,
        "version": opened.form.version,
        "raw": raw,
    }
    return save_draft(desk, by, _draft_id(by, opened.dossier_id, opened.form.id), SCREEN, focus, body)


def fill_eform(
    desk: Desk,
    by: Officer,
    number: str,
    form_id: str,
    values: Mapping[str, object],
    *,
    seen: EformOpen | None = None,
    at: datetime | None = None,
) -> EformDone:
    """Store a declaration and make its paper. ``values`` go before what the dossier says; with ``seen``
    they are all there is (the screen, where every field was in sight). ``at``: time of the act.

    Raises ``NotFoundError`` "no-dossier", "no-eform"; ``RuleError`` "eform-not-in-force",
    "eform-changed" (another officer stored it since ``seen``), "eform-unknown-field", "eform-missing"
    (``missing``: field ids), or the first field's own refusal.
    """
    by.require(Permission.RECEIVE)
    dossier_id = find_dossier_id(desk, number)
    now = at or desk.clock.now()
    with desk.store.write() as connection:
        opened = _open(connection, desk, by, dossier_id, form_id, drafts=False, now=now)
        require_known(opened.form, values)
        if seen is not None and opened.saved_at != seen.saved_at:
            raise _changed()
        first = {} if seen is not None else without_strangers(opened.form, opened.raw, values)
        raw = {**first, **values}
        filled = fill(opened.form, raw, opened.around, opened.today)
        filled.require()
        eform_id = _keep(connection, dossier_id, filled, by, now)
        forget_draft(connection, by, _draft_id(by, dossier_id, form_id))
        recorder = Recorder(connection, desk, by, now)
        recorder.history(dossier_id, "eform", {"form": form_id, "title": opened.form.title})
        recorder.audit("fill_eform", "dossier", dossier_id, sorted(filled.answers))
        paper = declaration_paper(opened.form, filled.answers)
        copy_no = slips.next_copy(connection, eform_id, form_id)
    made = _print(
        desk, by, dossier_id, eform_id, reprinted(paper, copy_no, demo=desk.profile.demo), opened.form
    )
    warnings = (*filled.warnings, *_of_procedure(opened))
    return EformDone(eform_id, opened.form, now, filled.answers, warnings, made)


def export_eform(desk: Desk, by: Officer, number: str, form_id: str) -> dict[str, object]:
    """The stored declaration as data, for keying in elsewhere. Reading one is audited (I23).

    Raises ``NotFoundError`` "no-dossier", "eform-not-filled".
    """
    by.require(Permission.VIEW)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.write() as connection:
        row = _stored(connection, dossier_id, form_id)
        if row is None:
            raise NotFoundError(
                "eform-not-filled",
                t("Hồ sơ này chưa có tờ khai đã hoàn thành theo mẫu này."),
                t("Điền tờ khai trước rồi xuất."),
                field="form",
            )
        dossier = _dossier(connection, dossier_id)
        form = form_for(connection, form_id, _received(dossier), row["version"])
        Recorder(connection, desk, by, desk.clock.now()).audit("export_eform", "dossier", dossier_id)
    return {
        "form": form.id,
        "version": row["version"],
        "title": form.title,
        "number": dossier["number"] or dossier["provisional_number"],
        "procedure": dossier["procedure_code"],
        "saved_at": to_wire(row["saved_at"]),
        "values": row["values"],
    }


def _open(
    connection: Connection,
    desk: Desk,
    by: Officer,
    dossier_id: str,
    form_id: str,
    *,
    drafts: bool = True,
    now: datetime | None = None,
) -> EformOpen:
    dossier = _dossier(connection, dossier_id)
    stored = _stored(connection, dossier_id, form_id)
    form = form_for(connection, form_id, _received(dossier), stored["version"] if stored else None)
    today = (now or desk.clock.now()).astimezone(VIETNAM).date()
    draft = _draft(connection, by, dossier_id, form_id) if drafts else None
    if draft is not None:
        raw = {key: value for key, value in draft["body"]["raw"].items() if form.field(key) is not None}
    elif stored is not None:
        raw = dict(stored["values"])
    else:
        known = known_of(connection, desk, dossier, today)
        raw = dict(prefilled(form, known, earlier_answers(connection, form, dossier)))
    return EformOpen(
        dossier_id=dossier_id,
        number=dossier["number"] or dossier["provisional_number"],
        procedure_code=dossier["procedure_code"],
        procedure_name=dossier["procedure_name"],
        form=form,
        raw=raw,
        focus=draft["focus"] if draft else "",
        draft_at=draft["saved_at"] if draft else None,
        saved_at=stored["saved_at"] if stored else None,
        around=Surroundings(_received(dossier), desk.reference.units, desk.profile.unit_code),
        today=today,
    )


def _keep(connection: Connection, dossier_id: str, filled: Filled, by: Officer, now: datetime) -> str:
    row = {
        "version": filled.form.version,
        "values": dict(filled.answers),
        "finished": True,
        "saved_at": now,
        "officer_id": by.id,
    }
    statement = insert(counter_tables.eform).values(
        id=new_id(), dossier_id=dossier_id, form_id=filled.form.id, **row
    )
    statement = statement.on_conflict_do_update(index_elements=["dossier_id", "form_id"], set_=row)
    connection.execute(statement)
    stored = _stored(connection, dossier_id, filled.form.id)
    assert stored is not None
    return str(stored["id"])


def _print(desk: Desk, by: Officer, dossier_id: str, eform_id: str, paper: Any, form: EForm) -> MadePaper:
    from app.printing.declaration import draw_declaration

    return slips.keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=eform_id,
        form=form.id,
        form_set=form.version,
        pdf=draw_declaration(paper, desk.clock.now()),
        copy_no=paper.copy_no,
    )


def _of_procedure(opened: EformOpen) -> tuple[Issue, ...]:
    if opened.procedure_code in opened.form.procedures:
        return ()
    from app.domain.eform.form import Level

    text = t("Mẫu tờ khai này thường không đi với thủ tục của hồ sơ.")
    return (Issue("", Level.WARN, "eform-other-procedure", text, t("Xem lại có chọn đúng mẫu không.")),)


def _changed() -> RuleError:
    return RuleError(
        "eform-changed",
        t("Tờ khai này vừa được lưu ở nơi khác với nội dung khác."),
        t("Phần bạn gõ còn trong bản nháp. Bấm Esc, mở lại tờ khai, so lại rồi bấm F9."),
    )


def _stored(connection: Connection, dossier_id: str, form_id: str) -> RowMapping | None:
    query = select(counter_tables.eform).where(_e.dossier_id == dossier_id, _e.form_id == form_id)
    return connection.execute(query).mappings().first()


def _draft(connection: Connection, by: Officer, dossier_id: str, form_id: str) -> RowMapping | None:
    c = tables.draft.c
    query = select(tables.draft).where(c.id == _draft_id(by, dossier_id, form_id), c.officer_id == by.id)
    return connection.execute(query).mappings().first()


def _draft_id(by: Officer, dossier_id: str, form_id: str) -> str:
    """One draft an officer, dossier and form: the same form reopens at the same field."""
    return f"{SCREEN}/{dossier_id}/{form_id}/{by.id}"


def _dossier(connection: Connection, dossier_id: str) -> RowMapping:
    return (
        connection.execute(select(tables.dossier).where(tables.dossier.c.id == dossier_id)).mappings().one()
    )


def _received(dossier: RowMapping) -> date:
    """The day of reception decides the version, for ever."""
    day: date = dossier["received_at"].astimezone(VIETNAM).date()
    return day
