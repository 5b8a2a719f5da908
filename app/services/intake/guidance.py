"""Guidance in writing where no dossier came to be: everything that is missing, named at one time.

NĐ 118/2025 keeps the duty of the counter to guide fully, once and in writing (DOMAIN §3). The slip has a
line in the desk's own book and an audit row; the province is told nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from app.clock import VIETNAM
from app.domain.catalogue import ComponentKind, ComponentRule, ProcedureVersion
from app.domain.component_rules import component
from app.domain.guidance_slip import GuidanceItem, GuidanceSlip
from app.domain.phone import display_phone, normalise_phone
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import NotFoundError, RuleError
from app.models import tables
from app.models.life_tables import guidance
from app.protocol.ids import new_id
from app.services.desk import Desk, read_setting, with_fresh_profile
from app.services.numbering import NumberGiver
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.recording import Recorder
from app.text import t

FORM = "guidance"
"""What its printings are counted by in ``print_job``."""

_LONGEST_WORDS = 2000
_LONGEST_NAME = 300
_MOST_ITEMS = 60


@dataclass(frozen=True)
class GuidanceOrder:
    """What the citizen is told. ``request_id`` is made when the form is opened: the same one never makes a
    second slip. ``person`` and ``phone`` may stay empty: who only asks need not say who he is."""

    request_id: str
    procedure_code: str
    items: Sequence[GuidanceItem] = ()
    words: str = ""
    person: str = ""
    phone: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Guided:
    """A slip as kept. ``number``: line and book, ``12/HD01-2026``."""

    id: str
    number: str
    at: datetime


def missing_items(version: ProcedureVersion, missing: Sequence[str]) -> tuple[GuidanceItem, ...]:
    """The papers that lack, as reception names them: ids, a one-of group as ``a|b``; each in legal words.

    Raises ``RuleError`` "component-unknown".
    """
    return tuple(
        _item([component(version, identifier) for identifier in entry.split("|")]) for entry in missing
    )


def give_guidance(desk: Desk, by: Officer, order: GuidanceOrder) -> Guided:
    """Keep one slip: its line in the book, its row, its audit row. No event.

    Raises ``RuleError`` "not-permitted", "guidance-empty", "guidance-long", "procedure-unknown", and what
    a phone breaks.
    """
    by.require(Permission.RECEIVE)
    words = require_text(order.words, "words")
    items = tuple(_checked(item) for item in order.items if item.name.strip())
    if not (words or items):
        raise RuleError(
            "guidance-empty",
            t("Phiếu hướng dẫn chưa có nội dung."),
            t("Ghi giấy tờ còn thiếu hoặc lời hướng dẫn."),
            field="items",
        )
    if len(words) > _LONGEST_WORDS or len(items) > _MOST_ITEMS:
        raise RuleError(
            "guidance-long",
            t("Nội dung hướng dẫn dài quá một phiếu."),
            t("Rút gọn lời hướng dẫn, mỗi giấy tờ một dòng."),
            field="words",
        )
    with desk.store.write() as connection:
        desk = with_fresh_profile(connection, desk)
        known = _row(connection, order.request_id)
        if known is not None:
            return _guided(known)
        at = order.at or desk.clock.now()
        day = at.astimezone(VIETNAM).date()
        version = desk.reference.catalogue.version_for(order.procedure_code, day)
        numbers = NumberGiver(connection, desk.profile)
        book, line = numbers.guidance_line(day)
        numbers.keep()
        row = {
            "id": order.request_id,
            "book": book,
            "line": line,
            "procedure_code": version.code,
            "procedure_version": version.version,
            "procedure_name": version.name,
            "person": require_text(order.person, "person")[:_LONGEST_NAME],
            "phone": _phone(order.phone),
            "items": [_as_json(item) for item in items],
            "words": words,
            "at": at,
            "officer_id": by.id,
        }
        connection.execute(insert(guidance).values(**row))
        Recorder(connection, desk, by, at).audit("guide", "guidance", order.request_id)
        return Guided(order.request_id, _number(book, line), at)


def withdraw_guidance(desk: Desk, by: Officer, guidance_id: str) -> None:
    """The slip was wrong: it stays in the book, marked as taken back. Twice changes nothing.

    Raises ``NotFoundError`` "no-guidance".
    """
    by.require(Permission.RECEIVE)
    with desk.store.write() as connection:
        row = _known(connection, guidance_id)
        if row["withdrawn"]:
            return
        connection.execute(update(guidance).where(guidance.c.id == guidance_id).values(withdrawn=True))
        Recorder(connection, desk, by, desk.clock.now()).audit(
            "withdraw_guidance", "guidance", guidance_id, ("withdrawn",)
        )


def guidance_content(desk: Desk, by: Officer, guidance_id: str, copy_no: int | None = None) -> GuidanceSlip:
    """What the paper says. ``copy_no`` ``None``: of the next printing.

    Raises ``NotFoundError`` "no-guidance".
    """
    by.require(Permission.PRINT)
    with desk.store.read() as connection:
        row = _known(connection, guidance_id)
        office_phone = read_setting(connection, "counter_phone")
        o = tables.officer.c
        officer = connection.execute(select(o.name).where(o.id == row["officer_id"])).scalar_one_or_none()
        return GuidanceSlip(
            head=slips.slip_head(connection, desk, serial=_number(row["book"], row["line"])),
            number=_number(row["book"], row["line"]),
            receiving_office=slips.office_name(connection, desk),
            person=row["person"],
            phone=display_phone(row["phone"]) if row["phone"] else "",
            procedure=row["procedure_name"],
            items=tuple(GuidanceItem(**item) for item in row["items"]),
            words=row["words"],
            officer_name=str(officer or ""),
            office_phone=office_phone if isinstance(office_phone, str) else "",
            at=row["at"],
            copy_no=copy_no or slips.next_copy(connection, guidance_id, FORM),
            withdrawn=row["withdrawn"],
            demo=desk.profile.demo,
        )


def print_guidance(desk: Desk, by: Officer, guidance_id: str) -> MadePaper:
    """Draw the slip, keep the PDF, note the printing. Raises ``NotFoundError`` "no-guidance"."""
    from app.printing.guidance_slip import draw_guidance_slip

    paper = guidance_content(desk, by, guidance_id)
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=guidance_id,
        form=FORM,
        form_set="",
        pdf=draw_guidance_slip(paper),
        copy_no=paper.copy_no,
        record_kind="guidance",
    )


def guidance_count(desk: Desk, by: Officer, since: datetime, until: datetime) -> int:
    """Slips given from one moment to another (the second not included), those taken back left out."""
    by.require(Permission.VIEW)
    c = guidance.c
    with desk.store.read() as connection:
        query = select(func.count()).where(c.at >= since, c.at < until, c.withdrawn.is_(False))
        return int(connection.execute(query).scalar_one())


def new_request() -> str:
    """An id for a form just opened."""
    return new_id()


def _item(rules: list[ComponentRule]) -> GuidanceItem:
    first = rules[0]
    kind = t("Xuất trình") if first.kind is ComponentKind.PRESENT else t("Bản chính")
    if first.kind is not ComponentKind.PRESENT and not first.originals and first.copies:
        kind = t("Bản sao")
    return GuidanceItem(
        name=t(" hoặc ").join(rule.name for rule in rules),
        kind=kind,
        count=max(1, first.originals + first.copies),
        note=first.condition if len(rules) == 1 else t("một trong các giấy tờ này"),
    )


def _checked(item: GuidanceItem) -> GuidanceItem:
    return GuidanceItem(
        name=require_text(item.name, "items")[:_LONGEST_NAME],
        kind=require_text(item.kind, "items")[:_LONGEST_NAME],
        count=item.count if item.count is None or 1 <= item.count <= 999 else None,
        note=require_text(item.note, "items")[:_LONGEST_NAME],
    )


def _as_json(item: GuidanceItem) -> dict[str, object]:
    return {"name": item.name, "kind": item.kind, "count": item.count, "note": item.note}


def _phone(text: str) -> str:
    typed = require_text(text, "phone")
    return normalise_phone(typed, "phone") if typed else ""


def _number(book: str, line: int) -> str:
    return f"{line}/{book.replace('/', '-')}"


def _row(connection: Connection, guidance_id: str) -> RowMapping | None:
    found = connection.execute(select(guidance).where(guidance.c.id == guidance_id))
    return found.mappings().first()


def _known(connection: Connection, guidance_id: str) -> RowMapping:
    row = _row(connection, guidance_id)
    if row is None:
        raise NotFoundError(
            "no-guidance", t("Không tìm thấy phiếu hướng dẫn này."), t("Tìm lại trong sổ hướng dẫn.")
        )
    return row


def _guided(row: RowMapping) -> Guided:
    return Guided(row["id"], _number(row["book"], row["line"]), row["at"])
