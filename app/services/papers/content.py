"""What forms 02–07 say of a stored dossier (DOMAIN §2): facts alone; what is not known stays empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.clock import from_wire
from app.domain.catalogue import ComponentKind, ComponentRule
from app.domain.dossier_number import slip_serial
from app.domain.dossier_status import Status
from app.domain.people import Address
from app.domain.slips import (
    ControlSlip,
    ExtensionLetter,
    PaperSubject,
    RefusalSlip,
    RegisterBook,
    SlipComponent,
    StopNotice,
    SupplementItem,
    SupplementRequest,
)
from app.domain.vietnamese import clean_text
from app.services.desk import Desk
from app.services.hand_over.rows import agencies, hand_overs, spare_rows
from app.services.money.fee_debts import taken_until
from app.services.papers import slips
from app.services.papers.facts import PastAct, Story
from app.services.papers.slip_words import copy_kind_words, money
from app.services.people.delegation import kept_signer_title
from app.services.register.lines import register_line
from app.text import t

_SERIAL_SIGNS = {"02": "HDHS", "03": "TNHS", "06": "TNHS"}
"""Forms the counter numbers as it does form 01; letters 04 and 05 are numbered by the office's clerk."""


@dataclass(frozen=True)
class PaperTask:
    """One form being made: its story, printing and, for 02–05, the act it states."""

    connection: Connection
    desk: Desk
    form: str
    form_set: str
    story: Story
    copy_no: int
    act: PastAct | None

    @property
    def stated(self) -> PastAct:
        """The act; only for the forms that state one."""
        assert self.act is not None
        return self.act


def paper_content(task: PaperTask) -> Any:
    """The dataclass that the form's drawing takes."""
    return _BUILD[task.form](task)


def _subject(task: PaperTask) -> PaperSubject:
    row, owner = task.story.row, task.story.people["owner"]
    number = row["number"] or row["provisional_number"]
    sign = _SERIAL_SIGNS.get(task.form)
    serial = slip_serial(row["provisional_number"] or number, sign) if sign else ""
    return PaperSubject(
        form_set=task.form_set,
        head=slips.slip_head(task.connection, task.desk, serial),
        number=number,
        provisional=row["number"] is None,
        provisional_number=(row["provisional_number"] or "") if row["number"] else "",
        receiving_office=slips.office_name(task.connection, task.desk),
        owner_name=owner["full_name"],
        owner_address=slips.address_words(Address(**owner["address"])),
        owner_phone=slips.phone_words(owner["phone"]),
        owner_email=owner["email"] or "",
        request=row["procedure_name"],
        copy_no=task.copy_no,
        demo=task.desk.profile.demo,
    )


def _supplement(task: PaperTask) -> SupplementRequest:
    act, story = task.stated, task.story
    reason = str(act.detail.get("reason") or "")
    items = tuple(_item(story, str(name)) for name in act.detail.get("items", ()))
    return SupplementRequest(
        subject=_subject(task),
        asked_at=act.at,
        items=items or (SupplementItem(t("Theo nội dung ghi ở phần Lý do"), counted=False),),
        reason=reason,
        contact_name=act.by_name,
        contact_phone=slips.phone_words(story.counter_phone),
        officer_name=act.by_name,
    )


def _item(story: Story, words: str) -> SupplementItem:
    """A paper asked for; one of the catalogue, by id or name, has its legal name and counts."""
    wanted = clean_text(words)
    for rule in story.version.components:
        if wanted in (rule.id, rule.name, rule.short_name):
            return _known_item(rule)
    return SupplementItem(wanted)


def _known_item(rule: ComponentRule) -> SupplementItem:
    """The catalogue knows how many copies, not whether certified: those stay dots."""
    if rule.kind is ComponentKind.PRESENT:
        return SupplementItem(t("{name} (xuất trình)").format(name=rule.name), counted=False)
    copies = None if rule.copies else 0
    return SupplementItem(rule.name, rule.originals, copies, copies)


def _refusal(task: PaperTask) -> RefusalSlip:
    act = task.stated
    return RefusalSlip(
        subject=_subject(task),
        refused_at=act.at,
        reason=str(act.detail.get("reason") or ""),
        contact_name=act.by_name,
        contact_phone=slips.phone_words(task.story.counter_phone),
        submitter_name=task.story.submitter_name,
        officer_name=act.by_name,
    )


def _extension(task: PaperTask) -> ExtensionLetter:
    act = task.stated
    signer = _signer(task, act)
    return ExtensionLetter(
        subject=_subject(task),
        written_at=act.at,
        received_at=task.story.row["received_at"],
        previous_due_at=_told(act, "previous_due_at"),
        reason=str(act.detail.get("reason") or ""),
        new_due_at=_told(act, "new_due_at"),
        leader_name=signer.name,
        leader_title=signer.title,
    )


@dataclass(frozen=True)
class _Signer:
    name: str
    title: str


def _signer(task: PaperTask, act: PastAct) -> _Signer:
    """Who signs, under the title that the office has set for him; without one the form's own words stand
    over the leader's name. Where the act knows no leader, both stay open for a hand."""
    leader, deputy = task.story.leader_of(act), task.story.signed_by_deputy(act)
    title = kept_signer_title(task.connection, deputy=bool(deputy)) if leader else ""
    return _Signer(deputy if deputy and title else leader, title)


def _told(act: PastAct, member: str) -> datetime | None:
    """A moment the event states: what the dossier says now may have moved on."""
    value = act.payload.get(member)
    return from_wire(value) if value else None


def _stop(task: PaperTask) -> StopNotice:
    act, story = task.stated, task.story
    before, signer = story.status_before(act), _signer(task, act)
    return StopNotice(
        subject=_subject(task),
        stopped_at=act.at,
        proposer=story.submitter_name if before is Status.WITHDRAWN else "",
        reason=str(act.detail.get("reason") or ""),
        stage=before.label,
        papers=tuple(
            SlipComponent(each["name"], copy_kind_words(each["copy_kind"], False), each["quantity"])
            for each in story.papers
            if not each["presented_only"] and each["copy_kind"] != "electronic"
        ),
        paid_words=_paid_words(task, act),
        leader_name=signer.name,
        leader_title=signer.title,
    )


def _paid_words(task: PaperTask, until: PastAct) -> str:
    paid = taken_until(task.connection, str(task.story.row["id"]), until.at)
    return t("đã thu {amount} đồng").format(amount=money(paid)) if paid else t("chưa ghi khoản thu nào")


def _control(task: PaperTask) -> ControlSlip:
    story = task.story
    subject = _subject(task)
    return ControlSlip(
        subject=subject,
        received_at=story.row["received_at"],
        agencies=agencies(story),
        rows=hand_overs(story, subject.receiving_office),
        spare_rows=spare_rows(story),
    )


def _register(task: PaperTask) -> RegisterBook:
    book, _, year = str(task.story.row["register_book"]).partition("/")
    return RegisterBook(
        form_set=task.form_set,
        head=slips.slip_head(task.connection, task.desk, serial=""),
        book=f"{book} ({year})",
        lines=(register_line(task.story),),
        copy_no=task.copy_no,
        demo=task.desk.profile.demo,
    )


_BUILD: dict[str, Callable[[PaperTask], Any]] = {
    "02": _supplement,
    "03": _refusal,
    "04": _extension,
    "05": _stop,
    "06": _control,
    "07": _register,
}
